// Work of hundreds of milliseconds that leaves the process free for others in between.

import { setImmediate } from 'node:timers/promises';

/** Short steps that are done before the clock is looked at. */
const STEPS_AT_A_TIME = 128;
/** How long others wait for their turn, ms. */
const TURN_MS = 5;

export class Pace {
  readonly #stepsAtATime: number;
  #steps = 0;
  #sinceMs = performance.now();

  constructor({ stepsAtATime = STEPS_AT_A_TIME }: { readonly stepsAtATime?: number } = {}) {
    this.#stepsAtATime = stepsAtATime;
  }

  /** Whether it is the turn of others. To be asked after each step, and followed by {@link rest}. */
  get isOver(): boolean {
    this.#steps += 1;
    return this.#steps % this.#stepsAtATime === 0 && performance.now() - this.#sinceMs > TURN_MS;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#sinceMs = performance.now();
  }
}
