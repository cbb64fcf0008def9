import type { Cost, PriceBook, TokenUsage } from '@turnmeter/pricing';
import { CostStatus } from '@turnmeter/semconv';

/** What the price of a call depends on. */
export interface PricedCall {
  readonly tenant: string | undefined;
  readonly provider: string;
  readonly model: string | undefined;
  readonly operation: string;
  readonly serviceTier?: string | undefined;
  readonly writesCache?: boolean | undefined;
}

/** What calls cost at the worst, by the same prices as everywhere else. */
export class CallPrices {
  readonly #book: () => PriceBook;
  readonly #dearest = new Map<string, Priced>();

  constructor(book: () => PriceBook) {
    this.#book = book;
  }

  /** Whether anybody has a price for the model. */
  isPriced(call: PricedCall): boolean {
    return this.#price(call, ONE_EACH).status !== CostStatus.UNPRICED;
  }

  /**
   * The most that so many tokens can cost. Input that the provider may write to its cache is billed above the plain rate. A model without
   * a price counts as the dearest one.
   */
  worstNanoUsd(call: PricedCall, input: number, output: number): number {
    const plain = this.nanoUsdOf(call, { input, output });
    if (call.writesCache !== true) return plain;
    const cached = this.nanoUsdOf(call, { input, output, cacheWrite: input, cacheWrite1h: input });
    return Math.max(plain, cached);
  }

  /** What tokens cost, of a model without a price as much as of the dearest one. */
  nanoUsdOf(call: PricedCall, usage: TokenUsage): number {
    const cost = this.#price(call, usage);
    if (cost.status !== CostStatus.UNPRICED) return cost.totalNanoUsd;
    const dearest = this.#dearestOf(call.provider);
    return this.#price({ ...call, ...dearest, serviceTier: undefined }, usage).totalNanoUsd;
  }

  /** How many tokens of output so much money buys. */
  outputTokensFor(call: PricedCall, input: number, nanoUsd: number): number {
    const without = this.worstNanoUsd(call, input, 0);
    const perMillion = this.worstNanoUsd(call, input, MILLION) - without;
    if (nanoUsd < without) return 0;
    return perMillion <= 0 ? Infinity : Math.floor(((nanoUsd - without) / perMillion) * MILLION);
  }

  #price({ tenant, provider, model, operation, serviceTier }: PricedCall, usage: TokenUsage): Cost {
    return this.#book().price({
      tenant,
      provider,
      requestModel: model,
      timeMs: Date.now(),
      operation,
      serviceTier,
      usage,
    });
  }

  /** Of the provider, where the price list has it; else of all. Looked for once each. */
  #dearestOf(provider: string): Priced {
    let found = this.#dearest.get(provider);
    if (found === undefined) {
      found = findDearest(this.#book(), provider);
      if (this.#dearest.size < PROVIDERS_MAX) this.#dearest.set(provider, found);
    }
    return found;
  }
}

interface Priced {
  readonly provider: string;
  readonly model: string;
}

const ONE_EACH: TokenUsage = { input: 1_000_000, output: 1_000_000 };
const MILLION = 1_000_000;
const PROVIDERS_MAX = 100;

function findDearest(book: PriceBook, provider: string): Priced {
  const own = book.snapshot.providers.filter(({ id }) => provider.toLowerCase().includes(id));
  let dearest: Priced = { provider, model: '' };
  let most = -1;
  for (const { id, models } of own.length > 0 ? own : book.snapshot.providers) {
    for (const { id: model } of models) {
      const cost = book.price({ provider: id, requestModel: model, timeMs: Date.now(), usage: ONE_EACH });
      if (cost.totalNanoUsd <= most) continue;
      most = cost.totalNanoUsd;
      dearest = { provider: id, model };
    }
  }
  return dearest;
}
