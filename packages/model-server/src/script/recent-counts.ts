// A server that runs for days forgets who has not called for longest rather than growing without end.
const KEYS_MAX = 50_000;

/** Counts by key, of the keys that were used last. */
export class RecentCounts {
  readonly #counts = new Map<string, number>();

  /** @returns the count with this one. */
  add(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    // Maps keep the order of insertion, so that the first key is the one unused for longest.
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const [oldest] = this.#counts.size > KEYS_MAX ? this.#counts.keys() : [];
    if (oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }

  clear(): void {
    this.#counts.clear();
  }
}
