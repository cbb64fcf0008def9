// How many bytes of bodies may be in memory at a time, received and inflated, over all connections.

import { Refusal, RefusalReason } from './refusal.ts';

export class ByteBudget {
  readonly #max: number;
  #used = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Bytes in use now. */
  get used(): number {
    return this.#used;
  }

  /** What one request holds; to be released once, whatever happens. */
  open(): Holding {
    return new Holding(
      (bytes) => {
        // A request that is alone may be of any size that its own limit allows.
        if (this.#used > 0 && this.#used + bytes > this.#max) return false;
        this.#used += bytes;
        return true;
      },
      (bytes) => {
        this.#used -= bytes;
      },
    );
  }
}

export class Holding {
  readonly #take: (bytes: number) => boolean;
  readonly #give: (bytes: number) => void;
  #held = 0;

  constructor(take: (bytes: number) => boolean, give: (bytes: number) => void) {
    this.#take = take;
    this.#give = give;
  }

  /** Holds so many bytes in all; bytes that are held already are not counted again. */
  grow(bytes: number): void {
    const more = bytes - this.#held;
    if (more <= 0) return;
    if (!this.#take(more))
      throw new Refusal(RefusalReason.OVERLOADED, 'too many bytes are in flight, please send again', {
        code: 'bytes_in_flight',
      });
    this.#held = bytes;
  }

  release(): void {
    this.#give(this.#held);
    this.#held = 0;
  }
}
