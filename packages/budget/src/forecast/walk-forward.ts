// What the methods would have said in the past, standing at each origin and knowing only what was before it; and what mixture of them is right.

import { ErrorSums, type ForecastErrors, naive, seasonalNaive, seasonalScale } from './errors.ts';
import { methodsFor } from './methods.ts';
import type { Steps } from '../steps.ts';
import { fitUse, type UseKind, type UseModel } from './use-model.ts';

/** One origin: what was known then, and what each method said. */
interface Origin {
  /** Steps that were known. */
  readonly at: number;
  readonly model: UseModel;
  /** By method, for the steps that have come since. */
  readonly said: readonly (readonly number[])[];
}

export interface WalkForward {
  readonly origins: readonly Origin[];
  readonly methods: readonly string[];
  /** Weights of the methods by what was known before a step; they add up to 1. */
  weightsAt(step: number): readonly number[];
}

/** Origins, evenly over the history. */
const ORIGINS_MAX = 20;
/** Steps that a method has to know to say anything. */
export const KNOWN_MIN = 4;
/** How sharply worse methods lose weight: the inverse of their error to this power. */
const SHARPNESS = 3;
/** Errors of a method before any is measured, in mean errors: what it takes to be heard more than others. */
const PRIOR_COUNT = 10;

/** Tries the methods on the past. */
export function* walkForward(
  values: readonly number[],
  { period, horizon, kind }: { readonly period: number; readonly horizon: number; readonly kind: UseKind },
): Steps<WalkForward> {
  const named = Object.entries(methodsFor(kind));
  const origins: Origin[] = [];
  for (const at of originsOf(values.length, period)) {
    const model = fitUse(values.slice(0, at), period, kind);
    const steps = Math.min(horizon, values.length - at);
    origins.push({ at, model, said: named.map(([, method]) => method(model, steps)) });
    yield;
  }
  return {
    origins,
    methods: named.map(([name]) => name),
    weightsAt: (step) => weightsOf(named.length, values, origins, step),
  };
}

/** Ends of histories, the first two periods long where there are that many. */
function originsOf(length: number, period: number): readonly number[] {
  const first = Math.max(KNOWN_MIN, Math.min(2 * period, Math.floor(length / 2)));
  const places = length - first;
  const count = Math.min(ORIGINS_MAX, places);
  return Array.from({ length: Math.max(0, count) }, (_, at) => first + Math.floor((at * places) / count));
}

/** Inverse errors of all steps that had come by then, to a power. */
function weightsOf(
  methods: number,
  values: readonly number[],
  origins: readonly Origin[],
  step: number,
): readonly number[] {
  const errors = Array.from({ length: methods }, () => 0);
  let count = 0;
  for (const { at, said } of origins) {
    for (let target = at; target < Math.min(step, values.length); target++) {
      const actual = values[target] ?? Number.NaN;
      if (Number.isNaN(actual) || said[0]?.[target - at] === undefined) continue;
      count++;
      for (const [method, forecast] of said.entries()) {
        errors[method] = (errors[method] ?? 0) + Math.abs(actual - (forecast[target - at] ?? actual));
      }
    }
  }
  return shares(errors, count);
}

function shares(errors: readonly number[], count: number): readonly number[] {
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  if (!(mean > 0)) return errors.map(() => 1 / errors.length);
  const prior = (mean / count) * PRIOR_COUNT;
  const raw = errors.map((error) => (mean / (error + prior)) ** SHARPNESS);
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}

/** The mixture of what methods say. */
export function mixed(said: readonly (readonly number[])[], weights: readonly number[]): readonly number[] {
  return (said[0] ?? []).map((_, step) =>
    said.reduce((sum, forecast, method) => sum + (weights[method] ?? 0) * (forecast[step] ?? 0), 0),
  );
}

export interface BacktestErrors {
  readonly origins: number;
  /** Of the mixture with the weights that were right before each origin. */
  readonly errors: ForecastErrors;
  readonly naive: ForecastErrors;
  readonly seasonalNaive: ForecastErrors;
}

/** Errors of the mixture beside those of the naive methods at the same steps. Undefined where no step has come since an origin. */
export function backtestErrors(
  values: readonly number[],
  walk: WalkForward,
  period: number,
): BacktestErrors | undefined {
  const sums = { mixture: new ErrorSums(), naive: new ErrorSums(), seasonal: new ErrorSums() };
  for (const { at, said } of walk.origins) {
    const known = values.slice(0, at);
    const forecast = mixed(said, walk.weightsAt(at));
    const [plain, seasonal] = [naive(known, forecast.length), seasonalNaive(known, forecast.length, period)];
    for (const [step, mid] of forecast.entries()) {
      const actual = values[at + step] ?? Number.NaN;
      if (Number.isNaN(actual)) continue;
      sums.mixture.add(actual, mid);
      sums.naive.add(actual, plain[step] ?? 0);
      sums.seasonal.add(actual, seasonal[step] ?? 0);
    }
  }
  const scale = seasonalScale(values, period);
  const [errors, plain, seasonal] = [sums.mixture.errors(scale), sums.naive.errors(scale), sums.seasonal.errors(scale)];
  if (errors === undefined || plain === undefined || seasonal === undefined) return undefined;
  return { origins: walk.origins.length, errors, naive: plain, seasonalNaive: seasonal };
}
