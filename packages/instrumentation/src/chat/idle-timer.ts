import { abandonedAt } from './ending.ts';
import type { Follower } from './follower.ts';

/** Ends work as abandoned when nobody asked for more of it for too long. It never keeps the process alive. */
export class IdleTimer {
  readonly #follower: Follower;
  #timer: NodeJS.Timeout | undefined;
  #seenMs: number = Date.now();
  #busy = 0;

  constructor(follower: Follower) {
    this.#follower = follower;
    this.#start();
  }

  /** Somebody works on it or waits for it: it cannot be abandoned meanwhile. */
  busy(): void {
    this.#busy++;
    this.stop();
  }

  /** What was busy is not any more. */
  idle(): void {
    this.#busy--;
    this.#seenMs = Date.now();
    if (this.#busy === 0) this.#start();
  }

  /** For good, unless it becomes idle again. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    this.#timer = setTimeout(() => this.#follower.ended(abandonedAt(this.#seenMs)), this.#follower.idleMsMax);
    this.#timer.unref();
  }
}
