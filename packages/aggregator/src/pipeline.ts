// The order of writing, in one screen: accept ▶ decode ▶ normalize ▶ journal (the sender gets its 200) ▶ book ▶ price ▶ segments ▶ database.

import type { Observation, ProfileList, Signal } from '@turnmeter/accounting';
import type { BookKeeper } from './book/book-keeper.ts';
import type { Decoder } from './decode/decoder.ts';
import { Normalizer } from './normalize/normalizer.ts';
import type { TenantScope } from './normalize/tenant-scope.ts';
import { OverloadError } from './overload-error.ts';
import type { EntryCost, PricedPosting, Pricer } from './price/price-postings.ts';
import { countBooked, countIngested } from './pipeline-counts.ts';
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
  /** µs since the epoch. */
  readonly nowUs: () => number;
  /** Records that may wait to be booked; above it senders are told to come back. */
  readonly waitingMax: number;
}

/** Observations that are durable and not booked yet. */
interface Batch {
  readonly segment: number;
  readonly observations: readonly Observation[];
  readonly arrivedUs: number;
}

export class Pipeline {
  readonly #options: PipelineOptions;
  #waiting: Batch[] = [];
  #waitingRecords = 0;
  /** Postings whose segment is not sealed yet. */
  readonly #decided: { readonly segment: number; readonly postings: readonly PricedPosting[] }[] = [];
  /** Bookings run one after the other: each starts from what the one before decided. */
  #booking: Promise<void> = Promise.resolve();

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** Takes a request over. When this resolves, what was not rejected is on disk and will be counted, whatever crashes. */
  async ingest(request: IngestRequest): Promise<IngestResult> {
    const { decoder, profiles, store, telemetry, waitingMax } = this.#options;
    if (this.#waitingRecords > waitingMax || this.#options.keeper.isCrowded) {
      throw new OverloadError(
        'book_behind',
        'more records wait to be booked, or for their traces to end, than memory is given',
      );
    }
    const normalizer = new Normalizer({ profiles, scope: request.tenants, receivedUs: request.receivedUs });
    const report = decoder.decode(request, normalizer.add);
    const { observations } = normalizer;
    if (observations.length > 0) {
      this.#waitingRecords += observations.length;
      try {
        const segment = await store.append(observations, request.receivedUs);
        this.#waiting.push({ segment, observations, arrivedUs: request.receivedUs });
      } catch (error) {
        this.#waitingRecords -= observations.length;
        throw error;
      }
    }
    return countIngested(telemetry, { signal: request.signal, report, normalizer });
  }

  /**
   * Books what came since the last time and what time itself decides, and sends both on their way into the database. Resolves with
   * the segment's number when the bookings are on disk, or undefined when there was nothing to book.
   */
  book(): Promise<number | undefined> {
    return this.#enqueue(() => this.#bookOnce());
  }

  async #bookOnce(): Promise<number | undefined> {
    const { keeper, pricer, store, nowUs } = this.#options;
    await this.#sealDecided();
    const isIdle = this.#waiting.length === 0 && store.openRows === 0;
    const overdue = isIdle ? pricer.price(keeper.settle(nowUs())) : [];
    if (isIdle && overdue.length === 0) return undefined;
    // Postings of a segment may only speak of observations that are in it or before it: a replay books the rest again.
    const segment = await store.rotate();
    const failure = await this.#addThrough(segment);
    this.#decided.push({ segment, postings: [...overdue, ...pricer.price(keeper.settle(nowUs()))] });
    await this.#sealDecided();
    if (failure !== undefined) throw failure;
    return segment;
  }

  /** Gives the book what was appended up to a segment. What storage is away for waits for the next time. */
  async #addThrough(segment: number): Promise<unknown> {
    const due = this.#waiting.filter((batch) => batch.segment <= segment);
    this.#waiting = this.#waiting.filter((batch) => batch.segment > segment);
    for (const [at, { observations, arrivedUs }] of due.entries()) {
      try {
        await this.#options.keeper.add(observations, arrivedUs);
      } catch (error) {
        this.#waiting.unshift(...due.slice(at));
        return error;
      }
      this.#waitingRecords -= observations.length;
    }
    return undefined;
  }

  /** What was decided is kept until it is on disk: the book will not decide it again. */
  async #sealDecided(): Promise<void> {
    for (let next = this.#decided[0]; next !== undefined; next = this.#decided[0]) {
      await this.#options.store.seal(next.segment, next.postings);
      countBooked(this.#options.telemetry, next.postings);
      this.#decided.shift();
    }
  }

  /**
   * Books postings that do not come from the book (a repricing), while nothing else is booked. `decide` sees all that was decided
   * before in the database.
   */
  postExclusively(decide: () => Promise<readonly PricedPosting[]>): Promise<void> {
    return this.#enqueue(async () => {
      await this.#sealDecided();
      await this.#options.store.whenAllSaved();
      const postings = await decide();
      if (postings.length === 0) return;
      const segment = await this.#options.store.rotate();
      this.#decided.push({ segment, postings });
      await this.#sealDecided();
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
