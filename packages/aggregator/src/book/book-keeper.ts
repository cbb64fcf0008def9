// In: observations, durable already. Out: postings. Refused: nothing; repetitions are counted.
// Adds bounded memory to the book of `@turnmeter/accounting`: traces that have been quiet leave, and come back from storage with
// all they are related to when a late record needs them.

import {
  Book,
  type Entry,
  type KnownSource,
  type Observation,
  type Posting,
  Role,
  traceIdOf,
} from '@turnmeter/accounting';
import type { Telemetry } from '../telemetry.ts';
import { type Hash, hashOf, KnownKeys } from './known-keys.ts';

/** A record as storage has it: what was seen, what is booked for it and at what cost, when it came (µs). */
export interface StoredRecord<Cost> {
  readonly observation: Observation;
  readonly booked: Entry | undefined;
  readonly cost: Cost | undefined;
  readonly arrivedUs: number;
}

/** Traces (or records outside any trace) and response ids of one tenant that storage is asked for. */
export interface LateKeys {
  readonly tenant: string;
  readonly traceIds: readonly string[];
  readonly responseIds: readonly string[];
}

/** What came in one request, and when (µs). */
export interface Arrival {
  readonly observations: readonly Observation[];
  readonly arrivedUs: number;
}

export interface BookKeeperOptions<Cost> {
  /** How long nothing may have arrived for a trace before weaker evidence is booked, µs. */
  readonly quietUs: number;
  /** Records of open traces to hold in memory at most; above it quiet traces leave. */
  readonly recordsMax: number;
  /** How long a trace stays at least after its last record, µs, so that ordinary stragglers need no look-up. */
  readonly keepUs: number;
  /** Reads traces back with everything related to them. */
  readonly load: (keys: LateKeys) => Promise<readonly StoredRecord<Cost>[]>;
  /** Hears what stored entries cost, to take them back at that. */
  readonly onRestore: (entry: Entry, cost: Cost | undefined) => void;
  readonly telemetry: Telemetry;
}

/** How far above the bound open traces may go before senders have to wait. */
const CROWDED_FACTOR = 1.25;

/** Keys of traces that left memory, and of their answers: at least so many are known, and at most twice as many, in 64 to 128 MiB. */
const KNOWN_KEYS_CAPACITY = 4_000_000;

export class BookKeeper<Cost = unknown> {
  readonly #options: BookKeeperOptions<Cost>;
  readonly #book: Book;
  readonly #gone = new KnownKeys(KNOWN_KEYS_CAPACITY);
  /** How keys of a tenant begin. */
  readonly #beginnings = new Map<string, Beginnings>();

  constructor(options: BookKeeperOptions<Cost>) {
    this.#options = options;
    this.#book = new Book({ quietUs: options.quietUs, crowdedAt: options.recordsMax });
  }

  /** Adds records, after reading back what they are late for. Call it for one batch at a time. */
  async add(observations: readonly Observation[], nowUs: number): Promise<void> {
    await this.addAll([{ observations, arrivedUs: nowUs }]);
  }

  /** Adds what came in several requests, all of it or nothing: storage is asked once for what all of them are late for. */
  async addAll(arrivals: readonly Arrival[]): Promise<void> {
    for (const keys of this.#findLate(arrivals)) {
      const records = await this.#options.load(keys);
      this.#options.telemetry.count(
        'turnmeter_traces_reloaded_total',
        {},
        keys.traceIds.length + keys.responseIds.length,
      );
      this.restore(records, arrivals.at(-1)?.arrivedUs ?? 0);
    }
    for (const { observations, arrivedUs } of arrivals) {
      for (const observation of observations) this.#add(observation, arrivedUs);
    }
  }

  #add(observation: Observation, nowUs: number): void {
    const { telemetry } = this.#options;
    const reception = this.#book.add(observation, nowUs);
    if (reception === 'duplicate') telemetry.count('turnmeter_records_repeated_total', { signal: observation.signal });
  }

  /**
   * Puts stored records into the book as they are booked. What came later than now, by a clock that was set back since, came now: its
   * trace would not be quiet for as long otherwise.
   */
  restore(records: readonly StoredRecord<Cost>[], nowUs: number): void {
    for (const { observation, booked, cost, arrivedUs } of records) {
      this.#book.restore(observation, booked, Math.min(arrivedUs, nowUs));
      if (booked !== undefined) this.#options.onRestore(booked, cost);
    }
  }

  /** A stored entry has another cost now: the next reversal takes that back. */
  repriced(entry: Entry, cost: Cost | undefined): void {
    const booked = this.#book.bookedFor(entry);
    if (booked !== undefined) this.#options.onRestore(booked, cost);
  }

  /** Takes note of a source that reported calls which only storage has. */
  recall(tenant: string, source: KnownSource): void {
    this.#book.recall(tenant, source);
  }

  /** Remembers keys that storage has and memory has not. */
  remember(tenant: string, keys: { readonly traceId?: string; readonly responseId?: string }): void {
    const beginnings = this.#beginningsOf(tenant);
    if (keys.traceId !== undefined) this.#gone.add(keys.traceId, beginnings.trace);
    if (keys.responseId !== undefined) this.#gone.add(keys.responseId, beginnings.response);
  }

  #beginningsOf(tenant: string): Beginnings {
    let known = this.#beginnings.get(tenant);
    if (known === undefined) {
      known = { trace: hashOf(`t|${tenant}|`), response: hashOf(`r|${tenant}|`) };
      this.#beginnings.set(tenant, known);
    }
    return known;
  }

  /** Postings that are due, after which memory is brought back to its bound. */
  settle(nowUs: number): readonly Posting[] {
    const postings = this.#book.settle(nowUs);
    this.#makeRoom(nowUs);
    this.#options.telemetry.set('turnmeter_book_records', this.#book.size);
    return postings;
  }

  /** How long nothing may have arrived for a trace before weaker evidence is booked, µs. */
  get quietUs(): number {
    return this.#options.quietUs;
  }

  /** How many traces and answers that left memory are known at least. */
  get knownKeysMax(): number {
    return KNOWN_KEYS_CAPACITY;
  }

  /** Whether time alone may bring postings. */
  get isUnsettled(): boolean {
    return this.#book.isUnsettled;
  }

  /** Whether more is held than should be, even after all that could leave has left. */
  get isCrowded(): boolean {
    return this.#book.size > this.#options.recordsMax * CROWDED_FACTOR;
  }

  /** Traces past their time leave first; if that is not enough, any that is quiet. */
  #makeRoom(nowUs: number): void {
    const { recordsMax, keepUs } = this.#options;
    for (const untouchedSinceUs of [nowUs - keepUs, nowUs]) {
      for (const { tenant, traceId, responseIds } of this.#book.evict(untouchedSinceUs, recordsMax)) {
        const beginnings = this.#beginningsOf(tenant);
        this.#gone.add(traceId, beginnings.trace);
        for (const responseId of responseIds) this.#gone.add(responseId, beginnings.response);
      }
    }
  }

  /** What arrivals refer to that may be in storage and is not in memory. */
  #findLate(arrivals: readonly Arrival[]): readonly LateKeys[] {
    const late = new Map<string, { traceIds: Set<string>; responseIds: Set<string> }>();
    const of = (tenant: string): { traceIds: Set<string>; responseIds: Set<string> } => {
      const known = late.get(tenant) ?? { traceIds: new Set(), responseIds: new Set() };
      late.set(tenant, known);
      return known;
    };
    let before: Observation | undefined;
    for (const { observations } of arrivals) {
      for (const observation of observations) {
        const { tenant, links } = observation;
        // Spans of a trace come in runs: it is looked for once.
        if (before?.traceId !== observation.traceId || before.traceId === '' || before.tenant !== tenant) {
          const traceId = traceIdOf(observation);
          if (this.#isTraceGone(tenant, traceId)) of(tenant).traceIds.add(traceId);
        }
        for (const link of links) if (this.#isTraceGone(tenant, link.traceId)) of(tenant).traceIds.add(link.traceId);
        if (this.#isResponseGone(observation)) of(tenant).responseIds.add(observation.responseId);
        before = observation;
      }
    }
    return [...late].map(([tenant, { traceIds, responseIds }]) => ({
      tenant,
      traceIds: [...traceIds],
      responseIds: [...responseIds],
    }));
  }

  #isTraceGone(tenant: string, traceId: string): boolean {
    return !this.#book.hasTrace(tenant, traceId) && this.#gone.has(traceId, this.#beginningsOf(tenant).trace);
  }

  #isResponseGone({ tenant, role, responseId }: Observation): boolean {
    if (role === Role.LINEAGE || responseId === '' || this.#book.hasResponse(tenant, responseId)) return false;
    return this.#gone.has(responseId, this.#beginningsOf(tenant).response);
  }
}

/** Hashes of what comes before a tenant's ids in their keys. */
interface Beginnings {
  readonly trace: Hash;
  readonly response: Hash;
}
