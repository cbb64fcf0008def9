// Ways in which use may go on, drawn at random: the mixture's forecast, a level that wanders, and days that differ from it as days did.

import { clamp, medianOf, quantileOf, robustSd } from './order-statistics.ts';
import type { Steps } from '../steps.ts';
import type { SeededRandom } from './seeded-random.ts';
import { isQuiet, NOISE_MIN, UseKind, type UseModel } from './use-model.ts';

/** Use by path, then by step. */
export type Paths = readonly Float64Array[];

/** How days and level scatter, as the past had it. */
export interface Scatter {
  /** Logarithms of what days were in parts of the level; -Infinity of days without use. */
  readonly ratios: readonly number[];
  /** The same of steps that are quiet every week, as differences in parts of the level. */
  readonly quiet: readonly number[];
  /** Random noise on the logarithm of ratios, so that few of them are not all there is. */
  readonly blur: number;
  /** Standard deviation of the level's logarithm at the start. */
  readonly levelSd: number;
  /** Standard deviation of what the level's logarithm wanders a step. */
  readonly driftSd: number;
  /** How likely a step is the first of an outage, and how long those were. */
  readonly outageRate: number;
  readonly outages: readonly number[];
  /** How likely the level changes for good at a step. */
  readonly shiftRate: number;
}

/** Steps that say how days scatter. */
const STEPS_MAX = 112;
/** What is assumed of series that have told little yet, and how many steps or periods of their own outweigh it. */
const PRIOR = { noise: 0.5, steps: 6, drift: 0.02, periods: 3 };
/** A smoothed level is as uncertain as the median of so many steps: √(π / 2) times as much as their mean. */
const LEVEL_STEPS = 14;
const LEVEL_INEFFICIENCY = 1.25;
/** Days that were more than this many usual ones do not make others of their size likely. */
const RATIO_MAX = 100;
/** Steps that a smoothed rate is the mean of, as it were: 2 / weight - 1, between the slow and the fast one. */
const RATE_STEPS = 28;
/** Logarithms beyond which no path goes, whatever little history says: twentyfold. */
const WILDEST = 3;
const DRIFT_MAX = 0.15;
/** Changes of level for good, assumed before any was seen: a quarter of one in a hundred steps; and by how much, in logarithms. */
const SHIFTS = { count: 0.25, steps: 100, sd: 0.7 };

export function scatterOf(model: UseModel): Scatter {
  const { ratios, quiet } = ratiosOf(model);
  const n = ratios.length;
  const noise = Math.sqrt((n * model.noise ** 2 + PRIOR.steps * PRIOR.noise ** 2) / (n + PRIOR.steps));
  return {
    ratios: n === 0 ? [0] : ratios.map(Math.log),
    quiet: quiet.length === 0 ? [0] : quiet,
    // Silverman's bandwidth of a kernel density.
    blur: 1.06 * noise * Math.max(1, n) ** -0.2,
    levelSd: (LEVEL_INEFFICIENCY * noise) / Math.sqrt(clamp(n, 1, LEVEL_STEPS)),
    driftSd: driftOf(model),
    outageRate: model.outages.length / model.values.length,
    outages: model.outages,
    shiftRate: ((model.shiftAt > 0 ? 1 : 0) + SHIFTS.count) / (model.values.length + SHIFTS.steps),
  };
}

/** Ratios of use to a median of the steps around it, which no trend can widen. */
function ratiosOf({ kind, values, season, shiftAt, logs }: UseModel): {
  readonly ratios: number[];
  readonly quiet: number[];
} {
  const ratios: number[] = [];
  const quiet: number[] = [];
  if (kind === UseKind.INTERMITTENT) return { ratios, quiet };
  for (let at = Math.max(shiftAt, values.length - STEPS_MAX); at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    const level = Math.exp(levelAround(logs, at - shiftAt, season.length));
    if (Number.isNaN(value) || Number.isNaN(level)) continue;
    const factor = season[at % season.length] ?? 1;
    if (isQuiet(season, at)) quiet.push(Math.min(value / level, RATIO_MAX) - factor);
    // Outages are missing in the logarithms, and no day that differs.
    else if (!Number.isNaN(logs[at - shiftAt] ?? Number.NaN))
      ratios.push(Math.min(value / (level * factor), RATIO_MAX));
  }
  return { ratios, quiet };
}

function levelAround(logs: readonly number[], at: number, period: number): number {
  const first = clamp(at - period, 0, Math.max(0, logs.length - 2 * period - 1));
  return medianOf(logs.slice(first, first + 2 * period + 1).filter((log) => !Number.isNaN(log)));
}

/**
 * How far the level wanders in a step. Means of a period differ from those of the next by noise, 2 σ² / p, and by a random walk of variance s² a
 * step, s² · p · 2/3; what is left of the first is the second.
 */
function driftOf({ logs, season, noise }: UseModel): number {
  const period = season.length;
  const centers: number[] = [];
  for (let end = logs.length; end >= period; end -= period) {
    centers.push(medianOf(logs.slice(end - period, end).filter((log) => !Number.isNaN(log))));
  }
  const changes = centers.slice(1).flatMap((log, at) => {
    const change = log - (centers[at] ?? Number.NaN);
    return Number.isNaN(change) ? [] : [change];
  });
  const spread = changes.length < 2 ? 0 : robustSd(changes, 0) ** 2;
  const own = Math.max(0, spread - (2 * 1.57 * Math.max(noise, NOISE_MIN) ** 2) / period) / ((period * 2) / 3);
  const n = changes.length;
  return Math.min(DRIFT_MAX, Math.sqrt((n * own + PRIOR.periods * PRIOR.drift ** 2) / (n + PRIOR.periods)));
}

export interface PathOptions {
  readonly count: number;
  /** By how much paths are wider than the scatter says, as the past showed that they have to be. */
  readonly widening: number;
  readonly random: SeededRandom;
}

/** Draws paths around what is expected. */
export function* drawPaths(model: UseModel, expected: readonly number[], options: PathOptions): Steps<Paths> {
  const drawOne = model.kind === UseKind.STEADY ? drawSteady(model, options) : drawIntermittent(model, options);
  // One piece of memory: thousands of small ones would keep the garbage collector as busy as the drawing keeps this.
  const all = new Float64Array(options.count * expected.length);
  const paths: Float64Array[] = [];
  let drawn = 0;
  while (paths.length < options.count) {
    const path = all.subarray(drawn, drawn + expected.length);
    drawOne(path, expected);
    paths.push(path);
    const before = drawn;
    drawn += expected.length;
    if (Math.floor(before / DRAWN_AT_ONCE) !== Math.floor(drawn / DRAWN_AT_ONCE)) yield;
  }
  return paths;
}

/** Steps of paths that take some tenths of a millisecond to draw. */
const DRAWN_AT_ONCE = 4000;

/** Fills one path. */
type Draw = (path: Float64Array, expected: readonly number[]) => void;

function drawSteady(model: UseModel, { random, widening }: PathOptions): Draw {
  const { values, season, silentSteps, typicalUse } = model;
  const scatter = scatterOf(model);
  return (path, expected) => {
    let drift = random.normal() * scatter.levelSd;
    let isUsed = silentSteps === 0;
    let outage = 0;
    for (let step = 0; step < path.length; step++) {
      drift += random.normal() * scatter.driftSd;
      if (random.uniform() < scatter.shiftRate) drift += random.normal() * SHIFTS.sd;
      outage = outage > 0 ? outage - 1 : random.uniform() < scatter.outageRate ? random.pick(scatter.outages) : 0;
      if (outage > 0) continue;
      // What was silent for n steps is as likely to begin again in the next as anything seen once in n is (Laplace).
      isUsed ||= random.uniform() < 1 / (silentSteps + 2);
      const factor = season[(values.length + step) % season.length] ?? 1;
      const mid = expected[step] ?? 0;
      const level = silentSteps > 0 && isUsed ? typicalUse * factor : mid;
      const shift = Math.exp(clamp(widening * drift, -WILDEST, WILDEST));
      if (isQuiet(season, values.length + step)) {
        const whole = factor > 0 ? level / factor : typicalUse;
        path[step] = Math.max(0, level + whole * random.pick(scatter.quiet)) * shift;
      } else {
        const ratio = random.pick(scatter.ratios);
        const away = widening * (ratio + random.normal() * scatter.blur);
        path[step] = level * Math.min(Math.exp(away), RATIO_MAX) * shift;
      }
    }
  };
}

/** Used or not, and how much then, as the past had it; a rate that is itself uncertain. */
function drawIntermittent({ values }: UseModel, { widening, random }: PathOptions): Draw {
  const recent = values.slice(-STEPS_MAX).filter((value) => !Number.isNaN(value));
  const sizes = recent.filter((value) => value > 0);
  const often = sizes.length / Math.max(1, recent.length);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, recent.length);
  // Of a rate seen in n uses the logarithm is uncertain by 1 / √n, and smoothing remembers only so many steps.
  const rateSd = 1 / Math.sqrt(Math.min(sizes.length, RATE_STEPS * often) + 1);
  // Days without use are within any interval: that most are does not make the rate any surer.
  const width = Math.max(1, widening);
  return (path, expected) => {
    let drift = random.normal() * rateSd;
    for (let step = 0; step < path.length; step++) {
      drift += random.normal() * PRIOR.drift;
      const shift = Math.exp(clamp(width * drift, -WILDEST, WILDEST));
      const rate = mean > 0 ? (often * (expected[step] ?? 0) * shift) / mean : 0;
      path[step] = random.uniform() < rate ? random.pick(sizes) * Math.max(1, rate) : 0;
    }
  };
}

/** Quantile over paths of what `amountOf` makes of a path. */
export function quantilesOver(
  paths: Paths,
  amountOf: (path: Float64Array) => number,
  levels: readonly number[],
): readonly number[] {
  const sorted = new Float64Array(paths.length);
  for (let at = 0; at < sorted.length; at++) sorted[at] = amountOf(paths[at] ?? sorted);
  sorted.sort();
  return levels.map((level) => quantileOf(sorted, level));
}
