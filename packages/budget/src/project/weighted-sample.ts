import assert from 'node:assert/strict';

/** Values with weights, in ascending order, and room for one more that nobody has seen: the one that is to be predicted. */
export interface WeightedSample {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  /** Sum of the weights. */
  readonly mass: number;
  /** Weight of the unseen value, which may lie anywhere. */
  readonly unseen: number;
}

/** The most values in a sample. */
export const SAMPLE_MAX = 4096;
/** What values are told apart by when they are sorted, as parts of their range; together with a place it makes a whole number below 2^53. */
const GRADES = 2 ** 40;

/** Sorts values together with their weights. */
export function weightedSample(values: Float64Array, weights: Float64Array, unseen: number): WeightedSample {
  assert(values.length <= SAMPLE_MAX, `a sample has ${SAMPLE_MAX} values at most, received ${values.length}`);
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const scale = most > least ? GRADES / (most - least) : 0;
  const keys = new Float64Array(values.length);
  for (let place = 0; place < values.length; place++) {
    keys[place] = Math.floor(((values[place] ?? 0) - least) * scale) * SAMPLE_MAX + place;
  }
  // Numbers are sorted without calls back, some ten times as fast as places by their values: the place is in the last digits.
  keys.sort();
  const sortedValues = new Float64Array(values.length);
  const sortedWeights = new Float64Array(values.length);
  let mass = 0;
  for (let at = 0; at < keys.length; at++) {
    const place = (keys[at] ?? 0) % SAMPLE_MAX;
    const weight = weights[place] ?? 0;
    // Values of one grade are in the order of their places.
    sortedValues[at] = Math.max(values[place] ?? 0, sortedValues[at - 1] ?? -Infinity);
    sortedWeights[at] = weight;
    mass += weight;
  }
  return { values: sortedValues, weights: sortedWeights, mass, unseen };
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
