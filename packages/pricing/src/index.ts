export { BUNDLED_PRICES, bundledSnapshot } from './bundled-snapshot.ts';
export { AMOUNT_MAX, type Cost, type CostParts, type PricedCharge } from './cost.ts';
export { CostSource, CostStatus } from './cost-status.ts';
export type {
  ChargeDescription,
  PriceDescription,
  RateDescription,
  ServiceTierDescription,
  TierDescription,
} from './describe-price.ts';
export type { MatchClause } from './match-clause.ts';
export { formatUsd, type Decimal } from './money.ts';
export type { OverrideCharge, OverrideContextTier, OverrideRates, PriceOverride } from './override.ts';
export { createPriceBook, type DescribeOptions, type PriceBook, type PriceBookOptions } from './price-book.ts';
export type { Charge, PriceRequest, ReportedCost } from './price-request.ts';
export { PricingError, PricingErrorCode } from './pricing-error.ts';
export { Reason } from './reason.ts';
export {
  parseSnapshot,
  type BookModel,
  type BookPeriod,
  type BookPrice,
  type BookProvider,
  type HoursOfDay,
  type PriceSnapshot,
} from './snapshot.ts';
export { updatePrices, type UpdatePricesOptions } from './update-prices.ts';
export {
  MEDIA_BUCKETS,
  TEXT_BUCKETS,
  TOKEN_BUCKETS,
  type MediaBucket,
  type TextBucket,
  type TokenBucket,
  type TokenUsage,
} from './usage.ts';
