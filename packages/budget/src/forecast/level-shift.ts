// Where the level last changed for good: a new release, a customer who came or left.

import { medianOf, noiseOfNeighbors, robustSd, theilSenSlope } from './order-statistics.ts';

/** How far back a change is looked for; what is older is forgotten anyway. */
const WINDOW = 70;
/** Fewer days than these are a burst and no level. */
const SEGMENT_MIN = 4;
/** Standard errors by which levels must differ. Of some 60 places the best is taken, which chance alone brings to about 3. */
const ERRORS_MIN = 5;
/** Changes below a fifth are followed by smoothing fast enough. */
const CHANGE_MIN = Math.log(1.2);
/** A step must explain days better than a slope does; what a slope explains as well is a trend. */
const STEP_TO_SLOPE_MAX = 0.9;
/** Changes after the last one found. */
const CHANGES_MAX = 3;
/** Variance of a median over that of a mean, for normal noise: π / 2. */
const MEDIAN_INEFFICIENCY = 1.57;

/**
 * First place of the last level in logarithms of use; 0 if the level never changed. One change is the split whose medians leave the least
 * absolute deviation, which bursts cannot make (least absolute deviations as in Bai 1995); the part after it is searched again.
 */
export function lastLevelShift(logs: readonly number[]): number {
  let start = Math.max(0, logs.length - WINDOW);
  let found = 0;
  for (let change = 0; change < CHANGES_MAX; change++) {
    const next = findChange(logs.slice(start));
    if (next === undefined) break;
    start += next;
    found = start;
  }
  return found;
}

function findChange(window: readonly number[]): number | undefined {
  const known = window.flatMap((value, at) => (Number.isNaN(value) ? [] : [{ value, at }]));
  if (known.length < 2 * SEGMENT_MIN + 2) return undefined;
  const values = known.map(({ value }) => value);
  let best: { readonly split: number; readonly cost: number } | undefined;
  for (let split = SEGMENT_MIN; split <= values.length - SEGMENT_MIN; split++) {
    const cost = deviation(values.slice(0, split)) + deviation(values.slice(split));
    if (best === undefined || cost < best.cost) best = { split, cost };
  }
  return best !== undefined && isChange(values, best) ? known[best.split]?.at : undefined;
}

function isChange(
  values: readonly number[],
  { split, cost }: { readonly split: number; readonly cost: number },
): boolean {
  const before = values.slice(0, split);
  const after = values.slice(split);
  const [from, to] = [medianOf(before), medianOf(after)];
  // The part before may have changes of its own, and neighbors tell nothing of how a level wanders: the calmer part does.
  const noise = Math.max(noiseOfNeighbors(values), Math.min(robustSd(before, from), robustSd(after, to)));
  const error = noise * Math.sqrt(MEDIAN_INEFFICIENCY * (1 / before.length + 1 / after.length));
  const change = Math.abs(to - from);
  return change > CHANGE_MIN && change > ERRORS_MIN * error && cost < STEP_TO_SLOPE_MAX * deviationFromSlope(values);
}

/** Sum of absolute deviations from the median. */
function deviation(values: readonly number[]): number {
  const center = medianOf(values);
  return values.reduce((sum, value) => sum + Math.abs(value - center), 0);
}

function deviationFromSlope(values: readonly number[]): number {
  const slope = theilSenSlope(values);
  return deviation(values.map((value, at) => value - slope * at));
}
