// Operator's override › reported by a provider or gateway › price list › a client's table › unpriced.
import { expect, test } from 'vitest';
import { createPriceBook } from '../src/price-book.ts';
import type { Cost } from '../src/cost.ts';
import type { PriceRequest, ReportedCost } from '../src/price-request.ts';

const book = createPriceBook();
const discounted = createPriceBook({ overrides: [{ name: 'contract', provider: 'openai', discountPercent: 10 }] });
const usage = { input: 1000, output: 0 };

function price(request: Partial<PriceRequest>, from = book): Cost {
  return from.price({ provider: 'openai', responseModel: 'gpt-4o', timeMs: Date.UTC(2026, 10, 22), usage, ...request });
}

function reported(source: ReportedCost['source'], nanoUsd: number | bigint = 42): { reported: ReportedCost } {
  return { reported: { source, nanoUsd } };
}

test.each(['provider', 'gateway'] as const)('takes what a %s reported before the list price', (source) => {
  const cost = price(reported(source, 2_000_000n));
  expect(cost).toMatchObject({
    status: 'exact',
    source,
    totalNanoUsd: 2_000_000,
    priceId: `reported:${source}`,
    unpricedTokens: 0,
    reasons: [],
  });
  expect(cost.claim).toBeUndefined();
});

test('takes the operator’s price before what a provider reported, and keeps that as a claim', () => {
  // 2.50 less 10 % for 1000 tokens
  expect(price(reported('provider'), discounted)).toMatchObject({
    status: 'exact',
    source: 'override',
    totalNanoUsd: 2_250_000,
    priceId: 'override:contract:openai/gpt-4o',
    claim: { source: 'provider', nanoUsd: 42 },
  });
});

test('takes the list price before a client’s table, and keeps that as a claim', () => {
  expect(price(reported('client_table'))).toMatchObject({
    status: 'exact',
    source: 'price_book',
    totalNanoUsd: 2_500_000,
    claim: { source: 'client_table', nanoUsd: 42 },
  });
});

test('takes a client’s table only where nobody else has a price', () => {
  const unknown = price({ responseModel: 'no-such-model', ...reported('client_table') });
  expect(unknown).toMatchObject({
    status: 'estimated',
    source: 'client_table',
    totalNanoUsd: 42,
    unpricedTokens: 0,
    reasons: ['client_table_claim'],
  });
  const withoutTokens = price({ usage: {}, ...reported('client_table') });
  expect(withoutTokens).toMatchObject({ status: 'estimated', source: 'client_table', totalNanoUsd: 42 });
});

test.each(['provider', 'gateway', 'client_table'] as const)(
  'takes no zero from a %s for a call with tokens',
  (source) => {
    expect(price(reported(source, 0))).toMatchObject({
      status: 'exact',
      source: 'price_book',
      totalNanoUsd: 2_500_000,
      reasons: ['reported_zero'],
    });
    const unknown = price({ responseModel: 'no-such-model', ...reported(source, 0) });
    expect(unknown).toMatchObject({
      status: 'unpriced',
      source: 'none',
      unpricedTokens: 1000,
      claim: { source, nanoUsd: 0 },
    });
  },
);

test.each([-1, Number.NaN, Infinity, 2 ** 60, -5n, 10n ** 30n])('takes no impossible report: %s', (nanoUsd) => {
  expect(price(reported('provider', nanoUsd))).toMatchObject({
    source: 'price_book',
    totalNanoUsd: 2_500_000,
    reasons: ['reported_invalid'],
    claim: { nanoUsd },
  });
});

test('rounds a reported fraction half up', () => {
  expect(price(reported('provider', 41.5)).totalNanoUsd).toBe(42);
});

test('knows who is unpriced when nobody reported anything', () => {
  expect(price({ responseModel: 'no-such-model' })).toMatchObject({
    status: 'unpriced',
    source: 'none',
    reasons: ['unknown_model'],
  });
});
