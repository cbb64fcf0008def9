// In: finished sessions of one workflow. Out: how good projections of them would have been while they ran, beside naive ones. Refused:
// nothing; what could not have been foretold for want of history is counted.

import { type FinishedSession, reachedMs, runningAfter, spendingOf } from './finished-session.ts';
import { type ForecastScore, ScoreKeeper } from './forecast-score.ts';
import { NaiveForecasts, NaiveMethod } from './naive-forecasts.ts';
import { projectFrom } from './project-from.ts';
import { layOut, learnFrom, type SessionHistory } from './session-history.ts';

export interface Backtest {
  /** Sessions with turns. */
  readonly sessions: number;
  /** Looks at sessions while they ran, at up to {@link LOOKS_MAX} turns each. */
  readonly looks: number;
  /** Looks to which "not enough history" was the answer. */
  readonly unanswered: number;
  readonly projection: ForecastScore;
  /** Projections of the same sessions by their spending alone, as those make who count no turns. */
  readonly bySpending: ForecastScore;
  /** The projections by how far sessions were: in the first, second and last third of their turns. */
  readonly thirds: readonly ForecastScore[];
  /** Of the same looks. */
  readonly naive: Readonly<Record<NaiveMethod, ForecastScore>>;
}

export interface BacktestProgress {
  readonly done: number;
  readonly looks: number;
}

/** Turns at which a session is looked at; of more, so many at even distances. */
const LOOKS_MAX = 8;
/** Looks between two reports of progress. */
const STEP = 64;
const THIRDS = 3;

/** Backtests at once what {@link backtesting} does step by step. */
export function backtest(sessions: readonly FinishedSession[]): Backtest {
  const steps = backtesting(sessions);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Replays history: at each moment only what had ended by then is known, to the intervals' calibration too. Yields as it goes. */
export function* backtesting(sessions: readonly FinishedSession[]): Generator<BacktestProgress, Backtest> {
  let history: SessionHistory = layOut(sessions, Number.POSITIVE_INFINITY);
  const { sessions: ordered } = history;
  const looks = looksAt(ordered);
  const keepers = {
    projection: new ScoreKeeper(),
    bySpending: new ScoreKeeper(),
    workflow_mean: new ScoreKeeper(),
    linear_in_turns: new ScoreKeeper(),
  };
  const thirds = Array.from({ length: THIRDS }, () => new ScoreKeeper());
  const naive = new NaiveForecasts();
  let known = 0;
  let unanswered = 0;
  for (const [at, { session, place, turns, atMs }] of looks.entries()) {
    if (at % STEP === 0) yield { done: at, looks: looks.length };
    for (let next = ordered[known]; next !== undefined && next.endedMs < atMs; next = ordered[known]) {
      history = { ...history, learned: learnFrom(history, known) };
      naive.learn(next);
      known++;
    }
    const running = runningAfter(session, turns);
    const bySpending = projectFrom(history, known, spendingOf(running));
    if (bySpending.status === 'projected') keepers.bySpending.add(place, bySpending, session.endCostNanoUsd);
    const projected = projectFrom(history, known, running);
    if (projected.status !== 'projected') {
      unanswered++;
      continue;
    }
    const end = session.endCostNanoUsd;
    keepers.projection.add(place, projected, end);
    thirds[Math.ceil((turns / session.costsNanoUsd.length) * THIRDS) - 1]?.add(place, projected, end);
    const { workflow_mean, linear_in_turns } = naive.foretell(running);
    keepers.workflow_mean.add(place, workflow_mean, end);
    keepers.linear_in_turns.add(place, linear_in_turns, end);
  }
  return {
    sessions: ordered.length,
    looks: looks.length,
    unanswered,
    projection: keepers.projection.score(),
    bySpending: keepers.bySpending.score(),
    thirds: thirds.map((keeper) => keeper.score()),
    naive: {
      [NaiveMethod.WORKFLOW_MEAN]: keepers.workflow_mean.score(),
      [NaiveMethod.LINEAR_IN_TURNS]: keepers.linear_in_turns.score(),
    },
  };
}

interface Look {
  readonly session: FinishedSession;
  readonly place: number;
  readonly turns: number;
  readonly atMs: number;
}

/** All looks at all sessions, in order of time. */
function looksAt(sessions: readonly FinishedSession[]): readonly Look[] {
  return sessions
    .flatMap((session, place) =>
      turnsToLookAt(session.costsNanoUsd.length).map((turns): Look => ({
        session,
        place,
        turns,
        atMs: reachedMs(session, turns),
      })),
    )
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** The middles of as many equal parts of a session; every turn of one that has no more. */
function turnsToLookAt(turns: number): readonly number[] {
  const looks = Math.min(turns, LOOKS_MAX);
  return Array.from({ length: looks }, (_, part) => Math.ceil(((part + 0.5) / looks) * turns));
}
