// How wrong are forecasts of 30 days, and how often do their intervals hold? On made-up use, beside "as yesterday" and "as a week ago".

import {
  forecastRunOut,
  forecastUse,
  type Forecast,
  naive,
  seasonalNaive,
  seasonalScale,
} from '@turnmeter/budget/forecast';
import { Habit, type MadeUpUse, makeFleet } from './forecast-fleet.ts';
import { format, median, printTable } from './figures.ts';

const HORIZON = 30;
const WEEK = 7;

/** Of one series: mean absolute errors in seasonal-naive errors of its history, and shares of what held. */
interface Outcome {
  readonly habit: Habit;
  readonly mase: number;
  readonly naiveMase: number;
  readonly seasonalMase: number;
  /** Days within their interval, by week ahead. */
  readonly heldByWeek: readonly number[];
  readonly held: number;
  readonly totalHeld: boolean;
  /** Middle of the total over what came, minus 1. */
  readonly totalError: number;
  readonly naiveTotalError: number;
  readonly backtestMase: number | undefined;
  readonly backtestCoverage: number | undefined;
  /** Whether the moment the balance ran out lay in the interval; undefined where nothing was to be told. */
  readonly runOutHeld: boolean;
  readonly ms: number;
}

export function run({ series, seed }: { readonly series: number; readonly seed: number }): void {
  const fleet = makeFleet({ series, horizon: HORIZON, seed });
  const outcomes = fleet.flatMap((use) => outcomeOf(use) ?? []);
  console.log(`${format(outcomes.length)} series, ${HORIZON} days each; intervals of 90 %`);
  printTable(
    [
      'habit',
      'MASE',
      'as a week ago',
      'as yesterday',
      'days held',
      'week 1',
      'week 4',
      'total held',
      'total off',
      'week ago off',
      'run-out held',
    ],
    [...Object.values(Habit), undefined].map((habit) => rowOf(habit, outcomes)),
  );
  const told = outcomes.filter(({ backtestCoverage }) => backtestCoverage !== undefined);
  console.log(
    `told by backtests: MASE ${format(mean(told.map(({ backtestMase }) => backtestMase ?? 0)), 2)}, coverage ${percent(mean(told.map(({ backtestCoverage }) => backtestCoverage ?? 0)))}`,
  );
  console.log(`a forecast takes ${format(median(outcomes.map(({ ms }) => ms)), 1)} ms (median)`);
}

function outcomeOf({ habit, history, future }: MadeUpUse): Outcome | undefined {
  const startedAt = performance.now();
  const forecast = forecastUse(history, { horizon: HORIZON });
  const ms = performance.now() - startedAt;
  const scale = seasonalScale(history, WEEK);
  if (forecast.status !== 'ok' || scale === 0) return undefined;
  const held = future.map((actual, day) => isWithin(actual, forecast.steps[day]));
  const total = sum(future);
  return {
    habit,
    mase:
      meanError(
        future,
        forecast.steps.map(({ mid }) => mid),
      ) / scale,
    naiveMase: meanError(future, naive(history, HORIZON)) / scale,
    seasonalMase: meanError(future, seasonalNaive(history, HORIZON, WEEK)) / scale,
    heldByWeek: [0, 1, 2, 3].map((week) => share(held.slice(week * WEEK, (week + 1) * WEEK))),
    held: share(held),
    totalHeld: isWithin(total, forecast.total),
    totalError: Math.abs(forecast.total.mid - total) / Math.max(total, forecast.total.mid, 1),
    naiveTotalError: totalError(sum(seasonalNaive(history, HORIZON, WEEK)), total),
    backtestMase: forecast.backtest?.errors.mase,
    backtestCoverage: forecast.backtest?.coverage,
    runOutHeld: runOutHolds({ history, future }),
    ms,
  };
}

/** A balance that lasts for 15 days of what came: does the day lie in the interval? */
function runOutHolds({ history, future }: Pick<MadeUpUse, 'history' | 'future'>): boolean {
  const remaining = sum(future.slice(0, 15)) || 1;
  const day = passedAt(future, remaining);
  const runOut = forecastRunOut({ remaining, history }, { horizon: 90 });
  if (runOut.status !== 'runs_out' && runOut.status !== 'not_within_horizon') return false;
  const { low = Infinity, high = Infinity } = runOut.steps;
  return low <= day + 1 && high >= day;
}

/** The step in which it was used up. */
function passedAt(future: readonly number[], amount: number): number {
  let left = amount;
  const day = future.findIndex((use) => (left -= use) <= 0);
  return day === -1 ? Infinity : day;
}

function rowOf(habit: Habit | undefined, outcomes: readonly Outcome[]): readonly string[] {
  const some = outcomes.filter((outcome) => habit === undefined || outcome.habit === habit);
  return [
    habit ?? 'all',
    format(mean(some.map(({ mase }) => mase)), 2),
    format(mean(some.map(({ seasonalMase }) => seasonalMase)), 2),
    format(mean(some.map(({ naiveMase }) => naiveMase)), 2),
    percent(mean(some.map(({ held }) => held))),
    percent(mean(some.map(({ heldByWeek }) => heldByWeek[0] ?? 0))),
    percent(mean(some.map(({ heldByWeek }) => heldByWeek[3] ?? 0))),
    percent(share(some.map(({ totalHeld }) => totalHeld))),
    percent(median(some.map(({ totalError: error }) => error))),
    percent(median(some.map(({ naiveTotalError: error }) => error))),
    percent(share(some.map(({ runOutHeld }) => runOutHeld))),
  ];
}

function isWithin(actual: number, interval: Forecast['total'] | undefined): boolean {
  return interval !== undefined && actual >= interval.low && actual <= interval.high;
}

function meanError(actual: readonly number[], forecast: readonly number[]): number {
  return mean(actual.map((value, at) => Math.abs(value - (forecast[at] ?? 0))));
}

function totalError(forecast: number, actual: number): number {
  return Math.abs(forecast - actual) / Math.max(actual, forecast, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function share(claims: readonly boolean[]): number {
  return claims.filter(Boolean).length / claims.length;
}

function percent(value: number): string {
  return `${format(value * 100, 1)} %`;
}
