// In: the entry of the price list for a call, the overrides that fit, a service tier. Out: everything that prices such calls.
import { CostSource, type CostStatus } from './cost-status.ts';
import { isFreeModel, type FoundModel } from './find-model.ts';
import { multiply, ONE, scale, type Ratio } from './money.ts';
import { meansReportedName, type OverrideSubject } from './override-rank.ts';
import type { CheckedOverride } from './override.ts';
import { compileTokenCard, type TokenCard } from './rate-card.ts';
import { overlaySheet, readBookRates, scaleSheet, type RateSheet, type UnitRate } from './rate-sheet.ts';
import { NO_REASONS, Reason, statusOf, withReason } from './reason.ts';
import { tierFactor } from './service-tier.ts';
import type { BookPeriod, HoursOfDay } from './snapshot.ts';

/** Everything that prices the calls of one kind at one time. */
export interface PriceCard {
  /** Undefined if tokens have no price; `reasons` then says why. */
  readonly tokens: TokenCard | undefined;
  readonly source: typeof CostSource.Override | typeof CostSource.PriceBook;
  readonly reasons: readonly Reason[];
  /** What the reasons leave of a cost. */
  readonly status: CostStatus;
  /** The active overrides, the most specific first. */
  readonly overrides: readonly CheckedOverride[];
  readonly listed: ListedCharges;
  /** Seconds of audio that are billed at least, if any are. */
  readonly audioSecondsMin: number;
  /** Whether each inference costs a fee, whatever it used. */
  readonly hasRequestFee: boolean;
}

/** What the price list says about charges, after the operator's discount. */
interface ListedCharges {
  /** By kind of charge. */
  readonly units: ReadonlyMap<string, UnitRate>;
  readonly source: CostSource;
  readonly priceId: string;
}

/** What a card is made for. */
export interface CardContext {
  readonly found: FoundModel | Reason;
  readonly subject: OverrideSubject;
  /** Normalized. */
  readonly serviceTier: string;
}

// https://groq.com/pricing: "billed at a minimum of 10s per request"; the price list's own package has the rule in code too.
const AUDIO_SECONDS_MIN: ReadonlyMap<string, number> = new Map([
  ['groq/whisper-large-v3', 10],
  ['groq/whisper-large-v3-turbo', 10],
]);

const FREE: RateSheet = {
  tiers: [{ aboveInputTokens: -1, rates: { input: 0, output: 0 } }],
  isInputByOperator: true,
  isOutputByOperator: true,
};

/** Makes the card for one period of the price list (undefined if it has no entry) and the overrides active in it. */
export function compileCard(
  context: CardContext,
  period: BookPeriod | undefined,
  overrides: readonly CheckedOverride[],
): PriceCard {
  const found = typeof context.found === 'string' ? undefined : context.found;
  const listing = found === undefined || period === undefined ? NOT_LISTED : readListing(found, period);
  const own = overrides.find(({ rateTiers, discount }) => rateTiers ?? (discount && listing.sheet));
  const price = applyOverride(listing, own, context.subject);
  const factor = findFactor(context, found, overrides);
  const tokens =
    price.sheet &&
    compileTokenCard(
      scaleSheet(price.sheet, multiply(price.ratio, factor.ratio)),
      `${factor.override === undefined || price.isOwn ? price.id : overrideId(factor.override, price.id)}${factor.suffix}`,
    );
  // A published factor is one of list prices; that the operator's own rates follow it is an assumption.
  const isAssumed =
    !factor.isPublished || (own?.rateTiers !== undefined && factor.override === undefined && factor.suffix !== '');
  const known = isAssumed ? withReason(price.reasons, Reason.TierAssumed) : price.reasons;
  const reasons = tokens === undefined ? [noPriceReason(context.found)] : known;
  return {
    tokens,
    source: price.isOwn || factor.override !== undefined ? CostSource.Override : CostSource.PriceBook,
    reasons,
    status: statusOf(reasons),
    overrides,
    listed: listCharges(listing, own),
    audioSecondsMin: found === undefined ? 0 : (AUDIO_SECONDS_MIN.get(`${found.provider.id}/${found.model.id}`) ?? 0),
    hasRequestFee: listing.units.has('request') || overrides.some(setsRequestFee),
  };
}

/** What the price list says, without overrides and service tier. */
interface Listing {
  readonly id: string;
  readonly sheet: RateSheet | undefined;
  readonly units: ReadonlyMap<string, UnitRate>;
  readonly reasons: readonly Reason[];
}

const NOT_LISTED: Listing = { id: '', sheet: undefined, units: new Map(), reasons: NO_REASONS };

function readListing(found: FoundModel, period: BookPeriod): Listing {
  const { sheet, units, hasUnknownUnits } = readBookRates(period.prices);
  const id = listingId(found, period);
  if (isFreeModel(found.model)) {
    return { id, sheet: FREE, units, reasons: withReason(found.reasons, Reason.FreeModel) };
  }
  const reasons = hasUnknownUnits ? withReason(found.reasons, Reason.UnsupportedPriceUnit) : found.reasons;
  return { id, sheet, units, reasons };
}

interface OwnPrice extends Omit<Listing, 'units'> {
  /** What the sheet is to be multiplied by, in one step with the service tier's factor, so that rates are rounded once. */
  readonly ratio: Ratio;
  readonly isOwn: boolean;
}

function applyOverride(listing: Listing, own: CheckedOverride | undefined, subject: OverrideSubject): OwnPrice {
  const { id, sheet, reasons } = listing;
  if (own === undefined) {
    return { id, sheet, reasons, ratio: ONE, isOwn: false };
  }
  if (own.rateTiers === undefined) {
    return { id: overrideId(own, id), sheet, reasons, ratio: own.discount ?? ONE, isOwn: true };
  }
  const ownSheet = overlaySheet(sheet, own.rateTiers);
  const isAllOwn = ownSheet.isInputByOperator && ownSheet.isOutputByOperator;
  return {
    id: overrideId(own, isAllOwn ? '' : id),
    sheet: ownSheet,
    // How well the price list knows the model does not matter for a price that is not the list's.
    reasons: isAllOwn && meansReportedName(own, subject) ? NO_REASONS : reasons,
    ratio: ONE,
    isOwn: true,
  };
}

interface AppliedFactor {
  readonly ratio: Ratio;
  readonly isPublished: boolean;
  /** For price ids. */
  readonly suffix: string;
  /** The override that sets it, if one does. */
  readonly override: CheckedOverride | undefined;
}

function findFactor(
  { serviceTier }: CardContext,
  found: FoundModel | undefined,
  overrides: readonly CheckedOverride[],
): AppliedFactor {
  const override = overrides.find(({ serviceTiers }) => serviceTiers.has(serviceTier));
  const ratio = override?.serviceTiers.get(serviceTier);
  const factor =
    ratio === undefined
      ? tierFactor(serviceTier, found?.provider.id ?? '', found?.model.id ?? '')
      : { tier: serviceTier, ratio, isPublished: true };
  const { tier, isPublished } = factor;
  return { ratio: factor.ratio, isPublished, suffix: tier === 'default' ? '' : `+${tier}`, override };
}

function noPriceReason(found: FoundModel | Reason): Reason {
  return typeof found === 'string' ? found : Reason.NoPriceListed;
}

function setsRequestFee({ charges }: CheckedOverride): boolean {
  return charges.some(({ kind }) => kind === 'request');
}

function listCharges({ id, units }: Listing, own: CheckedOverride | undefined): ListedCharges {
  const { discount } = own ?? {};
  if (own === undefined || discount === undefined) {
    return { units, source: CostSource.PriceBook, priceId: id };
  }
  const scaled = [...units].map(
    ([kind, { nanoUsd, per }]) => [kind, { nanoUsd: scale(nanoUsd, discount) ?? nanoUsd, per }] as const,
  );
  return { units: new Map(scaled), source: CostSource.Override, priceId: overrideId(own, id) };
}

/** 'openai/gpt-5.6-sol@2026-08-21', 'deepseek/deepseek-chat@00:30-16:30Z'. */
function listingId({ listedBy, model }: FoundModel, { fromMs, hours }: BookPeriod): string {
  const day = fromMs === undefined ? '' : `@${new Date(fromMs).toISOString().slice(0, 10)}`;
  return `${listedBy.id}/${model.id}${day}${hours === undefined ? '' : `@${formatHours(hours)}`}`;
}

function formatHours({ startSecond, endSecond }: HoursOfDay): string {
  return `${formatTime(startSecond)}-${formatTime(endSecond)}Z`;
}

function formatTime(secondOfDay: number): string {
  return new Date(secondOfDay * 1000).toISOString().slice(11, 16);
}

function overrideId(override: CheckedOverride, baseId: string): string {
  return `override:${override.name}${baseId === '' ? '' : `:${baseId}`}`;
}
