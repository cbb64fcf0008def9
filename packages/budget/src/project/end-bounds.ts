import type { EndSample } from './end-sample.ts';
import { levelMax, quantileOf, shareBelow } from './weighted-sample.ts';

/** Between which costs a session ends, and what is as likely too much as too little. */
export interface EndBounds {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** What carrying values over and back may be off. */
const ROUNDING = 1e-12;

/**
 * The interval with half of what it is to miss on each side. What cannot be missed below, because many sessions end right where this one
 * is, or because too few tell of the upper end, is missed above, and the other way round: else it would hold more than it says.
 */
export function boundsOf(ends: EndSample, spentNanoUsd: number, missed: number): EndBounds {
  const { sample, endOf, valueOf } = ends;
  const reachable = levelMax(sample);
  let low = endAt(ends, spentNanoUsd, missed / 2);
  const below =
    low > spentNanoUsd ? Math.min(missed / 2, shareBelow(sample, valueOf(low) - Math.abs(valueOf(low)) * ROUNDING)) : 0;
  const wanted = 1 - missed + below;
  if (wanted > reachable) low = Math.min(low, endAt(ends, spentNanoUsd, below - (wanted - reachable)));
  const high = endAt(ends, spentNanoUsd, Math.min(wanted, reachable));
  const mid = endOf(quantileOf(sample, 0.5 * reachable) ?? sample.values[0] ?? 0);
  return { low, mid: Math.min(high, Math.max(low, mid)), high };
}

/** The end cost at a level; below the least that was seen, between it and what is spent, which is certain. */
function endAt({ sample, endOf }: EndSample, spentNanoUsd: number, level: number): number {
  const value = quantileOf(sample, level);
  if (value !== undefined) return endOf(value);
  const lowest = endOf(sample.values[0] ?? 0);
  const first = (sample.weights[0] ?? 0) / (sample.mass + sample.unseen);
  return spentNanoUsd + (lowest - spentNanoUsd) * Math.min(1, Math.max(0, level) / first);
}

/** Averages two sets of bounds, each with its share. */
export function mixBounds(one: EndBounds, other: EndBounds, shareOfOne: number): EndBounds {
  const mix = (pick: (bounds: EndBounds) => number): number => shareOfOne * pick(one) + (1 - shareOfOne) * pick(other);
  return { low: mix(({ low }) => low), mid: mix(({ mid }) => mid), high: mix(({ high }) => high) };
}

/** Levels that low, mid and high are quantiles of. */
const LEVELS = { low: 0.05, mid: 0.5, high: 0.95 } as const;

/** How bad bounds were, once the end is known: the mean pinball loss of the three as quantiles. */
export function lossOf({ low, mid, high }: EndBounds, endCostNanoUsd: number): number {
  return (
    (pinball(LEVELS.low, low, endCostNanoUsd) +
      pinball(LEVELS.mid, mid, endCostNanoUsd) +
      pinball(LEVELS.high, high, endCostNanoUsd)) /
    3
  );
}

/** Twice as bad to be wrong on the unlikely side: what makes the quantile the best answer (R. Koenker, G. Bassett, Econometrica 46, 1978). */
export function pinball(level: number, quantile: number, value: number): number {
  return value >= quantile ? level * (value - quantile) : (1 - level) * (quantile - value);
}
