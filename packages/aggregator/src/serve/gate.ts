import { Problem } from './problem.ts';

export interface GateOptions {
  /** What is let in, for whoever has to wait: `requests`, `exports`. */
  readonly name: string;
  readonly max: number;
  /** How many of one tenant, so that one does not keep out all others. @default max */
  readonly maxEach?: number;
}

/** Seconds after which somebody who was kept out may try again. */
const RETRY_AFTER_SECONDS = 2;

/** Lets a bounded number in at a time; those above it are told to come back. */
export class Gate {
  readonly #options: GateOptions;
  readonly #inside = new Map<string, number>();
  #count = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Takes a place for a tenant, and returns what gives it back; calling that twice gives back one.
   * @throws Problem 429
   */
  enter(tenant: string): () => void {
    const { max, maxEach = max } = this.#options;
    const own = this.#inside.get(tenant) ?? 0;
    if (own >= maxEach) throw this.#full(`${maxEach} of one tenant`);
    if (this.#count >= max) throw this.#full(`${max}`);
    this.#inside.set(tenant, own + 1);
    this.#count++;
    let isInside = true;
    return () => {
      if (isInside) this.#leave(tenant);
      isInside = false;
    };
  }

  #leave(tenant: string): void {
    this.#count--;
    const others = (this.#inside.get(tenant) ?? 1) - 1;
    // Without keys anybody can make up tenants: those who left leave nothing behind.
    if (others === 0) this.#inside.delete(tenant);
    else this.#inside.set(tenant, others);
  }

  #full(max: string): Problem {
    return new Problem({
      status: 429,
      code: 'too_many_at_once',
      detail: `Too many ${this.#options.name} at once: expected at most ${max}. Ask again in a moment.`,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
