/** Times in which an agent did not work itself: a person was asked, another agent spoke. What overlaps counts once. */
export class AwayTime {
  /** Apart from each other, in order; most turns never have any. */
  #intervals: Interval[] | undefined;

  /** Milliseconds since 1970, both. */
  add(startMs: number, endMs: number): void {
    if (!(endMs > startMs)) return;
    const apart: Interval[] = [];
    let added: Interval = { startMs, endMs };
    for (const other of this.#intervals ?? []) {
      if (other.endMs < added.startMs || other.startMs > added.endMs) apart.push(other);
      else added = { startMs: Math.min(other.startMs, added.startMs), endMs: Math.max(other.endMs, added.endMs) };
    }
    // A turn with that many pauses has lost its meaning; the bound keeps adding cheap.
    if (apart.length < INTERVALS_MAX) apart.push(added);
    this.#intervals = apart;
  }

  /** How much of a stretch of time it covers. */
  within(fromMs: number, toMs: number): number {
    let coveredMs = 0;
    for (const { startMs, endMs } of this.#intervals ?? []) {
      coveredMs += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs));
    }
    return coveredMs;
  }
}

interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

const INTERVALS_MAX = 1000;
