// In: a rate sheet. Out: a card that prices any split usage with a few multiplications and no look-up.
import { Reason } from './reason.ts';
import type { RateSheet, RateTable, RateTier } from './rate-sheet.ts';
import { isOutputBucket, TOKEN_BUCKETS, type TokenBucket } from './usage.ts';

/** Nano-USD per token, exactly: `whole + millionths / 1,000,000`. Both are whole numbers. */
export interface TokenRate {
  readonly whole: number;
  readonly millionths: number;
}

/** The rates of one context tier, with a rate for every bucket that can be charged somehow. */
export interface CardTier {
  readonly aboveInputTokens: number;
  readonly rates: Readonly<Record<TokenBucket, TokenRate | undefined>>;
  readonly priceId: string;
}

/** Token prices of one model at one time, ready to use. */
export interface TokenCard {
  readonly first: CardTier;
  /** Further context tiers in ascending order, if there are any. */
  readonly higher: readonly CardTier[] | undefined;
  /** The buckets with a rate of their own. */
  readonly listed: ReadonlySet<TokenBucket>;
  /** What is assumed when a bucket has tokens. */
  readonly notes: Readonly<Record<TokenBucket, Reason | undefined>>;
  /** Whether unknown lifetimes of cache writes change the amount. */
  readonly isCacheWriteTtlPriced: boolean;
  readonly isInputPriced: boolean;
  readonly isOutputPriced: boolean;
}

interface Likeness {
  readonly bucket: TokenBucket;
  readonly reason?: Reason;
}

// What a bucket without a rate of its own is charged like, and whether that is an assumption. Providers bill image input and
// reasoning like other tokens unless they say otherwise; audio they nearly always bill higher.
const LIKE: Readonly<Partial<Record<TokenBucket, Likeness>>> = {
  cacheRead: { bucket: 'input', reason: Reason.NoCacheReadPrice },
  cacheWrite: { bucket: 'input', reason: Reason.NoCacheWritePrice },
  cacheWrite1h: { bucket: 'cacheWrite', reason: Reason.NoCacheWrite1hPrice },
  inputAudio: { bucket: 'input', reason: Reason.NoAudioPrice },
  cacheReadAudio: { bucket: 'inputAudio', reason: Reason.NoCacheReadPrice },
  inputImage: { bucket: 'input' },
  cacheReadImage: { bucket: 'inputImage', reason: Reason.NoCacheReadPrice },
  inputVideo: { bucket: 'input' },
  reasoning: { bucket: 'output' },
  outputAudio: { bucket: 'output', reason: Reason.NoAudioPrice },
  outputImage: { bucket: 'output', reason: Reason.NoImagePrice },
  outputVideo: { bucket: 'output', reason: Reason.NoImagePrice },
  outputCitation: { bucket: 'output' },
};

const TOKENS_PER_RATE = 1_000_000;

/** Compiles a sheet; undefined if it prices no tokens at all. `priceId` names the price without its context tier. */
export function compileTokenCard(sheet: RateSheet, priceId: string): TokenCard | undefined {
  const [base, ...higher] = sheet.tiers;
  if (base === undefined || TOKEN_BUCKETS.every((bucket) => base.rates[bucket] === undefined)) {
    return undefined;
  }
  const { rates } = base;
  return {
    first: compileTier(base, priceId),
    higher:
      higher.length === 0 ? undefined : higher.map((tier) => compileTier(tier, `${priceId}>${tier.aboveInputTokens}`)),
    listed: new Set(TOKEN_BUCKETS.filter((bucket) => rates[bucket] !== undefined)),
    notes: forEachBucket((bucket) => noteFor(bucket, rates, sheet)),
    isCacheWriteTtlPriced: rateOf('cacheWrite1h', rates) !== rateOf('cacheWrite', rates),
    isInputPriced: rates.input !== undefined,
    isOutputPriced: rates.output !== undefined,
  };
}

/** The rates for a call with so many input tokens. */
export function tierFor(card: TokenCard, inputTokens: number): CardTier {
  let tier = card.first;
  if (card.higher !== undefined) {
    for (const higher of card.higher) {
      tier = inputTokens > higher.aboveInputTokens ? higher : tier;
    }
  }
  return tier;
}

/**
 * The amount for so many tokens in whole nano-USD, rounded half up. Exact for every number of tokens that 32 bits hold: both
 * products stay below 2^53, or the sum shows that they do not (see AMOUNT_MAX).
 */
export function amountOf(rate: TokenRate, tokens: number): number {
  const whole = tokens * rate.whole;
  return rate.millionths === 0
    ? whole
    : whole + Math.floor((tokens * rate.millionths + TOKENS_PER_RATE / 2) / TOKENS_PER_RATE);
}

function compileTier(tier: RateTier, priceId: string): CardTier {
  return {
    aboveInputTokens: tier.aboveInputTokens,
    rates: forEachBucket((bucket) => compileRate(bucket, tier.rates)),
    priceId,
  };
}

/** Written out, so that all tables have one shape and pricing reads them at once. */
function forEachBucket<T>(make: (bucket: TokenBucket) => T): Readonly<Record<TokenBucket, T>> {
  return {
    input: make('input'),
    cacheRead: make('cacheRead'),
    cacheWrite: make('cacheWrite'),
    cacheWrite1h: make('cacheWrite1h'),
    output: make('output'),
    reasoning: make('reasoning'),
    inputAudio: make('inputAudio'),
    cacheReadAudio: make('cacheReadAudio'),
    inputImage: make('inputImage'),
    cacheReadImage: make('cacheReadImage'),
    inputVideo: make('inputVideo'),
    outputAudio: make('outputAudio'),
    outputImage: make('outputImage'),
    outputVideo: make('outputVideo'),
    outputCitation: make('outputCitation'),
  };
}

function compileRate(bucket: TokenBucket, rates: RateTable): TokenRate | undefined {
  const rate = rateOf(bucket, rates);
  return rate === undefined
    ? undefined
    : { whole: Math.floor(rate / TOKENS_PER_RATE), millionths: rate % TOKENS_PER_RATE };
}

function rateOf(bucket: TokenBucket, rates: RateTable): number | undefined {
  const like = likenessOf(bucket, rates);
  return rates[bucket] ?? (like === undefined ? undefined : rateOf(like.bucket, rates));
}

/** Cached audio and images are parts of two wholes: where the cache has a price, that one counts. */
function likenessOf(bucket: TokenBucket, rates: RateTable): Likeness | undefined {
  const isCachedMedia = bucket === 'cacheReadAudio' || bucket === 'cacheReadImage';
  return isCachedMedia && rates.cacheRead !== undefined ? { bucket: 'cacheRead' } : LIKE[bucket];
}

function noteFor(bucket: TokenBucket, rates: RateTable, sheet: RateSheet): Reason | undefined {
  const isByOperator = isOutputBucket(bucket) ? sheet.isOutputByOperator : sheet.isInputByOperator;
  return isByOperator ? undefined : assumptionFor(bucket, rates);
}

function assumptionFor(bucket: TokenBucket, rates: RateTable): Reason | undefined {
  const like = likenessOf(bucket, rates);
  if (rates[bucket] !== undefined || like === undefined) {
    return undefined;
  }
  return assumptionFor(like.bucket, rates) ?? like.reason;
}
