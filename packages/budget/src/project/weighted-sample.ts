/** Values with weights, in ascending order, and room for one more that nobody has seen: the one that is to be predicted. */
export interface WeightedSample {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  /** Sum of the weights. */
  readonly mass: number;
  /** Weight of the unseen value, which may lie anywhere. */
  readonly unseen: number;
}

/** Sorts values together with their weights. */
export function weightedSample(values: ArrayLike<number>, weights: ArrayLike<number>, unseen: number): WeightedSample {
  const order = Array.from({ length: values.length }, (_, at) => at).sort(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0),
  );
  const sorted = {
    values: Float64Array.from(order, (at) => values[at] ?? 0),
    weights: Float64Array.from(order, (at) => weights[at] ?? 0),
  };
  return { ...sorted, mass: sorted.weights.reduce((sum, weight) => sum + weight, 0), unseen };
}

/** The highest level of which there is a finite quantile: above it lies what the unseen value may be. */
export function levelMax({ mass, unseen }: WeightedSample): number {
  return mass / (mass + unseen);
}

/**
 * The weighted conformal quantile, linear between values; the unseen value counts as larger than all others.
 * Undefined below the weight of the first value: nothing that was seen bounds it there.
 */
export function quantileOf(sample: WeightedSample, level: number): number | undefined {
  const { values, weights, mass, unseen } = sample;
  const target = level * (mass + unseen);
  let before = 0;
  for (let at = 0; at < values.length; at++) {
    const weight = weights[at] ?? 0;
    const value = values[at] ?? 0;
    if (before + weight >= target) {
      const previous = values[at - 1];
      // The first value is reached when all of its weight is: below, the level lies in the open.
      if (previous === undefined) return before + weight > target ? undefined : value;
      return previous + (value - previous) * Math.min(1, (target - before) / weight);
    }
    before += weight;
  }
  return values.at(-1);
}

/** The share of all that lies below a value, the unseen one not among it. */
export function shareBelow({ values, weights, mass, unseen }: WeightedSample, value: number): number {
  let below = 0;
  for (let at = 0; at < values.length && (values[at] ?? 0) < value; at++) below += weights[at] ?? 0;
  return below / (mass + unseen);
}
