// What comparable sessions did from the same point on, made into what a running one may cost in the end. In two ways: some workflows go on
// in proportion to what they have spent, others by amounts that have nothing to do with it.

import type { Comparable } from './comparable.ts';
import { type WeightedSample, weightedSample } from './weighted-sample.ts';

/** What sessions did from a point on, and how it is carried over to one that is there. */
export interface EndSample {
  readonly sample: WeightedSample;
  /** The end cost of the running session if it did as a value of the sample did; never below what is spent. */
  readonly endOf: (value: number) => number;
  /** The other way round: the value that leads to an end cost, which is above what is spent. */
  readonly valueOf: (endCostNanoUsd: number) => number;
}

/** What carrying values over needs to know of the running session. */
export interface Standing {
  readonly spentNanoUsd: number;
  readonly floorNanoUsd: number;
}

/** What logarithms there and back may be off. */
const ROUNDING = 1e-9;

/** Logarithms of the end cost, less what the spending by then explains of it: where the slope is 1, how many times as much it became. */
export function sampleOfRatios(comparable: Comparable, { spentNanoUsd, floorNanoUsd }: Standing): EndSample {
  const { spent, end, weights, unseen } = comparable;
  const slope = slopeOf(comparable);
  const explained = slope * Math.log(Math.max(spentNanoUsd, floorNanoUsd));
  return {
    sample: weightedSample(
      end.map((log, at) => log - slope * (spent[at] ?? 0)),
      weights,
      unseen,
    ),
    endOf: (value) => {
      const cost = Math.exp(value + explained);
      return cost <= floorNanoUsd * (1 + ROUNDING) ? spentNanoUsd : Math.max(spentNanoUsd, cost);
    },
    valueOf: (endCostNanoUsd) => Math.log(endCostNanoUsd) - explained,
  };
}

/** What was still spent. */
export function sampleOfRests(comparable: Comparable, { spentNanoUsd, floorNanoUsd }: Standing): EndSample {
  const { spent, end, weights, unseen } = comparable;
  const costOf = (log: number): number => {
    const cost = Math.exp(log);
    return cost <= floorNanoUsd * (1 + ROUNDING) ? 0 : cost;
  };
  return {
    sample: weightedSample(
      end.map((log, at) => costOf(log) - costOf(spent[at] ?? 0)),
      weights,
      unseen,
    ),
    endOf: (value) => spentNanoUsd + Math.max(0, value),
    valueOf: (endCostNanoUsd) => endCostNanoUsd - spentNanoUsd,
  };
}

/** Sessions' worth of belief that twice the spending so far means twice the end cost. */
const PROPORTIONAL_SESSIONS = 20;
const SLOPE_MAX = 1.5;
const LEAST_VARIANCE = 0.01;

/**
 * How much of a difference in spending so far is left at the end, both in logarithms: weighted least squares, drawn toward 1 (in
 * proportion) as ridge regression draws toward 0. After a few turns most of a difference is chance, and the slope lies below 1.
 */
function slopeOf({ spent, end, weights, effective }: Comparable): number {
  let mass = 0;
  let meanSpent = 0;
  let meanEnd = 0;
  let variance = 0;
  let covariance = 0;
  // In one pass, each mean moved by what is new (B. P. Welford, Technometrics 4, 1962; D. H. D. West, CACM 22, 1979).
  for (let at = 0; at < spent.length; at++) {
    const weight = weights[at] ?? 0;
    mass += weight;
    const off = (spent[at] ?? 0) - meanSpent;
    meanSpent += (off * weight) / mass;
    const offEnd = (end[at] ?? 0) - meanEnd;
    meanEnd += (offEnd * weight) / mass;
    variance += weight * off * ((spent[at] ?? 0) - meanSpent);
    covariance += weight * offEnd * ((spent[at] ?? 0) - meanSpent);
  }
  const ridge = (PROPORTIONAL_SESSIONS / effective) * Math.max(variance / mass, LEAST_VARIANCE);
  return Math.min(SLOPE_MAX, Math.max(0, (covariance / mass + ridge) / (variance / mass + ridge)));
}
