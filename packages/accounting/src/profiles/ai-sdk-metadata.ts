// What the AI SDK passes on from providers, as JSON under their names: parts of the usage that its own attributes leave out, and cost.

import {
  ATTR_AI_RESPONSE_PROVIDER_METADATA,
  ATTR_AI_USAGE_INPUT_TOKEN_DETAILS_NO_CACHE_TOKENS,
} from '@turnmeter/semconv';
import { isObject, type Literal, type LiteralObject, parseObject } from '../observe/literal.ts';
import { readCount, readUsd } from '../observe/numbers.ts';
import type { CostClaim } from '../observe/observation.ts';
import type { CacheBucket, RawUsage } from '../observe/usage.ts';
import { readUsageObject } from '../observe/usage-shapes.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';

export interface ProviderMetadata {
  readonly more: RawUsage;
  readonly cache: CacheBucket;
  readonly claim: CostClaim | undefined;
  readonly serviceTier: string;
}

export function readProviderMetadata(record: TelemetryRecord): ProviderMetadata {
  const metadata = parseObject(record.attributes.string(ATTR_AI_RESPONSE_PROVIDER_METADATA));
  const parts = Object.entries(metadata ?? {}).flatMap(([provider, part]) =>
    isObject(part) ? [{ provider, part }] : [],
  );
  const beside = parts.find(({ provider }) => provider === 'anthropic' || provider === 'bedrock');
  const more: RawUsage = Object.assign({}, ...parts.map(({ part }) => partsOf(part))) as RawUsage;
  return {
    more,
    cache: beside === undefined ? 'inside' : cacheOf(record, beside.part),
    claim: parts.map(({ provider, part }) => claimOf(provider, part)).find((claim) => claim !== undefined),
    serviceTier: parts.map(({ part }) => tierOf(part)).find((tier) => tier !== '') ?? '',
  };
}

/**
 * Anthropic and Bedrock count the cached part beside the input. Until AI SDK 6 their number was passed on as it was; since then it is
 * the whole, which `noCacheTokens` beside it tells.
 */
function cacheOf(record: TelemetryRecord, part: LiteralObject): CacheBucket {
  if (record.attributes.has(ATTR_AI_USAGE_INPUT_TOKEN_DETAILS_NO_CACHE_TOKENS)) return 'inside';
  const theirs = readCount(objectAt(part, 'usage')['input_tokens']).value;
  const ours = readCount(record.attributes.raw(Field.INPUT)).value;
  return theirs === undefined || theirs === ours ? 'beside' : 'inside';
}

/** Parts of the usage; whole inputs and outputs are the SDK's own attributes. */
function partsOf(part: LiteralObject): RawUsage {
  const usage = objectAt(part, 'usage');
  // Some providers name the parts only: without a side it would be no usage.
  const raw: RawUsage = readUsageObject({ input: 0, ...usage })?.raw ?? {};
  const gemini: RawUsage = readUsageObject(objectAt(part, 'usageMetadata'))?.raw ?? {};
  const found: RawUsage = {
    cacheRead: raw.cacheRead ?? gemini.cacheRead ?? count(part['cachedPromptTokens'] ?? part['promptCacheHitTokens']),
    cacheWrite: raw.cacheWrite ?? count(part['cacheCreationInputTokens'] ?? usage['cacheWriteInputTokens']),
    cacheWrite5m: raw.cacheWrite5m,
    cacheWrite1h: raw.cacheWrite1h,
    reasoning: raw.reasoning ?? gemini.reasoning ?? count(part['reasoningTokens']),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** OpenRouter bills what it says; Vercel's gateway too. */
function claimOf(provider: string, part: LiteralObject): CostClaim | undefined {
  const cost =
    provider === 'openrouter' ? objectAt(part, 'usage')['cost'] : provider === 'gateway' ? part['cost'] : undefined;
  const nanoUsd = readUsd(cost);
  return nanoUsd === undefined || nanoUsd === 0 ? undefined : { nanoUsd, by: 'gateway' };
}

function tierOf(part: LiteralObject): string {
  const tier = part['serviceTier'] ?? objectAt(part, 'usage')['service_tier'];
  return typeof tier === 'string' ? tier.slice(0, 50) : '';
}

function objectAt(object: LiteralObject, key: string): LiteralObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function count(value: Literal | undefined): number | undefined {
  return readCount(value).value;
}
