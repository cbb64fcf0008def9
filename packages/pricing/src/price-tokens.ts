import { AMOUNT_MAX, NO_PARTS, type CostParts } from './cost.ts';
import { amountOf, tierFor, type CardTier, type TokenCard, type TokenRate } from './rate-card.ts';
import { NO_REASONS, Reason, withReason } from './reason.ts';
import type { SplitUsage } from './split-usage.ts';
import { isOutputBucket, MEDIA_BUCKETS, TOKEN_BUCKETS, type MediaBucket, type TokenBucket } from './usage.ts';

/** What the tokens of a call cost. */
export interface TokenCost {
  readonly nanoUsd: number;
  readonly parts: CostParts;
  readonly priceId: string;
  readonly unpricedTokens: number;
  readonly reasons: readonly Reason[];
}

/** Prices split usage with a card. Exact integer arithmetic; each bucket is rounded half up to whole nano-USD. */
export function priceTokens(card: TokenCard, usage: SplitUsage): TokenCost {
  const tier = tierFor(card, usage.inputTotal);
  const { rates } = tier;
  const text = {
    input: charge(rates.input, usage.input),
    cacheRead: charge(rates.cacheRead, usage.cacheRead),
    cacheWrite: charge(rates.cacheWrite, usage.cacheWrite),
    cacheWrite1h: charge(rates.cacheWrite1h, usage.cacheWrite1h),
    output: charge(rates.output, usage.output),
    reasoning: charge(rates.reasoning, usage.reasoning),
  };
  const textNanoUsd = text.input + text.cacheRead + text.cacheWrite + text.cacheWrite1h + text.output + text.reasoning;
  const media = usage.media && priceMedia(tier, usage.media);
  const nanoUsd = textNanoUsd + (media?.nanoUsd ?? 0);
  if (nanoUsd > AMOUNT_MAX) {
    const unpricedTokens = usage.inputTotal + usage.outputTotal;
    return { nanoUsd: 0, parts: NO_PARTS, priceId: '', unpricedTokens, reasons: [Reason.AmountOutOfRange] };
  }
  const isComplete = card.isInputPriced && card.isOutputPriced;
  const assumptions = noteAssumptions(card, usage);
  return {
    nanoUsd,
    parts: media === undefined ? text : { ...text, ...media.parts },
    priceId: tier.priceId,
    unpricedTokens: isComplete ? 0 : countUnpriced(card, usage),
    reasons: isComplete ? assumptions : noteGaps(card, usage, assumptions),
  };
}

function charge(rate: TokenRate | undefined, tokens: number): number {
  return rate === undefined || tokens === 0 ? 0 : amountOf(rate, tokens);
}

function priceMedia(
  { rates }: CardTier,
  media: Readonly<Record<MediaBucket, number>>,
): { readonly nanoUsd: number; readonly parts: Partial<Record<MediaBucket, number>> } {
  const parts: Partial<Record<MediaBucket, number>> = {};
  let nanoUsd = 0;
  for (const bucket of MEDIA_BUCKETS) {
    const amount = charge(rates[bucket], media[bucket]);
    parts[bucket] = amount;
    nanoUsd += amount;
  }
  return { nanoUsd, parts };
}

function noteAssumptions(card: TokenCard, usage: SplitUsage): readonly Reason[] {
  const { notes } = card;
  let reasons = NO_REASONS;
  if (usage.cacheRead > 0 && notes.cacheRead !== undefined) {
    reasons = withReason(reasons, notes.cacheRead);
  }
  if (usage.cacheWrite > 0 && notes.cacheWrite !== undefined) {
    reasons = withReason(reasons, notes.cacheWrite);
  }
  if (usage.cacheWrite1h > 0 && notes.cacheWrite1h !== undefined) {
    reasons = withReason(reasons, notes.cacheWrite1h);
  }
  if (card.isCacheWriteTtlPriced && !usage.cacheWriteTtlKnown) {
    reasons = withReason(reasons, Reason.CacheWriteTtlAssumed);
  }
  return usage.media === undefined ? reasons : noteMediaAssumptions(card, usage.media, reasons);
}

function noteMediaAssumptions(
  { notes }: TokenCard,
  media: Readonly<Record<MediaBucket, number>>,
  noted: readonly Reason[],
): readonly Reason[] {
  let reasons = noted;
  for (const bucket of MEDIA_BUCKETS) {
    const note = notes[bucket];
    reasons = note !== undefined && media[bucket] > 0 ? withReason(reasons, note) : reasons;
  }
  return reasons;
}

function countUnpriced(card: TokenCard, usage: SplitUsage): number {
  const gaps = TOKEN_BUCKETS.filter((bucket) => card.first.rates[bucket] === undefined);
  return gaps.reduce((sum, bucket) => sum + tokensIn(usage, bucket), 0);
}

function noteGaps(card: TokenCard, usage: SplitUsage, noted: readonly Reason[]): readonly Reason[] {
  let reasons = noted;
  for (const bucket of TOKEN_BUCKETS) {
    if (tokensIn(usage, bucket) > 0 && card.first.rates[bucket] === undefined) {
      reasons = withReason(reasons, isOutputBucket(bucket) ? Reason.NoOutputPrice : Reason.NoInputPrice);
    }
  }
  return reasons;
}

const MEDIA: ReadonlySet<string> = new Set(MEDIA_BUCKETS);

function tokensIn(usage: SplitUsage, bucket: TokenBucket): number {
  return isMedia(bucket) ? (usage.media?.[bucket] ?? 0) : usage[bucket];
}

function isMedia(bucket: TokenBucket): bucket is MediaBucket {
  return MEDIA.has(bucket);
}
