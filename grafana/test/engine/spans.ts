// Sessions that no capture has: names that try to be more than names, versions of a workflow, failures, handoffs within this hour.

/** Workflows, sessions and agents are called so. */
export const HOSTILE_NAMES: readonly string[] = [
  "it's",
  String.raw`back\slash`,
  String.raw`ends with \ `.trim(),
  String.raw`\' OR 1=1 --`,
  "') OR tenant != '' --",
  '"quoted" `ticked` $__timeFilter(x) ${tenant}',
  'a&v=b=c+d%27%00',
  '日本語 ünïcödé 🦜',
  '$__all',
  '.*',
  'line\nbreak\ttab',
  `long ${'ü'.repeat(5000)}`,
];

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: number };
}

export interface TraceRequest {
  readonly resourceSpans: readonly object[];
}

/** One session of each hostile name, in a workflow and with agents that are called the same. */
export function hostileSpans(tenant: string): TraceRequest {
  return requestOf(
    tenant,
    HOSTILE_NAMES.map((name) => ({ workflow: name, session: name, agents: [name, `${name}2`] })),
  );
}

const VERSIONS = ['1.4.0', '2.0.0'];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Forty sessions of one workflow in two versions; and some of a day and of a week before, which others are compared with. */
export function plainSpans(tenant: string): TraceRequest {
  const now = Array.from({ length: 40 }, (_, index) => ({
    workflow: 'support',
    session: `${tenant}-support-${index}`,
    agents: ['triage', 'resolver', 'triage', 'reviewer'],
    version: VERSIONS[index % 2],
    hasFailed: index % 13 === 5,
    tokens: 400 + 37 * index,
    // Nobody has a price for it.
    ...(index === 3 ? { model: 'house-model-1' } : {}),
  }));
  const before = [DAY_MS, 7 * DAY_MS].flatMap((agoMs, which) =>
    Array.from({ length: 3 }, (_, index) => ({
      workflow: 'support',
      session: `${tenant}-earlier-${which}-${index}`,
      agents: ['triage', 'resolver'],
      agoMs: agoMs + (index + 1) * HOUR_MS,
    })),
  );
  return requestOf(tenant, [...before, ...now]);
}

interface MadeSession {
  readonly workflow: string;
  readonly session: string;
  readonly agents: readonly string[];
  readonly version?: string | undefined;
  readonly hasFailed?: boolean;
  readonly tokens?: number;
  readonly model?: string;
  /** @default some minutes, by its place */
  readonly agoMs?: number;
}

/** Sessions begin some minutes apart, the last ones just now. */
const APART_MS = 4 * 60_000;
const TURN_MS = 9000;

function requestOf(tenant: string, sessions: readonly MadeSession[]): TraceRequest {
  const nowMs = Date.now();
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', `${tenant}-app`)] },
        scopeSpans: [
          {
            scope: { name: '@turnmeter/instrumentation' },
            spans: sessions.flatMap((session, index) =>
              spansOf(session, {
                salt: `${tenant}/${session.session}`,
                beganMs: nowMs - (session.agoMs ?? (sessions.length - index) * APART_MS),
              }),
            ),
          },
        ],
      },
    ],
  };
}

function spansOf(
  session: MadeSession,
  { salt, beganMs }: { readonly salt: string; readonly beganMs: number },
): object[] {
  const { workflow, session: id, agents, version, hasFailed = false, tokens = 500 } = session;
  const modelOf = (index: number): string => session.model ?? (index === 0 ? 'gpt-4o-mini' : 'gpt-4o');
  const traceId = hex(salt, 32);
  const rootId = hex(`${salt}/root`, 16);
  const whose = [
    text('gen_ai.workflow.name', workflow),
    text('gen_ai.conversation.id', id),
    ...(version === undefined ? [] : [text('turnmeter.workflow.version', version)]),
  ];
  const root = {
    traceId,
    spanId: rootId,
    name: 'invoke_workflow',
    kind: 1,
    ...times(beganMs, agents.length * TURN_MS),
    attributes: [text('gen_ai.operation.name', 'invoke_workflow'), ...whose],
  };
  const turns = agents.flatMap((agent, index) => {
    const turnMs = beganMs + index * TURN_MS;
    const spanId = hex(`${salt}/turn${index}`, 16);
    const turn = {
      traceId,
      spanId,
      parentSpanId: rootId,
      name: `invoke_agent ${agent}`,
      kind: 1,
      ...times(turnMs, TURN_MS - 500),
      attributes: [text('gen_ai.operation.name', 'invoke_agent'), text('gen_ai.agent.name', agent), ...whose],
    };
    const call = {
      traceId,
      spanId: hex(`${salt}/call${index}`, 16),
      parentSpanId: spanId,
      name: 'chat gpt-4o',
      kind: 3,
      ...times(turnMs + 100, TURN_MS - 2000),
      attributes: [
        text('gen_ai.operation.name', 'chat'),
        text('gen_ai.provider.name', 'openai'),
        text('gen_ai.request.model', modelOf(index)),
        text('gen_ai.response.model', modelOf(index)),
        text('gen_ai.response.id', hex(`${salt}/response${index}`, 24)),
        number('gen_ai.usage.input_tokens', tokens * (index + 1)),
        number('gen_ai.usage.output_tokens', Math.round(tokens / 4)),
        number('gen_ai.usage.cache_read.input_tokens', Math.round(tokens / 3)),
      ],
    };
    const tool = {
      traceId,
      spanId: hex(`${salt}/tool${index}`, 16),
      parentSpanId: spanId,
      name: 'execute_tool search',
      kind: 1,
      ...times(turnMs + 7200, 900),
      attributes: [text('gen_ai.operation.name', 'execute_tool'), text('gen_ai.tool.name', 'search')],
      ...(hasFailed && index === 1 ? { status: { code: 2, message: 'timed out' } } : {}),
    };
    return index === 1 ? [turn, call, tool] : [turn, call];
  });
  return [root, ...turns];
}

function times(beganMs: number, durationMs: number): object {
  return { startTimeUnixNano: `${beganMs}000000`, endTimeUnixNano: `${beganMs + durationMs}000000` };
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}

function number(key: string, value: number): Attribute {
  return { key, value: { intValue: value } };
}

/** The same digits for the same text. */
function hex(of: string, digits: number): string {
  let state = 2_166_136_261;
  for (const character of of) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  let made = '';
  while (made.length < digits) {
    state = Math.imul(state ^ (state >>> 13), 1_540_483_477) >>> 0;
    made += state.toString(16).padStart(8, '0');
  }
  return made.slice(0, digits);
}
