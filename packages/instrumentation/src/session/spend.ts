import type { Cost, TokenUsage } from '@turnmeter/pricing';
import { CostStatus } from '@turnmeter/semconv';
import type { SpendFigures } from './figures.ts';

/** One model call, as it is added to sums. */
export interface CountedCall {
  /** Undefined where nobody reported it. */
  readonly usage: TokenUsage | undefined;
  readonly cost: Cost | undefined;
  readonly isFailed: boolean;
  readonly retries: number;
  /** How many calls it stands for: none where it is tokens that were summed up elsewhere. @default 1 */
  readonly inferences?: number | undefined;
  /** Whether there was usage that nobody reported. @default a call without usage that did not fail */
  readonly isMissing?: boolean | undefined;
}

/** Added, or taken back. */
export type Sign = 1 | -1;

/** A running sum of model calls. */
export class Spend {
  #inferences = 0;
  #errors = 0;
  #retries = 0;
  #withoutUsage = 0;
  #input = 0;
  #output = 0;
  #cacheRead = 0;
  #cacheWrite = 0;
  #reasoning = 0;
  /** Whole: exact up to 9 million USD, more than a session can spend. */
  #nanoUsd = 0;
  #unpricedTokens = 0;
  #priced = 0;
  #estimated = 0;
  #unpriced = 0;

  get isEmpty(): boolean {
    return this.#inferences === 0 && this.#input === 0 && this.#output === 0 && this.#nanoUsd === 0;
  }

  get nanoUsd(): number {
    return this.#nanoUsd;
  }

  get tokens(): number {
    return this.#input + this.#output;
  }

  add(call: CountedCall, sign: Sign = 1): void {
    const { usage, cost, isFailed, retries, inferences = 1 } = call;
    this.#inferences += sign * inferences;
    this.#retries += sign * retries;
    if (isFailed) this.#errors += sign;
    if (call.isMissing ?? (usage === undefined && !isFailed)) this.#withoutUsage += sign;
    if (usage !== undefined) {
      this.#input += sign * (usage.input ?? 0);
      this.#output += sign * (usage.output ?? 0);
      this.#cacheRead += sign * (usage.cacheRead ?? 0);
      this.#cacheWrite += sign * (usage.cacheWrite ?? 0);
      this.#reasoning += sign * (usage.reasoning ?? 0);
    }
    if (cost !== undefined) this.#addCost(cost, sign);
  }

  figures(): SpendFigures {
    return {
      inferences: this.#inferences,
      errors: this.#errors,
      retries: this.#retries,
      inferencesWithoutUsage: this.#withoutUsage,
      tokens: {
        input: this.#input,
        output: this.#output,
        cacheRead: this.#cacheRead,
        cacheWrite: this.#cacheWrite,
        reasoning: this.#reasoning,
      },
      cost: {
        usd: this.#nanoUsd / 1e9,
        nanoUsd: this.#nanoUsd,
        status: this.#status(),
        unpricedTokens: this.#unpricedTokens,
      },
    };
  }

  #addCost(cost: Cost, sign: Sign): void {
    this.#nanoUsd += sign * cost.totalNanoUsd;
    this.#unpricedTokens += sign * cost.unpricedTokens;
    if (cost.status === CostStatus.UNPRICED) {
      this.#unpriced += sign;
      return;
    }
    this.#priced += sign;
    if (cost.status === CostStatus.PARTIAL) this.#unpriced += sign;
    if (cost.status === CostStatus.ESTIMATED) this.#estimated += sign;
  }

  #status(): CostStatus {
    if (this.#unpriced > 0) return this.#priced > 0 ? CostStatus.PARTIAL : CostStatus.UNPRICED;
    // A call whose usage nobody reported has a cost that nobody knows.
    if (this.#withoutUsage > 0) return this.#priced > 0 ? CostStatus.PARTIAL : CostStatus.UNPRICED;
    return this.#estimated > 0 ? CostStatus.ESTIMATED : CostStatus.EXACT;
  }
}
