// The shape of a week: which share of an average day each weekday has.

import { medianOf, robustSd } from './order-statistics.ts';

/** A factor a slot of the period (a weekday), 1 on average. */
export type Season = readonly number[];

/** Older weeks tell little of how weeks are now. */
const PERIODS_MAX = 16;
/** What a day's ratio is taken to scatter by, as long as there are less than so many of them to tell. */
const PRIOR = { noise: 0.2, steps: 7 };

/**
 * Factors by slot: medians of the ratios to the centered mean of a period (classical decomposition, with medians for means), shrunk toward 1 as
 * far as they are noise: by 1 - 1/F, F being how much more factors differ than medians of such noise would (James and Stein 1961).
 * Ratios of sums know zeros: a weekday without use has the factor 0.
 */
export function seasonOf(values: readonly number[], period: number): Season {
  const recent = Math.max(0, values.length - PERIODS_MAX * period);
  const ratios = Array.from({ length: period }, (): number[] => []);
  for (let at = recent; at < values.length; at++) {
    const value = values[at] ?? Number.NaN;
    const mean = centeredMean(values, at, period);
    if (mean > 0 && !Number.isNaN(value)) ratios[at % period]?.push(value / mean);
  }
  if (ratios.some((slot) => slot.length === 0)) return flatSeason(period);
  return shrink(ratios.map(medianOf), ratios);
}

export function flatSeason(period: number): Season {
  return Array.from({ length: period }, () => 1);
}

/** Mean over one period around a place; at the ends over the nearest whole one. NaN where all is missing. */
function centeredMean(values: readonly number[], at: number, period: number): number {
  const first = Math.max(0, Math.min(at - Math.floor(period / 2), values.length - period));
  let sum = 0;
  let count = 0;
  for (let place = first; place < Math.min(first + period, values.length); place++) {
    const value = values[place] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** Variance of a median over that of a mean, for normal noise: π / 2. */
const MEDIAN_INEFFICIENCY = 1.57;

function shrink(medians: readonly number[], ratios: readonly (readonly number[])[]): Season {
  const deviations = ratios.flatMap((slot, at) => slot.map((ratio) => ratio - (medians[at] ?? 1)));
  const count = deviations.length / ratios.length;
  // Deviations are from medians of few: they lack a degree of freedom a slot.
  const freedom = deviations.length - ratios.length;
  const own = freedom === 0 ? 0 : (robustSd(deviations, 0) ** 2 * deviations.length) / freedom;
  const noise = (freedom * own + PRIOR.steps * PRIOR.noise ** 2) / (freedom + PRIOR.steps);
  const center = medians.reduce((sum, factor) => sum + factor, 0) / medians.length;
  const spread = medians.reduce((sum, factor) => sum + (factor - center) ** 2, 0) / (medians.length - 1);
  const byChance = (MEDIAN_INEFFICIENCY * noise) / count;
  const kept = spread > 0 ? Math.max(0, 1 - byChance / spread) : 0;
  return center > 0 ? medians.map((factor) => 1 + kept * (factor / center - 1)) : flatSeason(medians.length);
}
