// In: a history and a running session after n turns. Out: whether it is normal for sessions after n turns, in money, tokens and time.

import type { FinishedSession, RunningSession } from './finished-session.ts';
import type { SessionHistory } from './session-history.ts';

/** The words for a whole session's comparison are these too. */
export const ProgressVerdict = {
  NORMAL: 'normal',
  HIGH: 'high',
  LOW: 'low',
  /** Far outside of what was seen, in either direction. */
  UNUSUAL: 'unusual',
  /** Nothing to compare with. */
  UNKNOWN: 'unknown',
} as const;
export type ProgressVerdict = (typeof ProgressVerdict)[keyof typeof ProgressVerdict];

/** One measure of a running session beside those of others after as many turns. */
export interface ProgressMeasure {
  readonly value: number;
  /** Of the others; undefined where there are none. */
  readonly median: number | undefined;
  /** Value over median; undefined where the median is 0. */
  readonly ratio: number | undefined;
  /** Share of the others below the value, equal ones counting half, in percent. */
  readonly percentileRank: number | undefined;
  readonly verdict: ProgressVerdict;
}

export interface ProgressComparison {
  readonly turns: number;
  /** Finished sessions of the workflow that came to this turn. */
  readonly n: number;
  readonly costNanoUsd: ProgressMeasure;
  /** Undefined where nobody says how many the running session used. */
  readonly tokens: ProgressMeasure | undefined;
  readonly durationMs: ProgressMeasure | undefined;
}

/** Lays a running session beside the finished ones of its workflow as they were after as many turns. */
export function compareAtProgress(
  { sessions }: SessionHistory,
  running: RunningSession & { readonly turns: number },
): ProgressComparison {
  const { turns, costNanoUsd, tokens, durationMs } = running;
  const others = sessions.filter((session) => session.costsNanoUsd.length >= turns);
  const measure = (value: number, of: (session: FinishedSession) => readonly number[]): ProgressMeasure =>
    compareValue(
      value,
      others.map((session) => of(session)[turns - 1] ?? 0).sort((a, b) => a - b),
    );
  return {
    turns,
    n: others.length,
    costNanoUsd: measure(costNanoUsd, (session) => session.costsNanoUsd),
    tokens: tokens === undefined ? undefined : measure(tokens, (session) => session.tokens),
    durationMs: durationMs === undefined ? undefined : measure(durationMs, (session) => session.durationsMs),
  };
}

function compareValue(value: number, sorted: readonly number[]): ProgressMeasure {
  const median = medianOf(sorted);
  if (median === undefined) {
    return { value, median, ratio: undefined, percentileRank: undefined, verdict: ProgressVerdict.UNKNOWN };
  }
  const below = sorted.filter((other) => other < value).length;
  const equal = sorted.filter((other) => other === value).length;
  return {
    value,
    median,
    ratio: median === 0 ? undefined : value / median,
    percentileRank: ((below + equal / 2) / sorted.length) * 100,
    verdict: verdictOf(value, median, sorted),
  };
}

function medianOf(sorted: readonly number[]): number | undefined {
  const half = sorted.length >> 1;
  const above = sorted[half];
  if (above === undefined || sorted.length % 2 === 1) return above;
  return ((sorted[half - 1] ?? above) + above) / 2;
}

/** Differences of up to a quarter are not worth a word, however alike the other sessions were. */
const NOTABLE_SHARE = 0.25;
/** Deviations from the median, as for whole sessions; here of logarithms, since what sessions spend is spread by factors. */
const HIGH_FROM = 1.5;
const UNUSUAL_FROM = 3;
/** Of fewer sessions the deviation itself is a guess, too weak a reason to call something unusual. */
const UNUSUAL_SESSIONS = 5;
/** Half of normal values lie within 0.6745 deviations of the median. */
const DEVIATION_OF_MEDIANS = 1 / 0.6745;
/** Where most of the others are alike, a difference of as much again is far. */
const LEAST_DEVIATION = Math.log(2) / UNUSUAL_FROM;

function verdictOf(value: number, median: number, sorted: readonly number[]): ProgressVerdict {
  if (Math.abs(value - median) <= NOTABLE_SHARE * median) return ProgressVerdict.NORMAL;
  const floor = Math.max(median * 1e-4, Number.MIN_VALUE);
  const log = (one: number): number => Math.log(Math.max(one, floor));
  const away = log(value) - log(median);
  const spread = medianOf(sorted.map((other) => Math.abs(log(other) - log(median))).sort((a, b) => a - b)) ?? 0;
  const deviations = Math.abs(away) / Math.max(spread * DEVIATION_OF_MEDIANS, LEAST_DEVIATION);
  if (deviations < HIGH_FROM) return ProgressVerdict.NORMAL;
  if (deviations >= UNUSUAL_FROM && sorted.length >= UNUSUAL_SESSIONS) return ProgressVerdict.UNUSUAL;
  return away > 0 ? ProgressVerdict.HIGH : ProgressVerdict.LOW;
}
