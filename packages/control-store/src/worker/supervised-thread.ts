// In: a file. Out: a thread that has it open; where it ends, another in its place, each later than the one before. Refused: what is asked
// while there is none, with what the last one ended of.

import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import { RunningThread } from './running-thread.ts';

export interface SupervisionOptions {
  /** Hears why a thread has ended, each time. */
  readonly onThreadEnd?: ((why: Error) => void) | undefined;
}

/** Until another thread is begun, ms: doubled with each that does not live for long, so that one that always ends takes no machine's time. */
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 30_000;
/** Whoever lives as long has not ended of its begin. */
const LONG_MS = 60_000;

export class SupervisedThread {
  readonly #file: string;
  readonly #onThreadEnd: ((why: Error) => void) | undefined;
  #running: RunningThread;
  #pauseMs = PAUSE_MS;
  #pause: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(file: string, running: RunningThread, { onThreadEnd }: SupervisionOptions) {
    this.#file = file;
    this.#running = running;
    this.#onThreadEnd = onThreadEnd;
    void this.#watch(running);
  }

  /** @throws ControlStoreError if the first thread cannot open the file */
  static async open(file: string, options: SupervisionOptions): Promise<SupervisedThread> {
    const running = new RunningThread(file);
    await running.opened;
    return new SupervisedThread(file, running, options);
  }

  call(repository: string, method: string, values: readonly unknown[]): Promise<unknown> {
    if (this.#stopped !== undefined) return Promise.reject(storeStopped());
    return this.#running.call(repository, method, values);
  }

  stop(): Promise<void> {
    clearTimeout(this.#pause);
    this.#stopped ??= this.#running.stop();
    return this.#stopped;
  }

  async #watch(running: RunningThread): Promise<void> {
    const beganMs = performance.now();
    const why = await running.ended;
    if (this.#stopped !== undefined) return;
    if (performance.now() - beganMs >= LONG_MS) this.#pauseMs = PAUSE_MS;
    this.#pause = setTimeout(() => this.#begin(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(2 * this.#pauseMs, PAUSE_MS_MAX);
    this.#onThreadEnd?.(why);
  }

  #begin(): void {
    this.#running = new RunningThread(this.#file);
    // One that cannot open the file ends, and whoever asked something of it is told.
    this.#running.opened.catch(() => undefined);
    void this.#watch(this.#running);
  }
}

function storeStopped(): ControlStoreError {
  return new ControlStoreError('The control store was stopped.', { code: ControlStoreErrorCode.STOPPED });
}
