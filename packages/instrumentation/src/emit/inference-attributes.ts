import type { Attributes } from '@opentelemetry/api';
import type { Cost, TokenUsage } from '@turnmeter/pricing';
import * as names from '@turnmeter/semconv';
import type { Identity } from '../session/identity.ts';
import type { AnswerFacts } from '../usage/answer-facts.ts';
import type { InferenceStart } from './inference.ts';

/** A model call that has ended, with all that is known of it. */
export interface EndedCall {
  readonly start: InferenceStart;
  readonly identity: Identity;
  readonly facts: AnswerFacts;
  /** Undefined where nothing is known that could be priced. */
  readonly cost: Cost | undefined;
  /** Undefined for a failed call that used nothing. */
  readonly usageSource: names.UsageSource | undefined;
  readonly errorType: string | undefined;
  /** Undefined where nobody saw it begin. */
  readonly durationMs: number | undefined;
  readonly firstChunkMs: number | undefined;
  readonly retries: number;
}

/** What a span says of the answer. */
export function answerAttributes({ start, facts, cost, usageSource, firstChunkMs, retries }: EndedCall): Attributes {
  const attributes: Attributes = {};
  if (facts.model !== undefined) attributes[names.ATTR_GEN_AI_RESPONSE_MODEL] = facts.model;
  if (facts.responseId !== undefined) attributes[names.ATTR_GEN_AI_RESPONSE_ID] = facts.responseId;
  if (facts.finishReasons !== undefined) {
    attributes[names.ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = [...facts.finishReasons];
  }
  if (facts.serviceTier !== undefined) attributes[tierAttribute(facts.provider ?? start.provider)] = facts.serviceTier;
  if (firstChunkMs !== undefined) attributes[names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = firstChunkMs / 1000;
  if (retries > 0) attributes[names.ATTR_TURNMETER_RETRIES] = retries;
  if (usageSource !== undefined) attributes[names.ATTR_TURNMETER_USAGE_SOURCE] = usageSource;
  if (facts.usage !== undefined) setUsage(attributes, facts.usage);
  setCharges(attributes, facts);
  if (cost !== undefined) {
    attributes[names.ATTR_TURNMETER_COST_STATUS] = cost.status;
    attributes[names.ATTR_TURNMETER_COST_SOURCE] = cost.source;
    // An unpriced call has no cost, which is not a cost of 0.
    if (cost.status !== names.CostStatus.UNPRICED) attributes[names.ATTR_TURNMETER_COST_USD] = cost.totalNanoUsd / 1e9;
  }
  return attributes;
}

/** Counts and what they are called; those that are not known are left out. */
const USAGE_ATTRIBUTES: readonly (readonly [keyof TokenUsage, string])[] = [
  ['input', names.ATTR_GEN_AI_USAGE_INPUT_TOKENS],
  ['output', names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS],
  ['cacheRead', names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS],
  ['cacheWrite', names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS],
  ['cacheWrite5m', names.ATTR_ANTHROPIC_USAGE_CACHE_CREATION_EPHEMERAL_5M_INPUT_TOKENS],
  ['cacheWrite1h', names.ATTR_ANTHROPIC_USAGE_CACHE_CREATION_EPHEMERAL_1H_INPUT_TOKENS],
  ['reasoning', names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS],
  ['inputAudio', names.ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS],
  ['inputImage', names.ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS],
  ['cacheReadAudio', names.ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS],
  ['cacheReadImage', names.ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS],
  ['outputAudio', names.ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS],
  ['outputImage', names.ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS],
];

function setUsage(attributes: Attributes, usage: TokenUsage): void {
  for (const [bucket, name] of USAGE_ATTRIBUTES) {
    const tokens = usage[bucket];
    if (tokens !== undefined) attributes[name] = tokens;
  }
}

/** What costs money and is no token; kinds and numbers in step. */
function setCharges(attributes: Attributes, { charges }: AnswerFacts): void {
  if (charges === undefined || charges.length === 0) return;
  const [only] = charges;
  if (charges.length === 1 && only !== undefined) {
    attributes[names.ATTR_TURNMETER_COST_ITEM] = only.kind;
    attributes[names.ATTR_TURNMETER_COST_QUANTITY] = only.quantity;
    return;
  }
  attributes[names.ATTR_TURNMETER_COST_ITEM] = charges.map(({ kind }) => kind);
  attributes[names.ATTR_TURNMETER_COST_QUANTITY] = charges.map(({ quantity }) => quantity);
}

function tierAttribute(provider: string): string {
  return provider === names.GenAiProvider.ANTHROPIC
    ? names.ATTR_ANTHROPIC_RESPONSE_SERVICE_TIER
    : names.ATTR_OPENAI_RESPONSE_SERVICE_TIER;
}
