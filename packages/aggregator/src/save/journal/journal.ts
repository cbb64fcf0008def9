// In: observations of requests. Out: the promise that they are on disk. Refused: more than disk, memory or clock can take.
// Requests that wait at the same time share one sync. A segment is what was appended between two rotations.

import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Observation } from '@turnmeter/accounting';
import { BLOCK_ROWS_MAX, writeBlock } from '../native/block.ts';
import { WriterPool } from '../native/writer-pool.ts';
import { OBSERVATION_COLUMNS } from '../rows/observation-columns.ts';
import { dayOf, stampColumns } from '../rows/stamp.ts';
import { SaveError, SaveErrorCode, writeFailed } from '../save-error.ts';
import type { SaveLogger } from '../save-logger.ts';
import { type Limits, refusalOf } from './admission.ts';
import { AdmissionLog } from './admission-log.ts';
import { DiskGuard } from './disk-guard.ts';
import { OpenSegment, type PendingFrame } from './open-segment.ts';
import type { SegmentDirectory } from './segment-directory.ts';

export interface JournalOptions {
  readonly limits: Limits;
  /** Bytes of the segments that were closed before. */
  readonly closedBytes: () => number;
  /** @default asks the file system */
  readonly freeBytes?: ((directory: string) => Promise<number>) | undefined;
  readonly logger: SaveLogger;
}

/** A segment to which nothing is appended any more. */
export interface ClosedSegment {
  readonly number: number;
  /** Partition of its rows; undefined if it has none. */
  readonly day: number | undefined;
  /** When the first of them came, µs; undefined if it has none. */
  readonly beganUs: number | undefined;
  readonly bytes: number;
  readonly rows: number;
}

interface Waiting extends PendingFrame {
  readonly segment: OpenSegment;
  readonly resolve: () => void;
  readonly reject: (error: SaveError) => void;
}

const MIB = 1024 * 1024;
/** One write: enough to share a sync among many, short enough that the first does not wait for the last. */
const BATCH_BYTES_MAX = 8 * MIB;
/** What a row takes, about; the buffer grows if it is more. */
const ROW_BYTES = 512;
export class Journal {
  readonly #directory: SegmentDirectory;
  readonly #options: JournalOptions;
  readonly #guard: DiskGuard;
  readonly #log: AdmissionLog;
  readonly #writers = new WriterPool();
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #current: OpenSegment;
  /** Made ahead, so that a rotation needs nothing of a disk that may be full. */
  #next: Promise<OpenSegment>;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isRotating = false;
  #isStopped = false;

  private constructor(directory: SegmentDirectory, options: JournalOptions, current: OpenSegment) {
    this.#directory = directory;
    this.#options = options;
    this.#guard = new DiskGuard(directory.path, options.freeBytes);
    this.#log = new AdmissionLog(options.logger);
    this.#current = current;
    this.#next = this.#prepare(current.number + 1);
  }

  /** Begins a segment with that number, which no segment ever had. */
  static async open(
    directory: SegmentDirectory,
    options: JournalOptions & { readonly number: number },
  ): Promise<Journal> {
    const current = new OpenSegment(options.number, await directory.createJournal(options.number));
    const journal = new Journal(directory, options, current);
    await journal.#guard.refresh();
    return journal;
  }

  /** Of the segment that is open. */
  get number(): number {
    return this.#current.number;
  }

  /** Rows that are on disk in the segment that is open. */
  get openRows(): number {
    return this.#current.rows;
  }

  /** When the first of them came, µs. */
  get openSinceUs(): number | undefined {
    return this.#current.beganUs;
  }

  /** Bytes in memory that wait to be synced. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Why nothing would be taken now; undefined if it would. */
  refusal(nowUs: number): SaveError | undefined {
    if (this.#isStopped) return new SaveError(SaveErrorCode.stopped, 'The store has stopped: nothing more is taken');
    const load = {
      queueBytes: this.#waitingBytes,
      spoolBytes: this.#options.closedBytes() + this.#current.bytes + this.#waitingBytes,
      freeBytes: this.#guard.freeBytes,
      nowUs,
    };
    return refusalOf(load, this.#options.limits);
  }

  /**
   * Appends the observations of one request; all of them are kept or none.
   *
   * @returns the number of their segment, when they are on disk.
   * @throws SaveError, retryable but for `stopped`, if they are not taken or could not be written.
   */
  async append(observations: readonly Observation[], arrivedUs: number): Promise<number> {
    const refusal = this.refusal(arrivedUs);
    if (refusal !== undefined) {
      void this.#guard.refresh();
      if (!this.#isStopped) this.#log.refused(refusal, arrivedUs);
      throw refusal;
    }
    this.#log.taken(arrivedUs);
    const segment = this.#current;
    if (observations.length === 0) return segment.number;
    segment.beganUs ??= arrivedUs;
    segment.day ??= dayOf(arrivedUs);
    const stamp = { segment: segment.number, writer: this.#directory.writer, day: segment.day, arrivedUs };
    const columns = [...stampColumns(() => stamp), ...OBSERVATION_COLUMNS];
    const out = this.#writers.take(observations.length * ROW_BYTES);
    try {
      for (let at = 0; at < observations.length; at += BLOCK_ROWS_MAX) {
        writeBlock(out, columns, observations.slice(at, at + BLOCK_ROWS_MAX));
      }
      const payload = out.finish();
      await this.#enqueue(segment, { payload, payloadCrc: crc32(payload), rows: observations.length });
    } finally {
      this.#writers.give(out);
    }
    return segment.number;
  }

  /**
   * Closes the segment that is open and begins the next. What is appended from now on goes there.
   *
   * @returns what the closed one holds, when all of it is on disk, and before anything of the next one is.
   */
  async rotate(): Promise<ClosedSegment> {
    assert(!this.#isRotating, 'A rotation begins when the one before has ended');
    this.#isRotating = true;
    try {
      const next = await this.#nextSegment();
      const closing = this.#current;
      this.#current = next;
      this.#next = this.#prepare(next.number + 1);
      // An empty frame has its turn behind all frames of the segment.
      await this.#enqueue(closing, undefined);
      // Not awaited: a request of the next segment would resolve meanwhile. All is on disk, so closing has nothing to lose.
      closing.close().catch(() => undefined);
      const { number, day, beganUs, bytes, rows } = closing;
      return { number, day, beganUs, bytes, rows };
    } finally {
      this.#isRotating = false;
    }
  }

  /** Takes nothing more, and waits until everything that waits is on disk. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    while (this.#isWriting) await this.#writing;
    await this.#current.close();
    await this.#next.then((next) => next.close()).catch(() => undefined);
  }

  /** Begins to make a segment. If that fails, whoever needs it hears of it. */
  #prepare(number: number): Promise<OpenSegment> {
    const made = this.#directory.createJournal(number).then((handle) => new OpenSegment(number, handle));
    made.catch(() => undefined);
    return made;
  }

  /** The segment made ahead; made now, if that failed before. */
  async #nextSegment(): Promise<OpenSegment> {
    try {
      return await this.#next;
    } catch {
      this.#next = this.#prepare(this.#current.number + 1);
      return await this.#next.catch((cause: unknown) => {
        throw writeFailed(cause);
      });
    }
  }

  /** Resolves when the frame, and everything before it, is on disk. */
  #enqueue(segment: OpenSegment, frame: PendingFrame | undefined): Promise<void> {
    const empty = { payload: Buffer.alloc(0), payloadCrc: 0, rows: 0 };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...(frame ?? empty), segment, resolve, reject });
      this.#waitingBytes += frame?.payload.length ?? 0;
      if (!this.#isWriting) this.#writing = this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // Requests of the same turn of the event loop come first, so that they share a sync.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#guard.refresh();
      await this.#writeBatch(this.#takeBatch());
    }
    this.#isWriting = false;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const frames = batch.filter(({ rows }) => rows > 0);
    const bytes = frames.reduce((sum, { payload }) => sum + payload.length, 0);
    let failure: SaveError | undefined;
    try {
      if (frames.length > 0) await batch[0]?.segment.write(frames);
      this.#guard.spend(bytes);
    } catch (cause) {
      failure = writeFailed(cause);
    }
    this.#waitingBytes -= bytes;
    for (const { rows, resolve, reject } of batch) {
      // A rotation waits for all there is to be on disk; what failed is not there.
      if (failure === undefined || rows === 0) resolve();
      else reject(failure);
    }
  }

  /** Frames of one segment from the front of the queue. */
  #takeBatch(): readonly Waiting[] {
    const segment = this.#waiting[0]?.segment;
    let bytes = 0;
    let count = 0;
    for (const frame of this.#waiting) {
      bytes += frame.payload.length;
      if (frame.segment !== segment || (count > 0 && bytes > BATCH_BYTES_MAX)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
