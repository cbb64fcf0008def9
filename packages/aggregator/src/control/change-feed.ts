// Learns what was written into the control store, here and by other aggregators on the same one, and tells those who hold copies of it.

import type { Change, ControlStore } from '@turnmeter/control-store';
import type { Logger } from 'pino';

/** Somebody who holds a copy of what is in the store. */
export interface ChangeFollower {
  /** Reads all anew: at the start, and after changes that were not seen. */
  reload(): Promise<void>;
  apply(change: Change): void | Promise<void>;
}

export interface ChangeFeedOptions {
  readonly store: Pick<ControlStore, 'changes'>;
  readonly followers: readonly ChangeFollower[];
  readonly logger: Logger;
  /** How often the store is asked, ms: what another aggregator wrote is known after as long. @default 250 */
  readonly everyMs?: number;
}

const EVERY_MS = 250;
const CHANGES_MAX = 1000;
/** Changes are forgotten after a week: whoever did not ask for a day, as his machine slept, reads all anew. */
const KNOWN_MS_MAX = 86_400_000;

export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  /** Up to where changes are known; undefined while copies have to be read anew. */
  #cursor: number | undefined;
  #readMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #isStopped = false;
  #trouble = '';

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  /** Why the store cannot be read, '' if it can. What was read before is held to meanwhile. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Reads the store for the first time; then it goes on by itself. @throws whatever the store cannot be read for */
  async start(): Promise<void> {
    await this.#reload();
    this.#readMs = Date.now();
    this.#schedule();
  }

  /** Resolves when all that was written before is known here, or cannot be. */
  catchUp(): Promise<void> {
    const next = this.#last.then(() => this.#read());
    this.#last = next;
    return next;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#last;
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.catchUp().then(() => this.#schedule()), this.#options.everyMs ?? EVERY_MS);
    this.#timer.unref();
  }

  async #read(): Promise<void> {
    const { logger } = this.#options;
    try {
      const isKnown = Date.now() - this.#readMs < KNOWN_MS_MAX;
      if (this.#cursor === undefined || !isKnown) await this.#reload();
      else await this.#follow(this.#cursor);
      this.#readMs = Date.now();
      if (this.#trouble !== '') logger.info('the control store is there again');
      this.#trouble = '';
    } catch (error) {
      if (this.#trouble === '') logger.error({ err: error }, 'the control store cannot be read');
      this.#cursor = undefined;
      this.#trouble = `the control store cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async #reload(): Promise<void> {
    const { store, followers } = this.#options;
    // Before the copies are read: a change in between is seen twice rather than never.
    const cursor = await store.changes.latestCursor();
    await Promise.all(followers.map((follower) => follower.reload()));
    this.#cursor = cursor;
  }

  async #follow(cursor: number): Promise<void> {
    const { store, followers } = this.#options;
    const changes = await store.changes.since(cursor, CHANGES_MAX);
    for (const change of changes) {
      for (const follower of followers) await follower.apply(change);
      this.#cursor = change.cursor;
    }
    if (changes.length === CHANGES_MAX) await this.#follow(this.#cursor ?? cursor);
  }
}
