// In: sealed segments. Out: the same in the database, one after the other, and their files gone. Refused: nothing. What the database
// does not take stays on disk and is tried again; what cannot be right is put aside for a person.

import { setTimeout as delay } from 'node:timers/promises';
import type { Telemetry } from '../../telemetry.ts';
import type { Database } from '../database.ts';
import type { SegmentDirectory } from '../journal/segment-directory.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import type { SaveLogger } from '../save-logger.ts';
import { backOffMs } from './back-off.ts';
import type { SealedSegment } from './sealed-segment.ts';
import { areRowsThere, insertRows, type TableInsert } from './table-insert.ts';

export interface InsertQueueOptions {
  readonly database: Database;
  readonly directory: SegmentDirectory;
  readonly telemetry: Telemetry;
  readonly logger: SaveLogger;
  readonly nowUs: () => number;
  readonly random: () => number;
  /** Free bytes that ClickHouse leaves on its disk. */
  readonly diskReserveBytes: number;
}

/** The last insert that failed, and when. */
export interface InsertFailure {
  readonly code: string;
  readonly message: string;
  readonly atUs: number;
}

interface Queued {
  readonly segment: SealedSegment;
  /** Whether an insert of it may have been tried before. */
  isFresh: boolean;
}

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 10_000;
/** Errors after which trying again would be guessing. */
const HOPELESS: ReadonlySet<SaveErrorCode> = new Set([SaveErrorCode.segmentTorn, SaveErrorCode.segmentDamaged]);

export class InsertQueue {
  readonly #options: InsertQueueOptions;
  readonly #queue: Queued[] = [];
  readonly #stopping = new AbortController();
  readonly #waiting = new Map<number, (() => void)[]>();
  /** Those who wait no longer when an insert fails. */
  readonly #impatient = new Set<(failure: SaveError) => void>();
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;
  #bytes = 0;
  #failures = 0;
  #lastFailure: InsertFailure | undefined;
  /** Why inserts are tried again and again; undefined while they succeed. */
  #trouble: SaveError | undefined;
  readonly #quarantined: number[] = [];

  constructor(options: InsertQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#queue.length;
  }

  /** Bytes of the files of all segments that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Of the segment that comes into the database next. */
  get firstNumber(): number | undefined {
    return this.#queue[0]?.segment.number;
  }

  /** When the first row of the oldest segment that waits came. */
  get oldestUs(): number | undefined {
    return this.#queue[0]?.segment.beganUs;
  }

  /** Undefined as soon as an insert has succeeded again. */
  get lastFailure(): InsertFailure | undefined {
    return this.#lastFailure;
  }

  /** Segments that were put aside since the start. */
  get quarantined(): readonly number[] {
    return this.#quarantined;
  }

  /** `isFresh`: no insert of the segment was ever tried. */
  add(segment: SealedSegment, isFresh: boolean): void {
    this.#queue.push({ segment, isFresh });
    this.#bytes += bytesOf(segment);
    if (!this.#isWorking && !this.#stopping.signal.aborted) this.#working = this.#work();
  }

  /** Resolves when a segment is in the database, or was put aside. */
  async whenDone(number: number): Promise<void> {
    if (!this.#queue.some(({ segment }) => segment.number === number)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(number, [...(this.#waiting.get(number) ?? []), resolve]);
    });
  }

  /** Resolves when nothing waits any more of what waits now. */
  async whenEmpty(): Promise<void> {
    const last = this.#queue.at(-1);
    if (last !== undefined) await this.whenDone(last.segment.number);
  }

  /** The same for those who cannot do without: while inserts fail, nobody knows for how long. @throws SaveError */
  async whenEmptyIfSoon(): Promise<void> {
    if (this.#queue.length === 0) return;
    if (this.#trouble !== undefined) throw this.#trouble;
    let giveUp: ((failure: SaveError) => void) | undefined;
    const failing = new Promise<never>((_, reject) => this.#impatient.add((giveUp = reject)));
    try {
      await Promise.race([this.whenEmpty(), failing]);
    } finally {
      if (giveUp !== undefined) this.#impatient.delete(giveUp);
    }
  }

  /** Works on for so long at most; what is left then stays on disk for the next start. */
  async stop(drainMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stopping.abort(), drainMs);
    while (this.#isWorking) await this.#working;
    clearTimeout(timer);
    this.#stopping.abort();
    for (const resolve of [...this.#waiting.values()].flat()) resolve();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (;;) {
      const [next] = this.#queue;
      if (next === undefined || this.#stopping.signal.aborted) break;
      try {
        await this.#save(next);
        await this.#finish(next);
      } catch (error) {
        await this.#fail(next, error);
      }
    }
    this.#isWorking = false;
  }

  async #save({ segment, isFresh }: Queued): Promise<void> {
    // Figures come before what explains them, as they are what is waited for.
    for (const insert of this.#insertsOf(segment)) {
      if (!isFresh && (await areRowsThere(this.#options.database, insert))) continue;
      await insertRows(this.#options.database, insert);
    }
  }

  #insertsOf({ number, entries, observations }: SealedSegment): readonly TableInsert[] {
    const { directory, diskReserveBytes } = this.#options;
    const of = { segment: number, writer: directory.writer, diskReserveBytes, signal: this.#stopping.signal };
    const inserts: TableInsert[] = [
      { ...of, table: 'entries', file: directory.entriesFile(number), content: entries },
      { ...of, table: 'observations', file: directory.journalFile(number), content: observations },
    ];
    return inserts.filter(({ content }) => content.rows > 0);
  }

  async #finish({ segment }: Queued): Promise<void> {
    const { directory, telemetry, nowUs, logger } = this.#options;
    if (this.#trouble !== undefined) logger.info({ failures: this.#failures }, 'segments are saved again');
    this.#failures = 0;
    this.#lastFailure = undefined;
    this.#trouble = undefined;
    telemetry.count('turnmeter_segments_saved_total');
    telemetry.observe('turnmeter_visible_delay_seconds', Math.max(0, nowUs() - segment.beganUs) / 1e6);
    // If this fails, the segment is found in the database at the next start and removed then.
    await directory.remove(segment.number).catch((error: unknown) => {
      logger.warn({ segment: segment.number, error }, 'a saved segment could not be removed');
    });
    this.#leave(segment);
  }

  async #fail(queued: Queued, error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const { logger, telemetry, nowUs, random, directory } = this.#options;
    const { segment } = queued;
    const failure = error instanceof SaveError ? error : wrap(error);
    const isRetried = failure.retryable && !HOPELESS.has(failure.code);
    queued.isFresh = false;
    this.#failures++;
    this.#lastFailure = { code: failure.code, message: failure.message, atUs: nowUs() };
    const isTold = this.#trouble !== undefined && isSame(this.#trouble, failure);
    this.#trouble = isRetried ? failure : undefined;
    telemetry.count('turnmeter_insert_failures_total', { code: failure.code, retried: String(isRetried) });
    if (isRetried) {
      for (const giveUp of this.#impatient) giveUp(failure);
      if (!isTold) {
        logger.warn(
          { segment: segment.number, error: failure },
          'a segment could not be saved yet; it is tried again and not told again',
        );
      }
      const waitMs = backOffMs(this.#failures, { minMs: RETRY_MS_MIN, maxMs: RETRY_MS_MAX, random });
      await delay(waitMs, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => undefined);
      return;
    }
    logger.error(
      { segment: segment.number, error: failure },
      'a segment is put aside: it needs a person to look at it',
    );
    // If this fails as well, the segment is met again at the next start.
    await directory.quarantine(segment.number).catch((cause: unknown) => {
      logger.error({ segment: segment.number, error: cause }, 'a segment could not be put aside');
    });
    this.#quarantined.push(segment.number);
    this.#leave(segment);
  }

  #leave(segment: SealedSegment): void {
    this.#queue.shift();
    this.#bytes -= bytesOf(segment);
    for (const resolve of this.#waiting.get(segment.number) ?? []) resolve();
    this.#waiting.delete(segment.number);
  }
}

function bytesOf({ observations, entries }: SealedSegment): number {
  return observations.bytes + entries.bytes;
}

function isSame(one: SaveError, other: SaveError): boolean {
  return one.code === other.code && one.databaseCode === other.databaseCode;
}

function wrap(error: unknown): SaveError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SaveError(SaveErrorCode.databaseUnavailable, `A segment could not be saved: ${reason}`, {
    cause: error,
    retryable: true,
  });
}
