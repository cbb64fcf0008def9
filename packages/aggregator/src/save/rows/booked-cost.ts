import type { Cost, PricedCharge } from '@turnmeter/pricing';

/** What is kept of a cost: enough to explain it, and to take it back to the last digit. A whole cost is one. */
export interface BookedCost extends Pick<
  Cost,
  | 'status'
  | 'source'
  | 'tokenNanoUsd'
  | 'otherNanoUsd'
  | 'totalNanoUsd'
  | 'parts'
  | 'priceId'
  | 'bookVersion'
  | 'unpricedTokens'
  | 'reasons'
> {
  readonly charges: readonly BookedCharge[];
}

/** What is kept of a charge with its price. How many units it was is the entry's own. */
export type BookedCharge = Pick<PricedCharge, 'kind' | 'name' | 'nanoUsd'>;
