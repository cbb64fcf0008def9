// In: observations as they come, postings as they are decided. Out: both in ClickHouse, exactly once, whatever crashes in between.
// Refused: what there is no room for.
//
// A request's observations are on disk when `append` resolves. `rotate` ends a segment, `seal` says what was booked for it, and from then on
// it comes into the database by itself. What a process leaves unsealed, the next one is given to book again.

import { strict as assert } from 'node:assert';
import type { Observation } from '@turnmeter/accounting';
import { NO_TELEMETRY } from '../telemetry.ts';
import { Database } from './database.ts';
import { databaseReserveOf, LIMITS_DEFAULT } from './journal/admission.ts';
import { type ClosedSegment, Journal } from './journal/journal.ts';
import { SegmentDirectory } from './journal/segment-directory.ts';
import { type KnownKey, type KnownKeysOptions, readKnownKeys } from './lookup/known-keys.ts';
import { type KnownPopulation, readKnownPopulations } from './lookup/known-populations.ts';
import { type LoadedTraces, loadTraces, type TraceKeys } from './lookup/load-traces.ts';
import { type OpenTracesOptions, readOpenTraces } from './lookup/open-traces.ts';
import { type EntryPeriod, type EntrySlice, findSlices, readSlice } from './lookup/priced-entries.ts';
import type { SavedRecord, StandingEntry } from './lookup/saved-records.ts';
import { applyRetention, migrate } from './migrate/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrations } from './migrate/migration-files.ts';
import type { PricedPosting } from '../price/price-postings.ts';
import type { SavedObservation } from './rows/observation-columns.ts';
import { writeFailed } from './save-error.ts';
import { SILENT } from './save-logger.ts';
import { InsertQueue } from './segments/insert-queue.ts';
import { findLeftSegments } from './segments/left-segments.ts';
import { type SealedSegment, writeSealed } from './segments/sealed-segment.ts';
import { readJournal } from './segments/unsealed-segment.ts';
import type { StoreOptions, StoreStatus } from './store-options.ts';

/** A segment that a process left before its postings were decided. */
export interface UnsealedSegment {
  readonly number: number;
  /** Its observations in the order in which they came, request by request. */
  observations(): AsyncGenerator<readonly SavedObservation[]>;
}

export class Store {
  readonly #database: Database;
  readonly #directory: SegmentDirectory;
  readonly #journal: Journal;
  readonly #queue: InsertQueue;
  readonly #nowUs: () => number;
  /** Closed and not sealed, by number. */
  readonly #closed: Map<number, ClosedSegment>;
  /** Those of them that an earlier process left. */
  readonly #unsealed: readonly number[];
  readonly #quarantined: readonly number[];
  #stopping: Promise<void> | undefined;

  private constructor(parts: {
    readonly database: Database;
    readonly directory: SegmentDirectory;
    readonly journal: Journal;
    readonly queue: InsertQueue;
    readonly nowUs: () => number;
    readonly closed: Map<number, ClosedSegment>;
    readonly quarantined: readonly number[];
  }) {
    this.#database = parts.database;
    this.#directory = parts.directory;
    this.#journal = parts.journal;
    this.#queue = parts.queue;
    this.#nowUs = parts.nowUs;
    this.#closed = parts.closed;
    this.#unsealed = [...parts.closed.keys()];
    this.#quarantined = parts.quarantined;
  }

  /**
   * Takes the directory, brings the database up to date, and goes on with the segments that were sealed before.
   *
   * @throws SaveError if the directory is taken, the database is not there, or other migrations ran in it.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const { telemetry = NO_TELEMETRY, logger = SILENT, random = Math.random } = options;
    const nowUs = options.nowUs ?? ((): number => Date.now() * 1000);
    const directory = await SegmentDirectory.open(options.directory);
    const database = new Database(options.database);
    try {
      await migrate(database, await readMigrations(MIGRATIONS_FOLDER));
      if (options.retention !== undefined) await applyRetention(database, options.retention);
      const limits = { ...LIMITS_DEFAULT, ...options.limits };
      const diskReserveBytes = databaseReserveOf(limits);
      const queue = new InsertQueue({ database, directory, telemetry, logger, nowUs, random, diskReserveBytes });
      const left = await findLeftSegments(directory, logger);
      const closed = new Map(left.unsealed.map((segment) => [segment.number, segment]));
      const journal = await Journal.open(directory, {
        number: (await findNumberMax(database, directory.writer, left.numberMax)) + 1,
        limits,
        closedBytes: () => queue.bytes + sumOf(closed, ({ bytes }) => bytes),
        freeBytes: options.freeBytes,
        logger,
      });
      for (const segment of left.sealed) queue.add(segment, false);
      return new Store({ database, directory, journal, queue, nowUs, closed, quarantined: left.quarantined });
    } catch (error) {
      await database.close();
      directory.close();
      throw error;
    }
  }

  /**
   * Puts the observations of one request on disk; all of them or none.
   *
   * @returns the number of their segment.
   * @throws SaveError; if it is retryable, the sender may come back.
   */
  append(observations: readonly Observation[], arrivedUs: number): Promise<number> {
    return this.#journal.append(observations, arrivedUs);
  }

  /** Rows that were appended since the last rotation. */
  get openRows(): number {
    return this.#journal.openRows;
  }

  /**
   * Ends the segment that requests are appended to, and begins the next.
   *
   * @returns its number, when all of it is on disk and before an `append` to the next resolves. Postings of everything appended so far
   *   are the ones to seal it with.
   */
  async rotate(): Promise<number> {
    const closed = await this.#journal.rotate();
    this.#closed.set(closed.number, closed);
    return closed.number;
  }

  /**
   * Says what was booked for a segment. When this resolves that is decided, and the segment is on its way into the database. It may be
   * called again with the same postings if it failed.
   */
  async seal(segment: number, postings: readonly PricedPosting[]): Promise<void> {
    const closed = this.#closed.get(segment);
    assert(closed !== undefined, `Segment ${segment} is sealed once, after it was closed`);
    if (closed.rows === 0 && postings.length === 0) {
      await this.#directory.remove(segment);
    } else {
      this.#queue.add(await this.#writeSealed(closed, postings), true);
    }
    this.#closed.delete(segment);
  }

  async #writeSealed(closed: ClosedSegment, postings: readonly PricedPosting[]): Promise<SealedSegment> {
    try {
      return await writeSealed(this.#directory, closed, { postings, nowUs: this.#nowUs() });
    } catch (cause) {
      throw writeFailed(cause);
    }
  }

  /** Resolves when the database has a segment that was sealed. */
  whenSaved(segment: number): Promise<void> {
    return this.#queue.whenDone(segment);
  }

  /**
   * Resolves when the database has everything that was sealed until then. Look-ups wait for it too, or they would miss what is on its way;
   * but they give up when an insert fails, with that error.
   */
  async whenAllSaved(): Promise<void> {
    await this.#queue.whenEmpty();
  }

  /** Traces with all that is saved of them and of those related to them, for records that come late. */
  async loadTraces(keys: TraceKeys): Promise<LoadedTraces> {
    await this.#queue.whenEmptyIfSoon();
    return loadTraces(this.#database, keys);
  }

  /** Traces that had news lately in segments of this directory, to go on with after a start. */
  async *openTraces(options: OpenTracesOptions): AsyncGenerator<readonly SavedRecord[]> {
    await this.#queue.whenEmptyIfSoon();
    const own = { writer: this.#directory.writer, before: this.#journal.number };
    yield* readOpenTraces(this.#database, { ...options, ...own });
  }

  /** Keys of what came, the oldest first, to tell what is late from what is new. */
  async *knownKeys(options: KnownKeysOptions): AsyncGenerator<readonly KnownKey[]> {
    await this.#queue.whenEmptyIfSoon();
    yield* readKnownKeys(this.#database, options);
  }

  /** Who reported calls of which session and hour since then, µs. */
  async knownPopulations(sinceUs: number): Promise<readonly KnownPopulation[]> {
    await this.#queue.whenEmptyIfSoon();
    return readKnownPopulations(this.#database, sinceUs);
  }

  /** Slices of a period, each small enough for memory, in which entries stand that may cost something. */
  async slicesBetween(period: EntryPeriod): Promise<readonly EntrySlice[]> {
    await this.#queue.whenEmptyIfSoon();
    return findSlices(this.#database, period);
  }

  /** What stands in a slice, and at what cost. Nothing may be booked until what follows from it is, or it would be out of date. */
  async standingIn(slice: EntrySlice): Promise<readonly StandingEntry[]> {
    await this.#queue.whenEmptyIfSoon();
    return readSlice(this.#database, slice);
  }

  /**
   * Segments that an earlier process left before they were sealed, in order. After the look-ups of a start, book the observations of
   * one and seal it, then the next: they may be booked already as far as a process came, which those who add them to a book see.
   */
  unsealed(): readonly UnsealedSegment[] {
    return this.#unsealed
      .flatMap((number) => this.#closed.get(number) ?? [])
      .map(({ number, bytes }) => ({
        number,
        observations: () => readJournal(this.#directory.journalFile(number), bytes),
      }));
  }

  /** Whose segments they are. */
  get writer(): string {
    return this.#directory.writer;
  }

  /** The database has all segments up to this number, but for those that were put aside. */
  get savedUntil(): number {
    const waiting = [this.#queue.firstNumber, ...this.#closed.keys()].filter((number) => number !== undefined);
    return Math.min(this.#journal.number, ...waiting) - 1;
  }

  get status(): StoreStatus {
    const refusal = this.#journal.refusal(this.#nowUs());
    const quarantined = [...this.#quarantined, ...this.#queue.quarantined];
    const began = [
      this.#queue.oldestUs,
      this.#journal.openSinceUs,
      ...[...this.#closed.values()].map((one) => one.beganUs),
    ];
    const unsaved = began.filter((beganUs) => beganUs !== undefined);
    return {
      refusal: refusal?.code,
      quarantined,
      pendingSegments: this.#queue.length + this.#closed.size,
      pendingBytes: this.#queue.bytes + sumOf(this.#closed, ({ bytes }) => bytes),
      unsavedSinceUs: unsaved.length === 0 ? undefined : Math.min(...unsaved),
      lastFailure: this.#queue.lastFailure,
    };
  }

  /** Takes nothing more, saves what was sealed for so long at most, and gives the directory back. */
  stop(drainMs: number): Promise<void> {
    return (this.#stopping ??= this.#stop(drainMs));
  }

  async #stop(drainMs: number): Promise<void> {
    await this.#journal.stop();
    await this.#queue.stop(drainMs);
    await this.#database.close();
    this.#directory.close();
  }
}

/** Numbers are never used again, even if somebody took the files away: what the database has above those that are known. */
async function findNumberMax(database: Database, writer: string, known: number): Promise<number> {
  const [found] = await database.rows<{ number: string }>(
    `SELECT greatest(
       (SELECT max(seg) FROM entries WHERE writer = {writer:String} AND seg > {known:UInt64}),
       (SELECT max(seg) FROM observations WHERE writer = {writer:String} AND seg > {known:UInt64})) AS number`,
    { writer, known },
  );
  return Math.max(known, Number(found?.number));
}

function sumOf(segments: ReadonlyMap<number, ClosedSegment>, pick: (segment: ClosedSegment) => number): number {
  let sum = 0;
  for (const segment of segments.values()) sum += pick(segment);
  return sum;
}
