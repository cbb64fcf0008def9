// Brings what was accepted into the database every half second, and sooner when much has come.

import type { Logger } from 'pino';
import type { Pipeline } from '../pipeline.ts';
import type { Store } from '../save/store.ts';
import type { Telemetry } from '../telemetry.ts';

export interface BookingLoopOptions {
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly everyMs: number;
  readonly segmentRowsMax: number;
  readonly nowUs: () => number;
}

/** How often the number of rows is looked at between two bookings. */
const LOOK_MS = 50;
/** Segments that wait for a database that is away or slow; one that rests between two inserts leaves fewer. */
const BACKLOG_SEGMENTS = 16;
/** How many times as long a segment may grow behind a backlog: hours of it are not ten thousands of files. */
const PATIENCE = 8;

export class BookingLoop {
  readonly #options: BookingLoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #bookedMs = 0;
  #isStopped = false;
  #isFailing = false;

  constructor(options: BookingLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#bookedMs = this.#options.nowUs() / 1000;
    this.#schedule();
  }

  /** Books no more, once what is under way is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look().then(() => this.#schedule());
    }, LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    const { pipeline, store, everyMs, segmentRowsMax, nowUs } = this.#options;
    const nowMs = nowUs() / 1000;
    // A clock that was set back must not stop the bookings.
    const waitedMs = nowMs < this.#bookedMs ? Number.POSITIVE_INFINITY : nowMs - this.#bookedMs;
    const isBacklog = store.status.pendingSegments >= BACKLOG_SEGMENTS;
    const isDue = waitedMs >= (isBacklog ? everyMs * PATIENCE : everyMs);
    const isMuch = store.openRows >= segmentRowsMax || (pipeline.isPressed && !this.#isFailing);
    if (!isDue && !isMuch) return;
    this.#bookedMs = nowMs;
    await this.#book();
  }

  async #book(): Promise<void> {
    const { pipeline, logger } = this.#options;
    try {
      await pipeline.book();
      if (this.#isFailing) logger.info('bookings go on');
      this.#isFailing = false;
    } catch (error) {
      // What was accepted is on disk and what was decided is kept: the next round goes on from there.
      if (!this.#isFailing) logger.error({ err: error }, 'bookings are delayed');
      this.#isFailing = true;
    }
    this.#report();
  }

  #report(): void {
    const { store, telemetry, nowUs } = this.#options;
    const { pendingSegments, pendingBytes, unsavedSinceUs, quarantined } = store.status;
    telemetry.set('turnmeter_segments_pending', pendingSegments);
    telemetry.set('turnmeter_segments_pending_bytes', pendingBytes);
    telemetry.set('turnmeter_segments_quarantined', quarantined.length);
    telemetry.set(
      'turnmeter_ingest_lag_seconds',
      unsavedSinceUs === undefined ? 0 : Math.max(0, (nowUs() - unsavedSinceUs) / 1e6),
    );
  }
}
