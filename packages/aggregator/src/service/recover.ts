// After a start: what the last process left is booked, and what it knew of open traces is known again.

import type { BookKeeper } from '../book/book-keeper.ts';
import type { EntryCost, Pricer } from '../price/price-postings.ts';
import type { Store, UnsealedSegment } from '../save/store.ts';
import type { SaveError } from '../save/save-error.ts';
import { type Patience, patiently } from './patience.ts';

export interface RecoverOptions extends Patience {
  readonly store: Store;
  readonly keeper: BookKeeper<EntryCost>;
  readonly pricer: Pick<Pricer, 'price'>;
  /** The book's clock. */
  readonly nowUs: () => number;
  /** How long before the newest record a trace may have had its last to be taken up again, µs. */
  readonly openUs: number;
  readonly recordsMax: number;
  /** How far back late records are recognized, µs. */
  readonly knownUs: number;
}

/** Records that are looked at for the keys to be known again: a trace has some, and more of them take a start too long. */
const RECORDS_PER_KEY = 8;

/** How long a booking may have been delayed: what should have been decided was not, then. */
const DELAY_US = 60_000_000;

/**
 * Brings the book to where it was: storage is complete first, then open traces are read back as booked, then segments that were never
 * booked are, in order. Booking again what was booked books nothing, so a crash in here is no different from any other.
 */
export async function recover(options: RecoverOptions): Promise<void> {
  const { store, logger } = options;
  await patiently(() => recall(options), options, mayHeal);
  const records = await patiently(() => restoreOpen(options), options, mayHeal);
  if (records > 0) logger.info({ records }, 'open traces read back');
  for (const segment of store.unsealed()) await bookLeft(segment, options);
}

/** Takes note of what storage knows: traces and response ids by fingerprint, and which sources reported which calls. */
async function recall({ store, keeper, nowUs, knownUs }: RecoverOptions): Promise<void> {
  const sinceUs = nowUs() - knownUs;
  const recordsMax = keeper.knownKeysMax * RECORDS_PER_KEY;
  for await (const keys of store.knownKeys({ sinceUs, recordsMax })) {
    for (const { tenant, traceId, responseId } of keys) {
      keeper.remember(tenant, responseId === '' ? { traceId } : { responseId });
    }
  }
  for (const { tenant, ...source } of await store.knownPopulations(sinceUs)) keeper.recall(tenant, source);
}

async function restoreOpen({ store, keeper, nowUs, openUs, recordsMax }: RecoverOptions): Promise<number> {
  let records = 0;
  const quietUs = keeper.quietUs + DELAY_US;
  for await (const block of store.openTraces({ quietUs, windowUs: openUs, recordsMax })) {
    keeper.restore(block, nowUs());
    records += block.length;
  }
  return records;
}

/** Books a segment that an earlier process left before it was sealed. */
async function bookLeft(segment: UnsealedSegment, options: RecoverOptions): Promise<void> {
  const { store, keeper, pricer, nowUs, logger } = options;
  let records = 0;
  for await (const saved of segment.observations()) {
    // One request's, so they came at one time.
    const arrivedUs = Math.min(saved[0]?.arrivedUs ?? 0, nowUs());
    const observations = saved.map(({ observation }) => observation);
    await patiently(() => keeper.add(observations, arrivedUs), options, mayHeal);
    records += saved.length;
  }
  await store.seal(segment.number, pricer.price(keeper.settle(nowUs())));
  logger.info({ segment: segment.number, records }, 'booked a segment that an earlier process left');
}

/** It was there a moment ago: whatever it says may be over in another, a full disk too. */
function mayHeal({ retryable }: SaveError): boolean {
  return retryable;
}
