// Qwen Code, a fork of Gemini CLI: events with the same attributes, spans of its own, one metric without a session. Its log records may
// come as spans where the receiver takes no logs.

import {
  ATTR_QWEN_CODE_DURATION_MS,
  ATTR_QWEN_CODE_ERROR_TYPE,
  ATTR_QWEN_CODE_FUNCTION_NAME,
  ATTR_QWEN_CODE_PROMPT_ID,
  ATTR_QWEN_CODE_STATUS_CODE,
  ATTR_QWEN_CODE_SUBAGENT_NAME,
  ATTR_QWEN_CODE_SUCCESS,
  ATTR_QWEN_CODE_TYPE,
  EVENT_QWEN_CODE_API_ERROR,
  EVENT_QWEN_CODE_API_RESPONSE,
  EVENT_QWEN_CODE_SUBAGENT_EXECUTION,
  EVENT_QWEN_CODE_TOOL_CALL,
  EVENT_QWEN_CODE_USER_PROMPT,
  METRIC_QWEN_CODE_TOKEN_USAGE,
  SCOPE_QWEN_CODE,
  SPAN_QWEN_CODE_INTERACTION,
  SPAN_QWEN_CODE_LLM_REQUEST,
  SPAN_QWEN_CODE_SUBAGENT,
  SPAN_QWEN_CODE_TOOL,
} from '@turnmeter/semconv';
import type { Draft } from '../observe/draft.ts';
import { errorCode, eventNameOf, placeEvent, saysFailed } from '../observe/log-event.ts';
import { Grain, Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { readTokenPoint } from '../observe/token-point.ts';
import type { SpanRecord, TelemetryRecord } from '../record/record.ts';
import { isMetric, partOfType } from '../vocabulary/metric-words.ts';
import { MAIN_AGENT, nestInPrompt, Rank } from './coding-agents.ts';
import { readGeminiUsage } from './gemini-usage.ts';

const FAMILY = 'qwen-code';
const TOOL_FAMILY = 'qwen-code/tools';
const NAME_PREFIX = 'qwen-code.';

export const qwenCode: Profile = {
  name: 'qwen-code',
  title: 'Qwen Code',
  marks: [],
  scopes: [SCOPE_QWEN_CODE],
  signals: ['log', 'metric'],
  claims: (record) =>
    record.scope.name === SCOPE_QWEN_CODE ||
    (record.signal === 'log' && eventNameOf(record).startsWith(NAME_PREFIX)) ||
    (record.signal === 'metric' && isMetric(record.metric, METRIC_QWEN_CODE_TOKEN_USAGE)),
  read(record, draft) {
    const subagent = record.attributes.string(ATTR_QWEN_CODE_SUBAGENT_NAME) ?? draft.agent;
    draft.agent = subagent === '' ? MAIN_AGENT : subagent;
    const event = eventNameOf(record);
    if (record.signal === 'metric') {
      const part = partOfType(record.attributes.string(ATTR_QWEN_CODE_TYPE) ?? '');
      if (!isMetric(record.metric, METRIC_QWEN_CODE_TOKEN_USAGE) || part === undefined) return;
      draft.agent = '';
      readTokenPoint(record, draft, { part, authority: { family: FAMILY, rank: Rank.METRIC } });
    } else if (event.startsWith(NAME_PREFIX)) {
      readEvent(record, draft, event);
    } else if (record.signal === 'span') {
      readSpan(record, draft);
    }
  },
};

function readEvent(record: TelemetryRecord, draft: Draft, event: string): void {
  const { attributes } = record;
  placeEvent(record, draft, attributes.get(ATTR_QWEN_CODE_DURATION_MS));
  switch (event) {
    case EVENT_QWEN_CODE_API_RESPONSE:
      draft.error = '';
      readCallRecord(record, draft, Rank.CALL_EVENT);
      break;
    case EVENT_QWEN_CODE_API_ERROR:
      draft.error = errorOf(record);
      readCallRecord(record, draft, Rank.CALL_EVENT);
      break;
    case EVENT_QWEN_CODE_TOOL_CALL:
      readTool(record, draft, Rank.CALL_EVENT);
      break;
    case EVENT_QWEN_CODE_USER_PROMPT:
      draft.role = Role.AGENT;
      break;
    case EVENT_QWEN_CODE_SUBAGENT_EXECUTION:
      // Written at the start and at the end; the tool call that it is shows how long it took.
      draft.role = Role.FACT;
      break;
    default:
      return;
  }
  if (record.signal === 'log') {
    nestInPrompt(record, draft, {
      promptId: attributes.string(ATTR_QWEN_CODE_PROMPT_ID),
      isPrompt: event === EVENT_QWEN_CODE_USER_PROMPT,
    });
  }
}

function readSpan(record: SpanRecord, draft: Draft): void {
  switch (record.name) {
    case SPAN_QWEN_CODE_LLM_REQUEST:
      if (draft.error === '' && saysFailed(record.attributes.get(ATTR_QWEN_CODE_SUCCESS)))
        draft.error = errorOf(record);
      readCallRecord(record, draft, Rank.CALL_SPAN);
      return;
    case SPAN_QWEN_CODE_INTERACTION:
    case SPAN_QWEN_CODE_SUBAGENT:
      draft.role = Role.AGENT;
      return;
    case SPAN_QWEN_CODE_TOOL:
      readTool(record, draft, Rank.CALL_SPAN);
      return;
    default:
      draft.role = Role.STEP;
  }
}

function readCallRecord(record: TelemetryRecord, draft: Draft, rank: number): void {
  draft.role = Role.INFERENCE;
  draft.grain = Grain.CALL;
  draft.calls = 1;
  draft.wireDistance = WireDistance.CLIENT;
  draft.authority = { family: FAMILY, rank };
  // Its providers speak OpenAI's words, where reasoning is part of the completion.
  readGeminiUsage(record, draft, { thoughts: 'inside' });
}

function readTool(record: TelemetryRecord, draft: Draft, rank: number): void {
  const { attributes } = record;
  draft.role = Role.TOOL;
  draft.tool = attributes.string(ATTR_QWEN_CODE_FUNCTION_NAME) ?? draft.tool;
  if (saysFailed(attributes.get(ATTR_QWEN_CODE_SUCCESS))) draft.error = errorOf(record);
  draft.authority = { family: TOOL_FAMILY, rank };
}

function errorOf({ attributes }: TelemetryRecord): string {
  return errorCode(attributes.get(ATTR_QWEN_CODE_STATUS_CODE), attributes.get(ATTR_QWEN_CODE_ERROR_TYPE));
}
