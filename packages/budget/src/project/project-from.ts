// In: a history, how much of it is known, and a running session. Out: between which costs it will end. Refused: to say something of which
// too few sessions tell.

import { comparableTo } from './comparable.ts';
import { boundsOf, type EndBounds, mixBounds } from './end-bounds.ts';
import { type EndSample, sampleOfRatios, sampleOfRests } from './end-sample.ts';
import type { RunningSession } from './finished-session.ts';
import { MISCOVERAGE, shareOfRatios } from './learning.ts';
import type { SessionHistory } from './session-history.ts';

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
  /** Finished sessions that came as far, 400 at most: the latest. */
  readonly n: number;
  /** As many equally good ones would tell as much. */
  readonly effectiveN: number;
  /** Fewer that came as far would not do. */
  readonly needed: number;
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

export function projectFrom(
  history: SessionHistory,
  known: number,
  running: RunningSession,
): Projection | NoProjection {
  const estimate = estimateFrom(history, known, running);
  if ('status' in estimate) return estimate;
  const share = shareOfRatios(history.learned);
  if (share === 0) return projectionOf(estimate, estimate.ofRests());
  const ofRatios = estimate.ofRatios();
  return projectionOf(estimate, share === 1 ? ofRatios : mixBounds(ofRatios, estimate.ofRests(), share));
}

/** What can be said before it is decided how comparable sessions are carried over; either way is worked out when it is asked for. */
export interface Estimate {
  readonly running: RunningSession;
  readonly n: number;
  readonly effective: number;
  readonly ofRatios: () => EndBounds;
  readonly ofRests: () => EndBounds;
}

export function estimateFrom(history: SessionHistory, known: number, asked: RunningSession): Estimate | NoProjection {
  const running = atKnownPoint(asked, history.floorNanoUsd);
  const comparable = comparableTo(history, known, running);
  const n = comparable.end.length;
  if (n < SESSIONS_NEEDED) return { status: 'not_enough_history', sessions: known, n, needed: SESSIONS_NEEDED };
  const standing = { spentNanoUsd: running.costNanoUsd, floorNanoUsd: history.floorNanoUsd };
  const { miscoverage, spendingMiscoverage } = history.learned;
  const missed = running.turns === undefined ? spendingMiscoverage : miscoverage;
  const bounds = (sample: EndSample): EndBounds => boundsOf(sample, running.costNanoUsd, missed);
  return {
    running,
    n,
    effective: comparable.effective,
    ofRatios: () => bounds(sampleOfRatios(comparable, standing)),
    ofRests: () => bounds(sampleOfRests(comparable, standing)),
  };
}

/** What has spent before its first turn was over is nowhere that finished sessions were seen at; its spending alone says where it is. */
function atKnownPoint(running: RunningSession, floorNanoUsd: number): RunningSession {
  return running.turns === 0 && running.costNanoUsd > floorNanoUsd ? { ...running, turns: undefined } : running;
}

/** What logarithms there and back may be off. */
const ROUNDING = 1e-12;

/** Bounds in whole amounts, outward, and never below what is spent. */
export function projectionOf({ running, n, effective }: Estimate, { low, mid, high }: EndBounds): Projection {
  const spent = running.costNanoUsd;
  return {
    status: 'projected',
    lowNanoUsd: Math.max(spent, Math.floor(low * (1 + ROUNDING))),
    midNanoUsd: Math.max(spent, Math.round(mid)),
    highNanoUsd: Math.max(spent, Math.ceil(high * (1 - ROUNDING))),
    level: 1 - MISCOVERAGE,
    n,
    effectiveN: effective,
    needed: SESSIONS_NEEDED,
    method: running.turns === undefined ? ProjectionMethod.EQUAL_SPENDING : ProjectionMethod.EQUAL_TURNS,
    confidence: confidenceOf(effective),
  };
}

function confidenceOf(n: number): ProjectionConfidence {
  if (n < FAIR_FROM) return ProjectionConfidence.LOW;
  return n < GOOD_FROM ? ProjectionConfidence.FAIR : ProjectionConfidence.GOOD;
}
