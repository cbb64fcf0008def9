// In: a history, how much of it is known, and a running session. Out: between which costs it will end. Refused: to say something of which
// too few sessions tell.

import { type Comparable, comparableTo } from './comparable.ts';
import type { RunningSession } from './finished-session.ts';
import type { SessionHistory } from './session-history.ts';
import { MISCOVERAGE } from './calibration.ts';
import { levelMax, quantileOf, shareBelow, type WeightedSample, weightedSample } from './weighted-sample.ts';

/** By what a running session was laid beside finished ones. */
export const ProjectionMethod = {
  /** As they were after the same number of turns. */
  EQUAL_TURNS: 'equal_turns',
  /** As they were when they had spent as much: the number of turns is not known. */
  EQUAL_SPENDING: 'equal_spending',
} as const;
export type ProjectionMethod = (typeof ProjectionMethod)[keyof typeof ProjectionMethod];

/** How much weight a projection bears, by the sessions that decided it. */
export const ProjectionConfidence = { LOW: 'low', FAIR: 'fair', GOOD: 'good' } as const;
export type ProjectionConfidence = (typeof ProjectionConfidence)[keyof typeof ProjectionConfidence];

/** What a running session will have cost when it ends. Never less than it has cost already. */
export interface Projection {
  readonly status: 'projected';
  readonly lowNanoUsd: number;
  /** The median: as likely to be more as to be less. */
  readonly midNanoUsd: number;
  readonly highNanoUsd: number;
  /** Share of sessions that end between low and high. */
  readonly level: number;
  /** Finished sessions that came as far. */
  readonly n: number;
  /** As many equally good ones would tell as much. */
  readonly effectiveN: number;
  readonly method: ProjectionMethod;
  readonly confidence: ProjectionConfidence;
}

/** Too few sessions to bound what this one will cost. */
export interface NoProjection {
  readonly status: 'not_enough_history';
  /** Finished sessions of the workflow. */
  readonly sessions: number;
  /** Those of them that came as far. */
  readonly n: number;
  /** As many of them are needed. */
  readonly needed: number;
}

/**
 * Of n sessions like it, a new one is the most expensive with probability 1 / (n + 1), so nothing seen bounds it from above at a level
 * beyond n / (n + 1): for 90 % that takes nine (V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", 2005).
 */
export const SESSIONS_NEEDED: number = Math.ceil((1 - MISCOVERAGE) / MISCOVERAGE - 1e-9);
const FAIR_FROM = 20;
const GOOD_FROM = 50;

export function projectFrom(history: SessionHistory, known: number, asked: RunningSession): Projection | NoProjection {
  const running = atKnownPoint(asked, history.floorNanoUsd);
  const comparable = comparableTo(history, known, running);
  const n = comparable.end.length;
  if (n < SESSIONS_NEEDED) return { status: 'not_enough_history', sessions: known, n, needed: SESSIONS_NEEDED };
  const spent = running.costNanoUsd;
  const here = Math.log(Math.max(spent, history.floorNanoUsd));
  const slope = slopeOf(comparable);
  const { end, spent: spentThen, weights, unseen, effective } = comparable;
  const residuals = weightedSample(
    end.map((log, at) => log - slope * (spentThen[at] ?? 0)),
    weights,
    unseen,
  );
  const costOf = (residual: number): number => {
    const cost = Math.exp(residual + slope * here);
    return cost <= history.floorNanoUsd * (1 + 1e-9) ? spent : Math.max(spent, cost);
  };
  const { low, high } = boundsOf(residuals, { costOf, spent, missed: history.miscoverage, hereLog: slope * here });
  const mid = costOf(quantileOf(residuals, 0.5 * levelMax(residuals)) ?? residuals.values[0] ?? 0);
  return {
    status: 'projected',
    lowNanoUsd: Math.max(spent, Math.floor(low * (1 + ROUNDING))),
    midNanoUsd: Math.round(Math.min(high, Math.max(low, mid))),
    highNanoUsd: Math.max(spent, Math.ceil(high * (1 - ROUNDING))),
    level: 1 - MISCOVERAGE,
    n,
    effectiveN: effective,
    method: running.turns === undefined ? ProjectionMethod.EQUAL_SPENDING : ProjectionMethod.EQUAL_TURNS,
    confidence: confidenceOf(effective),
  };
}

/** What has spent before its first turn was over is nowhere that finished sessions were seen at; its spending alone says where it is. */
function atKnownPoint(running: RunningSession, floorNanoUsd: number): RunningSession {
  return running.turns === 0 && running.costNanoUsd > floorNanoUsd ? { ...running, turns: undefined } : running;
}

function confidenceOf(n: number): ProjectionConfidence {
  return n < FAIR_FROM
    ? ProjectionConfidence.LOW
    : n < GOOD_FROM
      ? ProjectionConfidence.FAIR
      : ProjectionConfidence.GOOD;
}

/** What logarithms there and back may be off. */
const ROUNDING = 1e-12;

interface BoundsOptions {
  readonly costOf: (residual: number) => number;
  readonly spent: number;
  /** Share that the interval is to miss. */
  readonly missed: number;
  /** What a residual is added to, to be the logarithm of an end cost. */
  readonly hereLog: number;
}

/**
 * The interval with half of what it is to miss on each side. What cannot be missed below, because many sessions end right where this one
 * is, or because too few tell of the upper end, is missed above, and the other way round: else it would hold more than it says.
 */
function boundsOf(
  residuals: WeightedSample,
  { costOf, spent, missed, hereLog }: BoundsOptions,
): { readonly low: number; readonly high: number } {
  const lowest = costOf(residuals.values[0] ?? 0);
  const bound = (level: number): number => {
    const residual = quantileOf(residuals, level);
    if (residual !== undefined) return costOf(residual);
    // Between what is spent, which is certain, and the least that was seen.
    const first = (residuals.weights[0] ?? 0) / (residuals.mass + residuals.unseen);
    return spent + (lowest - spent) * Math.min(1, Math.max(0, level) / first);
  };
  let low = bound(missed / 2);
  const below = low > spent ? Math.min(missed / 2, shareBelow(residuals, Math.log(low) - hereLog - ROUNDING)) : 0;
  const reachable = levelMax(residuals);
  const wanted = 1 - missed + below;
  if (wanted > reachable) low = Math.min(low, bound(below - (wanted - reachable)));
  return { low, high: bound(Math.min(wanted, reachable)) };
}

/** Sessions' worth of belief that twice the spending so far means twice the end cost. */
const PROPORTIONAL_SESSIONS = 20;
const SLOPE_MAX = 1.5;
const LEAST_VARIANCE = 0.01;

/**
 * How much of a difference in spending so far is left at the end, both in logarithms: weighted least squares, drawn toward 1 (in
 * proportion) as ridge regression draws toward 0. After a few turns most of a difference is chance, and the slope lies below 1.
 */
function slopeOf({ spent, end, weights, effective }: Comparable): number {
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0) / mass;
  const meanSpent = mean(spent);
  const meanEnd = mean(end);
  let variance = 0;
  let covariance = 0;
  for (let at = 0; at < spent.length; at++) {
    const off = (spent[at] ?? 0) - meanSpent;
    variance += ((weights[at] ?? 0) * off * off) / mass;
    covariance += ((weights[at] ?? 0) * off * ((end[at] ?? 0) - meanEnd)) / mass;
  }
  const ridge = (PROPORTIONAL_SESSIONS / effective) * Math.max(variance, LEAST_VARIANCE);
  return Math.min(SLOPE_MAX, Math.max(0, (covariance + ridge) / (variance + ridge)));
}
