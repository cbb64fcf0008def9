import { Problem } from './problem.ts';

/** Lets a bounded number of requests in at a time; those above it are told to come back. */
export class Gate {
  readonly #name: string;
  readonly #max: number;
  #inside = 0;

  constructor(options: { readonly name: string; readonly max: number }) {
    this.#name = options.name;
    this.#max = options.max;
  }

  /**
   * Takes a place, and returns what gives it back; calling that twice gives back one.
   * @throws Problem 429
   */
  enter(): () => void {
    if (this.#inside >= this.#max) {
      throw new Problem({
        status: 429,
        code: 'too_many_at_once',
        detail: `At most ${this.#max} of ${this.#name} run at a time.`,
        retryAfterSeconds: 2,
      });
    }
    this.#inside++;
    let isInside = true;
    return () => {
      if (isInside) this.#inside--;
      isInside = false;
    };
  }

  /** Runs while holding a place. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const leave = this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
