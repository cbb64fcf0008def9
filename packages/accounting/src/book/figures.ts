// Sums over postings: what every figure of Turnmeter is, here in memory.

import type { Amounts, Entry, Posting } from './entry.ts';
import { NOTHING } from './entry.ts';

type Amount = keyof Amounts;
const AMOUNTS = Object.keys(NOTHING) as readonly Amount[];

export type Totals = { -readonly [Name in Amount]: number };

/** Adds up postings as they come; order does not matter. */
export class Figures {
  readonly #net = new Set<Entry>();

  /** Takes postings over. A reversal takes back the very entry that was booked. */
  apply(postings: Iterable<Posting>): this {
    for (const { sign, entry } of postings) {
      if (sign === 1) this.#net.add(entry);
      else this.#net.delete(entry);
    }
    return this;
  }

  /** Entries that stand. */
  get entries(): readonly Entry[] {
    return [...this.#net];
  }

  get totals(): Totals {
    return sum(this.#net);
  }

  /** Totals by session, agent, model or whatever an entry names. */
  by(
    name: 'tenant' | 'session' | 'workflow' | 'agent' | 'model' | 'tool' | 'reason' | 'user' | 'usageSource',
  ): ReadonlyMap<string, Totals> {
    const groups = new Map<string, Entry[]>();
    for (const entry of this.#net) groups.set(entry[name], [...(groups.get(entry[name]) ?? []), entry]);
    return new Map([...groups].map(([key, entries]) => [key, sum(entries)]));
  }
}

function sum(entries: Iterable<Entry>): Totals {
  const totals: Totals = { ...NOTHING };
  for (const entry of entries) for (const name of AMOUNTS) totals[name] += entry[name];
  return totals;
}
