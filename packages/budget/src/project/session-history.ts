// In: finished sessions of one workflow. Out: the same, laid out so that thousands of projections a second can be made from them, and how
// cautious projections have to be, which is learned by making those of the past. Refused: nothing; sessions without turns tell nothing.

import { type Steps, takeSteps } from '../steps.ts';
import { HISTORY_SESSIONS_MAX } from './comparable.ts';
import { type FinishedSession, reachedMs, runningAfter, spendingOf } from './finished-session.ts';
import { lossOf, mixBounds } from './end-bounds.ts';
import { learn, type Learned, MISCOVERAGE, NOTHING_LEARNED, shareOfRatios } from './learning.ts';
import { type Estimate, estimateFrom, type NoProjection, projectFrom, projectionOf } from './project-from.ts';

/** What is known of a workflow at some moment; made by {@link prepareHistory}. */
export interface SessionHistory {
  /** In order of their ends. */
  readonly sessions: readonly FinishedSession[];
  /** Logarithms of each session's costs by turn, the end cost last. */
  readonly logCosts: readonly Float64Array[];
  /** Costs below this are as good as none, nano-USD: where it lies, logarithms begin. */
  readonly floorNanoUsd: number;
  /** From projections of the past. */
  readonly learned: Learned;
}

/** Sessions by whose projections caution is learned; of more, those that ended last. */
const CALIBRATION_SESSIONS_MAX = 200;
/** Where in a session it is looked at, as shares of its turns: not at the end alone, where nothing is left to say. */
const CALIBRATION_SHARES: readonly number[] = [0.125, 0.375, 0.625, 0.875];

/** Prepares at once what {@link historyPreparation} prepares step by step. */
export function prepareHistory(sessions: readonly FinishedSession[], before?: SessionHistory): SessionHistory {
  return takeSteps(historyPreparation(sessions, before));
}

/**
 * Prepares in steps of about a millisecond, for those who have other things to do in between. With the history of before, only what
 * ended since is learned from.
 */
export function* historyPreparation(
  sessions: readonly FinishedSession[],
  before?: SessionHistory,
): Steps<SessionHistory> {
  const laidOut = layOut(sessions);
  const all = laidOut.sessions;
  const knownMs = before?.sessions.at(-1)?.endedMs ?? Number.NEGATIVE_INFINITY;
  const first = Math.max(
    all.length - CALIBRATION_SESSIONS_MAX,
    all.findIndex(({ endedMs }) => endedMs > knownMs),
  );
  let learned = before?.learned ?? NOTHING_LEARNED;
  if (knownMs >= (all.at(-1)?.endedMs ?? knownMs)) return { ...laidOut, learned };
  for (let at = Math.max(0, first); at < all.length; at++) {
    learned = learnFrom({ ...laidOut, learned }, at);
    yield;
  }
  return { ...laidOut, learned };
}

/** Histories without what was learned: in order, bounded, in logarithms. */
export function layOut(
  sessions: readonly FinishedSession[],
  sessionsMax: number = HISTORY_SESSIONS_MAX,
): SessionHistory {
  const latest = sessions
    .filter(({ costsNanoUsd }) => costsNanoUsd.length > 0)
    .toSorted((a, b) => a.endedMs - b.endedMs)
    .slice(-sessionsMax);
  const floorNanoUsd = floorOf(latest);
  const logCosts = latest.map(({ costsNanoUsd, endCostNanoUsd }) =>
    logarithmsOf(costsNanoUsd, endCostNanoUsd, floorNanoUsd),
  );
  return { sessions: latest, logCosts, floorNanoUsd, learned: NOTHING_LEARNED };
}

function logarithmsOf(costs: readonly number[], endCost: number, floor: number): Float64Array {
  const logs = new Float64Array(costs.length + 1);
  for (let at = 0; at <= costs.length; at++) logs[at] = Math.log(Math.max(costs[at] ?? endCost, floor));
  return logs;
}

/** What is known better once the session at a place has ended: what would have been said while it ran, of what was known then. */
export function learnFrom(history: SessionHistory, place: number): Learned {
  const { learned, sessions } = history;
  const session = sessions[place];
  if (session === undefined) return learned;
  const sums = { looks: 0, missedShare: 0, spendingMissedShare: 0, ratioLoss: 0, restLoss: 0 };
  for (const part of CALIBRATION_SHARES) {
    const turns = Math.ceil(session.costsNanoUsd.length * part);
    const known = endedBefore(sessions, reachedMs(session, turns));
    const running = runningAfter(session, turns);
    const look = lookBack(history, estimateFrom(history, known, running), session.endCostNanoUsd);
    if (look === undefined) continue;
    const bySpending = projectFrom(history, known, spendingOf(running));
    sums.looks++;
    sums.missedShare += look.isMissed ? 1 : 0;
    // What cannot be said is neither right nor wrong.
    sums.spendingMissedShare +=
      bySpending.status !== 'projected' ? MISCOVERAGE : isWithin(session.endCostNanoUsd, bySpending) ? 0 : 1;
    sums.ratioLoss += look.ratioLoss;
    sums.restLoss += look.restLoss;
  }
  const { looks, missedShare, spendingMissedShare, ratioLoss, restLoss } = sums;
  if (looks === 0) return learned;
  return learn(learned, {
    missedShare: missedShare / looks,
    spendingMissedShare: spendingMissedShare / looks,
    ratioLoss: ratioLoss / looks,
    restLoss: restLoss / looks,
  });
}

interface Look {
  readonly isMissed: boolean;
  readonly ratioLoss: number;
  readonly restLoss: number;
}

function lookBack(
  { learned }: SessionHistory,
  estimate: Estimate | NoProjection,
  endCostNanoUsd: number,
): Look | undefined {
  if ('status' in estimate) return undefined;
  const [ofRatios, ofRests] = [estimate.ofRatios(), estimate.ofRests()];
  const mixed = mixBounds(ofRatios, ofRests, shareOfRatios(learned));
  // Of what turned out to cost little beside what was expected there is no sensible share.
  const scale = Math.max(1, endCostNanoUsd, mixed.mid);
  return {
    isMissed: !isWithin(endCostNanoUsd, projectionOf(estimate, mixed)),
    ratioLoss: lossOf(ofRatios, endCostNanoUsd) / scale,
    restLoss: lossOf(ofRests, endCostNanoUsd) / scale,
  };
}

/** How many sessions had ended by a time, of all in order of their ends. */
export function endedBefore(sessions: readonly FinishedSession[], timeMs: number): number {
  let low = 0;
  let high = sessions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sessions[middle]?.endedMs ?? 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether an end cost is in an interval; amounts are whole, and interval bounds are rounded to whole ones. */
export function isWithin(
  endCostNanoUsd: number,
  { lowNanoUsd, highNanoUsd }: { readonly lowNanoUsd: number; readonly highNanoUsd: number },
): boolean {
  return endCostNanoUsd >= lowNanoUsd && endCostNanoUsd <= highNanoUsd;
}

/** A ten-thousandth of what a session costs: amounts below it are noise beside it. One where all are free. */
function floorOf(sessions: readonly FinishedSession[]): number {
  const costs = sessions.map(({ endCostNanoUsd }) => endCostNanoUsd).toSorted((a, b) => a - b);
  return Math.max(1, (costs[costs.length >> 1] ?? 0) * 1e-4);
}
