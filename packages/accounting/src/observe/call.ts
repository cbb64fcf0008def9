// The steps that profiles have in common: to say that a record is a call, a sum, an agent's go.

import type { TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import type { Draft } from './draft.ts';
import { readCount, readUsd } from './numbers.ts';
import { type CostClaim, Grain, Role, UsageSource, type WireDistance } from './observation.ts';
import { isCallRole, roleOfOperation } from './operations.ts';
import { distanceOf } from './serving.ts';
import {
  type CacheBucket,
  fillFrom,
  normalizeUsage,
  type RawUsage,
  readRawUsage,
  type ReasoningBucket,
} from './usage.ts';

export interface UsageOptions {
  /** @default 'inside', as the conventions say. */
  readonly cache?: CacheBucket;
  /** @default 'auto': inside, unless the record's own numbers say otherwise. */
  readonly reasoning?: ReasoningBucket;
  /** Token numbers that the profile found elsewhere; they fill what the usual spellings leave open. */
  readonly more?: RawUsage;
  /** Numbers counted by a tokenizer at the producer. */
  readonly isEstimated?: boolean;
}

export interface CallOptions extends UsageOptions {
  readonly wireDistance: WireDistance;
  readonly role?: typeof Role.INFERENCE | typeof Role.EMBEDDING | typeof Role.RERANK;
}

/** The record is one model call; its usage is in the usual spellings or in `more`. */
export function readCall(record: TelemetryRecord, draft: Draft, options: CallOptions): void {
  const named = roleOfOperation(draft.operation);
  draft.role = options.role ?? (named !== undefined && isCallRole(named) ? named : Role.INFERENCE);
  draft.grain = Grain.CALL;
  draft.calls = 1;
  draft.wireDistance = distanceOf(record, draft.service, options.wireDistance);
  readUsage(record, draft, options);
  if (draft.role === Role.INFERENCE) dropEmptyPrompt(draft);
  if (draft.usage === undefined) draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
  draft.timeToFirstTokenUs = readSecondsAsUs(record);
}

/** No prompt is empty: who was told nothing wrote a zero (AutoGen's streams; LangChain's of a server that says it at the end only). */
function dropEmptyPrompt(draft: Draft): void {
  const { usage } = draft;
  if (usage === undefined || (usage.input ?? 0) !== 0) return;
  if ((usage.output ?? 0) === 0) {
    draft.usage = undefined;
  } else if (usage.input === 0) {
    draft.usage = { ...usage, input: undefined };
    draft.usageSource = UsageSource.ESTIMATED;
    draft.notes.push('input_not_reported');
  }
}

/** The record carries usage of more than itself: `grain` says of what. Without usage only the role is set. */
export function readSum(
  record: TelemetryRecord,
  draft: Draft,
  options: UsageOptions & { role: Role; grain: Grain },
): void {
  draft.role = options.role;
  draft.grain = options.grain;
  readUsage(record, draft, options);
}

function readUsage(record: TelemetryRecord, draft: Draft, options: UsageOptions): void {
  const raw = readRawUsage(record.attributes, draft.notes);
  if (options.more !== undefined) fillFrom(raw, options.more);
  setUsage(draft, raw, options);
}

/** Sets usage from raw numbers alone, for records whose usual spellings hold something else. */
export function setUsage(
  draft: Draft,
  raw: RawUsage,
  options: Pick<UsageOptions, 'cache' | 'reasoning' | 'isEstimated'>,
): void {
  const thoughts = options.cache === 'beside' ? 0 : thoughtsInTotal(raw, draft);
  if (thoughts > 0) draft.notes.push('thoughts_found_in_total');
  const reading = normalizeUsage(thoughts === 0 ? raw : { ...raw, reasoning: thoughts }, {
    cache: options.cache ?? 'inside',
    reasoning: thoughts === 0 ? (options.reasoning ?? 'auto') : 'beside',
  });
  draft.usage = reading.usage;
  draft.notes.push(...reading.notes);
  if (reading.isGuess) draft.notes.push('cache_bucket_undecided');
  if (reading.usage === undefined) return;
  draft.usageSource = options.isEstimated === true || reading.isGuess ? UsageSource.ESTIMATED : UsageSource.PROVIDER;
}

/** Models of Google's and of xAI's count thoughts beside the answer; many who pass their numbers on forget them, but not the total. */
const COUNTS_THOUGHTS_BESIDE = /gemini|google|vertex|gcp|grok|x_?ai/i;

/** Output that only the total holds: `{input: 511, output: 146, total: 675}` of Gemini → 18. */
function thoughtsInTotal({ input, output, total, reasoning, cacheRead }: RawUsage, draft: Draft): number {
  if (input === undefined || output === undefined || total === undefined || (reasoning ?? 0) > 0) return 0;
  const rest = total - input - output;
  // A rest of just that size may as well be a cached part that was counted beside the input.
  if (rest <= 0 || rest === cacheRead) return 0;
  return COUNTS_THOUGHTS_BESIDE.test(`${draft.provider} ${draft.model}`) ? rest : 0;
}

/** Usage under names that say it is a sum (`gen_ai.aggregated_usage.*`); empty when there is none. */
export function rawSum(record: TelemetryRecord): RawUsage {
  const count = (field: Field): number | undefined => readCount(record.attributes.raw(field)).value;
  return {
    input: count(Field.SUM_INPUT),
    output: count(Field.SUM_OUTPUT),
    cacheRead: count(Field.SUM_CACHE_READ),
    cacheWrite: count(Field.SUM_CACHE_WRITE),
    reasoning: count(Field.SUM_REASONING),
  };
}

/** The cost somebody else put on the call. A zero beside tokens means "no price" and is left out. */
export function readClaim(record: TelemetryRecord, by: CostClaim['by']): CostClaim | undefined {
  const nanoUsd = readUsd(record.attributes.raw(Field.COST_USD));
  return nanoUsd === undefined || nanoUsd === 0 ? undefined : { nanoUsd, by };
}

function readSecondsAsUs(record: TelemetryRecord): number {
  const seconds = record.attributes.raw(Field.TIME_TO_FIRST_TOKEN);
  return typeof seconds === 'number' && seconds > 0 && seconds < 86_400 ? Math.round(seconds * 1e6) : 0;
}
