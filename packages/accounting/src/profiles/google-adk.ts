// Google's Agent Development Kit in JavaScript, Java and Go (and Python before 2.0): `call_llm` is the call, and sub-agents run inside it.
// Its output leaves the thoughts out; the whole is in the JSON of the response alone.

import {
  ATTR_GCP_VERTEX_AGENT_LLM_RESPONSE,
  ATTR_GCP_VERTEX_AGENT_TOOL_CALL_ARGS,
  SCOPE_GCP_VERTEX_AGENT,
  SPAN_GOOGLE_ADK_CALL_LLM,
  SPAN_GOOGLE_ADK_INVOCATION,
} from '@turnmeter/semconv';
import { readCall, setUsage } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { findObject, isObject, type LiteralObject, parseObject } from '../observe/literal.ts';
import { Role, UsageSource, WireDistance } from '../observe/observation.ts';
import { roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { fillFrom, readRawUsage } from '../observe/usage.ts';
import { readUsageObject, type ShapedUsage } from '../observe/usage-shapes.ts';
import type { SpanRecord } from '../record/record.ts';
import { hasEnded } from './finish-reasons.ts';
import { genAi } from './gen-ai.ts';

export const googleAdk: Profile = {
  name: 'google-adk',
  title: 'Google Agent Development Kit (JavaScript, Java, Go)',
  marks: [ATTR_GCP_VERTEX_AGENT_LLM_RESPONSE],
  scopes: [SCOPE_GCP_VERTEX_AGENT],
  readsBare: true,
  read(record, draft) {
    if (record.signal !== 'span') return;
    const role = roleOfOperation(draft.operation);
    if (role === undefined && record.name.startsWith(SPAN_GOOGLE_ADK_CALL_LLM)) readCallLlm(record, draft);
    else if (role === Role.TOOL) readTool(record, draft);
    else if (role !== undefined) genAi.read(record, draft);
    else readUnnamed(record, draft);
  },
};

function readCallLlm(record: SpanRecord, draft: Draft): void {
  draft.operation = SPAN_GOOGLE_ADK_CALL_LLM;
  const text = record.attributes.string(ATTR_GCP_VERTEX_AGENT_LLM_RESPONSE) ?? '';
  readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.FRAMEWORK });
  const shaped = usageOfResponse(text);
  if (shaped !== undefined) {
    const raw = { ...shaped.raw };
    fillFrom(raw, readRawUsage(record.attributes, []));
    setUsage(draft, raw, shaped);
  } else if (draft.usage !== undefined && draft.usage.reasoning === undefined && mayThink(draft.model)) {
    // Content is hidden, and with it the thoughts: the output is the least that it can have been.
    draft.usageSource = UsageSource.ESTIMATED;
    draft.notes.push('thoughts_not_reported');
  }
  if (draft.usage === undefined) readFailure(record, draft, text);
}

/** The usage in a response, also in one that is long or was cut off. */
function usageOfResponse(text: string): ShapedUsage | undefined {
  const response = parseObject(text);
  const usage =
    response?.['usageMetadata'] ??
    response?.['usage_metadata'] ??
    (response === undefined ? (findObject(text, 'usageMetadata') ?? findObject(text, 'usage_metadata')) : undefined);
  return isObject(usage) ? readUsageObject(usage) : undefined;
}

function mayThink(model: string): boolean {
  return /gemini-(2\.5|[3-9])/.test(model) && !/-(tts|image|embedding)/.test(model);
}

/** A call that failed has no status and, as it got no answer, no attributes at all. */
function readFailure(record: SpanRecord, draft: Draft, text: string): void {
  const code = errorCodeOf(parseObject(text));
  if (draft.error === '' && code !== '') draft.error = code;
  else if (draft.error === '' && !hasEnded(record) && text.length <= '{}'.length) {
    draft.error = 'error';
    draft.notes.push('failure_inferred');
  }
  draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
}

function errorCodeOf(response: LiteralObject | undefined): string {
  const code = response?.['errorCode'] ?? response?.['error_code'];
  return typeof code === 'string' || typeof code === 'number' ? String(code).slice(0, 100) : '';
}

/** Tools that hand over are called alike, whomever they hand over to. */
const TRANSFER_TOOL = 'transfer_to_agent';
/** Stands for several tool spans that are there as well. */
const MERGED_TOOLS = '(merged tools)';

function readTool(record: SpanRecord, draft: Draft): void {
  draft.role = draft.tool === MERGED_TOOLS ? Role.STEP : Role.TOOL;
  if (draft.tool !== TRANSFER_TOOL) return;
  const target = parseObject(record.attributes.string(ATTR_GCP_VERTEX_AGENT_TOOL_CALL_ARGS));
  const agent = target?.['agentName'] ?? target?.['agent_name'];
  if (typeof agent === 'string') draft.handoffTo = agent.slice(0, 100);
}

/** Before 2.0 of Python spans had no operation: `agent_run [Writer]`, `execute_tool word_count`. */
function readUnnamed(record: SpanRecord, draft: Draft): void {
  const [, agent] = /^(?:agent_run \[|invoke_agent )(.{1,100}?)\]?$/.exec(record.name) ?? [];
  if (agent !== undefined) {
    draft.role = Role.AGENT;
    if (draft.agent === '') draft.agent = agent;
  } else if (record.name.startsWith('execute_tool ')) {
    draft.role = Role.TOOL;
    if (draft.tool === '') draft.tool = record.name.slice('execute_tool '.length, 100);
  } else if (record.name === SPAN_GOOGLE_ADK_INVOCATION) {
    draft.role = Role.WORKFLOW;
  } else {
    draft.role = Role.STEP;
  }
}
