// In: postings of the book. Out: the same with what they cost. Refused: nothing; what has no price says so.
// A reversal repeats the cost that was booked, whatever the price is by now.

import { type Entry, EntryKind, payableOf, type Posting } from '@turnmeter/accounting';
import type { Cost, PriceBook, PricedCharge } from '@turnmeter/pricing';

/** What is kept of a cost: enough to explain it, and to take it back to the last digit. */
export interface EntryCost extends Omit<Cost, 'claim' | 'charges'> {
  readonly charges: readonly Pick<PricedCharge, 'kind' | 'name' | 'nanoUsd'>[];
}

export interface PricedPosting extends Posting {
  /** Undefined where there is nothing to pay for: a turn, an excluded record, a failed call. */
  readonly cost: EntryCost | undefined;
}

/** Puts prices on postings. Remembers the cost of every entry that stands, for as long as the book holds the entry. */
export class Pricer {
  readonly #prices: PriceBook;
  readonly #costs = new WeakMap<Entry, EntryCost>();

  constructor(prices: PriceBook) {
    this.#prices = prices;
  }

  price(postings: readonly Posting[]): readonly PricedPosting[] {
    return postings.map(({ sign, entry, because }) => ({
      sign,
      entry,
      because,
      cost: sign === -1 ? this.#costs.get(entry) : this.#book(entry),
    }));
  }

  /** Takes over the cost of an entry that was booked before a restart. */
  restore(entry: Entry, cost: EntryCost | undefined): void {
    if (cost === undefined) this.#costs.delete(entry);
    else this.#costs.set(entry, cost);
  }

  /** What an entry costs by today's price book. */
  priceOf(entry: Entry): EntryCost | undefined {
    const request = payableOf(entry);
    if (request === undefined) return undefined;
    const cost = this.#prices.price(request);
    // A tool nobody has a price for costs nothing and needs no row of zeros.
    return entry.kind === EntryKind.TOOL && cost.totalNanoUsd === 0 ? undefined : cost;
  }

  #book(entry: Entry): EntryCost | undefined {
    const cost = this.priceOf(entry);
    if (cost !== undefined) this.#costs.set(entry, cost);
    return cost;
  }
}
