// What somebody without a method would say a session will cost. Projections are measured beside them.

import type { FinishedSession, RunningSession } from './finished-session.ts';
import type { Foretold } from './forecast-score.ts';

export const NaiveMethod = {
  /** As much as sessions of the workflow did on average; for bounds, as much as nine of ten did. */
  WORKFLOW_MEAN: 'workflow_mean',
  /** As much a turn as so far, for as many turns as sessions have on average. */
  LINEAR_IN_TURNS: 'linear_in_turns',
} as const;
export type NaiveMethod = (typeof NaiveMethod)[keyof typeof NaiveMethod];

/** Sums over the sessions that have ended, as they end. None says less than what is spent. */
export class NaiveForecasts {
  readonly #sorted: number[] = [];
  #costs = 0;
  #turns = 0;

  learn({ endCostNanoUsd, costsNanoUsd }: FinishedSession): void {
    this.#costs += endCostNanoUsd;
    this.#turns += costsNanoUsd.length;
    this.#sorted.splice(this.#placeOf(endCostNanoUsd), 0, endCostNanoUsd);
  }

  /** @param running must have turns */
  foretell({ costNanoUsd, turns = 1 }: RunningSession): Readonly<Record<NaiveMethod, Foretold>> {
    const n = this.#sorted.length;
    const atLeastSpent = (cost: number): number => Math.max(costNanoUsd, cost);
    const at = (level: number): number => atLeastSpent(this.#sorted[Math.round((n - 1) * level)] ?? 0);
    return {
      workflow_mean: { lowNanoUsd: at(0.05), midNanoUsd: atLeastSpent(this.#costs / n), highNanoUsd: at(0.95) },
      linear_in_turns: { midNanoUsd: atLeastSpent((costNanoUsd / turns) * (this.#turns / n)) },
    };
  }

  #placeOf(cost: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? 0) < cost) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
