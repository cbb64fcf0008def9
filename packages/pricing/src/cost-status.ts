/** How much a cost can be trusted. */
export const CostStatus = {
  /** Everything is priced by a price that applies to it. */
  Exact: 'exact',
  /** Everything is priced, but something was assumed: the reasons say what. */
  Estimated: 'estimated',
  /** Something has no price or was not reported: the amount is a lower bound. */
  Partial: 'partial',
  /** Nothing is priced. The amount 0 is no price. */
  Unpriced: 'unpriced',
} as const;

/** How much a cost can be trusted: exact › estimated › partial › unpriced. */
export type CostStatus = (typeof CostStatus)[keyof typeof CostStatus];

/** Whose price a cost is. */
export const CostSource = {
  /** The operator's own price. */
  Override: 'override',
  /** What the provider (or the tool itself) reported. */
  Provider: 'provider',
  /** What a gateway reported. */
  Gateway: 'gateway',
  /** The list price at the time of the call. */
  PriceBook: 'price_book',
  /** What a table in a client library claims; only where nobody else has a price. */
  ClientTable: 'client_table',
  /** Nobody's. */
  None: 'none',
} as const;

/** Whose price a cost is, in order of precedence. */
export type CostSource = (typeof CostSource)[keyof typeof CostSource];
