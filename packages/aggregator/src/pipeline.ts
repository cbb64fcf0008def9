// The order of writing, in one screen: accept ▶ decode ▶ normalize ▶ journal (the sender gets its 200) ▶ book ▶ price ▶ segments ▶ database.

import { setImmediate } from 'node:timers/promises';
import type { Observation, ProfileList, Signal } from '@turnmeter/accounting';
import type { BookKeeper } from './book/book-keeper.ts';
import type { Decoder } from './decode/decoder.ts';
import type { DecodeReport } from './decode/report.ts';
import { Normalizer } from './normalize/normalizer.ts';
import type { TenantScope } from './normalize/tenant-scope.ts';
import { OverloadError } from './overload-error.ts';
import type { EntryCost, PricedPosting, Pricer } from './price/price-postings.ts';
import { countBooked, countIngested } from './pipeline-counts.ts';
import { Room } from './room.ts';
import type { Store } from './save/store.ts';
import type { Telemetry } from './telemetry.ts';

/** One export request: inflated, of one signal, from somebody whose tenants are known. */
export interface IngestRequest {
  readonly signal: Signal;
  readonly encoding: 'protobuf' | 'json';
  readonly body: Uint8Array;
  readonly tenants: TenantScope;
  /** µs since the epoch. */
  readonly receivedUs: number;
  /** Hears that nobody looks at the body any more, which is long before all it says is on disk. */
  readonly onRead?: () => void;
}

/** What became of a request that was taken. */
export interface IngestResult {
  /** Records that were refused while the rest was kept. */
  readonly rejected: number;
  /** Why, for the sender; '' when nothing was. */
  readonly message: string;
}

export interface PipelineOptions {
  readonly decoder: Decoder;
  readonly profiles: ProfileList;
  readonly keeper: BookKeeper<EntryCost>;
  readonly pricer: Pricer;
  readonly store: Store;
  readonly telemetry: Telemetry;
  /** Hears of bookings that are on disk, so that they count now and after a crash. */
  readonly onBooked?: ((postings: readonly PricedPosting[]) => void) | undefined;
  /** µs since the epoch; it may not go back. */
  readonly nowUs: () => number;
  /** Records that may wait to be booked; above it senders wait, and are told to come back after `roomMsMax`. */
  readonly waitingMax: number;
  /** @default 2000: exporters give up after 5 seconds and more */
  readonly roomMsMax?: number | undefined;
}

/** Observations that are durable and not booked yet. */
interface Batch {
  readonly segment: number;
  readonly observations: readonly Observation[];
  readonly arrivedUs: number;
}

/** A segment to which nothing is appended any more. */
interface ClosedSegment {
  readonly number: number;
  /** What it amounts to; undefined until the book has all that was appended to it. */
  postings: readonly PricedPosting[] | undefined;
}

/** What a request amounts to, before it is on disk. */
interface Decoded {
  readonly report: DecodeReport;
  readonly normalizer: Normalizer;
}

/** Records that are given to the book at a time. */
const RECORDS_AT_A_TIME = 5000;
const ROOM_MS_MAX = 2000;
/** Share of the records that may wait at which booking should not be put off. */
const PRESSED_SHARE = 0.5;

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #room: Room;
  #waiting: Batch[] = [];
  #waitingRecords = 0;
  /** The segment that was closed last, until it is sealed. */
  #closed: ClosedSegment | undefined;
  /** How far ahead of time bookings are, µs. */
  #aheadUs = 0;
  /** Bookings run one after the other: each starts from what the one before decided. */
  #booking: Promise<void> = Promise.resolve();

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#room = new Room({
      hasRoom: () => this.#waitingRecords <= options.waitingMax && !options.keeper.isCrowded,
      waitMsMax: options.roomMsMax ?? ROOM_MS_MAX,
      refusal: () =>
        new OverloadError(
          'book_behind',
          'more records wait to be booked, or for their traces to end, than memory is given',
        ),
    });
  }

  /** Whether so much waits to be booked that senders soon have to wait. */
  get isPressed(): boolean {
    return this.#waitingRecords > this.#options.waitingMax * PRESSED_SHARE;
  }

  /** Takes a request over. When this resolves, what was not rejected is on disk and will be counted, whatever crashes. */
  async ingest(request: IngestRequest): Promise<IngestResult> {
    const { store, telemetry, nowUs } = this.#options;
    const { report, normalizer } = await this.#room.enter(() => this.#read(request));
    const { observations } = normalizer;
    if (observations.length > 0) {
      try {
        const segment = await store.append(observations, request.receivedUs);
        this.#waiting.push({ segment, observations, arrivedUs: nowUs() });
      } catch (error) {
        this.#leave(observations.length);
        throw error;
      }
    }
    return countIngested(telemetry, { signal: request.signal, report, normalizer });
  }

  /** From here on its records wait to be booked. */
  #read(request: IngestRequest): Decoded {
    const { decoder, profiles } = this.#options;
    const normalizer = new Normalizer({ profiles, scope: request.tenants, receivedUs: request.receivedUs });
    const report = decoder.decode(request, normalizer.add);
    request.onRead?.();
    this.#waitingRecords += normalizer.observations.length;
    return { report, normalizer };
  }

  #leave(records: number): void {
    this.#waitingRecords -= records;
    this.#room.look();
  }

  /**
   * Books what came since the last time and what time itself decides, and sends both on their way into the database. Resolves with
   * the segment's number when the bookings are on disk, or undefined when there was nothing to book.
   */
  book(): Promise<number | undefined> {
    return this.#enqueue(() => this.#bookOnce());
  }

  /**
   * The same before a stop: what waits for its trace to be quiet is booked as if it were, since nobody may come to do it. Where more
   * comes after another start, that is taken back.
   */
  bookLast(): Promise<number | undefined> {
    this.#aheadUs = this.#options.keeper.quietUs;
    return this.book();
  }

  async #bookOnce(): Promise<number | undefined> {
    await this.#finishClosed();
    const { keeper, store } = this.#options;
    if (this.#waiting.length === 0 && store.openRows === 0 && !keeper.isUnsettled) return undefined;
    const { number } = await this.#close();
    await this.#finishClosed();
    return number;
  }

  /**
   * Ends the open segment. What is decided from now on is sealed with it, and nothing is decided before: a decision that is on no disk
   * would be missed by those who read traces back, and lost if no segment could be made for it.
   */
  async #close(): Promise<ClosedSegment> {
    this.#closed = { number: await this.#options.store.rotate(), postings: undefined };
    return this.#closed;
  }

  /**
   * Books a closed segment and seals it. If storage is away, the next time goes on where this one failed: a segment is sealed when all
   * of it is booked and not before, or a crash would leave records that nobody books.
   */
  async #finishClosed(): Promise<void> {
    if (this.#closed === undefined) return;
    const postings = await this.#bookClosed(this.#closed);
    await this.#options.store.seal(this.#closed.number, postings);
    this.#closed = undefined;
    countBooked(this.#options.telemetry, postings);
    this.#options.onBooked?.(postings);
  }

  async #bookClosed(closed: ClosedSegment): Promise<readonly PricedPosting[]> {
    const { keeper, pricer, nowUs } = this.#options;
    await this.#addThrough(closed.number);
    closed.postings ??= pricer.price(keeper.settle(nowUs() + this.#aheadUs));
    // Traces that ended left memory.
    this.#room.look();
    return closed.postings;
  }

  /** Gives the book what was appended up to a segment, some at a time. What storage is away for waits for the next time. */
  async #addThrough(segment: number): Promise<void> {
    for (let due = this.#firstDue(segment); due.length > 0; due = this.#firstDue(segment)) {
      await this.#options.keeper.addAll(due);
      this.#waiting.splice(0, due.length);
      this.#leave(due.reduce((sum, { observations }) => sum + observations.length, 0));
      await setImmediate();
    }
  }

  /** The requests that have waited longest: so many that others, which come meanwhile, wait for some hundredths of a second. */
  #firstDue(segment: number): readonly Batch[] {
    const due: Batch[] = [];
    let records = 0;
    for (const batch of this.#waiting) {
      if (batch.segment > segment || (records > 0 && records + batch.observations.length > RECORDS_AT_A_TIME)) break;
      due.push(batch);
      records += batch.observations.length;
    }
    return due;
  }

  /**
   * Books postings that do not come from the book (a repricing), while nothing else is booked. `decide` finds all that was decided
   * before in the database, but for the postings it is given, which go with its own. Before it changes what the book knows, it must
   * be sure of all of them.
   */
  postExclusively(decide: (undelivered: readonly PricedPosting[]) => Promise<readonly PricedPosting[]>): Promise<void> {
    return this.#enqueue(async () => {
      await this.#bookOnce();
      const closed = await this.#close();
      const booked = await this.#bookClosed(closed);
      closed.postings = [...booked, ...(await decide(booked))];
      await this.#finishClosed();
    });
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#booking.then(task);
    this.#booking = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Resolves when everything taken before is booked and in the database. */
  async flush(): Promise<void> {
    await this.book();
    await this.#options.store.whenAllSaved();
  }
}
