// In: use by step (a day), oldest first. Out: what the next steps will use, within which bounds, and how well such forecasts have done so far.
// Refused: nothing; histories too short to tell say so.

import { calibrate } from './calibration.ts';
import type { ForecastErrors } from './errors.ts';
import { methodsFor } from './methods.ts';
import { drawPaths, type Paths, quantilesOver } from './paths.ts';
import { type Steps, takeSteps } from '../steps.ts';
import { seededRandom } from './seeded-random.ts';
import { fitUse, kindOf, type UseKind } from './use-model.ts';
import { backtestErrors, KNOWN_MIN, mixed, type WalkForward, walkForward } from './walk-forward.ts';

export interface ForecastOptions {
  /** Steps ahead. @default 30 */
  readonly horizon?: number;
  /** Steps after which use repeats itself: 7 for days. @default 7 */
  readonly period?: number;
  /** Share of steps that shall lie within the interval. @default 0.9 */
  readonly coverage?: number;
  /** The same seed gives the same forecast. @default 1 */
  readonly seed?: number;
  /** What the first step to be forecast has used so far, if it runs: it will not use less. @default 0 */
  readonly usedInFirstStep?: number;
}

export interface Interval {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** What forecasts from the past would have done. */
export interface Backtest {
  /** Days on which it was forecast, in thought. */
  readonly origins: number;
  readonly errors: ForecastErrors;
  /** Of "as the last step", at the same steps. */
  readonly naive: ForecastErrors;
  /** Of "as a period ago", at the same steps. */
  readonly seasonalNaive: ForecastErrors;
  /** Share of steps that were within the interval told before. */
  readonly coverage: number;
}

/** By how much history there is, and whether intervals held. */
export const ForecastConfidence = { LOW: 'low', MEDIUM: 'medium', HIGH: 'high' } as const;
export type ForecastConfidence = (typeof ForecastConfidence)[keyof typeof ForecastConfidence];

export interface Forecast {
  readonly status: 'ok';
  readonly kind: UseKind;
  /** Known steps behind it. */
  readonly n: number;
  /** Part of each method in the forecast; they add up to 1. */
  readonly methods: Readonly<Record<string, number>>;
  /** Middle is what is expected of the step; the bounds hold for each step by itself. */
  readonly steps: readonly Interval[];
  /** Of all steps together; the middle is as likely passed as not. */
  readonly total: Interval;
  /** Factor of each step of a period, beginning with the first step forecast; all 1 where none is more likely than chance. */
  readonly season: readonly number[];
  /** Steps since the level last changed; undefined if it did not. */
  readonly stepsSinceShift: number | undefined;
  readonly confidence: ForecastConfidence;
  /** Undefined where no step has come that could have been forecast. */
  readonly backtest: Backtest | undefined;
}

/** There is too little to say anything. */
export interface NoForecast {
  readonly status: 'not_enough_history';
  /** Known steps. */
  readonly n: number;
  /** Known steps that it takes. */
  readonly needed: number;
}

/** Ways to go on that are drawn, and steps of all of them together. */
const PATHS = 1000;
const PATH_STEPS_MAX = 60_000;
/** Steps ahead at which past forecasts are judged; more of them would be of fewer origins. */
const BACKTEST_STEPS = 30;
const DEFAULTS = { horizon: 30, period: 7, coverage: 0.9, seed: 1, usedInFirstStep: 0 };
/** Older steps tell nothing of the next month, and cost time. */
const HISTORY_MAX = 400;

/** Forecasts use that is never negative. Undefined is a step of which nothing is known; one that is known to have had no use is 0. */
export function forecastUse(
  history: readonly (number | undefined)[],
  options: ForecastOptions = {},
): Forecast | NoForecast {
  return takeSteps(useForecasting(history, options));
}

/** The same in steps of about a millisecond, for those who have other things to do in between: it takes some 25 of them. */
export function* useForecasting(
  history: readonly (number | undefined)[],
  options: ForecastOptions = {},
): Steps<Forecast | NoForecast> {
  const { coverage } = { ...DEFAULTS, ...options };
  const drawn = yield* drawForecast(history, options);
  if (drawn.status !== 'ok') return drawn;
  const { model, mids, paths, walk, weights, backtest, n, unknown } = drawn;
  const period = model.season.length;
  const season = Array.from(
    { length: period },
    (_, step) => model.season[(model.values.length + unknown + step) % period] ?? 1,
  );
  const steps: Interval[] = [];
  for (const [step, mid] of mids.entries()) {
    const interval = intervalOf(paths, (path) => path[step] ?? 0, coverage);
    steps.push(within(interval, mid));
    yield;
  }
  return {
    status: 'ok',
    kind: model.kind,
    n,
    methods: Object.fromEntries(walk.methods.map((name, at) => [name, weights[at] ?? 0])),
    steps,
    total: intervalOf(paths, (path) => path.reduce((sum, use) => sum + use, 0), coverage),
    season,
    stepsSinceShift: model.shiftAt === 0 ? undefined : model.values.length - model.shiftAt,
    confidence: confidenceOf(n, period, coverage, backtest),
    backtest,
  };
}

/** A forecast with the paths behind it. */
export interface DrawnForecast {
  readonly status: 'ok';
  readonly model: ReturnType<typeof fitUse>;
  readonly mids: readonly number[];
  readonly paths: Paths;
  readonly walk: WalkForward;
  readonly weights: readonly number[];
  readonly backtest: Backtest | undefined;
  readonly n: number;
  /** Steps at the end of the history of which nothing is known. */
  readonly unknown: number;
}

export function* drawForecast(
  history: readonly (number | undefined)[],
  options: ForecastOptions,
): Steps<DrawnForecast | NoForecast> {
  const { horizon, period, coverage, seed, usedInFirstStep } = { ...DEFAULTS, ...options };
  const { values, unknown } = knownPart(history);
  const n = values.filter((value) => !Number.isNaN(value)).length;
  if (n < KNOWN_MIN) return { status: 'not_enough_history', n, needed: KNOWN_MIN };
  const random = seededRandom(seed);
  const kind = kindOf(values, period);
  const walk = yield* walkForward(values, { period, horizon: Math.min(horizon, BACKTEST_STEPS), kind });
  const { widening, ...measured } = yield* calibrate(values, walk, { coverage, period, random });
  const model = fitUse(values, period, kind);
  const weights = walk.weightsAt(values.length);
  const ahead = Object.values(methodsFor(kind)).map((method) => method(model, unknown + horizon));
  const expected = mixed(ahead, weights);
  const count = Math.min(PATHS, Math.ceil(PATH_STEPS_MAX / expected.length));
  const atLeast = (use: number, step: number): number => (step === 0 ? Math.max(use, usedInFirstStep) : use);
  const whole = yield* drawPaths(model, expected, { count, widening, random });
  const paths = whole.map((path) => path.subarray(unknown));
  for (const path of paths) path[0] = atLeast(path[0] ?? 0, 0);
  const errors = backtestErrors(values, walk, period);
  return {
    status: 'ok',
    model,
    mids: expected.slice(unknown).map(atLeast),
    paths,
    walk,
    weights,
    backtest:
      errors === undefined || measured.coverage === undefined ? undefined : { ...errors, coverage: measured.coverage },
    n,
    unknown,
  };
}

/** From the first known step to the last, with NaN for unknown ones; and how many unknown ones follow. */
function knownPart(history: readonly (number | undefined)[]): {
  readonly values: readonly number[];
  readonly unknown: number;
} {
  const all = history.map(knownOrNaN);
  const last = all.findLastIndex((value) => !Number.isNaN(value));
  const first = Math.max(
    all.findIndex((value) => !Number.isNaN(value)),
    last + 1 - HISTORY_MAX,
    0,
  );
  return { values: all.slice(first, last + 1), unknown: all.length - 1 - last };
}

/** Nobody uses less than nothing: a step below 0 takes back what was booked too high on another one. */
function knownOrNaN(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? Math.max(0, value) : Number.NaN;
}

function intervalOf(paths: Paths, amountOf: (path: Float64Array) => number, coverage: number): Interval {
  const tail = (1 - coverage) / 2;
  const [low = 0, mid = 0, high = 0] = quantilesOver(paths, amountOf, [tail, 0.5, 1 - tail]);
  return { low, mid, high };
}

/** With another middle, which may lie outside where use is now and then: most days have none, and the expected use is more. */
function within({ low, high }: Interval, mid: number): Interval {
  return { low: Math.min(low, mid), mid, high: Math.max(high, mid) };
}

/** Intervals that hold this much less often than promised are none to rely on. */
const COVERAGE_LACK_MAX = 0.1;

function confidenceOf(n: number, period: number, coverage: number, backtest: Backtest | undefined): ForecastConfidence {
  const holds = backtest !== undefined && backtest.coverage >= coverage - COVERAGE_LACK_MAX;
  if (n < 3 * period || backtest === undefined) return ForecastConfidence.LOW;
  return holds && n >= 8 * period ? ForecastConfidence.HIGH : ForecastConfidence.MEDIUM;
}
