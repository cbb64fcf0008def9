// In: sealed segments. Out: the same in the database, in order, and their files gone; those that wait come together. Refused: nothing.
// What the database does not take stays on disk and is tried again; what cannot be right is put aside for a person.

import { setTimeout as delay } from 'node:timers/promises';
import type { Telemetry } from '../../telemetry.ts';
import type { Database } from '../database.ts';
import type { SegmentDirectory } from '../journal/segment-directory.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import type { SaveLogger } from '../save-logger.ts';
import { backOffMs } from './back-off.ts';
import { InsertPace } from './insert-pace.ts';
import type { SealedSegment } from './sealed-segment.ts';
import { GROUP_ROWS_MAX, type Queued, rowsOf, takeGroup } from './segment-group.ts';
import { findMissing, insertRows, type TableInsert, type TableRows } from './table-insert.ts';

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

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 10_000;
/** Errors after which trying again would be guessing. */
const HOPELESS: ReadonlySet<SaveErrorCode> = new Set([SaveErrorCode.segmentTorn, SaveErrorCode.segmentDamaged]);

export class InsertQueue {
  readonly #options: InsertQueueOptions;
  readonly #queue: Queued[] = [];
  readonly #pace = new InsertPace();
  readonly #stopping = new AbortController();
  readonly #waiting = new Map<number, (() => void)[]>();
  /** Those who wait no longer when an insert fails. */
  readonly #impatient = new Set<(failure: SaveError) => void>();
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;
  #isDraining = false;
  /** Ends the wait for more rows. */
  #hurry: (() => void) | undefined;
  #bytes = 0;
  #rows = 0;
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
    this.#queue.push({ segment, isFresh, isAlone: false });
    this.#bytes += bytesOf(segment);
    this.#rows += rowsOf(segment);
    if (this.#rows >= GROUP_ROWS_MAX) this.#hurry?.();
    if (!this.#isWorking && !this.#stopping.signal.aborted) this.#working = this.#work();
  }

  /** Resolves when a segment is in the database, or was put aside. */
  async whenDone(number: number): Promise<void> {
    if (!this.#queue.some(({ segment }) => segment.number === number)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(number, [...(this.#waiting.get(number) ?? []), resolve]);
      this.#hurry?.();
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
    this.#isDraining = true;
    this.#hurry?.();
    while (this.#isWorking) await this.#working;
    clearTimeout(timer);
    this.#stopping.abort();
    for (const resolve of [...this.#waiting.values()].flat()) resolve();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (;;) {
      await this.#rest();
      const group = takeGroup(this.#queue);
      if (group.length === 0 || this.#stopping.signal.aborted) break;
      try {
        await this.#save(group);
        for (const { segment } of group) await this.#finish(segment);
      } catch (error) {
        await this.#fail(group, error);
      }
    }
    this.#isWorking = false;
  }

  /** Lets more segments come while the database rests, unless somebody waits for one of those that are there. */
  async #rest(): Promise<void> {
    const waitMs = this.#pace.waitMs(performance.now());
    if (waitMs === 0 || this.#isDraining || this.#waiting.size > 0 || this.#rows >= GROUP_ROWS_MAX) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs).unref();
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = undefined;
  }

  async #save(group: readonly Queued[]): Promise<void> {
    const beganMs = performance.now();
    const isFresh = group.every((one) => one.isFresh);
    // Figures come before what explains them, as they are what is waited for.
    for (const insert of this.#insertsOf(group)) {
      const segments = isFresh ? insert.segments : await findMissing(this.#options.database, insert);
      if (segments.length > 0) await insertRows(this.#options.database, { ...insert, segments });
    }
    const rows = group.reduce((sum, { segment }) => sum + rowsOf(segment), 0);
    this.#pace.inserted(rows, beganMs, performance.now());
  }

  #insertsOf(group: readonly Queued[]): readonly TableInsert[] {
    const { directory, diskReserveBytes } = this.#options;
    const of = { writer: directory.writer, diskReserveBytes, signal: this.#stopping.signal };
    const segmentsOf = (rowsOfOne: (segment: SealedSegment) => TableRows): readonly TableRows[] =>
      group.map(({ segment }) => rowsOfOne(segment)).filter(({ content }) => content.rows > 0);
    const entries = segmentsOf(({ number, entries: content }) => {
      return { segment: number, file: directory.entriesFile(number), content };
    });
    const observations = segmentsOf(({ number, observations: content }) => {
      return { segment: number, file: directory.journalFile(number), content };
    });
    const inserts: TableInsert[] = [
      { ...of, table: 'entries', segments: entries },
      { ...of, table: 'observations', segments: observations },
    ];
    return inserts.filter(({ segments }) => segments.length > 0);
  }

  async #finish(segment: SealedSegment): Promise<void> {
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

  async #fail(group: readonly Queued[], error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const { logger, telemetry, nowUs, random } = this.#options;
    const [first] = group;
    const failure = error instanceof SaveError ? error : wrap(error);
    const isHopeless = !failure.retryable || HOPELESS.has(failure.code);
    const isRetried = !isHopeless || group.length > 1;
    for (const queued of group) {
      queued.isFresh = false;
      queued.isAlone ||= isHopeless;
    }
    telemetry.count('turnmeter_insert_failures_total', { code: failure.code, retried: String(isRetried) });
    // Which of them it is shows when each comes by itself.
    if (isHopeless && isRetried) return;
    this.#failures++;
    this.#lastFailure = { code: failure.code, message: failure.message, atUs: nowUs() };
    const isTold = this.#trouble !== undefined && isSame(this.#trouble, failure);
    this.#trouble = isRetried ? failure : undefined;
    if (!isRetried) {
      if (first !== undefined) await this.#putAside(first.segment, failure);
      return;
    }
    for (const giveUp of this.#impatient) giveUp(failure);
    if (!isTold) {
      logger.warn(
        { segment: first?.segment.number, error: failure },
        'a segment could not be saved yet; it is tried again and not told again',
      );
    }
    const waitMs = backOffMs(this.#failures, { minMs: RETRY_MS_MIN, maxMs: RETRY_MS_MAX, random });
    await delay(waitMs, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #putAside(segment: SealedSegment, failure: SaveError): Promise<void> {
    const { logger, directory } = this.#options;
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
    this.#rows -= rowsOf(segment);
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
