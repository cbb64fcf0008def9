// The moments at which Prometheus would have scraped: seldom long ago, often lately, so that a month is some millions of samples.

import { DAY_MS, HOUR_MS } from './calendar.ts';

/** Ascending, milliseconds. */
export type Ticks = Float64Array;

/** How far samples are apart, up to how long ago: graphs of some hours have points closer together than graphs of a month. */
const STEPS: readonly { readonly stepMs: number; readonly agoMs: number }[] = [
  { stepMs: 120_000, agoMs: Infinity },
  { stepMs: 60_000, agoMs: 26 * HOUR_MS },
  { stepMs: 30_000, agoMs: 6.5 * HOUR_MS },
];

export function ticksBetween(fromMs: number, toMs: number): Ticks {
  const times: number[] = [];
  for (const [index, { stepMs, agoMs }] of STEPS.entries()) {
    const endMs = toMs - (STEPS[index + 1]?.agoMs ?? -1);
    for (let timeMs = Math.max(fromMs, toMs - agoMs); timeMs < endMs; timeMs += stepMs) times.push(timeMs);
  }
  return Float64Array.from(times);
}

/** How long ago a series begins: what only alerts and the last days' graphs look at need not be a month long. */
export const PAST = { MONTH: 36 * DAY_MS, WEEK: 8 * DAY_MS, DAYS: 3.3 * DAY_MS, DAY: 30 * HOUR_MS } as const;

interface Amount {
  readonly timeMs: number;
  readonly amount: number;
}

/** A sum that rises with each amount, at each tick; amounts in the order of time. */
export function runningSum(ticks: Ticks, amounts: Iterable<Amount>): Float64Array {
  const sums = new Float64Array(ticks.length);
  let [at, sum] = [0, 0];
  for (const { timeMs, amount } of amounts) {
    while (at < ticks.length && (ticks[at] ?? 0) < timeMs) sums[at++] = sum;
    sum += amount;
  }
  sums.fill(sum, at);
  return sums;
}
