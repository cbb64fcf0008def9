// Gemini CLI: the same call as two log events, a span and points of two metrics. Only the `api_response` event and the metric of its own
// have the thoughts; everything under the conventions' names leaves them out of the output and cannot be repaired alone.

import {
  ATTR_GEMINI_CLI_AGENT_ID,
  ATTR_GEMINI_CLI_AGENT_NAME,
  ATTR_GEMINI_CLI_DURATION_MS,
  ATTR_GEMINI_CLI_FUNCTION_NAME,
  ATTR_GEMINI_CLI_PROMPT_ID,
  ATTR_GEMINI_CLI_ROLE,
  ATTR_GEMINI_CLI_STATUS_CODE,
  ATTR_GEMINI_CLI_SUCCESS,
  ATTR_GEMINI_CLI_TURN_COUNT,
  ATTR_GEMINI_CLI_TYPE,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOKEN_TYPE,
  EVENT_GEMINI_CLI_AGENT_FINISH,
  EVENT_GEMINI_CLI_AGENT_START,
  EVENT_GEMINI_CLI_API_ERROR,
  EVENT_GEMINI_CLI_API_RESPONSE,
  EVENT_GEMINI_CLI_TOOL_CALL,
  EVENT_GEMINI_CLI_USER_PROMPT,
  EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
  GenAiProvider,
  METRIC_GEMINI_CLI_TOKEN_USAGE,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
  SCOPE_GEMINI_CLI,
  SPAN_GEMINI_CLI_AGENT_CALL,
  SPAN_GEMINI_CLI_LLM_CALL,
  SPAN_GEMINI_CLI_TOOL_CALL,
} from '@turnmeter/semconv';
import { readCall } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { errorCode, eventNameOf, placeEvent, saysFailed } from '../observe/log-event.ts';
import { readCount } from '../observe/numbers.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { readTokenPoint } from '../observe/token-point.ts';
import type { LogRecord, MetricPoint, SpanRecord, TelemetryRecord } from '../record/record.ts';
import { isMetric, partOfType } from '../vocabulary/metric-words.ts';
import { MAIN_AGENT, nestInPrompt, Rank, SUBAGENT } from './coding-agents.ts';
import { readGeminiUsage } from './gemini-usage.ts';

const FAMILY = 'gemini-cli';
const TOOL_FAMILY = 'gemini-cli/tools';
const EVENT_PREFIX = 'gemini_cli.';

export const geminiCli: Profile = {
  name: 'gemini-cli',
  title: 'Gemini CLI',
  marks: [],
  scopes: [SCOPE_GEMINI_CLI],
  signals: ['log', 'metric'],
  claims: (record) =>
    record.scope.name === SCOPE_GEMINI_CLI ||
    (record.signal === 'log' && eventNameOf(record).startsWith(EVENT_PREFIX)) ||
    (record.signal === 'metric' && isMetric(record.metric, METRIC_GEMINI_CLI_TOKEN_USAGE)),
  read(record, draft) {
    // The constant name of the program, whoever acts.
    draft.agent = '';
    if (draft.provider === '') draft.provider = GenAiProvider.GCP_GEN_AI;
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

/** `a56f20aa-…#0` is call 0 of a sub-agent; the main agent's prompts are named after the session. */
function nameAgent(record: TelemetryRecord, draft: Draft): string {
  const { attributes } = record;
  const promptId = attributes.string(ATTR_GEMINI_CLI_PROMPT_ID) ?? attributes.string(ATTR_GEN_AI_PROMPT_NAME) ?? '';
  const role = attributes.string(ATTR_GEMINI_CLI_ROLE) ?? '';
  const agentId = /^(.{1,150})#\d+$/.exec(promptId)?.[1] ?? '';
  // Interactive sessions number the main agent's prompts with a row of signs: `<session>########3`.
  const isSubagent = role === 'subagent' || (role === '' && agentId !== '' && !agentId.endsWith('#'));
  if (isSubagent) draft.agentId = agentId;
  draft.agent = isSubagent ? SUBAGENT : MAIN_AGENT;
  // The tool's own calls: a router's choice, a summary. Real cost, nobody's turn.
  if (role.startsWith('utility_')) draft.purpose = role.slice('utility_'.length, 100);
  return isSubagent ? '' : promptId;
}

function readSpan(record: SpanRecord, draft: Draft): void {
  switch (record.name) {
    case SPAN_GEMINI_CLI_LLM_CALL:
      nameAgent(record, draft);
      readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.CLIENT });
      draft.authority = { family: FAMILY, rank: Rank.CALL_SPAN };
      noteMissingThoughts(draft);
      return;
    case SPAN_GEMINI_CLI_TOOL_CALL:
      draft.role = Role.TOOL;
      draft.authority = { family: TOOL_FAMILY, rank: Rank.CALL_SPAN };
      return;
    case SPAN_GEMINI_CLI_AGENT_CALL:
      // Ends the tool call that it is within; who acts and for how long is told by the event at its end.
      draft.role = Role.AGENT;
      draft.agent = SUBAGENT;
      draft.canBeTurn = false;
      return;
    default:
      draft.role = Role.STEP;
  }
}

function readEvent(record: LogRecord, draft: Draft): void {
  const { attributes } = record;
  const name = eventNameOf(record);
  placeEvent(record, draft, attributes.get(ATTR_GEMINI_CLI_DURATION_MS));
  switch (name) {
    case EVENT_GEMINI_CLI_API_RESPONSE:
      readCallEvent(record, draft, '');
      return;
    case EVENT_GEMINI_CLI_API_ERROR:
      readCallEvent(record, draft, errorCode(attributes.get(ATTR_GEMINI_CLI_STATUS_CODE), draft.error));
      return;
    case EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS:
      readDetails(record, draft);
      return;
    case EVENT_GEMINI_CLI_TOOL_CALL:
      readTool(record, draft);
      return;
    case EVENT_GEMINI_CLI_USER_PROMPT:
      draft.agent = MAIN_AGENT;
      draft.role = Role.AGENT;
      nestInPrompt(record, draft, { promptId: attributes.string(ATTR_GEMINI_CLI_PROMPT_ID), isPrompt: true });
      return;
    case EVENT_GEMINI_CLI_AGENT_START:
    case EVENT_GEMINI_CLI_AGENT_FINISH:
      readAgent(record, draft, name === EVENT_GEMINI_CLI_AGENT_FINISH);
  }
}

function readCallEvent(record: LogRecord, draft: Draft, error: string): void {
  draft.role = Role.INFERENCE;
  draft.grain = Grain.CALL;
  draft.calls = 1;
  draft.error = error;
  draft.wireDistance = WireDistance.CLIENT;
  draft.authority = { family: FAMILY, rank: Rank.CALL_EVENT };
  readGeminiUsage(record, draft, { thoughts: 'beside' });
  nestInPrompt(record, draft, { promptId: nameAgent(record, draft), isPrompt: false });
}

/** Comes once with the request and once with the answer; only the answer's has usage, without thoughts and cached part. */
function readDetails(record: LogRecord, draft: Draft): void {
  readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.FRAMEWORK });
  if (draft.usage === undefined) {
    draft.role = Role.LINEAGE;
    return;
  }
  draft.authority = { family: FAMILY, rank: Rank.WEAK_EVENT };
  noteMissingThoughts(draft);
}

function noteMissingThoughts(draft: Draft): void {
  if (draft.usage !== undefined && draft.usage.reasoning === undefined) draft.notes.push('reasoning_not_reported');
}

function readTool(record: LogRecord, draft: Draft): void {
  const { attributes } = record;
  const promptId = nameAgent(record, draft);
  draft.role = Role.TOOL;
  draft.tool = attributes.string(ATTR_GEMINI_CLI_FUNCTION_NAME) ?? draft.tool;
  if (saysFailed(attributes.get(ATTR_GEMINI_CLI_SUCCESS))) draft.error = errorCode(draft.error);
  draft.authority = { family: TOOL_FAMILY, rank: Rank.CALL_EVENT };
  nestInPrompt(record, draft, { promptId, isPrompt: false });
}

/** Both events name the agent behind an id; the second tells that its go is over. */
function readAgent(record: LogRecord, draft: Draft, isFinished: boolean): void {
  const { attributes } = record;
  const id = attributes.string(ATTR_GEMINI_CLI_AGENT_ID) ?? '';
  const name = attributes.string(ATTR_GEMINI_CLI_AGENT_NAME) ?? '';
  draft.role = isFinished ? Role.AGENT : Role.FACT;
  draft.agentId = id;
  draft.agent = name === '' ? SUBAGENT : name.slice(0, 200);
  if (id !== '' && name !== '') draft.alias = { kind: 'agent_name', from: id, to: draft.agent };
  if (isFinished) draft.calls = readCount(attributes.get(ATTR_GEMINI_CLI_TURN_COUNT)).value ?? 1;
}

function readPoint(record: MetricPoint, draft: Draft): void {
  const { attributes } = record;
  const isOwn = isMetric(record.metric, METRIC_GEMINI_CLI_TOKEN_USAGE);
  if (!isOwn && !isMetric(record.metric, METRIC_GEN_AI_CLIENT_TOKEN_USAGE)) return;
  const type = attributes.string(isOwn ? ATTR_GEMINI_CLI_TYPE : ATTR_GEN_AI_TOKEN_TYPE) ?? '';
  const part = partOfType(type);
  if (part === undefined) return;
  readTokenPoint(record, draft, {
    part,
    authority: { family: FAMILY, rank: isOwn ? Rank.METRIC : Rank.WEAK_METRIC },
    reasoning: 'beside',
  });
}
