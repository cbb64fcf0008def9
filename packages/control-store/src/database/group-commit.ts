// In: transactions of many requests. Out: each one's result, after it is on disk. What waits while one is written goes to disk together with
// it, by one fsync. Refused: nothing; one that fails is taken back alone.

import { setImmediate } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import type { Work } from './database.ts';
import { describeFailure, failureOf, Failure } from './describe-failure.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { Tables } from './tables.ts';

/** Transactions that are committed together: others' processes wait so long, and a failed commit fails all of them. */
const GROUP_MAX = 256;

interface Job {
  readonly work: Work<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly job: Job } & ({ readonly result: unknown } | { readonly error: unknown });

export class GroupCommit {
  readonly #db: Kysely<Tables>;
  #waiting: Job[] = [];
  #draining: Promise<void> | undefined;
  #isClosed = false;

  /** The connection is used by nobody else. */
  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  run<Result>(work: Work<Result>): Promise<Result> {
    if (this.#isClosed) {
      return Promise.reject(
        new ControlStoreError('The control store was stopped.', { code: ControlStoreErrorCode.STOPPED }),
      );
    }
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // What came in by the same turn of the event loop is in the group.
      await setImmediate();
      const group = this.#waiting.splice(0, GROUP_MAX);
      try {
        for (const outcome of await this.#commit(group)) {
          if ('error' in outcome) outcome.job.reject(describeFailure(outcome.error));
          else outcome.job.resolve(outcome.result);
        }
      } catch (error) {
        for (const { reject } of group) reject(describeFailure(error));
      }
    }
    this.#draining = undefined;
  }

  async #commit(group: readonly Job[]): Promise<readonly Outcome[]> {
    await retryConflicts(() => sql`begin immediate`.execute(this.#db));
    try {
      const outcomes: Outcome[] = [];
      for (const job of group) outcomes.push(await this.#attempt(job));
      await sql`commit`.execute(this.#db);
      return outcomes;
    } catch (error) {
      // After some errors SQLite has rolled back by itself; then this fails, and nothing is open.
      await sql`rollback`.execute(this.#db).catch(() => undefined);
      throw error;
    }
  }

  async #attempt(job: Job): Promise<Outcome> {
    await sql`savepoint job`.execute(this.#db);
    try {
      const result = await job.work(this.#db);
      await sql`release job`.execute(this.#db);
      return { job, result };
    } catch (error) {
      // The whole group fails: the disk is full, or cannot be read.
      if (failureOf(error) === Failure.BROKEN) throw error;
      await sql`rollback to job`.execute(this.#db);
      await sql`release job`.execute(this.#db);
      return { job, error };
    }
  }
}
