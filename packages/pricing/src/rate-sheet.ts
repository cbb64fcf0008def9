// In: the prices of one period of the price list. Out: rates by bucket as integers, one table per context tier.
import { roundToNanoUsd, scale, type Ratio } from './money.ts';
import type { BookPrice } from './snapshot.ts';
import { isOutputBucket, TOKEN_BUCKETS, type TokenBucket } from './usage.ts';

/** Nano-USD per million tokens, whole numbers. A bucket that is left out has no price of its own. */
export type RateTable = Readonly<Partial<Record<TokenBucket, number>>>;

/** Rates by the size of the whole input. */
export interface RateSheet {
  /** In ascending order; the first one starts at -1, so that it applies to every call. */
  readonly tiers: readonly RateTier[];
  /** Buckets of these sides are charged like their whole where they have no rate, because the operator said so. */
  readonly isInputByOperator: boolean;
  readonly isOutputByOperator: boolean;
}

/** The rates of calls with more input tokens than this. */
export interface RateTier {
  readonly aboveInputTokens: number;
  readonly rates: RateTable;
}

/** A price for something that is not a token. */
export interface UnitRate {
  readonly nanoUsd: number;
  /** For so many units. */
  readonly per: number;
}

/** What one period of the price list says. */
export interface BookRates {
  readonly sheet: RateSheet;
  /** By kind of charge. */
  readonly units: ReadonlyMap<string, UnitRate>;
  /** Whether the list has a token price that this version does not know how to apply. */
  readonly hasUnknownUnits: boolean;
}

/** Where every sheet starts: below any number of tokens. */
export const FIRST_TIER = -1;

const TOKEN_KEYS: ReadonlyMap<string, TokenBucket> = new Map([
  ['input_mtok', 'input'],
  ['cache_read_mtok', 'cacheRead'],
  ['cache_write_mtok', 'cacheWrite'],
  ['cache_write_1h_mtok', 'cacheWrite1h'],
  ['input_audio_mtok', 'inputAudio'],
  ['cache_audio_read_mtok', 'cacheReadAudio'],
  ['input_image_mtok', 'inputImage'],
  ['cache_image_read_mtok', 'cacheReadImage'],
  ['input_video_mtok', 'inputVideo'],
  ['output_mtok', 'output'],
  ['output_reasoning_mtok', 'reasoning'],
  ['output_audio_mtok', 'outputAudio'],
  ['output_image_mtok', 'outputImage'],
  ['output_video_mtok', 'outputVideo'],
  ['output_citation_mtok', 'outputCitation'],
]);

/** The price list's keys for what is not a token, and how many units their prices are for. */
const UNIT_KEYS: ReadonlyMap<string, { readonly kind: string; readonly per: number }> = new Map([
  ['requests_kcount', { kind: 'request', per: 1000 }],
  ['web_searches_kcount', { kind: 'web_search', per: 1000 }],
  ['social_searches_kcount', { kind: 'social_search', per: 1000 }],
  ['storage_searches_kcount', { kind: 'storage_search', per: 1000 }],
  ['rerank_searches_kcount', { kind: 'rerank_search', per: 1000 }],
  ['code_executions_kcount', { kind: 'code_execution', per: 1000 }],
  ['audio_hours', { kind: 'audio_second', per: 3600 }],
  ['input_audio_hours', { kind: 'input_audio_second', per: 3600 }],
  ['output_audio_hours', { kind: 'output_audio_second', per: 3600 }],
  ['input_document_kpages', { kind: 'document_page', per: 1000 }],
  ['input_annotated_document_kpages', { kind: 'annotated_document_page', per: 1000 }],
  ['input_text_messages_kcount', { kind: 'text_message', per: 1000 }],
  ['input_mchars', { kind: 'input_character', per: 1e6 }],
  ['input_gpixels', { kind: 'input_pixel', per: 1e9 }],
]);

/** The kinds of charges that providers bill with a call, and so what they report as its cost includes. */
export const PROVIDER_CHARGE_KINDS: ReadonlySet<string> = new Set([
  ...[...UNIT_KEYS.values()].map(({ kind }) => kind),
  'image',
]);

/** Reads the prices of one period. */
export function readBookRates(prices: ReadonlyMap<string, BookPrice>): BookRates {
  const known = [...prices].filter(([key]) => TOKEN_KEYS.has(key));
  const starts = new Set(known.flatMap(([, price]) => price.tiers.map(({ start }) => start)));
  const tiers = [FIRST_TIER, ...[...starts].sort((a, b) => a - b)].map((aboveInputTokens) => ({
    aboveInputTokens,
    rates: readTable(known, aboveInputTokens),
  }));
  const units = new Map<string, UnitRate>();
  for (const [key, price] of prices) {
    const unit = UNIT_KEYS.get(key);
    const nanoUsd = roundToNanoUsd(price.base);
    if (unit !== undefined && nanoUsd !== undefined) {
      units.set(unit.kind, { nanoUsd, per: unit.per });
    }
  }
  return {
    sheet: { tiers, isInputByOperator: false, isOutputByOperator: false },
    units,
    hasUnknownUnits: [...prices.keys()].some((key) => !TOKEN_KEYS.has(key) && !UNIT_KEYS.has(key)),
  };
}

function readTable(prices: readonly (readonly [string, BookPrice])[], aboveInputTokens: number): RateTable {
  const rates: Partial<Record<TokenBucket, number>> = {};
  for (const [key, price] of prices) {
    const bucket = TOKEN_KEYS.get(key);
    const usd = price.tiers.findLast(({ start }) => start <= aboveInputTokens)?.price ?? price.base;
    const rate = roundToNanoUsd(usd);
    if (bucket !== undefined && rate !== undefined) {
      rates[bucket] = rate;
    }
  }
  return rates;
}

/** Every rate times a factor, rounded half up to whole nano-USD per million tokens. */
export function scaleSheet(sheet: RateSheet, factor: Ratio): RateSheet {
  return {
    ...sheet,
    tiers: sheet.tiers.map((tier) => ({ ...tier, rates: mapRates(tier.rates, (rate) => scale(rate, factor)) })),
  };
}

/**
 * An operator's rates on the price list's. A side whose whole the operator names is the operator's altogether; where only
 * parts are named, they replace those parts.
 */
export function overlaySheet(book: RateSheet | undefined, own: readonly RateTier[]): RateSheet {
  const isInputByOperator = own.some(({ rates }) => rates.input !== undefined);
  const isOutputByOperator = own.some(({ rates }) => rates.output !== undefined);
  const below = (tiers: readonly RateTier[], start: number): RateTable =>
    tiers.findLast(({ aboveInputTokens }) => aboveInputTokens <= start)?.rates ?? {};
  const starts = new Set([...(book?.tiers ?? []), ...own].map(({ aboveInputTokens }) => aboveInputTokens));
  const tiers = [...starts]
    .sort((a, b) => a - b)
    .map((aboveInputTokens) => ({
      aboveInputTokens,
      rates: {
        ...mapRates(below(book?.tiers ?? [], aboveInputTokens), (rate, bucket) =>
          (isOutputBucket(bucket) ? isOutputByOperator : isInputByOperator) ? undefined : rate,
        ),
        ...below(own, aboveInputTokens),
      },
    }));
  return { tiers, isInputByOperator, isOutputByOperator };
}

function mapRates(rates: RateTable, change: (rate: number, bucket: TokenBucket) => number | undefined): RateTable {
  const changed: Partial<Record<TokenBucket, number>> = {};
  for (const bucket of TOKEN_BUCKETS) {
    const rate = rates[bucket];
    const next = rate === undefined ? undefined : change(rate, bucket);
    if (next !== undefined) {
      changed[bucket] = next;
    }
  }
  return changed;
}
