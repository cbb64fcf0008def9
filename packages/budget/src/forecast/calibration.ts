// Whether intervals held in the past, and by how much they have to be wider or narrower to hold as often as they promise.

import { clamp } from './order-statistics.ts';
import { drawPaths, quantilesOver } from './paths.ts';
import type { Steps } from '../steps.ts';
import type { SeededRandom } from './seeded-random.ts';
import { mixed, type WalkForward } from './walk-forward.ts';

export interface Calibration {
  /** Share of past steps within the interval that would have been told, of those that came. Undefined where none came. */
  readonly coverage: number | undefined;
  readonly steps: number;
  /** What the logarithmic width of paths is multiplied with. */
  readonly widening: number;
}

/** Enough for quantiles of intervals whose own error is larger. */
const PATHS = 60;
const WIDENING = { min: 0.6, max: 3 };
/** Periods of own experience that count as much as believing the model. */
const PRIOR_PERIODS = 4;

interface Score {
  /** The step that was forecast. */
  readonly target: number;
  /** How far the actual value was from the middle, in half widths: above 1 it was outside. */
  readonly distance: number;
}

/**
 * Measures intervals of each origin at the steps that have come, with the widening that was right before it; then tells the widening that is
 * right now: the quantile of past distances, which is conformal prediction with a local scale (Lei et al. 2018), for several steps as in
 * Stankevičiūtė et al. 2021, trusted as far as there is experience.
 */
export function* calibrate(
  values: readonly number[],
  walk: WalkForward,
  options: { readonly coverage: number; readonly period: number; readonly random: SeededRandom },
): Steps<Calibration> {
  const scores: Score[] = [];
  let inside = 0;
  for (const { at, model, said } of walk.origins) {
    const expected = mixed(said, walk.weightsAt(at));
    const known = scores.filter(({ target }) => target < at);
    const widening = wideningOf(known, options);
    const paths = yield* drawPaths(model, expected, { count: PATHS, widening: 1, random: options.random });
    for (const [step, mid] of expected.entries()) {
      const actual = values[at + step] ?? Number.NaN;
      if (Number.isNaN(actual)) continue;
      const distance = distanceOf(actual, mid, boundsOf(paths, step, options.coverage));
      if (distance <= widening) inside++;
      scores.push({ target: at + step, distance });
    }
    yield;
  }
  return {
    coverage: scores.length === 0 ? undefined : inside / scores.length,
    steps: scores.length,
    widening: wideningOf(scores, options),
  };
}

type Bounds = readonly [low: number, high: number];

function boundsOf(paths: readonly Float64Array[], step: number, coverage: number): Bounds {
  const tail = (1 - coverage) / 2;
  const [low = 0, high = 0] = quantilesOver(paths, (path) => path[step] ?? 0, [tail, 1 - tail]);
  return [low, high];
}

function distanceOf(actual: number, mid: number, [low, high]: Bounds): number {
  // A bound of 0 stays where it is however wide the interval.
  if (actual <= mid && low === 0) return 0;
  const half = actual > mid ? high - mid : mid - low;
  const away = Math.abs(actual - mid);
  if (away === 0) return 0;
  return half > 0 ? away / half : Infinity;
}

function wideningOf(
  scores: readonly Score[],
  { coverage, period }: { readonly coverage: number; readonly period: number },
): number {
  if (scores.length === 0) return 1;
  const targets = new Set(scores.map(({ target }) => target)).size;
  const distances = scores.map(({ distance }) => distance).toSorted((a, b) => a - b);
  // One more than there are, as conformal quantiles of finite samples count the step to come.
  const place = Math.min(distances.length - 1, Math.ceil(coverage * (distances.length + 1)) - 1);
  const own = clamp(distances[place] ?? 1, WIDENING.min, WIDENING.max);
  const periods = targets / period;
  return own ** (periods / (periods + PRIOR_PERIODS));
}
