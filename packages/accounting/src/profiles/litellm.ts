// LiteLLM, SDK callback and proxy, `otel` versions 1 and 2. Its cache answers with the usage, the cost and often the id of the first call:
// nobody was billed for those.

import {
  ATTR_GEN_AI_COST_TOTAL_COST,
  ATTR_LITELLM_API_KEY_HASH,
  ATTR_LITELLM_CACHE_HIT,
  ATTR_LITELLM_CALL_ID,
  ATTR_LITELLM_CALL_TYPE,
  ATTR_LITELLM_END_USER_ID,
  ATTR_LITELLM_HIDDEN_PARAMS,
  ATTR_METADATA_REQUESTER_METADATA,
  ATTR_METADATA_USAGE_OBJECT,
  ATTR_METADATA_USER_API_KEY_END_USER_ID,
  ATTR_METADATA_USER_API_KEY_HASH,
  SCOPE_LITELLM,
  SPAN_LITELLM_RAW_GEN_AI_REQUEST,
} from '@turnmeter/semconv';
import { readCall, readClaim } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { isResponseId, isSessionId } from '../observe/ids.ts';
import { isObject, parseObject } from '../observe/literal.ts';
import { readCount, readUsd } from '../observe/numbers.ts';
import { Grain, Role, SessionRank, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { readUsageObject, type ShapedUsage } from '../observe/usage-shapes.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { sessionOfGraph } from './langgraph.ts';

export const liteLlm: Profile = {
  name: 'litellm',
  title: 'LiteLLM SDK and proxy (otel, otel v2)',
  marks: [
    ATTR_METADATA_USAGE_OBJECT,
    ATTR_METADATA_USER_API_KEY_HASH,
    ATTR_LITELLM_CALL_ID,
    ATTR_LITELLM_CALL_TYPE,
    ATTR_LITELLM_HIDDEN_PARAMS,
  ],
  scopes: [SCOPE_LITELLM],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    if (isRawRequest(record)) {
      readRawRequest(record, draft);
      return;
    }
    nameRequester(record, draft);
    const role = roleOfOperation(draft.operation);
    // Without an operation (content capture switched off) the usage tells a call from a guardrail or a database request.
    const isCall =
      role === undefined ? record.attributes.rankOf(Field.INPUT) >= 0 || hasUsageObject(record) : isCallRole(role);
    if (isCall) readGatewayCall(record, draft);
    else draft.role = role ?? Role.STEP;
  },
};

function hasUsageObject({ attributes }: TelemetryRecord): boolean {
  return attributes.has(ATTR_METADATA_USAGE_OBJECT);
}

function readGatewayCall(record: TelemetryRecord, draft: Draft): void {
  const { attributes } = record;
  // Cached and reasoning tokens are only in a Python literal: `{'completion_tokens': 20, 'prompt_tokens_details': None}`.
  const shaped = shapeOf(attributes.string(ATTR_METADATA_USAGE_OBJECT));
  const hasInput = readCount(attributes.raw(Field.INPUT)).value !== undefined;
  readCall(record, draft, {
    wireDistance: WireDistance.GATEWAY,
    cache: hasInput ? 'inside' : (shaped?.cache ?? 'inside'),
    ...(shaped === undefined ? {} : { more: shaped.raw }),
  });
  draft.model = withoutProvider(draft.model, draft.provider);
  if (isCacheHit(record)) draft.grain = Grain.CACHE_HIT;
  // The proxy is asked with a key and bills by it; in an application's own process it is one more price table.
  else draft.claim = readClaim(record, hasKey(record) ? 'gateway' : 'client_table');
}

/** `openai/gpt-4.1` of the provider `openai` → `gpt-4.1`. */
function withoutProvider(model: string, provider: string): string {
  return provider !== '' && model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model;
}

function shapeOf(text: string | undefined): ShapedUsage | undefined {
  const object = parseObject(text);
  return object === undefined ? undefined : readUsageObject(object);
}

/** Newer versions say it; before, a hit had a cache key, or cost nothing although the breakdown has a price. */
function isCacheHit({ attributes }: TelemetryRecord): boolean {
  const flag = attributes.get(ATTR_LITELLM_CACHE_HIT);
  if (typeof flag === 'boolean') return flag;
  if (typeof flag === 'string' && flag !== '') return flag.toLowerCase() === 'true';
  const hidden = parseObject(attributes.string(ATTR_LITELLM_HIDDEN_PARAMS));
  const key = hidden?.['cache_key'];
  if (typeof key === 'string' && key !== '' && key !== 'None') return true;
  const paid = hidden?.['response_cost'];
  const price = readUsd(attributes.get(ATTR_GEN_AI_COST_TOTAL_COST)) ?? 0;
  return paid !== undefined && paid !== null && readUsd(paid) === 0 && price > 0;
}

function hasKey(record: TelemetryRecord): boolean {
  return known(record, ATTR_METADATA_USER_API_KEY_HASH) !== '' || known(record, ATTR_LITELLM_API_KEY_HASH) !== '';
}

/** Text that is no Python `None`. */
function known({ attributes }: TelemetryRecord, name: string): string {
  const text = attributes.string(name) ?? '';
  return text === 'None' ? '' : text;
}

/** What the caller told the proxy about itself is a Python literal too. */
function nameRequester(record: TelemetryRecord, draft: Draft): void {
  const endUser = known(record, ATTR_METADATA_USER_API_KEY_END_USER_ID) || known(record, ATTR_LITELLM_END_USER_ID);
  if (endUser !== '') draft.user = endUser;
  else if (draft.user === 'None') draft.user = '';
  const metadata = parseObject(record.attributes.string(ATTR_METADATA_REQUESTER_METADATA));
  const session = metadata === undefined ? '' : sessionOfGraph(metadata);
  if (draft.sessionRank <= SessionRank.PRODUCT || !isSessionId(session)) return;
  draft.session = session;
  draft.sessionRank = SessionRank.PRODUCT;
}

function isRawRequest(record: TelemetryRecord): boolean {
  return record.signal === 'span' && record.name === SPAN_LITELLM_RAW_GEN_AI_REQUEST;
}

/** The provider's answer as it came, below the request: `llm.{provider}.usage`, `llm.{provider}.id`. */
function readRawRequest(record: TelemetryRecord, draft: Draft): void {
  const { attributes } = record;
  let shaped: ShapedUsage | undefined;
  for (const name of attributes.names()) {
    const part = /^llm\.[\w.-]+?\.(usage|id|usageMetadata)$/.exec(name)?.[1];
    if (part === undefined) continue;
    const value = attributes.get(name);
    if (part === 'id' && typeof value === 'string' && isResponseId(value)) draft.responseId = value;
    if (part !== 'id') shaped = isObject(value) ? readUsageObject(value) : shapeOf(attributes.string(name));
  }
  readCall(record, draft, {
    role: Role.INFERENCE,
    wireDistance: WireDistance.CLIENT,
    ...(shaped === undefined ? {} : { more: shaped.raw, cache: shaped.cache, reasoning: shaped.reasoning }),
  });
}
