// In: price overrides as configuration has them, of any form. Out: checked ones, amounts as integers, times as numbers.
// Refused: whatever is unknown, inexact, or in another currency, with the override's name.
import { multiply, ONE, parseNanoUsd, parseRatio, type Ratio } from './money.ts';
import type { CheckedCharge, CheckedOverride, PriceOverride } from './override.ts';
import { isRecord } from './json-value.ts';
import { PricingError, PricingErrorCode, shown } from './pricing-error.ts';
import { canonicalProvider } from './provider.ts';
import { FIRST_TIER, type RateTable, type RateTier } from './rate-sheet.ts';
import { normalizeServiceTier } from './service-tier.ts';
import { TOKEN_BUCKETS } from './usage.ts';

// More overrides than this are a table that was not meant to be written by hand; each pair is compared at start.
const OVERRIDES_MAX = 1000;

const TEXT_LENGTH_MAX = 256;
const ENTRIES_MAX = 100;
// Keeps every product of tokens and rate where a number is exact, see rate-card.ts. The dearest list price is 600.
const RATE_NANO_USD_MAX = 1_000_000 * 1e9;
const FACTOR_MAX = 1000n;

const FIELDS: readonly (keyof PriceOverride)[] = [
  'name',
  'tenant',
  'provider',
  'region',
  'model',
  'from',
  'to',
  'currency',
  'rates',
  'contextTiers',
  'discountPercent',
  'serviceTiers',
  'charges',
];

/**
 * Checks price overrides, one by one. Whether they contradict each other is found when a price book is made.
 *
 * @throws PricingError `override_invalid`
 */
export function parseOverrides(input: unknown): readonly CheckedOverride[] {
  if (!Array.isArray(input) || input.length > OVERRIDES_MAX) {
    throw invalid('price overrides', `an array of at most ${OVERRIDES_MAX}`, input);
  }
  const names = new Set<string>();
  return input.map((value: unknown, place) => {
    const override = parseOverride(value, place);
    if (names.has(override.name)) {
      throw invalid(`price override "${override.name}": its name`, 'a name that no other override has', override.name);
    }
    names.add(override.name);
    return override;
  });
}

function parseOverride(value: unknown, place: number): CheckedOverride {
  const input = record(value, `price override ${place + 1}`);
  const name = text(input['name'], `price override ${place + 1}: name`);
  const where = `price override "${name}"`;
  refuseUnknown(input, FIELDS, where);
  if (input['currency'] !== undefined && input['currency'] !== 'USD') {
    throw invalid(
      `${where}: currency`,
      '"USD": amounts are not converted, because no rate of exchange would be right',
      input['currency'],
    );
  }
  const override: CheckedOverride = {
    name,
    tenant: optionalText(input['tenant'], `${where}: tenant`),
    provider: mapIfDefined(optionalText(input['provider'], `${where}: provider`), canonicalProvider),
    region: optionalText(input['region'], `${where}: region`),
    model: optionalText(input['model'], `${where}: model`)?.toLowerCase(),
    fromMs: parseTime(input['from'], `${where}: from`) ?? -Infinity,
    toMs: parseTime(input['to'], `${where}: to`) ?? Infinity,
    rateTiers: parseRateTiers(input, where),
    discount: parseDiscount(input['discountPercent'], `${where}: discountPercent`),
    serviceTiers: parseServiceTiers(input['serviceTiers'], `${where}: serviceTiers`),
    charges: parseCharges(input['charges'], `${where}: charges`),
  };
  refuseNonsense(override, where);
  return override;
}

function refuseNonsense(override: CheckedOverride, where: string): void {
  if (override.fromMs >= override.toMs) {
    throw invalid(`${where}: to`, 'a time after "from"', new Date(override.toMs).toISOString());
  }
  if (override.rateTiers !== undefined && override.discount !== undefined) {
    throw invalid(where, 'rates or a discount off the list price', 'both');
  }
  const isEmpty =
    override.rateTiers === undefined &&
    override.discount === undefined &&
    override.serviceTiers.size === 0 &&
    override.charges.length === 0;
  if (isEmpty) {
    throw invalid(where, 'at least one of rates, discountPercent, serviceTiers, charges', 'none');
  }
}

function parseRateTiers(input: Readonly<Record<string, unknown>>, where: string): readonly RateTier[] | undefined {
  const { rates, contextTiers } = input;
  if (rates === undefined && contextTiers === undefined) {
    return undefined;
  }
  const tiers: RateTier[] = [{ aboveInputTokens: FIRST_TIER, rates: parseRates(rates, `${where}: rates`) }];
  for (const value of list(contextTiers ?? [], `${where}: contextTiers`)) {
    const tier = record(value, `${where}: a context tier`);
    refuseUnknown(tier, ['aboveInputTokens', 'rates'], `${where}: a context tier`);
    const aboveInputTokens = tier['aboveInputTokens'];
    const last = tiers.at(-1)?.aboveInputTokens ?? FIRST_TIER;
    if (typeof aboveInputTokens !== 'number' || !Number.isSafeInteger(aboveInputTokens) || aboveInputTokens <= last) {
      throw invalid(`${where}: aboveInputTokens`, `a whole number above ${last}`, aboveInputTokens);
    }
    tiers.push({ aboveInputTokens, rates: parseRates(tier['rates'], `${where}: rates above ${aboveInputTokens}`) });
  }
  return tiers;
}

function parseRates(value: unknown, where: string): RateTable {
  const rates = record(value, where);
  refuseUnknown(rates, TOKEN_BUCKETS, where);
  const parsed = Object.entries(rates)
    .filter(([, usd]) => usd !== undefined)
    .map(([bucket, usd]) => [bucket, parseAmount(usd, `${where}: ${bucket}`, 'USD per million tokens')] as const);
  if (parsed.length === 0) {
    throw invalid(where, `at least one of ${TOKEN_BUCKETS.join(', ')}`, 'none');
  }
  return Object.fromEntries(parsed);
}

function parseDiscount(value: unknown, where: string): Ratio | undefined {
  if (value === undefined) {
    return undefined;
  }
  const percent = decimal(value, where);
  const left = { numerator: 100n * percent.denominator - percent.numerator, denominator: 100n * percent.denominator };
  if (left.numerator < 0n || left.numerator > FACTOR_MAX * left.denominator) {
    throw invalid(where, 'a percentage of at most 100 (negative for a surcharge)', value);
  }
  return multiply(left, ONE);
}

function parseServiceTiers(value: unknown, where: string): ReadonlyMap<string, Ratio> {
  const tiers = new Map<string, Ratio>();
  for (const [tier, factor] of Object.entries(value === undefined ? {} : record(value, where))) {
    const name = normalizeServiceTier(text(tier, where));
    const ratio = decimal(factor, `${where}: ${tier}`);
    if (ratio.numerator < 0n || ratio.numerator > FACTOR_MAX * ratio.denominator) {
      throw invalid(`${where}: ${tier}`, `a factor from 0 to ${FACTOR_MAX}`, factor);
    }
    if (tiers.has(name)) {
      throw invalid(`${where}: ${tier}`, 'each service tier once', name);
    }
    tiers.set(name, ratio);
  }
  return tiers;
}

function parseCharges(value: unknown, where: string): readonly CheckedCharge[] {
  return list(value ?? [], where).map((item) => {
    const charge = record(item, where);
    refuseUnknown(charge, ['kind', 'name', 'usd'], where);
    const kind = text(charge['kind'], `${where}: kind`);
    return {
      kind,
      name: optionalText(charge['name'], `${where}: name`)?.toLowerCase(),
      nanoUsd: parseAmount(charge['usd'], `${where}: usd of ${kind}`, 'USD per unit'),
    };
  });
}

function parseAmount(value: unknown, where: string, unit: string): number {
  const nanoUsd = typeof value === 'string' || typeof value === 'number' ? parseNanoUsd(value) : undefined;
  if (nanoUsd === undefined || nanoUsd > RATE_NANO_USD_MAX) {
    throw invalid(where, `a decimal of ${unit} from 0 to 1000000 with at most 9 decimals`, value);
  }
  return nanoUsd;
}

// '2026-01-01', '2026-01-01T09:00Z', '2026-01-01T09:00:00.000+01:00'. A time without offset would depend on the machine.
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function parseTime(value: unknown, where: string): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const iso = text(value, where);
  const time = ISO_TIME.test(iso) ? Date.parse(iso) : Number.NaN;
  // Date.parse takes February 30 for March 2.
  const isRealDay = new Date(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) || 0)
    .toISOString()
    .startsWith(iso.slice(0, 10));
  if (Number.isNaN(time) || !isRealDay) {
    throw invalid(where, 'a day like 2026-01-01, or a time like 2026-01-01T09:00:00Z', value);
  }
  return time;
}

function decimal(value: unknown, where: string): Ratio {
  const ratio = typeof value === 'string' || typeof value === 'number' ? parseRatio(value) : undefined;
  if (ratio === undefined) {
    throw invalid(where, 'a decimal number', value);
  }
  return ratio;
}

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) {
    throw invalid(where, 'an object', value);
  }
  return value;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > ENTRIES_MAX) {
    throw invalid(where, `an array of at most ${ENTRIES_MAX}`, value);
  }
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > TEXT_LENGTH_MAX) {
    throw invalid(where, `a text of 1 to ${TEXT_LENGTH_MAX} characters`, value);
  }
  return value;
}

function optionalText(value: unknown, where: string): string | undefined {
  return value === undefined ? undefined : text(value, where);
}

function mapIfDefined<T, R>(value: T | undefined, change: (value: T) => R): R | undefined {
  return value === undefined ? undefined : change(value);
}

function refuseUnknown(value: Readonly<Record<string, unknown>>, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw invalid(where, `only ${known.join(', ')}`, unknown);
  }
}

function invalid(where: string, expected: string, received: unknown): PricingError {
  return new PricingError(
    PricingErrorCode.OverrideInvalid,
    `${where} is refused; expected ${expected}, received ${shown(received)}`,
  );
}
