// The book of all tenants: records in, bookings out. In memory and pure; durability and scale are the aggregator's.

import type { Observation } from '../observe/observation.ts';
import type { Entry, Posting } from './entry.ts';
import type { KnownSource } from './populations.ts';
import { type EvictedTrace, type Reception, TenantBook } from './tenant-book.ts';

export interface BookOptions {
  /**
   * How long nothing may have arrived for a trace before weaker evidence is booked: sums where no call was seen, metrics where
   * nothing else reports, a trace as its own session. µs.
   * @default 5_000_000
   */
  readonly quietUs?: number;
  /**
   * Records in memory above which complete traces count as quiet after a second, so that they can leave.
   * @default Infinity
   */
  readonly crowdedAt?: number;
}

const QUIET_US_DEFAULT = 5_000_000;
const QUIET_US_CROWDED = 1_000_000;

/**
 * Books observations. The figures that follow from its postings are a function of the set of records: their order, their
 * grouping and their repetition change nothing.
 */
export class Book {
  readonly #tenants = new Map<string, TenantBook>();
  readonly #quietUs: number;
  readonly #crowdedAt: number;

  constructor(options: BookOptions = {}) {
    this.#quietUs = options.quietUs ?? QUIET_US_DEFAULT;
    this.#crowdedAt = options.crowdedAt ?? Number.POSITIVE_INFINITY;
  }

  add(observation: Observation, nowUs: number): Reception {
    return this.#tenant(observation.tenant).add(observation, nowUs);
  }

  /** Bookings that are due by now, reversals before what takes their place. */
  settle(nowUs: number): readonly Posting[] {
    const isCrowded = this.size > this.#crowdedAt;
    const completeUs = isCrowded ? Math.min(QUIET_US_CROWDED, this.#quietUs) : this.#quietUs;
    return [...this.#tenants.values()].flatMap((book) => book.settle(nowUs, { anyUs: this.#quietUs, completeUs }));
  }

  /** Whether time alone may bring bookings: something is new, or not quiet yet. */
  get isUnsettled(): boolean {
    return [...this.#tenants.values()].some((book) => book.isUnsettled);
  }

  /** Puts back a record that was booked before; see {@link TenantBook.restore}. */
  restore(observation: Observation, booked: Entry | undefined, arrivedUs: number): void {
    this.#tenant(observation.tenant).restore(observation, booked, arrivedUs);
  }

  /** What is booked in memory for the record that a stored entry is about. */
  bookedFor({ tenant, traceId, recordId, signal }: Entry): Entry | undefined {
    return this.#tenants.get(tenant)?.bookedFor(traceId, recordId, signal);
  }

  /** Takes note of a source that reported calls which are in memory no more; see {@link KnownSource}. */
  recall(tenant: string, source: KnownSource): void {
    this.#tenant(tenant).recall(source);
  }

  /** Records in memory, all tenants. */
  get size(): number {
    let size = 0;
    for (const book of this.#tenants.values()) size += book.size;
    return size;
  }

  hasTrace(tenant: string, traceId: string): boolean {
    return this.#tenants.get(tenant)?.hasTrace(traceId) ?? false;
  }

  hasResponse(tenant: string, responseId: string): boolean {
    return this.#tenants.get(tenant)?.hasResponse(responseId) ?? false;
  }

  /**
   * Makes room: takes traces untouched since then out of memory while more than `sizeMax` records are held. The largest tenants
   * give first, so that one cannot push out the others.
   */
  evict(untouchedSinceUs: number, sizeMax: number): readonly (EvictedTrace & { readonly tenant: string })[] {
    const evicted: (EvictedTrace & { tenant: string })[] = [];
    let excess = this.size - sizeMax;
    for (const [tenant, book] of [...this.#tenants].toSorted(([, a], [, b]) => b.size - a.size)) {
      if (excess <= 0) break;
      const before = book.size;
      for (const trace of book.evict(untouchedSinceUs, Math.max(0, before - excess)))
        evicted.push({ ...trace, tenant });
      excess -= before - book.size;
    }
    return evicted;
  }

  #tenant(name: string): TenantBook {
    let book = this.#tenants.get(name);
    if (book === undefined) this.#tenants.set(name, (book = new TenantBook()));
    return book;
  }
}
