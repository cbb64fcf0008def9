// How many requests a tenant may send: a bucket for each, that fills at a steady rate and holds what one second brings.

import { Refusal, RefusalReason } from './refusal.ts';

/** Tenants whose buckets are kept; of more, the longest unused starts with a full one again. */
const BUCKETS_MAX = 10_000;

interface Bucket {
  tokens: number;
  filledMs: number;
}

export class RequestQuota {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  readonly #random: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: { readonly perSecond: number; readonly nowMs: () => number; readonly random: () => number }) {
    this.#perSecond = options.perSecond;
    this.#nowMs = options.nowMs;
    this.#random = options.random;
  }

  /** Takes one request of `owner` (a tenant, or a key that speaks for several), or refuses it. */
  take(owner: string): void {
    const bucket = this.#fill(owner);
    if (bucket.tokens < 1) {
      // All who were sent away would come back at the same moment: each gets a time of its own, up to twice as long.
      const waitMs = ((1 - bucket.tokens) / this.#perSecond) * 1000;
      throw new Refusal(RefusalReason.OVER_QUOTA, `more than ${this.#perSecond} requests per second`, {
        retryAfterMs: Math.ceil(Math.max(waitMs, 1000) * (1 + this.#random())),
      });
    }
    bucket.tokens--;
  }

  #fill(owner: string): Bucket {
    const nowMs = this.#nowMs();
    const capacity = Math.max(this.#perSecond, 1);
    const bucket = this.#buckets.get(owner) ?? { tokens: capacity, filledMs: nowMs };
    // A clock that is set back fills nothing and takes nothing.
    const passedMs = Math.max(0, nowMs - bucket.filledMs);
    bucket.tokens = Math.min(capacity, bucket.tokens + (passedMs / 1000) * this.#perSecond);
    bucket.filledMs = nowMs;
    this.#buckets.delete(owner);
    this.#buckets.set(owner, bucket);
    if (this.#buckets.size > BUCKETS_MAX) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return bucket;
  }
}
