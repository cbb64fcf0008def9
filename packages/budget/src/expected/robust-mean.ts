// What sessions of a workflow normally cost, in one number that a few runaways cannot move.
//
// Huber's M-estimator of location (P. J. Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35, 1964) with
// the median absolute deviation as its scale: values further than two scales from the middle count as if they were two scales away. Of the nine
// means that `bench/expected-cost.ts` tries on ten kinds of costs (log-normal, Pareto, two modes; some with runaways), with 5 to 500 sessions, it errs
// the least with 30, and at most a fifth more than the best one elsewhere; the plain mean errs three to five times as much. What it gives up: of
// costs that are very skewed by nature (log-normal with σ = 1) it lies a fifth below their mean.

/** A description of costs that a few of them cannot move. */
export interface RobustMoments {
  readonly n: number;
  /** Undefined where there are no values. */
  readonly mean: number | undefined;
  /** Undefined below two values. */
  readonly sd: number | undefined;
}

/** Scales from the middle beyond which a value counts no further. */
const CLIP_SCALES = 2;
/** Median absolute deviation → standard deviation, of normal values: 1 / Φ⁻¹(3/4). */
const SD_PER_MEDIAN_DEVIATION = 1.4826;
/** Mean absolute deviation → standard deviation, of normal values: √(π/2). Stands in where over half of the values are alike. */
const SD_PER_MEAN_DEVIATION = 1.2533;
/** Share of the variance that is left of normal values clipped at two scales. */
const CLIPPED_VARIANCE = 0.9205;
/** Each step halves the error at least; more than enough for all digits. */
const STEPS_MAX = 60;
const PRECISION = 1e-12;

/** Huber's mean of finite values; undefined where there are none. It does not depend on their order, and lies between the least and the greatest. */
export function robustMean(values: readonly number[]): number | undefined {
  return robustMoments(values).mean;
}

/** Huber's mean, and the standard deviation of the values as it sees them. */
export function robustMoments(values: readonly number[]): RobustMoments {
  const n = values.length;
  if (n === 0) return { n, mean: undefined, sd: undefined };
  // In one order, so that rounding is the same whichever way the values came.
  const sorted = Float64Array.from(values).sort();
  const median = medianOf(sorted);
  const scale = scaleAround(median, sorted);
  if (scale === 0) return { n, mean: median, sd: n < 2 ? undefined : 0 };
  const reach = CLIP_SCALES * scale;
  let mean = median;
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = clippedMean(sorted, mean - reach, mean + reach);
    const isThere = Math.abs(next - mean) <= PRECISION * scale;
    mean = next;
    if (isThere) break;
  }
  return { n, mean, sd: n < 2 ? undefined : clippedSd(sorted, mean, reach) };
}

/** Winsorizing around the last guess: where it changes nothing more, the sum of Huber's ψ is zero. */
function clippedMean(sorted: Float64Array, low: number, high: number): number {
  let sum = 0;
  for (const value of sorted) sum += Math.min(high, Math.max(low, value));
  return Math.min(Math.max(sum / sorted.length, sorted[0] ?? sum), sorted.at(-1) ?? sum);
}

function clippedSd(sorted: Float64Array, mean: number, reach: number): number {
  let squares = 0;
  for (const value of sorted) squares += Math.min(reach, Math.abs(value - mean)) ** 2;
  return Math.sqrt(squares / (sorted.length - 1) / CLIPPED_VARIANCE);
}

function scaleAround(median: number, sorted: Float64Array): number {
  const deviations = sorted.map((value) => Math.abs(value - median)).sort();
  const scale = SD_PER_MEDIAN_DEVIATION * medianOf(deviations);
  if (scale > 0) return scale;
  return (SD_PER_MEAN_DEVIATION * deviations.reduce((sum, deviation) => sum + deviation, 0)) / deviations.length;
}

function medianOf(sorted: Float64Array): number {
  const below = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const above = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return below + (above - below) / 2;
}
