import { addUsage, NO_USAGE, type Usage } from '../usage.ts';
import { Outcome, type LedgerEntry } from './entry.ts';

/** Sums over calls that were billed. */
export interface LedgerTotals extends Usage {
  readonly calls: number;
}

/** What a call has when it comes; the rest is filled in as it goes on. */
export type OpeningEntry = Pick<LedgerEntry, 'endpoint' | 'path' | 'requestId' | 'requestHeaders' | 'attempt'>;

// A server that runs for days forgets the oldest calls rather than growing without end.
const ENTRIES_MAX = 200_000;

/** The record of every call, in the order in which they came. */
export class Ledger {
  #entries: LedgerEntry[] = [];
  #opened = 0;

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** Records that a call came. @returns its number, for {@link Ledger.note}. */
  open(opening: OpeningEntry): number {
    const number = (this.#opened += 1);
    this.#entries.push({
      ...opening,
      number,
      at: Date.now(),
      durationMs: 0,
      streamed: false,
      outcome: Outcome.pending,
      usage: NO_USAGE,
      billed: false,
      usageSent: false,
      aborted: false,
    });
    if (this.#entries.length > ENTRIES_MAX) this.#entries = this.#entries.slice(-ENTRIES_MAX / 2);
    return number;
  }

  /** Records more about a call. Does nothing once the ledger was cleared of it. */
  note(number: number, news: Partial<Omit<LedgerEntry, 'number' | 'at' | 'durationMs'>>): void {
    const index = this.#entries.findLastIndex((entry) => entry.number === number);
    const entry = this.#entries[index];
    if (entry !== undefined) this.#entries[index] = { ...entry, ...news, durationMs: Date.now() - entry.at };
  }

  totals(filter: (entry: LedgerEntry) => boolean = () => true): LedgerTotals {
    const billed = this.#entries.filter((entry) => entry.billed && filter(entry));
    return { calls: billed.length, ...billed.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE) };
  }

  clear(): void {
    this.#entries = [];
  }
}
