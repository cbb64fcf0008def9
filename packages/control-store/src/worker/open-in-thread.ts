import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { ControlStore } from '../control-store.ts';
import { errorOf, OPENED, threadGone, type Reply } from './messages.ts';

/** Its source where sources run, and what was compiled of it where that does. */
const ENTRY = path.join(import.meta.dirname, `store-thread${path.extname(import.meta.filename)}`);

/** Opens an SQLite file in a thread of its own. @throws ControlStoreError unavailable, busy */
export async function openInThread(file: string): Promise<ControlStore> {
  const thread = new StoreThread(file);
  await thread.opened;
  return {
    policies: repositoryOf(thread, 'policies'),
    stops: repositoryOf(thread, 'stops'),
    leases: repositoryOf(thread, 'leases'),
    keys: repositoryOf(thread, 'keys'),
    alertRules: repositoryOf(thread, 'alertRules'),
    alertStates: repositoryOf(thread, 'alertStates'),
    deliveries: repositoryOf(thread, 'deliveries'),
    balances: repositoryOf(thread, 'balances'),
    changes: repositoryOf(thread, 'changes'),
    locks: repositoryOf(thread, 'locks'),
    dialect: 'sqlite',
    copyTo: async (copy) => void (await thread.call('', 'copyTo', [copy])),
    stop: () => thread.stop(),
  };
}

function repositoryOf<Name extends keyof ControlStore>(thread: StoreThread, name: Name): ControlStore[Name] {
  return new Proxy(
    {},
    {
      get: (_target, method) =>
        // Whoever awaits it, or prints it, asks for more than the repository has.
        typeof method === 'string' && method !== 'then'
          ? (...values: readonly unknown[]) => thread.call(name, method, values)
          : undefined,
    },
  ) as ControlStore[Name];
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class StoreThread {
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = OPENED;
  #gone: Error | undefined;
  #stopped: Promise<void> | undefined;

  constructor(file: string) {
    // What the process was started with, such as instrumentation, is not for this thread.
    this.#worker = new Worker(ENTRY, { workerData: file, name: 'turnmeter control store', execArgv: [] });
    this.opened = this.#reply(OPENED);
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(threadGone(error)));
    this.#worker.on('exit', (code) => this.#end(threadGone(new Error(`exit code ${code}`))));
  }

  call(repository: string, method: string, values: readonly unknown[]): Promise<unknown> {
    if (this.#stopped !== undefined) return Promise.reject(storeStopped());
    return this.#send(repository, method, values);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    if (this.#gone !== undefined) return;
    await this.#send('', 'stop', []);
    // It has nothing left to do; ending it here, and not there, loses no reply that is under way.
    await this.#worker.terminate();
  }

  #send(repository: string, method: string, values: readonly unknown[]): Promise<unknown> {
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

  #end(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }
}

function storeStopped(): ControlStoreError {
  return new ControlStoreError('The control store was stopped.', { code: ControlStoreErrorCode.STOPPED });
}

/** Functions and the like are in no document. */
function notStorable(cause: unknown): ControlStoreError {
  return new ControlStoreError('The control store was given something that is no data.', {
    code: ControlStoreErrorCode.INVALID,
    cause,
  });
}
