import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import { errorOf, OPENED, threadGone, type Reply } from './messages.ts';

/** Its source where sources run, and what was compiled of it where that does. */
const ENTRY = path.join(import.meta.dirname, `store-thread${path.extname(import.meta.filename)}`);

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One thread, from its begin to its end. What is asked of it while it opens waits until it has. */
export class RunningThread {
  /** Rejects where the store cannot be opened. */
  readonly opened: Promise<unknown>;
  /** Resolves with the reason once the thread has ended, by itself or because it was stopped. */
  readonly ended: Promise<Error>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = OPENED;
  #gone: Error | undefined;

  constructor(file: string) {
    // What the process was started with, such as instrumentation, is not for this thread.
    this.#worker = new Worker(ENTRY, { workerData: file, name: 'turnmeter control store', execArgv: [] });
    this.opened = this.#reply(OPENED);
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.ended = new Promise((resolve) => {
      const end = (cause: unknown): void => resolve(this.#end(threadGone(cause)));
      this.#worker.on('error', end);
      this.#worker.on('exit', (code) => end(new Error(`exit code ${code}`)));
    });
  }

  call(repository: string, method: string, values: readonly unknown[]): Promise<unknown> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    this.#calls += 1;
    try {
      // That of a worker has no origin.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      this.#worker.postMessage({ id: this.#calls, repository, method, values });
    } catch (cause) {
      return Promise.reject(notStorable(cause));
    }
    return this.#reply(this.#calls);
  }

  /** Finishes what was asked before. */
  async stop(): Promise<void> {
    try {
      await this.call('', 'stop', []);
    } catch (error) {
      if (this.#gone === undefined) throw error;
    }
    // It has nothing left to do; ending it here, and not there, loses no reply that is under way.
    await this.#worker.terminate();
  }

  /** Only who waits for something keeps the process from ending. */
  #reply(id: number): Promise<unknown> {
    this.#worker.ref();
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('failure' in reply) waiting?.reject(errorOf(reply.failure));
    else waiting?.resolve(reply.value);
  }

  /** An error comes before the exit that it leads to, and says more. */
  #end(error: Error): Error {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
    return this.#gone;
  }
}

/** Functions and the like are in no document. */
function notStorable(cause: unknown): ControlStoreError {
  return new ControlStoreError('The control store was given something that is no data.', {
    code: ControlStoreErrorCode.INVALID,
    cause,
  });
}
