// Descriptions of samples. Quantiles are type 7 of Hyndman and Fan (linear between order statistics), the default of R and numpy, and what
// ClickHouse's quantilesDeterministic interpolates by too.

/** What a sample looks like. Undefined is "there is no such number", never NaN. */
export interface Distribution {
  readonly n: number;
  readonly mean: number | undefined;
  /** Of a sample: divided by n - 1, so there is none for one value. */
  readonly sd: number | undefined;
  readonly min: number | undefined;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

export const NO_DISTRIBUTION: Distribution = {
  n: 0,
  mean: undefined,
  sd: undefined,
  min: undefined,
  p50: undefined,
  p95: undefined,
  p99: undefined,
  max: undefined,
};

/** Describes numbers as sessions have them: µs, tokens, nano-dollars, up to 2^53. Sums of integers are exact, so their mean is rounded once. */
export function describe(values: readonly number[]): Distribution {
  if (values.length === 0) return NO_DISTRIBUTION;
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const mean = clampTo(sorted.reduce((sum, value) => sum + value, 0) / n, sorted);
  return {
    n,
    mean,
    sd: n < 2 ? undefined : Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2 / (n - 1), 0)),
    min: sorted[0],
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted[n - 1],
  };
}

/** The mean lies between the smallest and the largest; rounding may put it a last digit outside. */
function clampTo(mean: number, sorted: readonly number[]): number {
  return Math.min(Math.max(mean, sorted[0] ?? mean), sorted.at(-1) ?? mean);
}

/** Quantile of sorted values; undefined if there are none. */
export function quantile(sorted: readonly number[], level: number): number | undefined {
  const place = (sorted.length - 1) * level;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  return below === undefined || above === undefined ? undefined : below + (above - below) * (place - Math.floor(place));
}

/** Sums of integers, from which mean and standard deviation follow exactly. */
export interface Moments {
  readonly n: number;
  readonly sum: bigint;
  /** Sum of squares. */
  readonly squares: bigint;
}

/** Σx / n, rounded once. */
export function meanOf({ n, sum }: Moments): number | undefined {
  return n === 0 ? undefined : ratio(sum, BigInt(n));
}

/** √((n Σx² − (Σx)²) / (n (n − 1))): exact under the root, where differences of large rounded sums would be noise. */
export function sdOf({ n, sum, squares }: Moments): number | undefined {
  if (n < 2) return undefined;
  const count = BigInt(n);
  const spread = count * squares - sum * sum;
  return spread <= 0n ? 0 : Math.sqrt(ratio(spread, count * (count - 1n)));
}

/** A quotient of integers that need not fit numbers. */
function ratio(numerator: bigint, denominator: bigint): number {
  const whole = numerator / denominator;
  return Number(whole) + Number(numerator - whole * denominator) / Number(denominator);
}

/** How many of the values a value is above: the share below it, equal ones counting half, in percent. */
export function percentileRank(counts: {
  readonly below: number;
  readonly equal: number;
  readonly n: number;
}): number | undefined {
  const { below, equal, n } = counts;
  return n === 0 ? undefined : ((below + equal / 2) / n) * 100;
}
