// In: finished sessions of one workflow. Out: the same, laid out so that thousands of projections a second can be made from them, and how
// cautious projections have to be, which is learned by making those of the past. Refused: nothing; sessions without turns tell nothing.

import { HISTORY_SESSIONS_MAX } from './comparable.ts';
import { type FinishedSession, reachedMs, runningAfter } from './finished-session.ts';
import { lossOf, mixBounds } from './end-bounds.ts';
import { learn, type Learned, NOTHING_LEARNED, shareOfRatios } from './learning.ts';
import { estimateFrom, projectionOf } from './project-from.ts';

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
  const steps = historyPreparation(sessions, before);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/**
 * Prepares in steps of well under a millisecond, for those who have other things to do in between. With the history of before, only what
 * ended since is learned from.
 */
export function* historyPreparation(
  sessions: readonly FinishedSession[],
  before?: SessionHistory,
): Generator<undefined, SessionHistory> {
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
    Float64Array.from([...costsNanoUsd, endCostNanoUsd], (cost) => Math.log(Math.max(cost, floorNanoUsd))),
  );
  return { sessions: latest, logCosts, floorNanoUsd, learned: NOTHING_LEARNED };
}

/** What is known better once the session at a place has ended: what would have been said while it ran, of what was known then. */
export function learnFrom(history: SessionHistory, place: number): Learned {
  const { learned, sessions } = history;
  const session = sessions[place];
  if (session === undefined) return learned;
  const end = session.endCostNanoUsd;
  const share = shareOfRatios(learned);
  const sums = { looks: 0, missed: 0, ratioLoss: 0, restLoss: 0 };
  for (const part of CALIBRATION_SHARES) {
    const turns = Math.ceil(session.costsNanoUsd.length * part);
    const known = endedBefore(sessions, reachedMs(session, turns));
    const estimate = estimateFrom(history, known, runningAfter(session, turns));
    if ('status' in estimate) continue;
    const [ofRatios, ofRests] = [estimate.ofRatios(), estimate.ofRests()];
    const mixed = mixBounds(ofRatios, ofRests, share);
    // Of what turned out to cost little beside what was expected there is no sensible share.
    const scale = Math.max(1, end, mixed.mid);
    sums.looks++;
    sums.missed += isWithin(end, projectionOf(estimate, mixed)) ? 0 : 1;
    sums.ratioLoss += lossOf(ofRatios, end) / scale;
    sums.restLoss += lossOf(ofRests, end) / scale;
  }
  if (sums.looks === 0) return learned;
  const { looks, missed, ratioLoss, restLoss } = sums;
  return learn(learned, { missedShare: missed / looks, ratioLoss: ratioLoss / looks, restLoss: restLoss / looks });
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
