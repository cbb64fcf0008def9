// After a start: what the last process left is booked, and what it knew of open traces is known again.

import type { Logger } from 'pino';
import type { BookKeeper } from '../book/book-keeper.ts';
import type { EntryCost, Pricer } from '../price/price-postings.ts';
import type { Store } from '../save/store.ts';

export interface RecoverOptions {
  readonly store: Store;
  readonly keeper: BookKeeper<EntryCost>;
  readonly pricer: Pricer;
  /** The book's clock. */
  readonly nowUs: () => number;
  /** How long before the newest record a trace may have had its last to be taken up again, µs. */
  readonly openUs: number;
  readonly recordsMax: number;
  /** How far back late records are recognized, µs. */
  readonly knownUs: number;
  readonly logger: Logger;
}

/**
 * Brings the book to where it was: storage is complete first, then open traces are read back as booked, then segments that were never
 * booked are, in order. Booking again what was booked books nothing, so a crash in here is no different from any other.
 */
export async function recover(options: RecoverOptions): Promise<void> {
  const { store, keeper, pricer, nowUs, logger } = options;
  await store.whenAllSaved();
  await recall(options);
  let records = 0;
  for await (const block of store.openTraces({ windowUs: options.openUs, recordsMax: options.recordsMax })) {
    keeper.restore(block, nowUs());
    records += block.length;
  }
  for (const segment of store.unsealed()) {
    let left = 0;
    for await (const saved of segment.observations()) {
      // One request's, so they came at one time.
      const arrivedUs = Math.min(saved[0]?.arrivedUs ?? 0, nowUs());
      const observations = saved.map(({ observation }) => observation);
      await keeper.add(observations, arrivedUs);
      left += saved.length;
    }
    await store.seal(segment.number, pricer.price(keeper.settle(nowUs())));
    await store.whenSaved(segment.number);
    logger.info({ segment: segment.number, records: left }, 'booked a segment that an earlier process left');
  }
  if (records > 0) logger.info({ records }, 'open traces read back');
}

/** Takes note of what storage knows: traces and response ids by fingerprint, and which sources reported which calls. */
async function recall({ store, keeper, nowUs, knownUs }: RecoverOptions): Promise<void> {
  const sinceUs = nowUs() - knownUs;
  for await (const keys of store.knownKeys(sinceUs)) {
    for (const { tenant, traceId, responseId } of keys) {
      keeper.remember(tenant, responseId === '' ? { traceId } : { responseId });
    }
  }
  for (const { tenant, ...source } of await store.knownPopulations(sinceUs)) keeper.recall(tenant, source);
}
