/** Times in which an agent did not work itself: a person was asked, another agent spoke. What overlaps counts once. */
export class AwayTime {
  /** Apart from each other; most turns never have any. */
  #intervals: readonly Interval[] = NONE;
  #open: Set<Pick<Interval, 'startMs'>> | undefined;

  /** Milliseconds since 1970, both. */
  add(startMs: number, endMs: number): void {
    this.#intervals = joined(this.#intervals, { startMs, endMs });
  }

  /** One begins; the answer, called with the time of its end, ends it. Until then it lasts. */
  begin(startMs: number): (endMs: number) => void {
    const begun = { startMs };
    const open = (this.#open ??= new Set());
    open.add(begun);
    return (endMs) => {
      if (open.delete(begun)) this.add(startMs, endMs);
    };
  }

  /** How much of a stretch of time it covers. */
  within(fromMs: number, toMs: number): number {
    let intervals = this.#intervals;
    for (const { startMs } of this.#open ?? NONE) intervals = joined(intervals, { startMs, endMs: toMs });
    let coveredMs = 0;
    for (const { startMs, endMs } of intervals) {
      coveredMs += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs));
    }
    return coveredMs;
  }
}

interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

const NONE: readonly never[] = [];
/** A turn with that many pauses has lost its meaning; the bound keeps adding cheap. */
const INTERVALS_MAX = 1000;

function joined(intervals: readonly Interval[], { startMs, endMs }: Interval): readonly Interval[] {
  if (!(endMs > startMs)) return intervals;
  const apart: Interval[] = [];
  let whole: Interval = { startMs, endMs };
  for (const other of intervals) {
    if (other.endMs < whole.startMs || other.startMs > whole.endMs) apart.push(other);
    else whole = { startMs: Math.min(other.startMs, whole.startMs), endMs: Math.max(other.endMs, whole.endMs) };
  }
  if (apart.length < INTERVALS_MAX) apart.push(whole);
  return apart;
}
