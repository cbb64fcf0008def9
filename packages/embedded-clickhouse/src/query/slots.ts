import { ClickHouseException } from '../clickhouse-exception.ts';

/** The right to run one query, with the named pipe that its rows come through. */
export interface Slot {
  readonly pipe: string;
  /** Only when the engine is done with the query: until then it may write into the pipe. */
  release(): void;
}

/**
 * Limits how many queries run at a time. A running query holds a thread of libuv's pool for as long as its client reads,
 * and that pool has to keep some for files and for cancelling.
 */
export class SlotPool {
  readonly #free: string[];
  readonly #waiting: ((pipe: string) => void)[] = [];
  readonly #waitingMax: number;

  constructor(pipes: readonly string[], waitingMax: number) {
    this.#free = [...pipes];
    this.#waitingMax = waitingMax;
  }

  /**
   * Takes a slot, in the order of asking.
   *
   * @throws ClickHouseException if too many wait already, or if the signal aborts first.
   */
  async acquire(signal: AbortSignal): Promise<Slot> {
    signal.throwIfAborted();
    const pipe = this.#free.pop() ?? (await this.#wait(signal));
    let isReleased = false;
    return {
      pipe,
      release: (): void => {
        if (isReleased) return;
        isReleased = true;
        const next = this.#waiting.shift();
        if (next === undefined) this.#free.push(pipe);
        else next(pipe);
      },
    };
  }

  #wait(signal: AbortSignal): Promise<string> {
    if (this.#waiting.length >= this.#waitingMax) {
      throw ClickHouseException.of(
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `Too many simultaneous queries: ${this.#waiting.length} are waiting already`,
      );
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(signal.reason);
      };
      const take = (pipe: string): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(pipe);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(take);
    });
  }
}
