// In: finished sessions of one workflow. Out: the same, laid out so that thousands of projections a second can be made from them, and how
// cautious projections have to be, which is learned by making those of the past. Refused: nothing; sessions without turns tell nothing.

import { MISCOVERAGE, nextMiscoverage } from './calibration.ts';
import { HISTORY_SESSIONS_MAX } from './comparable.ts';
import { type FinishedSession, runningAfter } from './finished-session.ts';
import { projectFrom } from './project-from.ts';

/** What is known of a workflow at some moment; made by {@link prepareHistory}. */
export interface SessionHistory {
  /** In order of their ends. */
  readonly sessions: readonly FinishedSession[];
  /** Logarithms of each session's costs by turn, the end cost last. */
  readonly logCosts: readonly Float64Array[];
  /** Costs below this are as good as none, nano-USD: where it lies, logarithms begin. */
  readonly floorNanoUsd: number;
  /** Share of sessions that intervals are to miss, after what intervals of the past did miss. */
  readonly miscoverage: number;
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
  let miscoverage = before?.miscoverage ?? MISCOVERAGE;
  if (knownMs >= (all.at(-1)?.endedMs ?? knownMs)) return { ...laidOut, miscoverage };
  for (let at = Math.max(0, first); at < all.length; at++) {
    miscoverage = learnFrom({ ...laidOut, miscoverage }, at);
    yield;
  }
  return { ...laidOut, miscoverage };
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
  return { sessions: latest, logCosts, floorNanoUsd, miscoverage: MISCOVERAGE };
}

/** How cautious to be once the session at a place has ended, from the sessions before it. */
export function learnFrom(history: SessionHistory, place: number): number {
  const session = history.sessions[place];
  if (session === undefined) return history.miscoverage;
  const turns = session.costsNanoUsd.length;
  let asked = 0;
  let missed = 0;
  for (const share of CALIBRATION_SHARES) {
    const running = runningAfter(session, Math.ceil(turns * share));
    const projected = projectFrom(history, place, running);
    if (projected.status !== 'projected') continue;
    asked++;
    if (!isWithin(session.endCostNanoUsd, projected)) missed++;
  }
  return asked === 0 ? history.miscoverage : nextMiscoverage(history.miscoverage, missed / asked);
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
