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
}

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

  add({ usage, cost, isFailed, retries }: CountedCall): void {
    this.#inferences++;
    this.#retries += retries;
    if (isFailed) this.#errors++;
    if (usage === undefined) {
      if (!isFailed) this.#withoutUsage++;
    } else {
      this.#input += usage.input ?? 0;
      this.#output += usage.output ?? 0;
      this.#cacheRead += usage.cacheRead ?? 0;
      this.#cacheWrite += usage.cacheWrite ?? 0;
      this.#reasoning += usage.reasoning ?? 0;
    }
    if (cost !== undefined) this.#addCost(cost, (usage?.input ?? 0) + (usage?.output ?? 0));
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

  #addCost(cost: Cost, tokens: number): void {
    this.#nanoUsd += cost.totalNanoUsd;
    if (cost.status === CostStatus.UNPRICED) {
      this.#unpriced++;
      this.#unpricedTokens += tokens;
      return;
    }
    this.#priced++;
    if (cost.status === CostStatus.PARTIAL) this.#unpriced++;
    if (cost.status === CostStatus.ESTIMATED) this.#estimated++;
  }

  #status(): CostStatus {
    if (this.#unpriced > 0) return this.#priced > 0 ? CostStatus.PARTIAL : CostStatus.UNPRICED;
    // A call whose usage nobody reported has a cost that nobody knows.
    if (this.#withoutUsage > 0) return this.#priced > 0 ? CostStatus.PARTIAL : CostStatus.UNPRICED;
    return this.#estimated > 0 ? CostStatus.ESTIMATED : CostStatus.EXACT;
  }
}
