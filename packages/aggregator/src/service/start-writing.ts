// The writing side: the book as an earlier process left it, and the loop that brings what is accepted into the database.

import type { ProfileList } from '@turnmeter/accounting';
import type { PriceBook } from '@turnmeter/pricing';
import type { Logger } from 'pino';
import { BookKeeper } from '../book/book-keeper.ts';
import type { Config } from '../config/config.ts';
import { Decoder } from '../decode/decoder.ts';
import { Pipeline } from '../pipeline.ts';
import { type EntryCost, type PricedPosting, Pricer } from '../price/price-postings.ts';
import type { Store } from '../save/store.ts';
import type { Telemetry } from '../telemetry.ts';
import { BookingLoop } from './booking-loop.ts';
import { recover } from './recover.ts';
import { steadyClock } from './steady-clock.ts';

export interface Writing {
  readonly pipeline: Pipeline;
  readonly keeper: BookKeeper<EntryCost>;
  readonly pricer: Pricer;
  /** Books what was accepted, and nothing after that. */
  stop(): Promise<void>;
}

export interface WritingParts {
  readonly profiles: ProfileList;
  readonly prices: PriceBook;
  readonly store: Store;
  readonly telemetry: Telemetry;
  readonly onBooked: (postings: readonly PricedPosting[]) => void;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
}

/** Records that may wait to be booked before senders have to wait, as a share of those the book may hold. */
const WAITING_SHARE = 0.5;
/** How far back late records are recognized, µs: a Collector's queue survives a weekend. */
const KNOWN_US = 7 * 86_400_000_000;

export async function startWriting(config: Config, parts: WritingParts): Promise<Writing> {
  const { profiles, prices, store, telemetry, onBooked, logger, signal } = parts;
  const bookNowUs = steadyClock();
  const pricer = new Pricer(prices);
  const keeper = new BookKeeper<EntryCost>({
    quietUs: config.trace_quiet_seconds * 1e6,
    recordsMax: config.book.records_max,
    keepUs: config.book.keep_seconds * 1e6,
    load: async (keys) => (await store.loadTraces(keys)).records,
    onRestore: (entry, cost) => pricer.restore(entry, cost),
    telemetry,
  });
  await recover({
    store,
    keeper,
    pricer,
    logger,
    signal,
    nowUs: bookNowUs,
    openUs: config.book.keep_seconds * 1e6,
    recordsMax: config.book.records_max,
    knownUs: KNOWN_US,
  });
  signal?.throwIfAborted();
  const pipeline = new Pipeline({
    profiles,
    keeper,
    pricer,
    store,
    telemetry,
    onBooked,
    nowUs: bookNowUs,
    decoder: new Decoder({ profiles }),
    waitingMax: Math.ceil(config.book.records_max * WAITING_SHARE),
  });
  const loop = new BookingLoop({
    pipeline,
    store,
    telemetry,
    logger,
    nowUs: () => Date.now() * 1000,
    everyMs: config.save.flush_seconds * 1000,
    segmentRowsMax: config.save.segment_rows_max,
  });
  loop.start();
  const stop = async (): Promise<void> => {
    await loop.stop();
    await pipeline.bookLast();
  };
  return { pipeline, keeper, pricer, stop };
}
