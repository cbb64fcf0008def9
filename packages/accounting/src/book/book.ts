// The book of all tenants: records in, bookings out. In memory and pure; durability and scale are the aggregator's.

import type { Observation } from '../observe/observation.ts';
import type { Posting } from './entry.ts';
import { type Reception, TenantBook } from './tenant-book.ts';

export interface BookOptions {
  /**
   * How long nothing may have arrived for a trace before weaker evidence is booked: sums where no call was seen, metrics where
   * nothing else reports, a trace as its own session. µs.
   * @default 5_000_000
   */
  readonly quietUs?: number;
}

const QUIET_US_DEFAULT = 5_000_000;

/**
 * Books observations. The figures that follow from its postings are a function of the set of records: their order, their
 * grouping and their repetition change nothing.
 */
export class Book {
  readonly #tenants = new Map<string, TenantBook>();
  readonly #quietUs: number;

  constructor(options: BookOptions = {}) {
    this.#quietUs = options.quietUs ?? QUIET_US_DEFAULT;
  }

  add(observation: Observation, nowUs: number): Reception {
    return this.#tenant(observation.tenant).add(observation, nowUs);
  }

  /** Bookings that are due by now, reversals before what takes their place. */
  settle(nowUs: number): readonly Posting[] {
    const postings: Posting[] = [];
    for (const book of this.#tenants.values()) postings.push(...book.settle(nowUs, this.#quietUs));
    return postings;
  }

  #tenant(name: string): TenantBook {
    let book = this.#tenants.get(name);
    if (book === undefined) this.#tenants.set(name, (book = new TenantBook()));
    return book;
  }
}
