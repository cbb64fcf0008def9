// What is known of a series of use by its past alone: the shape of its weeks, the level since it last changed, and how much days differ from it.
// Work is on logarithms: use grows, falls and scatters by shares. Zeros have none, so days that are quiet every week say nothing about the level,
// single days without use count as wild ones, and outages count as missing.

import { lastLevelShift } from './level-shift.ts';
import { medianOf, noiseOfNeighbors } from './order-statistics.ts';
import { flatSeason, type Season, seasonOf } from './season.ts';

export const UseKind = {
  /** Used on most days that are not quiet every week. */
  STEADY: 'steady',
  /** Used now and then: what counts is how often, and how much then. */
  INTERMITTENT: 'intermittent',
} as const;
export type UseKind = (typeof UseKind)[keyof typeof UseKind];

export interface UseModel {
  readonly kind: UseKind;
  /** Use by step, oldest first; NaN is missing. */
  readonly values: readonly number[];
  readonly season: Season;
  /** First step of the level that holds. */
  readonly shiftAt: number;
  /** Logarithms of use without the season, since the shift; NaN where a step says nothing. */
  readonly logs: readonly number[];
  /** Standard deviation of a step's logarithm around the level. */
  readonly noise: number;
  /** Lengths of the times without use that are over. */
  readonly outages: readonly number[];
  /** Steps since the last use, where it has stopped; 0 while it is used. */
  readonly silentSteps: number;
  /** Use of a step before it stopped, or now. */
  readonly typicalUse: number;
}

/** Steps of lesser factors are quiet: their use says nothing about the level. */
export const QUIET_FACTOR = 0.1;
/** Steps that decide the kind. */
const KIND_STEPS = 84;
/** Share of steps without use from which use may be now and then. */
const IDLE_SHARE = 0.3;
/** Share of the rarer of use and idleness that falls on the wrong weekday, from which weekdays explain nothing. */
const BROKEN_SHARE = 0.5;
/** So many separate surprises are a habit; fewer are outages. */
const RUNS_MIN = 3;
/** Steps in a row without use that are an outage. */
const OUTAGE_STEPS = 3;
/** Steps in a row without use that are the end of it, until it is used again. */
const END_STEPS = 5;
/** Steps without use count as this part of the usual, before they are cut as wild. */
const FLOOR = 0.01;
/** Even use that was always the same may differ tomorrow. */
export const NOISE_MIN = 0.02;

/** By whether weekdays are used or idle as a habit, and how often that is broken: outages break it seldom, and for days. */
export function kindOf(values: readonly number[], period: number): UseKind {
  const recent = values.slice(-KIND_STEPS);
  const shares = Array.from({ length: period }, (_, slot) => {
    const same = recent.filter((value, at) => at % period === slot && !Number.isNaN(value));
    return same.filter((value) => value > 0).length / Math.max(1, same.length);
  });
  const known = recent.filter((value) => !Number.isNaN(value));
  const idle = known.filter((value) => value === 0).length;
  let broken = 0;
  let runs = 0;
  let before: { readonly isUsed: boolean; isCounted: boolean } | undefined;
  for (const [at, value] of recent.entries()) {
    if (Number.isNaN(value)) continue;
    const isUsed = value > 0;
    if (before?.isUsed !== isUsed) before = { isUsed, isCounted: false };
    if (isUsed === (shares[at % period] ?? 0) >= 0.5) continue;
    broken++;
    if (!before.isCounted) runs++;
    before.isCounted = true;
  }
  const isHabit = broken < BROKEN_SHARE * Math.min(idle, known.length - idle);
  return !isHabit && runs >= RUNS_MIN && idle > IDLE_SHARE * known.length ? UseKind.INTERMITTENT : UseKind.STEADY;
}

/** Fits what is known at the end of the values. */
export function fitUse(values: readonly number[], period: number, kind: UseKind): UseModel {
  const season = kind === UseKind.STEADY ? seasonOf(values, period) : flatSeason(period);
  const busy = values.map((value, at) => (isQuiet(season, at) ? Number.NaN : value / (season[at % period] ?? 1)));
  const silentSteps = kind === UseKind.STEADY ? silentAtEnd(busy) : 0;
  const used = busy.filter((value) => value > 0);
  const typicalUse = used.length === 0 ? 0 : medianOf(used.slice(-4 * period));
  const { known, lengths } = withoutOutages(busy);
  const all = known.map((value) => Math.log(Math.max(value, FLOOR * typicalUse, Number.MIN_VALUE)));
  const shiftAt = kind === UseKind.STEADY ? lastLevelShift(all) : 0;
  const logs = all.slice(shiftAt);
  return { kind, values, season, shiftAt, logs, noise: noiseOf(logs), outages: lengths, silentSteps, typicalUse };
}

export function isQuiet(season: Season, at: number): boolean {
  return (season[at % season.length] ?? 1) < QUIET_FACTOR;
}

/** Steps since the last use, where that is long enough to be the end of it. */
function silentAtEnd(busy: readonly number[]): number {
  const last = busy.findLastIndex((value) => value > 0);
  const silent = busy.slice(last + 1).filter((value) => value === 0).length;
  return silent >= END_STEPS ? busy.length - 1 - last : 0;
}

/** With runs without use as missing, and the lengths of those that are over. Quiet and missing steps within a run do not end it. */
function withoutOutages(busy: readonly number[]): {
  readonly known: readonly number[];
  readonly lengths: readonly number[];
} {
  const known = [...busy];
  const lengths: number[] = [];
  let zeros: number[] = [];
  const forget = (): boolean => {
    const isOutage = zeros.length >= OUTAGE_STEPS;
    if (isOutage) for (const at of zeros) known[at] = Number.NaN;
    return isOutage;
  };
  for (const [at, value] of busy.entries()) {
    if (value === 0) zeros.push(at);
    if (!(value > 0)) continue;
    if (forget()) lengths.push(at - (zeros[0] ?? at));
    zeros = [];
  }
  forget();
  return { known, lengths };
}

function noiseOf(logs: readonly number[]): number {
  return Math.max(NOISE_MIN, noiseOfNeighbors(logs.filter((log) => !Number.isNaN(log))));
}
