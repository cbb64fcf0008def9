// Codex (CLI, IDE, exec): the same call as a log event, a span, a part of its turn's sum and a part of a histogram. All are inclusive.
//
// The log event is the authority: it names model and conversation, which the span takes from above, and one in two hundred spans is a
// call. A sub-agent is a thread with a conversation of its own, which belongs to the one that spawned it.

import {
  ATTR_CODEX_AGENT_NAME,
  ATTR_CODEX_ARGUMENTS,
  ATTR_CODEX_DURATION_MS,
  ATTR_CODEX_OUTPUT,
  ATTR_CODEX_SESSION_SOURCE,
  ATTR_CODEX_SUCCESS,
  ATTR_CODEX_TOKEN_TYPE,
  ATTR_CODEX_TOOL_NAME,
  ATTR_CODEX_TOOL_TOKEN_COUNT,
  ATTR_CODEX_TTFT_MS,
  ATTR_CODEX_TURN_TOKEN_USAGE_INPUT_TOKENS,
  ATTR_CODEX_TURN_TOKEN_USAGE_OUTPUT_TOKENS,
  ATTR_CODEX_USAGE_TOTAL_TOKENS,
  ATTR_ERROR_MESSAGE,
  ATTR_EVENT_KIND,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_THREAD_ID,
  CodexTokenType,
  EVENT_CODEX_API_REQUEST,
  EVENT_CODEX_SSE_EVENT,
  EVENT_CODEX_TOOL_RESULT,
  GenAiProvider,
  METRIC_CODEX_TURN_TOKEN_USAGE,
  SPAN_CODEX_HANDLE_RESPONSES,
  SPAN_SESSION_TASK_TURN,
} from '@turnmeter/semconv';
import { rawSum, readCall, setUsage } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { isUuid } from '../observe/ids.ts';
import { parseObject } from '../observe/literal.ts';
import { durationUs, errorCode, eventNameOf, placeEvent, saysFailed } from '../observe/log-event.ts';
import { readCount } from '../observe/numbers.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { readTokenPoint } from '../observe/token-point.ts';
import type { LogRecord, MetricPoint, SpanRecord, TelemetryRecord } from '../record/record.ts';
import { isMetric, partOfType } from '../vocabulary/metric-words.ts';
import { MAIN_AGENT, Rank, SUBAGENT } from './coding-agents.ts';

const FAMILY = 'codex';
const TOOL_FAMILY = 'codex/tools';
const EVENT_PREFIX = 'codex.';
/** `codex`, `codex_exec`, `codex_otel.log_only`, `codex_otel::metrics::client`. */
const SCOPE = /^codex($|[_:.-])/;
/** What the program writes as provider where it is its own way to OpenAI. */
const NAME_OF_OPENAI = /^openai$/i;

export const codex: Profile = {
  name: 'codex',
  title: 'OpenAI Codex',
  marks: [
    ATTR_CODEX_USAGE_TOTAL_TOKENS,
    ATTR_CODEX_TURN_TOKEN_USAGE_INPUT_TOKENS,
    ATTR_CODEX_TURN_TOKEN_USAGE_OUTPUT_TOKENS,
  ],
  scopes: ['codex*'],
  signals: ['log', 'metric'],
  claims: (record) =>
    SCOPE.test(record.scope.name) ||
    (record.signal === 'span' && isMarked(record)) ||
    (record.signal === 'log' && eventNameOf(record).startsWith(EVENT_PREFIX)) ||
    (record.signal === 'metric' && isMetric(record.metric, METRIC_CODEX_TURN_TOKEN_USAGE)),
  read(record, draft) {
    if (NAME_OF_OPENAI.test(draft.provider)) draft.provider = GenAiProvider.OPENAI;
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

/** Candidates by mark are Codex's whatever their scope. */
function isMarked({ attributes }: TelemetryRecord): boolean {
  return codex.marks.some((mark) => attributes.has(mark));
}

/** Only the call and its turn speak; what is between them is plumbing that may name a model or a thread. */
function readSpan(record: SpanRecord, draft: Draft): void {
  const { attributes } = record;
  draft.agent = '';
  if (record.name === SPAN_SESSION_TASK_TURN || attributes.has(ATTR_CODEX_TURN_TOKEN_USAGE_INPUT_TOKENS)) {
    nameThread(draft, attributes.string(ATTR_THREAD_ID) ?? '');
    draft.role = Role.AGENT;
    // The turns of sub-agents have sums of their own.
    draft.grain = Grain.OWN_SUM;
    draft.authority = { family: FAMILY, rank: Rank.TURN_SUM };
    setUsage(draft, rawSum(record), {});
  } else if (record.name === SPAN_CODEX_HANDLE_RESPONSES || attributes.has(ATTR_CODEX_USAGE_TOTAL_TOKENS)) {
    readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.CLIENT });
    draft.authority = { family: FAMILY, rank: Rank.CALL_SPAN };
    // One of its name for each part of an answer; the last has the usage.
    if (draft.usage === undefined) standBack(draft);
  } else {
    standBack(draft);
  }
}

function standBack(draft: Draft): void {
  draft.role = Role.LINEAGE;
  draft.authority = undefined;
  draft.conversation = '';
  draft.calls = 0;
}

/** A thread's conversation names the session and, where it is a sub-agent's, the agent. An OS thread's number is neither. */
function nameThread(draft: Draft, id: string): void {
  if (!isUuid(id)) return;
  draft.conversation = id;
  draft.agentId = id;
  if (draft.agent === '') draft.agent = MAIN_AGENT;
}

function readEvent(record: LogRecord, draft: Draft): void {
  const { attributes } = record;
  draft.agent = agentOf(attributes.string(ATTR_CODEX_AGENT_NAME) ?? '');
  nameThread(draft, draft.conversation);
  placeEvent(record, draft, attributes.get(ATTR_CODEX_DURATION_MS));
  switch (eventNameOf(record)) {
    case EVENT_CODEX_SSE_EVENT:
      readCompletion(record, draft);
      return;
    case EVENT_CODEX_API_REQUEST:
      readAttempt(record, draft);
      return;
    case EVENT_CODEX_TOOL_RESULT:
      readTool(record, draft);
  }
}

/** `/root` → main, `/root/check_facts` → check_facts, `Noether` → Noether. */
function agentOf(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1).slice(0, 200);
  return last === 'root' ? MAIN_AGENT : last;
}

/** Each completion is written twice, once with tokens. */
function readCompletion(record: LogRecord, draft: Draft): void {
  const { attributes } = record;
  const kind = attributes.string(ATTR_EVENT_KIND) ?? '';
  const hasFailed = kind === 'response.failed' || (kind.startsWith('response.') && attributes.has(ATTR_ERROR_MESSAGE));
  const total = readCount(attributes.get(ATTR_CODEX_TOOL_TOKEN_COUNT)).value;
  readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.CLIENT, more: { total } });
  draft.authority = { family: FAMILY, rank: Rank.CALL_EVENT };
  draft.timeToFirstTokenUs = durationUs(attributes.get(ATTR_CODEX_TTFT_MS));
  if (draft.usage !== undefined) return;
  if (hasFailed) draft.error = errorCode(kind);
  else standBack(draft);
}

/** A request that the model's address refused; one that it took is told by its completion. */
function readAttempt(record: LogRecord, draft: Draft): void {
  const { attributes } = record;
  const { value: status } = readCount(attributes.get(ATTR_HTTP_RESPONSE_STATUS_CODE));
  const hasFailed = status === undefined ? attributes.has(ATTR_ERROR_MESSAGE) : status >= 400;
  if (!hasFailed) return;
  draft.error = errorCode(status);
  readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.CLIENT });
  draft.authority = { family: FAMILY, rank: Rank.CALL_EVENT };
}

function readTool(record: LogRecord, draft: Draft): void {
  const { attributes } = record;
  draft.role = Role.TOOL;
  draft.tool = attributes.string(ATTR_CODEX_TOOL_NAME) ?? draft.tool;
  if (saysFailed(attributes.get(ATTR_CODEX_SUCCESS))) draft.error = 'error';
  draft.authority = { family: TOOL_FAMILY, rank: Rank.CALL_EVENT };
  if (draft.tool === 'spawn_agent') readSpawn(record, draft);
}

/** The answer to a spawn names the new thread: `{"agent_id":"01a2…","nickname":"Noether"}`; its arguments name the role. */
function readSpawn({ attributes }: LogRecord, draft: Draft): void {
  const answer = parseObject(attributes.string(ATTR_CODEX_OUTPUT));
  const wanted = parseObject(attributes.string(ATTR_CODEX_ARGUMENTS));
  const child = answer?.['agent_id'] ?? answer?.['thread_id'];
  const name = wanted?.['agent_type'] ?? answer?.['task_name'] ?? answer?.['nickname'];
  if (typeof name === 'string') draft.handoffTo = agentOf(name);
  if (typeof child === 'string' && isUuid(child) && draft.conversation !== '')
    draft.alias = { kind: 'session_parent', from: child, to: draft.conversation };
}

/** Points of type total repeat the others. No point names its session; one of a sub-agent names its parent's, in a text of many values. */
function readPoint(record: MetricPoint, draft: Draft): void {
  const type = record.attributes.string(ATTR_CODEX_TOKEN_TYPE) ?? '';
  const part = partOfType(type);
  if (!isMetric(record.metric, METRIC_CODEX_TURN_TOKEN_USAGE) || type === CodexTokenType.TOTAL || part === undefined)
    return;
  const source = record.attributes.string(ATTR_CODEX_SESSION_SOURCE) ?? '';
  draft.agent = source.startsWith(SUBAGENT) ? SUBAGENT : MAIN_AGENT;
  draft.conversation = '';
  readTokenPoint(record, draft, { part, authority: { family: FAMILY, rank: Rank.METRIC } });
  // It counts turns, not calls.
  draft.calls = 0;
}
