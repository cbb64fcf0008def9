import { CostSource } from './cost-status.ts';
import type { PricedCharge } from './cost.ts';
import { divideHalfUp, safeNumber } from './money.ts';
import { findCharge } from './override-rank.ts';
import type { PriceCard } from './price-card.ts';
import type { Charge } from './price-request.ts';
import type { UnitRate } from './rate-sheet.ts';
import { NO_REASONS, Reason, withReason } from './reason.ts';

/** What a call cost beside its tokens. */
export interface ChargesCost {
  readonly nanoUsd: number;
  readonly charges: readonly PricedCharge[];
  /** Charges that have a price, be it 0. */
  readonly pricedCount: number;
  readonly reasons: readonly Reason[];
}

/** The cost of nothing. */
export const NO_CHARGES: ChargesCost = { nanoUsd: 0, charges: [], pricedCount: 0, reasons: NO_REASONS };

const MILLIONTHS = 1_000_000;

// 'web_search' calls that OpenAI and others bill under other names.
const KIND_ALIASES: ReadonlyMap<string, string> = new Map([
  ['file_search', 'storage_search'],
  ['code_interpreter', 'code_execution'],
  ['x_search', 'social_search'],
]);

/** Prices charges, each by the operator's price, else by what the span says, else by the price list. */
export function priceCharges(card: PriceCard, charges: readonly Charge[], isInference: boolean): ChargesCost {
  const all = isInference && card.hasRequestFee ? withRequestFee(charges) : charges;
  let result = NO_CHARGES;
  for (const charge of all) {
    const priced = priceCharge(card, charge);
    result = {
      nanoUsd: result.nanoUsd + priced.charge.nanoUsd,
      charges: [...result.charges, priced.charge],
      pricedCount: result.pricedCount + (priced.charge.source === CostSource.None ? 0 : 1),
      reasons: priced.reason === undefined ? result.reasons : withReason(result.reasons, priced.reason),
    };
  }
  const isAssumedFee = all.length > charges.length && findPrice(card, REQUEST)?.isListed === true;
  return isAssumedFee ? { ...result, reasons: withReason(result.reasons, Reason.RequestFeeAssumed) } : result;
}

/** An inference is one request, unless it says how many it was. */
function withRequestFee(charges: readonly Charge[]): readonly Charge[] {
  return charges.some(({ kind }) => kind === 'request') ? charges : [REQUEST, ...charges];
}

const REQUEST: Charge = { kind: 'request', quantity: 1 };

interface ChargeOutcome {
  readonly charge: PricedCharge;
  readonly reason: Reason | undefined;
}

function priceCharge(card: PriceCard, charge: Charge): ChargeOutcome {
  const { kind, name, quantity } = charge;
  const unpriced = { kind, name, quantity, nanoUsd: 0, source: CostSource.None, priceId: '' };
  if (!Number.isFinite(quantity) || quantity < 0) {
    return { charge: { ...unpriced, quantity: 0 }, reason: Reason.ChargeInvalid };
  }
  const price = findPrice(card, charge);
  if (price === undefined) {
    // Most tools are functions of the application. Those that cost money are given a price.
    return { charge: unpriced, reason: kind === 'tool_call' || quantity === 0 ? undefined : Reason.NoChargePrice };
  }
  const billed = price.isListed ? billedQuantity(card, kind, quantity) : quantity;
  const nanoUsd = amountFor(price.rate, billed);
  return nanoUsd === undefined
    ? { charge: unpriced, reason: Reason.ChargeInvalid }
    : { charge: { ...unpriced, nanoUsd, source: price.source, priceId: price.priceId }, reason: undefined };
}

interface ChargePrice {
  readonly rate: UnitRate;
  readonly source: CostSource;
  readonly priceId: string;
  /** Whether it is the price list's, discounted or not. */
  readonly isListed: boolean;
}

function findPrice(card: PriceCard, { kind, name = '', unitCostNanoUsd }: Charge): ChargePrice | undefined {
  for (const override of card.overrides) {
    const own = findCharge(override, kind, name);
    if (own !== undefined) {
      const rate = { nanoUsd: own.nanoUsd, per: 1 };
      return { rate, source: CostSource.Override, priceId: `override:${override.name}`, isListed: false };
    }
  }
  if (unitCostNanoUsd !== undefined) {
    const rate = { nanoUsd: unitCostNanoUsd, per: 1 };
    return { rate, source: CostSource.Provider, priceId: 'reported:provider', isListed: false };
  }
  const { units, source, priceId } = card.listed;
  const rate = units.get(kind) ?? units.get(KIND_ALIASES.get(kind) ?? kind);
  return rate && { rate, source, priceId, isListed: true };
}

function billedQuantity(card: PriceCard, kind: string, quantity: number): number {
  const isShort = kind.endsWith('audio_second') && quantity > 0 && quantity < card.audioSecondsMin;
  return isShort ? card.audioSecondsMin : quantity;
}

/** Whole nano-USD, rounded half up; undefined if a number does not hold it or the unit price is no whole amount. */
function amountFor({ nanoUsd, per }: UnitRate, quantity: number): number | undefined {
  const millionths = Math.round(quantity * MILLIONTHS);
  if (!Number.isSafeInteger(nanoUsd) || nanoUsd < 0 || !Number.isSafeInteger(millionths)) {
    return undefined;
  }
  return safeNumber(divideHalfUp(BigInt(nanoUsd) * BigInt(millionths), BigInt(per) * BigInt(MILLIONTHS)));
}
