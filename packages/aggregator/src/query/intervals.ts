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
    const from = Math.max(start, reached);
    // Clocks that were set back make ends before begins.
    if (end <= from) continue;
    covered += end - from;
    reached = end;
  }
  return covered;
}
