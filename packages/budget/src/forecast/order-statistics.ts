// Medians and their kin: what single wild days cannot move.

/** Quantile of sorted values, linear between them (type 7 of Hyndman and Fan); NaN of none. */
export function quantileOf(sorted: ArrayLike<number>, level: number): number {
  const place = (sorted.length - 1) * level;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** NaN of none. */
export function medianOf(values: readonly number[]): number {
  return quantileOf(new Float64Array(values).sort(), 0.5);
}

/** What the median absolute deviation of normal values is multiplied with to be their standard deviation. */
const NORMAL_CONSISTENCY = 1.4826;

/** A standard deviation that up to half of the values cannot spoil; NaN of none. */
export function robustSd(values: readonly number[], center: number = medianOf(values)): number {
  return NORMAL_CONSISTENCY * medianOf(values.map((value) => Math.abs(value - center)));
}

/** Standard deviation of noise by differences of neighbors, which a level that moves slowly does not widen; 0 for fewer than two values. */
export function noiseOfNeighbors(values: readonly number[]): number {
  const differences = values.slice(1).map((value, at) => value - (values[at] ?? value));
  return differences.length === 0 ? 0 : robustSd(differences, 0) / Math.SQRT2;
}

/** Median of the slopes between all pairs (Theil 1950, Sen 1968): a trend that up to 29 % of wild values cannot turn. 0 for fewer than two. */
export function theilSenSlope(values: readonly number[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const from = values[i] ?? Number.NaN;
    if (Number.isNaN(from)) continue;
    for (let j = i + 1; j < values.length; j++) {
      const to = values[j] ?? Number.NaN;
      if (!Number.isNaN(to)) slopes.push((to - from) / (j - i));
    }
  }
  return slopes.length === 0 ? 0 : medianOf(slopes);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
