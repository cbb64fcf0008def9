// What is known of one population of calls: how well each topic is reported, and who depends on that.

import type { TraceNode } from './trace.ts';

/** Topics by hour and process that one service is remembered for; the oldest are forgotten. */
const SLOTS_MAX = 50_000;

/** How well a topic is reported: number of records by rank, and the best rank among them. */
interface Slot {
  readonly counts: Map<number, number>;
  best: number;
}

/** Records of one producer and session, or of one service over time. */
export class Population {
  readonly #slots = new Map<string, Slot>();
  /** Records that can lose or regain their standing. */
  readonly watchers: Set<TraceNode> = new Set();
  /** Records in memory. */
  size = 0;

  /** Returns true when the topic is better reported than before. */
  add(name: string, rank: number): boolean {
    const slot = this.#slots.get(name);
    if (slot === undefined) {
      this.#slots.set(name, { counts: new Map([[rank, 1]]), best: rank });
      if (this.#slots.size > SLOTS_MAX) this.#slots.delete(this.#slots.keys().next().value ?? '');
      return true;
    }
    slot.counts.set(rank, (slot.counts.get(rank) ?? 0) + 1);
    if (rank >= slot.best) return false;
    slot.best = rank;
    return true;
  }

  /** Returns true when the topic is worse reported than before. */
  remove(name: string, rank: number): boolean {
    const slot = this.#slots.get(name);
    if (slot === undefined) return false;
    const left = (slot.counts.get(rank) ?? 0) - 1;
    if (left > 0) {
      slot.counts.set(rank, left);
      return false;
    }
    slot.counts.delete(rank);
    if (slot.counts.size === 0) this.#slots.delete(name);
    else slot.best = Math.min(...slot.counts.keys());
    return true;
  }

  bestRank(name: string): number {
    return this.#slots.get(name)?.best ?? Number.POSITIVE_INFINITY;
  }
}
