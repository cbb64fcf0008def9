// Logfire's own instrumentations of model clients and of the OpenAI Agents SDK. A streamed call comes in two parts: a span that ends when
// the stream begins and knows no tokens, and a record of no length beside it that has them.

import {
  ATTR_LOGFIRE_MSG_TEMPLATE,
  ATTR_LOGFIRE_SPAN_TYPE,
  ATTR_GEN_AI_USAGE_RAW,
  ATTR_LOGFIRE_DURATION,
  ATTR_LOGFIRE_FROM_AGENT,
  ATTR_LOGFIRE_TO_AGENT,
  ATTR_LOGFIRE_NAME,
  ATTR_PYDANTIC_AI_RESPONSE_ID,
  ATTR_PYDANTIC_AI_USAGE,
  SCOPE_PREFIX_LOGFIRE,
} from '@turnmeter/semconv';
import { readCall, readClaim, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { isResponseId } from '../observe/ids.ts';
import { isObject, parseObject } from '../observe/literal.ts';
import { Coverage, Grain, Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { RawUsage } from '../observe/usage.ts';
import { readUsageObject } from '../observe/usage-shapes.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';

const AGENTS_SCOPE = `${SCOPE_PREFIX_LOGFIRE}openai_agents`;

export const logfire: Profile = {
  name: 'logfire',
  title: 'Logfire (instrument_openai, instrument_anthropic, instrument_openai_agents)',
  marks: [],
  scopes: [`${SCOPE_PREFIX_LOGFIRE}*`],
  claims: (record) =>
    record.signal === 'span' &&
    (record.scope.name === AGENTS_SCOPE || record.attributes.rankOf(Field.REQUEST_MODEL) >= 0),
  read(record, draft) {
    const role = roleOfOperation(draft.operation);
    if (role !== undefined ? isCallRole(role) : isModelTemplate(record)) readModelCall(record, draft);
    else if (record.scope.name === AGENTS_SCOPE) readAgentsSpan(record, draft);
    else draft.role = role ?? Role.STEP;
  },
};

/** Older versions named no operation; the template is fixed text: `Chat Completion with {request_data[model]!r}`. */
function isModelTemplate(record: TelemetryRecord): boolean {
  const template = templateOf(record);
  return /^(chat completion|responses api|completion with|embedding creation|message with|streaming response)/i.test(
    template,
  );
}

function templateOf(record: TelemetryRecord): string {
  const template = record.attributes.string(ATTR_LOGFIRE_MSG_TEMPLATE);
  return template ?? (record.signal === 'span' ? record.name : '');
}

function readModelCall(record: TelemetryRecord, draft: Draft): void {
  readCall(record, draft, {
    wireDistance: record.scope.name === AGENTS_SCOPE ? WireDistance.FRAMEWORK : WireDistance.CLIENT,
    cache: 'inside',
    more: partsOf(record),
  });
  draft.claim = readClaim(record, 'client_table');
  const responseId = record.attributes.string(ATTR_PYDANTIC_AI_RESPONSE_ID) ?? '';
  if (draft.responseId === '' && isResponseId(responseId)) draft.responseId = responseId;
  if (record.attributes.string(ATTR_LOGFIRE_SPAN_TYPE) !== 'log') return;
  draft.coverage = Coverage.COMPLETES;
  const seconds = record.attributes.get(ATTR_LOGFIRE_DURATION);
  // Written when the stream has been read; it says itself how long that took.
  if (typeof seconds === 'number' && seconds > 0 && seconds < 86_400) draft.startUs -= Math.round(seconds * 1e6);
}

/** Cached and reasoning tokens are only in the provider's own usage object, as JSON, beside the whole that the attributes have. */
function partsOf(record: TelemetryRecord): RawUsage {
  const raw = objectIn(record, ATTR_GEN_AI_USAGE_RAW) ?? objectIn(record, ATTR_PYDANTIC_AI_USAGE);
  const shaped = raw === undefined ? undefined : readUsageObject(raw);
  if (shaped === undefined) return {};
  const { cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h, reasoning, inputAudio, outputAudio } = shaped.raw;
  const parts: RawUsage = { cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h, reasoning, inputAudio, outputAudio };
  // Older versions have no other usage at all.
  return shaped.cache === 'inside' ? { ...parts, input: shaped.raw.input, output: shaped.raw.output } : parts;
}

function objectIn(record: TelemetryRecord, name: string): ReturnType<typeof parseObject> {
  const value = record.attributes.get(name);
  return isObject(value) ? value : typeof value === 'string' ? parseObject(value) : undefined;
}

/** Runs, turns and tasks of the OpenAI Agents SDK; the last two carry sums as JSON. */
function readAgentsSpan(record: TelemetryRecord, draft: Draft): void {
  const template = templateOf(record);
  const name = record.attributes.string(ATTR_LOGFIRE_NAME) ?? '';
  if (template.startsWith('Agent run')) {
    draft.role = Role.AGENT;
    if (draft.agent === '') draft.agent = name;
  } else if (template.startsWith('Turn ')) {
    readUsageSum(record, draft, Role.AGENT);
  } else if (template.startsWith('Function')) {
    draft.role = Role.TOOL;
    if (draft.tool === '') draft.tool = name;
  } else if (template.startsWith('Handoff')) {
    draft.role = Role.HANDOFF;
    draft.agent = record.attributes.string(ATTR_LOGFIRE_FROM_AGENT) ?? '';
    draft.handoffTo = record.attributes.string(ATTR_LOGFIRE_TO_AGENT) ?? '';
  } else {
    // `OpenAI Agents trace: {name}` is the run; `Task: …` lies between.
    readUsageSum(record, draft, template.startsWith('OpenAI Agents trace') ? Role.WORKFLOW : Role.STEP);
    if (draft.role === Role.WORKFLOW && draft.workflow === '') draft.workflow = name;
  }
}

function readUsageSum(record: TelemetryRecord, draft: Draft, role: Role): void {
  const raw = objectIn(record, ATTR_PYDANTIC_AI_USAGE);
  const shaped = raw === undefined ? undefined : readUsageObject(raw);
  readSum(record, draft, { role, grain: Grain.SUM, ...(shaped === undefined ? {} : { more: shaped.raw }) });
}
