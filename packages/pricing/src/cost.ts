import type { CostSource, CostStatus } from './cost-status.ts';
import type { ReportedCost } from './price-request.ts';
import type { Reason } from './reason.ts';
import type { MediaBucket, TextBucket } from './usage.ts';

/** The most one call may cost in nano-USD, some 9 million USD: beyond it a number is not exact. */
export const AMOUNT_MAX: number = Number.MAX_SAFE_INTEGER;

/**
 * What a call cost. All amounts are whole nano-USD (a billionth of a US dollar) as exact numbers up to {@link AMOUNT_MAX};
 * sums over many calls belong into `bigint` or the database.
 */
export interface Cost {
  readonly status: CostStatus;
  /** Whose price the tokens (or, without tokens, the charges) have. */
  readonly source: CostSource;
  readonly tokenNanoUsd: number;
  /** Everything that is not a token. */
  readonly otherNanoUsd: number;
  /** `tokenNanoUsd + otherNanoUsd`. With status `unpriced` the 0 is no price. */
  readonly totalNanoUsd: number;
  /** `tokenNanoUsd` by disjoint bucket; all 0 where the cost was reported as one sum. */
  readonly parts: CostParts;
  /** `otherNanoUsd` one by one. */
  readonly charges: readonly PricedCharge[];
  /** Which price: `openai/gpt-5.6-sol@2026-08-21>271999+batch`, `override:acme:openai/gpt-4o`, `reported:gateway`; empty if none. */
  readonly priceId: string;
  /** Which price book: {@link PriceBook.version}. */
  readonly bookVersion: string;
  /** Tokens that have no price in this cost. */
  readonly unpricedTokens: number;
  /** Stable codes for every assumption and every gap. */
  readonly reasons: readonly Reason[];
  /** What was reported and not used, kept for comparison. */
  readonly claim?: ReportedCost;
}

/** Nano-USD by disjoint bucket of tokens; those of media only where the call had any. */
export interface CostParts
  extends Readonly<Record<TextBucket, number>>, Readonly<Partial<Record<MediaBucket, number>>> {}

/** A charge with its price. */
export interface PricedCharge {
  readonly kind: string;
  readonly name: string | undefined;
  readonly quantity: number;
  /** 0 if nobody has a price for it. */
  readonly nanoUsd: number;
  readonly source: CostSource;
  /** Which price; empty if none. */
  readonly priceId: string;
}

/** The parts of a cost that has none. */
export const NO_PARTS: CostParts = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
};
