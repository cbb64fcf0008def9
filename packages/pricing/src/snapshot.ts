// In: price list data in the form of @pydantic/genai-prices (an array of providers). Out: the same, checked, with dates as
// numbers and patterns compiled. Refused: anything of another form, as a whole: half a price list prices half the calls wrong.
import { createHash } from 'node:crypto';
import { parseMatchClause, type MatchClause } from './match-clause.ts';
import { isRecord } from './json-value.ts';
import { PricingError, PricingErrorCode, shown } from './pricing-error.ts';

/** A price list: pure data, never changed once read. Make one with {@link parseSnapshot}. */
export interface PriceSnapshot {
  /** Where it is from, for example `genai-prices@0.1.8`. */
  readonly label: string;
  /** SHA-256 of its data as JSON, in hexadecimal. */
  readonly sha256: string;
  readonly providers: readonly BookProvider[];
}

/** A provider of a price list. */
export interface BookProvider {
  readonly id: string;
  readonly name: string;
  /** Recognizes names of the provider. */
  readonly providerMatch: MatchClause | undefined;
  /** Recognizes models that are made by this provider. */
  readonly modelMatch: MatchClause | undefined;
  /** Providers whose models are sold here at their own prices. */
  readonly fallbackProviderIds: readonly string[];
  readonly models: readonly BookModel[];
}

/** A model of a price list. */
export interface BookModel {
  readonly id: string;
  readonly name: string;
  readonly match: MatchClause;
  /** The last one that applies counts; the first one if none does. */
  readonly periods: readonly BookPeriod[];
}

/** Prices and when they apply: always, from a day on, or for some hours of the day. */
export interface BookPeriod {
  readonly fromMs: number | undefined;
  readonly hours: HoursOfDay | undefined;
  /** By the list's own keys, for example `input_mtok`. */
  readonly prices: ReadonlyMap<string, BookPrice>;
}

/** Hours of the day in UTC, half open; over midnight if it ends before it starts. */
export interface HoursOfDay {
  readonly startSecond: number;
  readonly endSecond: number;
}

/** USD per unit. The last tier whose start is below the call's input tokens applies to all of the call's tokens. */
export interface BookPrice {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

const DAY_SECONDS = 86_400;

/**
 * Reads price list data.
 *
 * @param data - an array of providers in the form of `@pydantic/genai-prices`, parsed from JSON. It is trusted like code:
 *   its regular expressions run on model names.
 * @throws PricingError `snapshot_invalid`
 */
export function parseSnapshot(data: unknown, options: { readonly label: string }): PriceSnapshot {
  if (!Array.isArray(data) || data.length === 0) {
    throw invalid('the data', 'a non-empty array of providers', data);
  }
  return {
    label: options.label,
    sha256: createHash('sha256').update(JSON.stringify(data)).digest('hex'),
    providers: data.map(parseProvider),
  };
}

function parseProvider(value: unknown): BookProvider {
  const provider = record(value, 'a provider');
  const id = text(provider['id'], 'the id of a provider');
  return {
    id,
    name: typeof provider['name'] === 'string' ? provider['name'] : id,
    providerMatch: provider['provider_match'] ? parseMatchClause(provider['provider_match']) : undefined,
    modelMatch: provider['model_match'] ? parseMatchClause(provider['model_match']) : undefined,
    fallbackProviderIds: list(provider['fallback_model_providers'] ?? [], `${id}: fallback_model_providers`).map(
      (fallback) => text(fallback, `${id}: a fallback provider`),
    ),
    models: list(provider['models'], `${id}: models`).map((model) => parseModel(model, id)),
  };
}

function parseModel(value: unknown, providerId: string): BookModel {
  const model = record(value, `${providerId}: a model`);
  const id = text(model['id'], `${providerId}: the id of a model`);
  const where = `${providerId}/${id}`;
  const prices = model['prices'];
  return {
    id,
    name: typeof model['name'] === 'string' ? model['name'] : id,
    match: parseMatchClause(model['match']),
    periods: Array.isArray(prices)
      ? prices.map((period) => parsePeriod(period, where))
      : [{ fromMs: undefined, hours: undefined, prices: parsePrices(prices, where) }],
  };
}

function parsePeriod(value: unknown, where: string): BookPeriod {
  const period = record(value, `${where}: a price`);
  const constraint = period['constraint'];
  const prices = parsePrices(period['prices'], where);
  if (constraint === undefined || constraint === null) {
    return { fromMs: undefined, hours: undefined, prices };
  }
  const {
    start_date: startDate,
    start_time: startTime,
    end_time: endTime,
  } = record(constraint, `${where}: constraint`);
  if (startDate !== undefined) {
    return { fromMs: parseDay(startDate, where), hours: undefined, prices };
  }
  const hours = { startSecond: parseSecondOfDay(startTime, where), endSecond: parseSecondOfDay(endTime, where) };
  return { fromMs: undefined, hours, prices };
}

function parsePrices(value: unknown, where: string): ReadonlyMap<string, BookPrice> {
  const entries = Object.entries(record(value, `${where}: prices`)).filter(
    ([, price]) => price !== undefined && price !== null,
  );
  return new Map(entries.map(([key, price]) => [key, parsePrice(price, `${where}: ${key}`)]));
}

function parsePrice(value: unknown, where: string): BookPrice {
  if (typeof value === 'number') {
    return { base: amount(value, where), tiers: [] };
  }
  const price = record(value, where);
  const tiers = list(price['tiers'], `${where}: tiers`).map((item) => {
    const tier = record(item, `${where}: a tier`);
    return { start: amount(tier['start'], `${where}: start`), price: amount(tier['price'], `${where}: price`) };
  });
  return { base: amount(price['base'], where), tiers: tiers.toSorted((a, b) => a.start - b.start) };
}

function parseDay(value: unknown, where: string): number {
  const day = text(value, `${where}: start_date`);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(day)) {
    throw invalid(`${where}: start_date`, 'a day like 2026-08-21', value);
  }
  return time;
}

/** '16:30:00Z' is 59400; an offset is taken off: '00:30:00+08:00' is 59400 too. */
function parseSecondOfDay(value: unknown, where: string): number {
  const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/.exec(text(value, `${where}: a time`));
  if (match === null) {
    throw invalid(`${where}: a time of day`, 'a time like 16:30:00Z', value);
  }
  const [, hour, minute, second, sign = '+', offsetHour = '0', offsetMinute = '0'] = match;
  const offset = (Number(offsetHour) * 3600 + Number(offsetMinute) * 60) * (sign === '-' ? -1 : 1);
  const local = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return (local - offset + DAY_SECONDS) % DAY_SECONDS;
}

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) {
    throw invalid(where, 'an object', value);
  }
  return value;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw invalid(where, 'an array', value);
  }
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') {
    throw invalid(where, 'a text', value);
  }
  return value;
}

function amount(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw invalid(where, 'a number that is not negative', value);
  }
  return value;
}

function invalid(where: string, expected: string, received: unknown): PricingError {
  return new PricingError(
    PricingErrorCode.SnapshotInvalid,
    `price snapshot: ${where} is not understood; expected ${expected}, received ${shown(received)}`,
  );
}
