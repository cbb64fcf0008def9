// Is this value normal for this workflow? In words that hold for one session as well as for a thousand.

import { percentileRank } from '../query/statistics.ts';

export const Verdict = {
  NORMAL: 'normal',
  HIGH: 'high',
  LOW: 'low',
  /** Far outside of what was seen, in either direction. */
  UNUSUAL: 'unusual',
  /** Nothing to compare with. */
  UNKNOWN: 'unknown',
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** How much a comparison can be trusted, by the number of sessions behind it. */
export const Confidence = { NONE: 'none', LOW: 'low', FAIR: 'fair', GOOD: 'good' } as const;
export type Confidence = (typeof Confidence)[keyof typeof Confidence];

/** Other finalized sessions of the workflow, in one measure. */
export interface Baseline {
  readonly n: number;
  readonly mean: number | undefined;
  readonly sd: number | undefined;
  /** How many of them have less, and how many just as much. */
  readonly below: number;
  readonly equal: number;
}

export interface Judgement {
  readonly value: number;
  readonly average: number | undefined;
  readonly difference: number | undefined;
  /** Undefined where the average is zero: no share of nothing. */
  readonly differencePercent: number | undefined;
  readonly percentileRank: number | undefined;
  readonly verdict: Verdict;
}

const FAIR_FROM = 5;
const GOOD_FROM = 20;

export function confidenceOf(n: number): Confidence {
  if (n === 0) return Confidence.NONE;
  return n < FAIR_FROM ? Confidence.LOW : n < GOOD_FROM ? Confidence.FAIR : Confidence.GOOD;
}

/** Differences of up to a quarter are not worth a word, however alike the other sessions were. */
const NOTABLE_SHARE = 0.25;
/** Standard deviations from the average: 13 of 100 normal values lie beyond 1.5, 3 of 1000 beyond 3. */
const HIGH_FROM_SDS = 1.5;
const UNUSUAL_FROM_SDS = 3;
/** Where the other sessions were all alike, or were fewer than two, shares of the average stand in for deviations. */
const UNUSUAL_FROM_SHARE = 1;

export function judge(value: number, baseline: Baseline): Judgement {
  const { n, mean, sd } = baseline;
  if (n === 0 || mean === undefined) return { value, ...NOTHING_TO_COMPARE };
  const difference = value - mean;
  return {
    value,
    average: mean,
    difference,
    differencePercent: mean === 0 ? undefined : (difference / mean) * 100,
    percentileRank: percentileRank(baseline),
    verdict: verdictOf(difference, mean, n, sd ?? 0),
  };
}

const NOTHING_TO_COMPARE = {
  average: undefined,
  difference: undefined,
  differencePercent: undefined,
  percentileRank: undefined,
  verdict: Verdict.UNKNOWN,
} as const;

function verdictOf(difference: number, mean: number, n: number, sd: number): Verdict {
  if (difference === 0 || Math.abs(difference) <= NOTABLE_SHARE * Math.abs(mean)) return Verdict.NORMAL;
  const direction = difference > 0 ? Verdict.HIGH : Verdict.LOW;
  if (sd === 0) {
    const isFar = Math.abs(difference) > UNUSUAL_FROM_SHARE * Math.abs(mean);
    return isFar && n >= FAIR_FROM ? Verdict.UNUSUAL : direction;
  }
  const sds = Math.abs(difference) / sd;
  if (sds < HIGH_FROM_SDS) return Verdict.NORMAL;
  // Of few sessions the deviation itself is a guess, too weak a reason to call something unusual.
  return sds >= UNUSUAL_FROM_SDS && n >= FAIR_FROM ? Verdict.UNUSUAL : direction;
}
