// How good are projections of running sessions' end costs? Walk-forward over made-up workflows, beside naive forecasts.

import { backtest, type Backtest, type ForecastScore, prepareHistory, projectEndCost } from '@turnmeter/budget';
import { makeSessions } from './fleet/make-sessions.ts';
import { type ShapeName, SHAPES } from './fleet/shapes.ts';
import { format, median, printTable, quantile } from './figures.ts';

export interface ProjectionOptions {
  readonly sessions: number;
  readonly seeds: number;
  readonly seed: number;
}

export function run({ sessions, seeds, seed }: ProjectionOptions): void {
  console.log(`${format(sessions)} sessions of each workflow, ${seeds} times; intervals of 90 %`);
  const shapes = Object.keys(SHAPES) as readonly ShapeName[];
  const results = shapes.map((shape) => ({
    shape,
    tests: Array.from({ length: seeds }, (_, nth) => backtest(makeSessions({ shape, sessions, seed: seed + nth }))),
  }));
  printTable(
    [
      'workflow',
      'covered',
      'by thirds',
      'by spending',
      'below',
      'above',
      'no answer',
      'width',
      'MAPE',
      'of the mean',
      'linear',
      'pinball',
      'quantiles of ends',
      'their cover',
    ],
    [
      ...results.map(({ shape, tests }) => rowOf(shape, tests)),
      rowOf(
        'all',
        results.flatMap(({ tests }) => tests),
      ),
    ],
  );
  const off = results.filter(
    ({ tests }) => Math.abs(meanOf(tests, ({ projection }) => projection.coverage) - 0.9) > 0.03,
  );
  console.log(`coverage within 90 ± 3 %: ${results.length - off.length} of ${results.length} workflows`);
  printSpeed(seed);
}

function rowOf(name: string, tests: readonly Backtest[]): readonly string[] {
  const of = (pick: (score: ForecastScore) => number | undefined): number =>
    meanOf(tests, ({ projection }) => pick(projection));
  return [
    name,
    percent(of(({ coverage }) => coverage)),
    [0, 1, 2].map((third) => (meanOf(tests, ({ thirds }) => thirds[third]?.coverage) * 100).toFixed(0)).join(' '),
    percent(meanOf(tests, ({ bySpending }) => bySpending.coverage)),
    percent(of(({ below }) => below)),
    percent(of(({ above }) => above)),
    percent(meanOf(tests, ({ unanswered, looks }) => unanswered / looks)),
    percent(of(({ relativeWidth }) => relativeWidth)),
    percent(of(({ percentageError }) => percentageError)),
    percent(meanOf(tests, ({ naive }) => naive.workflow_mean.percentageError)),
    percent(meanOf(tests, ({ naive }) => naive.linear_in_turns.percentageError)),
    of(({ pinballLoss }) => pinballLoss).toFixed(3),
    meanOf(tests, ({ naive }) => naive.workflow_mean.pinballLoss).toFixed(3),
    percent(meanOf(tests, ({ naive }) => naive.workflow_mean.coverage)),
  ];
}

function meanOf(tests: readonly Backtest[], pick: (test: Backtest) => number | undefined): number {
  const values = tests.map(pick).filter((value) => value !== undefined);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

const SPEED_SESSIONS = 1000;
const SPEED_ROUNDS = 2000;

/** With a thousand sessions in the history, most of fifty turns. */
function printSpeed(seed: number): void {
  const sessions = makeSessions({ shape: 'always alike', sessions: SPEED_SESSIONS, seed }).map((session) => ({
    ...session,
    costsNanoUsd: Array.from({ length: 50 }, (_, turn) => (session.endCostNanoUsd * (turn + 1)) / 50),
    tokens: Array.from({ length: 50 }, (_, turn) => turn + 1),
    durationsMs: Array.from({ length: 50 }, (_, turn) => turn + 1),
  }));
  const began = performance.now();
  const history = prepareHistory(sessions);
  const preparedMs = performance.now() - began;
  const times = Array.from({ length: SPEED_ROUNDS }, (_, round) => {
    const start = performance.now();
    projectEndCost(history, { turns: 1 + (round % 50), costNanoUsd: 2e6 * (1 + (round % 50)) });
    return performance.now() - start;
  });
  console.log(
    `a projection from ${format(SPEED_SESSIONS)} sessions of 50 turns: ${format(median(times), 2)} ms (p99 ${format(quantile(times, 0.99), 2)}); making the history ready: ${format(preparedMs)} ms`,
  );
}
