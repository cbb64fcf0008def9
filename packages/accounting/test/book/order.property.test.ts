// Figures are a function of the set of records: their order, their grouping into settlements and their repetition change nothing.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Book,
  BUILT_IN_PROFILES,
  type Entry,
  Figures,
  observe,
  type PlainSpan,
  ProfileList,
  spanFrom,
  type TelemetryRecord,
} from '@turnmeter/accounting';
import { T0 } from '../account.ts';
import { spansOf } from '../otlp-json.ts';

const PROFILES = new ProfileList(BUILT_IN_PROFILES);
const NOW_US = T0 * 1000;

/** Books records in the order and the portions given; `portions` are repeated as long as records last. */
function book(records: readonly TelemetryRecord[], portions: readonly number[]): Figures {
  const ledger = new Book();
  const figures = new Figures();
  let at = 0;
  for (let step = 0; at < records.length; step++) {
    const portion = portions[step % portions.length] ?? 1;
    for (const record of records.slice(at, at + portion)) {
      ledger.add(observe(record, { profiles: PROFILES, tenant: 'acme', receivedUs: NOW_US + 1e9 }), NOW_US + at);
    }
    at += portion;
    figures.apply(ledger.settle(NOW_US + at));
  }
  figures.apply(ledger.settle(NOW_US + 60e6));
  return figures.apply(ledger.settle(NOW_US + 120e6));
}

/** What stands, in an order of its own. */
function standing({ entries }: Figures): readonly string[] {
  return entries.map(comparable).toSorted();
}

function comparable(entry: Entry): string {
  return JSON.stringify(Object.entries(entry).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const SCOPES = [
  'pydantic-ai',
  'opentelemetry.instrumentation.genai.openai',
  'com.anthropic.sdk.python',
  'litellm',
  'logfire.openai',
] as const;

/** Records that are neither calls nor agents by the conventions, by what they are called. */
const OTHER = {
  invoke_workflow: { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'article' },
  handoff: { 'gen_ai.operation.name': 'handoff' },
  await_human_input: { 'gen_ai.operation.name': 'await_human_input' },
  // Nobody's dialect: a call, a sum, or both.
  unknown: { 'acme.prompt_tokens': 100, 'acme.completion_tokens': 20 },
  unknown_chat: {
    'acme.kind': 'llm',
    'acme.model': 'gpt-4.1',
    'acme.prompt_tokens': 100,
    'acme.completion_tokens': 20,
  },
  unknown_agent: { 'acme.kind': 'agent', 'acme.prompt_tokens': 100, 'acme.completion_tokens': 20 },
  record_usage: { 'acme.prompt_tokens': 100, 'acme.completion_tokens': 20 },
  pydantic_run: { agent_name: 'C', 'gen_ai.usage.input_tokens': 200, 'gen_ai.usage.output_tokens': 40 },
  http: { 'http.request.method': 'POST', 'url.full': 'https://api.openai.com/v1/chat/completions' },
} as const satisfies Readonly<Record<string, PlainSpan['attributes']>>;
const OTHER_RECORDS = Object.keys(OTHER) as readonly (keyof typeof OTHER)[];

/** Few values on purpose: copies, near copies and coincidences are what is looked for. */
const spanOptions = fc.record({
  trace: fc.constantFrom('t1', 't2'),
  parent: fc.integer({ min: -1, max: 11 }),
  what: fc.constantFrom(
    'chat',
    'chat',
    'chat',
    'invoke_agent',
    'execute_tool',
    'embeddings',
    'plain',
    ...OTHER_RECORDS,
  ),
  scope: fc.constantFrom(...SCOPES),
  service: fc.constantFrom('app', 'app', 'gateway'),
  id: fc.constantFrom('', '', 'chatcmpl-1', 'chatcmpl-2'),
  input: fc.constantFrom(undefined, 100, 140),
  output: fc.constantFrom(20, 20, 21),
  cacheRead: fc.constantFrom(undefined, 40),
  isStreamEnd: fc.boolean(),
  session: fc.constantFrom('', '', 's1', 's2'),
  from: fc.constantFrom(0, 1, 50, 400),
  length: fc.constantFrom(0, 100, 500),
  status: fc.constantFrom(0, 0, 2),
});
type SpanOptions = typeof spanOptions extends fc.Arbitrary<infer T> ? T : never;

function spanOf(options: SpanOptions, at: number): PlainSpan {
  const { what, input } = options;
  const isCall = what === 'chat' || what === 'embeddings';
  const isSum = what === 'invoke_agent';
  return {
    traceId: options.trace,
    spanId: `s${at}`,
    // Parents may be later spans, spans of the other trace, oneself, or nobody.
    parentId: options.parent < 0 ? '' : `s${options.parent}`,
    ...(what in OTHER ? { name: what } : {}),
    scope: what in OTHER && options.isStreamEnd ? 'acme' : options.scope,
    kind: 3,
    resource: { 'service.name': options.service },
    startMs: T0 + options.from,
    endMs: T0 + options.from + options.length,
    status: options.status,
    attributes: {
      ...attributesOf(what),
      ...(isCall ? { 'gen_ai.request.model': 'gpt-4.1' } : {}),
      ...(isSum ? { 'gen_ai.agent.name': options.trace === 't1' ? 'A' : 'B' } : {}),
      ...((isCall || isSum) && input !== undefined
        ? { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': options.output }
        : {}),
      ...(isCall && options.cacheRead !== undefined
        ? { 'gen_ai.usage.cache_read.input_tokens': options.cacheRead }
        : {}),
      ...(isCall && options.id !== '' ? { 'gen_ai.response.id': options.id } : {}),
      ...(options.isStreamEnd ? { 'logfire.span_type': 'log' } : {}),
      ...(options.session === '' ? {} : { 'session.id': options.session }),
    },
  };
}

function attributesOf(what: SpanOptions['what']): PlainSpan['attributes'] {
  if (what === 'plain') return {};
  return what in OTHER ? OTHER[what as keyof typeof OTHER] : { 'gen_ai.operation.name': what };
}

const portions = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

describe('the order of records', () => {
  it('changes no entry of small traces, nor does their grouping or repetition', () => {
    const traces = fc.array(spanOptions, { minLength: 1, maxLength: 12 });
    const cases = traces.chain((options) =>
      fc.record({
        spans: fc.constant(options.map(spanOf)),
        order: fc.shuffledSubarray(
          options.map((_, at) => at),
          { minLength: options.length, maxLength: options.length },
        ),
        again: fc.array(fc.nat({ max: options.length - 1 }), { maxLength: 6 }),
        portions,
      }),
    );
    fc.assert(
      fc.property(cases, ({ spans, order, again, portions: steps }) => {
        const records = spans.map((plain) => spanFrom(plain, PROFILES));
        const pick = (indexes: readonly number[]): readonly TelemetryRecord[] =>
          indexes.flatMap((at) => records[at] ?? []);
        const once = book(records, [records.length]);
        const otherwise = book([...pick(again), ...pick(order), ...pick(again)], steps);
        expect(standing(otherwise)).toEqual(standing(once));
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    'strands-native-chat',
    'openai-agents-openinference-doubled',
    'langgraph-swarm-openinference',
    'handwritten-openlit-responses',
    'ai6-native-chat',
  ])('changes no entry of %s', (capture) => {
    const records = spansOf(capture, PROFILES);
    expect(records.length).toBeGreaterThan(30);
    const expected = standing(book(records, [records.length]));
    const cases = fc.record({
      order: fc.shuffledSubarray([...records.keys()], { minLength: records.length, maxLength: records.length }),
      again: fc.subarray([...records.keys()].slice(0, 40)),
      portions: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(cases, ({ order, again, portions: steps }) => {
        const shuffled = [...order, ...again].flatMap((at) => records[at] ?? []);
        expect(standing(book(shuffled, steps))).toEqual(expected);
      }),
      { numRuns: 6 },
    );
  });
});
