// Prices history again: what stands in the ledger at another cost than today's price book gives is reversed and booked anew, in slices
// of time, so that ordinary bookings go on in between (R39).

import { type Entry, Reason } from '@turnmeter/accounting';
import type { BookKeeper } from '../book/book-keeper.ts';
import type { Pipeline } from '../pipeline.ts';
import type { EntryCost, PricedPosting, Pricer } from '../price/price-postings.ts';
import type { StandingEntry } from '../save/lookup/saved-records.ts';
import type { Store } from '../save/store.ts';
import type { RepricedModel, RepriceRequest, RepriceResult } from '../serve/operations.ts';

export interface RepriceParts {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly pricer: Pricer;
  readonly keeper: BookKeeper<EntryCost>;
  readonly bookVersion: string;
}

/**
 * Runs one repricing. Each slice is booked in one segment, so that a crash leaves every slice either as it was or done, and another run
 * does the rest. A second run finds nothing to change: what was booked anew is at today's price.
 */
export async function reprice(request: RepriceRequest, parts: RepriceParts): Promise<RepriceResult> {
  const { pipeline, store, bookVersion } = parts;
  const tally = new Tally();
  await pipeline.flush();
  for (const slice of await store.slicesBetween(request)) {
    // The book must not decide about an entry between its being read and its being booked anew.
    await pipeline.postExclusively(async (undelivered) => {
      const standing = await store.standingIn(slice);
      const changes = findChanges(standing, undelivered, { pricer: parts.pricer, tally });
      return request.isDryRun ? [] : changes.flatMap((change) => book(change, parts.keeper));
    });
  }
  if (!request.isDryRun) await pipeline.flush();
  return tally.result(bookVersion);
}

/** An entry that stands, and what it costs from now on. */
interface Change extends StandingEntry {
  readonly priced: EntryCost | undefined;
}

function findChanges(
  standing: readonly StandingEntry[],
  undelivered: readonly PricedPosting[],
  { pricer, tally }: { readonly pricer: Pricer; readonly tally: Tally },
): readonly Change[] {
  // Taken back already at the cost it stands at; what takes its place is at today's price.
  const leaving = new Set(undelivered.filter(({ sign }) => sign === -1).map(({ entry }) => recordOf(entry)));
  const changes: Change[] = [];
  for (const { entry, cost } of standing) {
    if (leaving.has(recordOf(entry))) continue;
    const priced = pricer.priceOf(entry);
    tally.add(entry, cost, priced);
    if (!isSameCost(cost, priced)) changes.push({ entry, cost, priced });
  }
  return changes;
}

function recordOf({ signal, traceId, recordId }: Entry): string {
  return `${signal}/${traceId}/${recordId}`;
}

/** Taken back as it stands and booked anew; from now on the book takes it back at the new cost. */
function book({ entry, cost, priced }: Change, keeper: BookKeeper<EntryCost>): readonly PricedPosting[] {
  keeper.repriced(entry, priced);
  return [
    { sign: -1, entry, because: Reason.REPRICED, cost },
    { sign: 1, entry, because: '', cost: priced },
  ];
}

/** Would the row in the ledger be another? */
function isSameCost(a: EntryCost | undefined, b: EntryCost | undefined): boolean {
  return (
    a?.totalNanoUsd === b?.totalNanoUsd &&
    a?.otherNanoUsd === b?.otherNanoUsd &&
    a?.status === b?.status &&
    a?.source === b?.source &&
    a?.priceId === b?.priceId &&
    a?.unpricedTokens === b?.unpricedTokens
  );
}

/** Adds up what repricing changes, by model. */
class Tally {
  #entries = 0;
  #changed = 0;
  readonly #models = new Map<string, { -readonly [Name in keyof RepricedModel]: RepricedModel[Name] }>();

  add(entry: Entry, before: EntryCost | undefined, after: EntryCost | undefined): void {
    this.#entries++;
    if (isSameCost(before, after)) return;
    this.#changed++;
    const { provider, model } = entry;
    const key = `${provider}\n${model}`;
    const known = this.#models.get(key) ?? { provider, model, entries: 0, beforeNanoUsd: 0n, afterNanoUsd: 0n };
    known.entries++;
    known.beforeNanoUsd += BigInt(before?.totalNanoUsd ?? 0);
    known.afterNanoUsd += BigInt(after?.totalNanoUsd ?? 0);
    this.#models.set(key, known);
  }

  result(bookVersion: string): RepriceResult {
    const models = [...this.#models.values()].toSorted((a, b) => (a.model < b.model ? -1 : 1));
    const sum = (part: 'beforeNanoUsd' | 'afterNanoUsd'): bigint =>
      models.reduce((total, one) => total + one[part], 0n);
    return {
      entries: this.#entries,
      changed: this.#changed,
      beforeNanoUsd: sum('beforeNanoUsd'),
      afterNanoUsd: sum('afterNanoUsd'),
      bookVersion,
      models,
    };
  }
}
