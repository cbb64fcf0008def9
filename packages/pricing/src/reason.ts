import { CostStatus } from './cost-status.ts';

/** Why a cost is what it is. Codes are stable and few: they are stored, counted and alerted on. */
export const Reason = {
  /** No provider was named; the price is the one of the model's maker. */
  ProviderInferred: 'provider_inferred',
  /** The price list gives the model away. */
  FreeModel: 'free_model',
  /** A provider or gateway reported 0 for a call with tokens, which is no price. */
  ReportedZero: 'reported_zero',
  /** The reported cost is negative, not a number, or beyond what a row may cost. */
  ReportedInvalid: 'reported_invalid',
  /** Nothing was spent that has a price: no tokens, and only tool calls nobody gave a price. */
  NothingToPrice: 'nothing_to_price',

  /** No provider was named; the one before the model's name may have served it, or only made it. */
  ProviderFromPrefix: 'provider_from_prefix',
  /** The provider's name is not known; the price is the one of the model's maker. */
  ProviderUnknown: 'provider_unknown',
  /** The provider's name only resembles a known one. */
  ProviderGuessed: 'provider_guessed',
  /** The provider named has no such model: a compatible API of somebody else's was called. */
  ProviderMismatch: 'provider_mismatch',
  /** The model's name only resembles a known one. */
  ModelGuessed: 'model_guessed',
  /** The price list does not know the model of this date, only the model. */
  ModelDateDropped: 'model_date_dropped',
  /** The price list does not know this variant (`:nitro`, `:online`), only the model. */
  ModelVariantDropped: 'model_variant_dropped',
  /** The price list knows the model only without the vendor or region before its name. */
  ModelPrefixDropped: 'model_prefix_dropped',
  /** The model that answered is not known; the one that was asked for is. */
  RequestModelUsed: 'request_model_used',
  /** No published factor is known for this service tier with this model. */
  TierAssumed: 'tier_assumed',
  /** Cached input without a price of its own: charged as input. */
  NoCacheReadPrice: 'no_cache_read_price',
  /** Cache writes without a price of their own: charged as input. */
  NoCacheWritePrice: 'no_cache_write_price',
  /** One-hour cache writes without a price of their own: charged as five-minute ones. */
  NoCacheWrite1hPrice: 'no_cache_write_1h_price',
  /** Nobody said how long the cache writes live: charged as five-minute ones. */
  CacheWriteTtlAssumed: 'cache_write_ttl_assumed',
  /** Audio tokens without a price of their own: charged as text. */
  NoAudioPrice: 'no_audio_price',
  /** Image or video output without a price of its own: charged as text. */
  NoImagePrice: 'no_image_price',
  /** Cached and audio or image tokens are both known, but not how much they overlap: as little as possible. */
  CachedMediaAssumed: 'cached_media_assumed',
  /** Parts are larger than their whole, so the whole cannot include them: they are charged beside it. */
  PartsExceedWhole: 'parts_exceed_whole',
  /** A fee per request that varies, at the highest the price list shows, for one request. */
  RequestFeeAssumed: 'request_fee_assumed',
  /** The time of the call is not a time: the latest price is used. */
  TimeInvalid: 'time_invalid',
  /** The price list has a price for a kind of token this version does not know. */
  UnsupportedPriceUnit: 'unsupported_price_unit',
  /** Nobody else has a price; this is what a client's own table says. */
  ClientTableClaim: 'client_table_claim',

  /** Input or output was not reported. */
  UsageMissingPart: 'usage_missing_part',
  /** A token count is negative, not whole, or absurd: taken as not reported. */
  UsageInvalid: 'usage_invalid',
  /** Input without a price. */
  NoInputPrice: 'no_input_price',
  /** Output without a price. */
  NoOutputPrice: 'no_output_price',
  /** A web search, image, second … without a price. */
  NoChargePrice: 'no_charge_price',
  /** The quantity or unit cost of a charge makes no sense. */
  ChargeInvalid: 'charge_invalid',

  /** No usage at all. */
  UsageMissing: 'usage_missing',
  /** No model was named. */
  NoModel: 'no_model',
  /** The model is in no price list, for this provider. */
  UnknownModel: 'unknown_model',
  /** A model on one's own machine has no list price, which is not the same as being free. */
  LocalProvider: 'local_provider',
  /** The price list knows the model and shows no price, not even zero. */
  NoPriceListed: 'no_price_listed',
  /** More than a row can hold (9 million USD): the tokens or the rates are wrong. */
  AmountOutOfRange: 'amount_out_of_range',
} as const;

/** One of the stable codes in {@link Cost.reasons}. */
export type Reason = (typeof Reason)[keyof typeof Reason];

/** No reasons: the shared empty list of exact costs. */
export const NO_REASONS: readonly Reason[] = [];

const NOTES: ReadonlySet<Reason> = new Set([
  Reason.ProviderInferred,
  Reason.FreeModel,
  Reason.ReportedZero,
  Reason.ReportedInvalid,
  Reason.NothingToPrice,
]);

const GAPS: ReadonlySet<Reason> = new Set([
  Reason.UsageMissingPart,
  Reason.UsageInvalid,
  Reason.NoInputPrice,
  Reason.NoOutputPrice,
  Reason.NoChargePrice,
  Reason.ChargeInvalid,
  Reason.UsageMissing,
  Reason.NoModel,
  Reason.UnknownModel,
  Reason.LocalProvider,
  Reason.NoPriceListed,
  Reason.AmountOutOfRange,
]);

/** What the reasons leave of a cost that has an amount: a gap makes it partial, an assumption estimated, a note nothing. */
export function statusOf(reasons: readonly Reason[]): CostStatus {
  let status: CostStatus = CostStatus.Exact;
  for (const reason of reasons) {
    if (GAPS.has(reason)) {
      return CostStatus.Partial;
    }
    if (!NOTES.has(reason)) {
      status = CostStatus.Estimated;
    }
  }
  return status;
}

/** The reasons and one more; lists are shared, so none is ever changed. */
export function withReason(reasons: readonly Reason[], reason: Reason): readonly Reason[] {
  return reasons.includes(reason) ? reasons : [...reasons, reason];
}

/** All reasons of two lists, each once. */
export function mergeReasons(reasons: readonly Reason[], more: readonly Reason[]): readonly Reason[] {
  return more.reduce(withReason, reasons);
}
