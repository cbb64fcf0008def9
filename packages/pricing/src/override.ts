import type { Decimal, Ratio } from './money.ts';
import type { RateTier } from './rate-sheet.ts';
import type { TokenBucket } from './usage.ts';

/**
 * An operator's own price. It applies to the calls that fit all of `tenant`, `provider`, `region` and `model`, from `from`
 * on and before `to`. It can say what tokens cost (`rates` or `discountPercent`), what a service tier makes of that, and
 * what other things cost; each of these is decided by the most specific override that says anything about it.
 */
export interface PriceOverride {
  /** Unique; shown in price ids and in messages. */
  readonly name: string;
  /** The tenant's id, exactly. All tenants if left out. */
  readonly tenant?: string | undefined;
  /** As telemetry has it (`azure.ai.openai`) or as the price list has it (`azure`). All providers if left out. */
  readonly provider?: string | undefined;
  /** The region of the call, exactly. All regions if left out. */
  readonly region?: string | undefined;
  /**
   * A pattern for the model's name: `*` is any text, `?` one character, upper or lower case. It is compared with the names
   * in telemetry, without prefixes too, and with the price list's own name. All models if left out.
   */
  readonly model?: string | undefined;
  /** ISO 8601, UTC if a day: `2026-01-01` or `2026-01-01T09:00:00+01:00`. From ever if left out. */
  readonly from?: string | undefined;
  /** The first moment it no longer applies. For ever if left out. */
  readonly to?: string | undefined;
  /** Prices are in US dollars; any other currency is refused. */
  readonly currency?: 'USD' | undefined;
  /**
   * USD per million tokens. Where `input` (or `output`) is given, the whole side is the operator's, and parts without a rate
   * cost the same as their whole; where only parts are given, they replace those parts of the list price.
   */
  readonly rates?: OverrideRates | undefined;
  /** Rates for calls with more input tokens than a limit, in ascending order. */
  readonly contextTiers?: readonly OverrideContextTier[] | undefined;
  /** Off the list price of tokens and of the provider's fees, in percent; negative for a surcharge. */
  readonly discountPercent?: Decimal | undefined;
  /** Factors by service tier: `{ batch: '0.5' }`. They replace the default ones. */
  readonly serviceTiers?: Readonly<Record<string, Decimal>> | undefined;
  /** Prices of what is not a token. */
  readonly charges?: readonly OverrideCharge[] | undefined;
}

/** USD per million tokens by bucket. Decimal text is read digit by digit: `'0.0028'`. */
export type OverrideRates = Readonly<Partial<Record<TokenBucket, Decimal>>>;

/** Rates of long calls. */
export interface OverrideContextTier {
  readonly aboveInputTokens: number;
  readonly rates: OverrideRates;
}

/** The price of one unit of something that is not a token. */
export interface OverrideCharge {
  /** `tool_call`, `web_search`, `request`, `image`, `audio_second`, `gpu_second`, or a kind of your own. */
  readonly kind: string;
  /** A pattern for the tool's name (`*`, `?`). Any name if left out. */
  readonly name?: string | undefined;
  /** USD per unit. */
  readonly usd: Decimal;
}

/** A price override that was checked, ready to be compared with calls. */
export interface CheckedOverride {
  readonly name: string;
  readonly tenant: string | undefined;
  readonly provider: string | undefined;
  readonly region: string | undefined;
  readonly model: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly rateTiers: readonly RateTier[] | undefined;
  /** What is left of the list price. */
  readonly discount: Ratio | undefined;
  readonly serviceTiers: ReadonlyMap<string, Ratio>;
  readonly charges: readonly CheckedCharge[];
}

/** A checked price of something that is not a token. */
export interface CheckedCharge {
  readonly kind: string;
  readonly name: string | undefined;
  readonly nanoUsd: number;
}
