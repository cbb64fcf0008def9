// Methods that tell how use goes on, each simple and right for some series. Which are right for this one its past decides (walk-forward.ts):
// combinations of simple methods were as good as any in the M4 competition (Makridakis et al. 2020).

import { clamp, medianOf, theilSenSlope } from './order-statistics.ts';
import { NOISE_MIN, UseKind, type UseModel } from './use-model.ts';

/** Expected use of each of the next steps. */
export type Method = (model: UseModel, horizon: number) => readonly number[];

/** Weights of the latest step. */
const SLOW = 0.05;
const FAST = 0.25;
/** Part of a slope that is left a step later (Gardner and McKenzie 1985): one trusts short trends shorter. */
const DAMPED = 0.9;
const LONG_DAMPED = 0.98;
/** Logarithm of the growth within the horizon that is believed at most: twentyfold. */
const TILT_MAX = 3;
const SHORT_STEPS = 28;
const LONG_STEPS = 84;
const MEAN_PERIODS = 3;
/** Standard deviations beyond which a day moves the level no further (Gelper, Fried and Croux 2010). */
const WILD = 2;

export const METHODS: Readonly<Record<string, Method>> = {
  slow_level: (model, horizon) => onLevel(model, horizon, { weight: SLOW, damping: 0, steps: 0 }),
  fast_level: (model, horizon) => onLevel(model, horizon, { weight: FAST, damping: 0, steps: 0 }),
  damped_trend: (model, horizon) => onLevel(model, horizon, { weight: FAST, damping: DAMPED, steps: SHORT_STEPS }),
  long_trend: (model, horizon) => onLevel(model, horizon, { weight: SLOW, damping: LONG_DAMPED, steps: LONG_STEPS }),
  seasonal_mean: (model, horizon) => seasonalMean(model, horizon),
};

/** Of use now and then: how often, followed slowly or fast. */
export const INTERMITTENT_METHODS: Readonly<Record<string, Method>> = {
  slow_rate: (model, horizon) => onRate(model, horizon, SLOW),
  fast_rate: (model, horizon) => onRate(model, horizon, 2 * SLOW),
};

export function methodsFor(kind: UseKind): Readonly<Record<string, Method>> {
  return kind === UseKind.STEADY ? METHODS : INTERMITTENT_METHODS;
}

interface Level {
  readonly weight: number;
  readonly damping: number;
  /** Latest steps that the slope is of. */
  readonly steps: number;
}

function onLevel(model: UseModel, horizon: number, { weight, damping, steps }: Level): readonly number[] {
  const slope = steps === 0 ? 0 : sureSlope(model.logs.slice(-steps), model.noise);
  const untilted = model.logs.map((log, at) => log - slope * (at - (model.logs.length - 1)));
  const level = smoothed(untilted, weight, model);
  let tilt = 0;
  let step = slope;
  return ahead(model, horizon, () => {
    step *= damping;
    tilt += step;
    return Math.exp(level + clamp(tilt, -TILT_MAX, TILT_MAX));
  });
}

/** Steps ahead as level by season; nothing where use has stopped. */
function ahead(model: UseModel, horizon: number, levelOf: (step: number) => number): readonly number[] {
  const { values, season, silentSteps } = model;
  return Array.from({ length: horizon }, (_, step) => {
    const level = levelOf(step);
    const isOver = silentSteps > 0 || model.typicalUse === 0;
    return isOver ? 0 : level * (season[(values.length + step) % season.length] ?? 1);
  });
}

/** Exponential smoothing that begins as a plain mean and that wild steps move no further than unusual ones. */
function smoothed(logs: readonly number[], weight: number, { noise, typicalUse }: UseModel): number {
  const known = logs.filter((log) => !Number.isNaN(log));
  let level = known.length === 0 ? Math.log(typicalUse) : medianOf(known.slice(0, 5));
  for (const [at, log] of known.entries()) {
    const step = Math.max(weight, 1 / (at + 2));
    level += step * clamp(log - level, -WILD * noise, WILD * noise);
  }
  return level;
}

/** The slope as far as it is more than noise makes: by 1 - (error / slope)², as seasons are shrunk. */
function sureSlope(logs: readonly number[], noise: number): number {
  const known = logs.filter((log) => !Number.isNaN(log)).length;
  if (known < 5) return 0;
  const slope = theilSenSlope(logs);
  // Standard error of a slope over n equidistant steps, for robust slopes about 5 % more.
  const error = (1.05 * Math.max(noise, NOISE_MIN) * Math.sqrt(12 / known)) / logs.length;
  return slope === 0 ? 0 : slope * Math.max(0, 1 - (error / slope) ** 2);
}

/** Each step as the same steps of the last periods were on average: a calmer seasonal naive, with no robustness at all. */
function seasonalMean({ values, season, shiftAt }: UseModel, horizon: number): readonly number[] {
  const period = season.length;
  const first = Math.max(shiftAt, values.length - MEAN_PERIODS * period);
  const recent = values.slice(first).filter((value) => !Number.isNaN(value));
  const mean = recent.reduce((sum, value) => sum + value, 0) / Math.max(1, recent.length);
  return Array.from({ length: horizon }, (_, step) => {
    const same: number[] = [];
    for (let at = values.length + (step % period) - period; at >= first; at -= period) {
      const value = values[at] ?? Number.NaN;
      if (!Number.isNaN(value)) same.push(value);
    }
    return same.length === 0 ? mean : same.reduce((sum, value) => sum + value, 0) / same.length;
  });
}

/** How often times how much, both smoothed (Teunter, Syntetos and Babai 2011): unlike Croston's it forgets what is used no more. */
function onRate({ values }: UseModel, horizon: number, weight: number): readonly number[] {
  let often = 0;
  let much = 0;
  let known = 0;
  let used = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known++;
    often += Math.max(weight, 1 / known) * ((value > 0 ? 1 : 0) - often);
    if (value === 0) continue;
    used++;
    much += Math.max(weight, 1 / used) * (value - much);
  }
  return Array.from({ length: horizon }, () => often * much);
}
