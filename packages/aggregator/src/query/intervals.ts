/** A stretch of time, µs. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** Time that intervals cover together: where several run at once it counts once. */
export function lengthOfUnion(intervals: readonly Interval[]): number {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    if (end <= reached) continue;
    covered += end - Math.max(start, reached);
    reached = end;
  }
  return covered;
}
