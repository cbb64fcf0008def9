import { expect, test } from 'vitest';
import type { Cost } from '../src/cost.ts';
import { createPriceBook, type PriceBook } from '../src/price-book.ts';
import type { PriceRequest } from '../src/price-request.ts';
import { parseSnapshot } from '../src/snapshot.ts';
import { TOKEN_BUCKETS } from '../src/usage.ts';

const book = createPriceBook();
const timeMs = Date.UTC(2026, 10, 22, 12);

function price(request: Partial<PriceRequest>, from: PriceBook = book): Cost {
  return from.price({ provider: 'openai', responseModel: 'gpt-4o', timeMs, usage: {}, ...request });
}

function sumOfParts({ parts }: Cost): number {
  return TOKEN_BUCKETS.reduce((sum, bucket) => sum + (parts[bucket] ?? 0), 0);
}

test('prices an inference exactly, by bucket (R13)', () => {
  const cost = price({ usage: { input: 1000, cacheRead: 400, output: 100, reasoning: 30 } });
  // gpt-4o: 2.50 input, 1.25 cached, 10.00 output per million: 600 * 2500 + 400 * 1250 + 100 * 10000 nano-USD.
  expect(cost).toMatchObject({
    status: 'exact',
    source: 'price_book',
    tokenNanoUsd: 3_000_000,
    otherNanoUsd: 0,
    totalNanoUsd: 3_000_000,
    parts: { input: 1_500_000, cacheRead: 500_000, output: 700_000, reasoning: 300_000 },
    priceId: 'openai/gpt-4o',
    bookVersion: book.version,
    unpricedTokens: 0,
    reasons: [],
  });
  expect(sumOfParts(cost)).toBe(cost.tokenNanoUsd);
});

test('gives the same cost for the same call, first or cached', () => {
  const fresh = createPriceBook();
  const request = { usage: { input: 12_345, output: 678 } };
  expect(price(request, fresh)).toEqual(price(request, fresh));
  expect(price(request, fresh)).toEqual(price(request));
});

test('uses the prices of the day of the call', () => {
  const usage = { input: 1_000_000, output: 0 };
  const at = (day: number): Cost => price({ responseModel: 'gpt-5.6-sol', usage, timeMs: day });
  const change = Date.UTC(2026, 7, 21);
  // A million tokens is above the limit of 271,999: 10.00 until the cut, 8.00 after it.
  expect(at(change - 1)).toMatchObject({ totalNanoUsd: 10_000_000_000, priceId: 'openai/gpt-5.6-sol>271999' });
  expect(at(change)).toMatchObject({ totalNanoUsd: 8_000_000_000, priceId: 'openai/gpt-5.6-sol@2026-08-21>271999' });
});

test('uses the prices of the hour of the call', () => {
  const usage = { input: 1_000_000, output: 0 };
  const at = (hour: number): Cost =>
    price({ provider: 'deepseek', responseModel: 'deepseek-chat', usage, timeMs: Date.UTC(2025, 5, 1, hour) });
  expect(at(12)).toMatchObject({ totalNanoUsd: 270_000_000, priceId: 'deepseek/deepseek-chat@00:30-16:30Z' });
  expect(at(20)).toMatchObject({ totalNanoUsd: 135_000_000, priceId: 'deepseek/deepseek-chat' });
});

test('prices one-hour cache writes apart, and says when nobody told their lifetime', () => {
  const claude = { provider: 'anthropic', responseModel: 'claude-sonnet-4-5-20250929' };
  const known = price({ ...claude, usage: { input: 1000, cacheWrite: 500, cacheWrite1h: 200, output: 0 } });
  // 500 * 3000 + 300 * 3750 + 200 * 6000
  expect(known).toMatchObject({
    status: 'exact',
    totalNanoUsd: 3_825_000,
    parts: { cacheWrite: 1_125_000, cacheWrite1h: 1_200_000 },
  });
  const unknown = price({ ...claude, usage: { input: 1000, cacheWrite: 500, output: 0 } });
  expect(unknown).toMatchObject({ status: 'estimated', totalNanoUsd: 3_375_000, reasons: ['cache_write_ttl_assumed'] });
});

test('applies the service tier that served the call', () => {
  const usage = { input: 1000, output: 0 };
  expect(price({ usage, serviceTier: 'batch' })).toMatchObject({
    status: 'exact',
    totalNanoUsd: 1_250_000,
    priceId: 'openai/gpt-4o+batch',
  });
  expect(price({ responseModel: 'gpt-5', usage, serviceTier: 'priority' })).toMatchObject({
    status: 'exact',
    totalNanoUsd: 2_500_000,
  });
  expect(price({ usage, serviceTier: 'default' })).toMatchObject({
    status: 'exact',
    totalNanoUsd: 2_500_000,
    priceId: 'openai/gpt-4o',
  });
  expect(price({ usage, serviceTier: 'x'.repeat(300) })).toMatchObject({
    status: 'estimated',
    totalNanoUsd: 2_500_000,
    reasons: ['tier_assumed'],
    priceId: 'openai/gpt-4o+other',
  });
});

test('is partial where input or output was not reported', () => {
  expect(price({ usage: { input: 1000 } })).toMatchObject({
    status: 'partial',
    totalNanoUsd: 2_500_000,
    reasons: ['usage_missing_part'],
  });
  expect(price({ usage: { output: 100 } })).toMatchObject({ status: 'partial', totalNanoUsd: 1_000_000 });
  expect(price({ usage: { input: 1000 }, operation: 'embeddings' })).toMatchObject({ status: 'exact' });
  // Embedding models have no price for output, so none is missing.
  expect(price({ responseModel: 'text-embedding-3-small', usage: { input: 1000 } })).toMatchObject({
    status: 'exact',
    totalNanoUsd: 20_000,
  });
});

test('counts the tokens that have no price', () => {
  const cost = price({ responseModel: 'text-embedding-3-small', usage: { input: 1000, output: 7 } });
  expect(cost).toMatchObject({
    status: 'partial',
    totalNanoUsd: 20_000,
    unpricedTokens: 7,
    reasons: ['no_output_price'],
  });
});

test.each([
  [{ responseModel: 'no-such-model', usage: { input: 10, output: 5 } }, 'unknown_model', 15],
  [{ responseModel: undefined, usage: { input: 10, output: 5 } }, 'no_model', 15],
  [{ provider: 'ollama', responseModel: 'llama3', usage: { input: 10, output: 5 } }, 'local_provider', 15],
  [{ provider: 'google', responseModel: 'gemma-3-27b-it', usage: { input: 10, output: 5 } }, 'no_price_listed', 15],
  [{ usage: {} }, 'usage_missing', 0],
] as const)('never answers a silent zero: %o', (request, reason, unpricedTokens) => {
  expect(price(request)).toMatchObject({
    status: 'unpriced',
    source: 'none',
    totalNanoUsd: 0,
    priceId: '',
    unpricedTokens,
    reasons: [reason],
  });
});

test('prices a call without tokens at zero, exactly', () => {
  expect(price({ usage: { input: 0, output: 0 } })).toMatchObject({
    status: 'exact',
    totalNanoUsd: 0,
    source: 'price_book',
  });
});

test('prices free models at zero, and says that they are free', () => {
  const cost = price({
    provider: 'openrouter',
    responseModel: 'deepseek/deepseek-r1:free',
    usage: { input: 10, output: 5 },
  });
  expect(cost).toMatchObject({ status: 'exact', source: 'price_book', totalNanoUsd: 0, reasons: ['free_model'] });
});

test('uses the latest price where the time is none', () => {
  for (const time of [Number.NaN, Infinity]) {
    const cost = price({ responseModel: 'gpt-5.6-sol', usage: { input: 1000, output: 0 }, timeMs: time });
    expect(cost).toMatchObject({ status: 'estimated', totalNanoUsd: 4_000_000, reasons: ['time_invalid'] });
  }
});

test('refuses to price what a number cannot hold', () => {
  // 2^32 - 1 tokens at 1,000,000 USD per million are 4.3 billion USD.
  const dear = createPriceBook({ overrides: [{ name: 'dear', rates: { input: 1_000_000, output: 0 } }] });
  const cost = price({ usage: { input: 2 ** 32 - 1, output: 0 } }, dear);
  expect(cost).toMatchObject({ status: 'unpriced', totalNanoUsd: 0, unpricedTokens: 2 ** 32 - 1 });
  expect(cost.reasons).toContain('amount_out_of_range');
});

test('names the prices, the rules and the overrides in its version', () => {
  expect(book.version).toMatch(/^genai-prices@0\.1\.8\+[0-9a-f]{12}\+r1$/);
  const one = createPriceBook({ overrides: [{ name: 'a', discountPercent: 1 }] });
  const other = createPriceBook({ overrides: [{ name: 'a', discountPercent: 2 }] });
  expect(one.version).toMatch(/^genai-prices@0\.1\.8\+[0-9a-f]{12}\+r1\+[0-9a-f]{12}$/);
  expect(one.version).not.toBe(other.version);
});

test('takes another price list', () => {
  const snapshot = parseSnapshot(
    [{ id: 'ours', models: [{ id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1, output_mtok: 2 } }] }],
    { label: 'house-list@7' },
  );
  const house = createPriceBook({ snapshot });
  expect(house.version).toMatch(/^house-list@7\+/);
  expect(price({ provider: 'ours', responseModel: 'm', usage: { input: 3, output: 5 } }, house)).toMatchObject({
    totalNanoUsd: 13_000,
  });
});

test('says when the price list has a price it cannot apply', () => {
  const snapshot = parseSnapshot(
    [
      {
        id: 'ours',
        models: [{ id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1, output_mtok: 2, input_smell_mtok: 9 } }],
      },
    ],
    { label: 'future' },
  );
  const cost = price(
    { provider: 'ours', responseModel: 'm', usage: { input: 3, output: 5 } },
    createPriceBook({ snapshot }),
  );
  expect(cost).toMatchObject({ status: 'estimated', reasons: ['unsupported_price_unit'] });
});
