// Claude Code and the Claude Agent SDK, which runs it: the same call as a log event, a span of the tracing beta and points of a metric.
//
// Of the two that are there per call the log event is the authority: it alone splits cache writes by life time and has the cost, it
// is on wherever telemetry is, and nobody samples it. The span knows more about the neighborhood, which the event inherits through
// its trace and span id. Input is without the cached part in all three.

import {
  ATTR_ANTHROPIC_PROVIDER,
  ATTR_CLAUDE_CODE_AGENT_ID,
  ATTR_CLAUDE_CODE_AGENT_TYPE,
  ATTR_CLAUDE_CODE_CACHE_CREATION_TOKENS,
  ATTR_CLAUDE_CODE_DURATION_MS,
  ATTR_CLAUDE_CODE_QUERY_SOURCE,
  ATTR_CLAUDE_CODE_QUERY_SOURCE_SAFE,
  ATTR_CLAUDE_CODE_SOURCE,
  ATTR_CLAUDE_CODE_SPEED,
  ATTR_CLAUDE_CODE_STATUS_CODE,
  ATTR_CLAUDE_CODE_SUBAGENT_TYPE,
  ATTR_CLAUDE_CODE_SUCCESS,
  ATTR_CLAUDE_CODE_TOOL_PARAMETERS,
  ATTR_CLAUDE_CODE_TTFT_MS,
  ATTR_CLAUDE_CODE_TYPE,
  ATTR_ERROR_TYPE,
  ATTR_PROMPT_ID,
  ATTR_SPAN_TYPE,
  ClaudeCodeSpanType,
  EVENT_CLAUDE_CODE_API_ERROR,
  EVENT_CLAUDE_CODE_API_REQUEST,
  EVENT_CLAUDE_CODE_SUBAGENT_COMPLETED,
  EVENT_CLAUDE_CODE_TOOL_RESULT,
  EVENT_CLAUDE_CODE_USER_PROMPT,
  EVENT_PREFIX_CLAUDE_CODE,
  GenAiProvider,
  METRIC_CLAUDE_CODE_TOKEN_USAGE,
  SCOPE_COM_ANTHROPIC_CLAUDE_CODE,
} from '@turnmeter/semconv';
import { readCall, readClaim } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { isSessionId } from '../observe/ids.ts';
import { parseObject } from '../observe/literal.ts';
import { durationUs, errorCode, eventNameOf, placeEvent, saysFailed } from '../observe/log-event.ts';
import { Grain, Role, SessionRank, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { readTokenPoint } from '../observe/token-point.ts';
import type { LogRecord, MetricPoint, SpanRecord, TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { isMetric, partOfType } from '../vocabulary/metric-words.ts';
import { MAIN_AGENT, nestInPrompt, Rank } from './coding-agents.ts';

const FAMILY = 'claude-code';
const TOOL_FAMILY = 'claude-code/tools';

/** What Claude Code calls every sub-agent that a user defined, unless it is asked for details. */
const UNTOLD = 'custom';

export const claudeCode: Profile = {
  name: 'claude-code',
  title: 'Claude Code and Claude Agent SDK',
  marks: [ATTR_CLAUDE_CODE_QUERY_SOURCE, ATTR_CLAUDE_CODE_QUERY_SOURCE_SAFE, ATTR_CLAUDE_CODE_CACHE_CREATION_TOKENS],
  scopes: [`${SCOPE_COM_ANTHROPIC_CLAUDE_CODE}*`],
  signals: ['log', 'metric'],
  claims: (record) => record.scope.name.startsWith(SCOPE_COM_ANTHROPIC_CLAUDE_CODE) || isNamedSo(record),
  read(record, draft) {
    nameParticipants(record, draft);
    switch (record.signal) {
      case 'span':
        readSpan(record, draft);
        return;
      case 'log':
        readEvent(record, draft);
        return;
      case 'metric':
        readPoint(record, draft);
    }
  },
};

/** Scopes get lost on the way; span, metric and event names stay. */
function isNamedSo(record: TelemetryRecord): boolean {
  switch (record.signal) {
    case 'span':
      return record.name.startsWith(EVENT_PREFIX_CLAUDE_CODE);
    case 'log':
      return (
        record.bodyText.startsWith(EVENT_PREFIX_CLAUDE_CODE) || eventNameOf(record).startsWith(EVENT_PREFIX_CLAUDE_CODE)
      );
    case 'metric':
      return isMetric(record.metric, METRIC_CLAUDE_CODE_TOKEN_USAGE);
  }
}

function nameParticipants(record: TelemetryRecord, draft: Draft): void {
  const { attributes } = record;
  nameSession(record, draft);
  // The conversation id of a span is its sub-agent's.
  draft.conversation = '';
  draft.provider = PROVIDERS[attributes.string(ATTR_ANTHROPIC_PROVIDER) ?? ''] ?? GenAiProvider.ANTHROPIC;
  // One machine is one user here, and the process tells no more: every resource of the tool is the same.
  draft.process = `${draft.process}${draft.user}`;
  draft.agentId = attributes.string(ATTR_CLAUDE_CODE_AGENT_ID) ?? '';
  nameAgent(record, draft);
}

const PROVIDERS: Readonly<Record<string, string>> = {
  bedrock: GenAiProvider.AWS_BEDROCK,
  vertex: GenAiProvider.GCP_VERTEX_AI,
};

/** An application that runs the SDK tells its chat in the resource; `session.id` is the tool's own. */
function nameSession(record: TelemetryRecord, draft: Draft): void {
  const chat = record.resource.attributes.text(Field.CONVERSATION) ?? '';
  if (draft.sessionRank === SessionRank.TURNMETER) return;
  if (isSessionId(chat)) {
    draft.session = chat;
    draft.sessionRank = SessionRank.APP;
  } else if (draft.sessionRank === SessionRank.APP) {
    draft.sessionRank = SessionRank.PRODUCT;
  }
}

/** `sdk`, `repl_main_thread`, `main` → the main agent; `agent:writer`, `agent.custom`, `subagent` → a sub-agent; `compact` → its purpose. */
function nameAgent({ attributes }: TelemetryRecord, draft: Draft): void {
  const source =
    attributes.string(ATTR_CLAUDE_CODE_QUERY_SOURCE) ?? attributes.string(ATTR_CLAUDE_CODE_QUERY_SOURCE_SAFE) ?? '';
  const told = [
    // On a tool's record it is the callee.
    draft.tool === '' ? attributes.string(ATTR_CLAUDE_CODE_SUBAGENT_TYPE) : undefined,
    draft.agent,
    attributes.string(ATTR_CLAUDE_CODE_AGENT_TYPE),
    /^agent[.:](.+)$/.exec(source)?.[1],
  ].filter((name) => name !== undefined && name !== '');
  const isSubagent = draft.agentId !== '' || told.length > 0 || source.includes('agent');
  draft.agent = isSubagent ? (told.find((name) => name !== UNTOLD) ?? UNTOLD) : MAIN_AGENT;
  if (draft.agentId !== '' && draft.agent !== UNTOLD)
    draft.alias = { kind: 'agent_name', from: draft.agentId, to: draft.agent };
  if (!isSubagent && !/^(|sdk|.*main.*)$/.test(source)) draft.purpose = source.slice(0, 100);
}

function readSpan(record: SpanRecord, draft: Draft): void {
  const { attributes } = record;
  const type = attributes.string(ATTR_SPAN_TYPE) ?? record.name.replace(EVENT_PREFIX_CLAUDE_CODE, '');
  switch (type) {
    case ClaudeCodeSpanType.LLM_REQUEST:
      if (draft.error === '' && saysFailed(attributes.get(ATTR_CLAUDE_CODE_SUCCESS))) draft.error = errorOf(record);
      readUsage(record, draft, Rank.CALL_SPAN);
      return;
    case ClaudeCodeSpanType.INTERACTION:
      draft.role = Role.AGENT;
      return;
    case ClaudeCodeSpanType.TOOL:
      readTool(record, draft, Rank.CALL_SPAN);
      return;
    case ClaudeCodeSpanType.TOOL_BLOCKED_ON_USER:
      // Decided by configuration or a hook it is over in a millisecond, and nobody was asked.
      draft.role = /^user|^$/.test(attributes.string(ATTR_CLAUDE_CODE_SOURCE) ?? '') ? Role.HUMAN_INPUT : Role.STEP;
      return;
    default:
      draft.role = Role.STEP;
  }
}

function readEvent(record: LogRecord, draft: Draft): void {
  const { attributes } = record;
  const name = eventNameOf(record).replace(EVENT_PREFIX_CLAUDE_CODE, '');
  placeEvent(record, draft, attributes.get(ATTR_CLAUDE_CODE_DURATION_MS));
  switch (name) {
    case EVENT_CLAUDE_CODE_API_REQUEST:
      readUsage(record, draft, Rank.CALL_EVENT);
      draft.claim = readClaim(record, 'client_table');
      break;
    case EVENT_CLAUDE_CODE_API_ERROR:
      draft.error = errorOf(record);
      readUsage(record, draft, Rank.CALL_EVENT);
      break;
    case EVENT_CLAUDE_CODE_TOOL_RESULT:
      if (saysFailed(attributes.get(ATTR_CLAUDE_CODE_SUCCESS))) draft.error = errorOf(record);
      readTool(record, draft, Rank.CALL_EVENT);
      break;
    case EVENT_CLAUDE_CODE_USER_PROMPT:
      draft.role = Role.AGENT;
      break;
    case EVENT_CLAUDE_CODE_SUBAGENT_COMPLETED:
      // Its total is that of the last request alone: nobody's sum.
      draft.role = Role.AGENT;
      draft.calls = 1;
      break;
    default:
      return;
  }
  nestInPrompt(record, draft, {
    promptId: attributes.string(ATTR_PROMPT_ID),
    isPrompt: name === EVENT_CLAUDE_CODE_USER_PROMPT,
  });
}

function readUsage(record: SpanRecord | LogRecord, draft: Draft, rank: number): void {
  readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.CLIENT, cache: 'beside' });
  draft.grain = Grain.CALL;
  draft.authority = { family: FAMILY, rank };
  draft.timeToFirstTokenUs = durationUs(record.attributes.get(ATTR_CLAUDE_CODE_TTFT_MS));
  const speed = record.attributes.string(ATTR_CLAUDE_CODE_SPEED) ?? 'normal';
  if (draft.serviceTier === '' && speed !== 'normal') draft.serviceTier = speed;
}

/** `Agent` and `Task` hand over to the sub-agent that their parameters name. */
function readTool(record: SpanRecord | LogRecord, draft: Draft, rank: number): void {
  const { attributes } = record;
  draft.role = Role.TOOL;
  draft.authority = { family: TOOL_FAMILY, rank };
  const parameters = parseObject(attributes.string(ATTR_CLAUDE_CODE_TOOL_PARAMETERS));
  const target = parameters?.[ATTR_CLAUDE_CODE_SUBAGENT_TYPE] ?? attributes.string(ATTR_CLAUDE_CODE_SUBAGENT_TYPE);
  if (/^(Agent|Task)$/.test(draft.tool) && typeof target === 'string') draft.handoffTo = target.slice(0, 200);
}

function errorOf({ attributes }: TelemetryRecord): string {
  return errorCode(attributes.get(ATTR_CLAUDE_CODE_STATUS_CODE), attributes.get(ATTR_ERROR_TYPE));
}

function readPoint(record: MetricPoint, draft: Draft): void {
  const part = partOfType(record.attributes.string(ATTR_CLAUDE_CODE_TYPE) ?? '');
  if (!isMetric(record.metric, METRIC_CLAUDE_CODE_TOKEN_USAGE) || part === undefined) return;
  readTokenPoint(record, draft, { part, authority: { family: FAMILY, rank: Rank.METRIC }, cache: 'beside' });
}
