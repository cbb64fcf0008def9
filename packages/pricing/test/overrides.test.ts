import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cost } from '../src/cost.ts';
import type { PriceOverride } from '../src/override.ts';
import { createPriceBook } from '../src/price-book.ts';
import type { PriceRequest } from '../src/price-request.ts';

const timeMs = Date.UTC(2026, 10, 22);
const usage = { input: 1_000_000, output: 0 };

function price(overrides: readonly PriceOverride[], request: Partial<PriceRequest> = {}): Cost {
  return createPriceBook({ overrides }).price({
    provider: 'openai',
    responseModel: 'gpt-4o-2024-08-06',
    timeMs,
    usage,
    ...request,
  });
}

function usd(overrides: readonly PriceOverride[], request: Partial<PriceRequest> = {}): number {
  return price(overrides, request).totalNanoUsd / 1e9;
}

test('takes a discount off the list price', () => {
  const cost = price([{ name: 'contract', discountPercent: '12.5' }]);
  expect(cost).toMatchObject({
    status: 'exact',
    source: 'override',
    totalNanoUsd: 2_187_500_000,
    priceId: 'override:contract:openai/gpt-4o',
  });
  expect(usd([{ name: 'markup', discountPercent: -5 }])).toBe(2.625);
  // Fees of the list are discounted too.
  const searches = price([{ name: 'contract', discountPercent: 50 }], {
    charges: [{ kind: 'web_search', quantity: 1 }],
  });
  expect(searches).toMatchObject({
    otherNanoUsd: 5_000_000,
    charges: [{ source: 'override', priceId: 'override:contract:openai/gpt-4o' }],
  });
});

test('has nothing to discount where the list has no price', () => {
  expect(price([{ name: 'contract', discountPercent: 10 }], { responseModel: 'no-such-model' })).toMatchObject({
    status: 'unpriced',
    reasons: ['unknown_model'],
  });
  const both = [
    { name: 'contract', tenant: 't', discountPercent: 10 },
    { name: 'house', model: 'no-*', rates: { input: 1, output: 1 } },
  ];
  expect(usd(both, { tenant: 't', responseModel: 'no-such-model' })).toBe(1);
});

test('prices models that are in no list, exactly', () => {
  const own: PriceOverride = { name: 'house', model: 'house-*', rates: { input: '0.4', output: '1.6' } };
  expect(price([own], { provider: 'our-gateway', responseModel: 'house-7b' })).toMatchObject({
    status: 'exact',
    source: 'override',
    totalNanoUsd: 400_000_000,
    priceId: 'override:house',
    reasons: [],
  });
});

test('makes a local model cost nothing, exactly, when the operator says so', () => {
  const free: PriceOverride = { name: 'own-gpus', provider: 'ollama', rates: { input: 0, output: 0 } };
  const cost = price([free], {
    provider: 'ollama',
    responseModel: 'llama3.2',
    usage: { input: 10, cacheRead: 5, cacheWrite: 2, output: 3 },
  });
  expect(cost).toMatchObject({ status: 'exact', source: 'override', totalNanoUsd: 0, unpricedTokens: 0, reasons: [] });
});

test('charges parts like their whole where the operator names only the whole', () => {
  const own: PriceOverride = { name: 'flat', rates: { input: 1, output: 2 } };
  const cost = price([own], { usage: { input: 1000, cacheRead: 900, output: 100, reasoning: 50 } });
  expect(cost).toMatchObject({ status: 'exact', totalNanoUsd: 1_200_000, reasons: [] });
});

test('replaces parts of the list price where the operator names only parts', () => {
  const own: PriceOverride = { name: 'writes', rates: { cacheWrite: '3.125' } };
  const cost = price([own], { usage: { input: 1_000_000, cacheRead: 400_000, cacheWrite: 200_000, output: 100_000 } });
  // 400,000 * 2.50 + 400,000 * 1.25 + 200,000 * 3.125 + 100,000 * 10.00 per million
  expect(cost).toMatchObject({
    status: 'exact',
    totalNanoUsd: 3_125_000_000,
    priceId: 'override:writes:openai/gpt-4o',
  });
});

test('applies the operator’s own context tiers', () => {
  const own: PriceOverride = {
    name: 'long',
    rates: { input: 1, output: 1 },
    contextTiers: [{ aboveInputTokens: 999_999, rates: { input: 3, output: 3 } }],
  };
  expect(price([own])).toMatchObject({ totalNanoUsd: 3_000_000_000, priceId: 'override:long>999999' });
  expect(usd([own], { usage: { input: 999_999, output: 0 } })).toBe(0.999999);
});

test('applies from its first moment until before its last', () => {
  const year: PriceOverride = { name: '2026', from: '2026-01-01', to: '2027-01-01', discountPercent: 100 };
  const at = (time: number): string => price([year], { timeMs: time }).source;
  expect(at(Date.UTC(2026, 0, 1) - 1)).toBe('price_book');
  expect(at(Date.UTC(2026, 0, 1))).toBe('override');
  expect(at(Date.UTC(2027, 0, 1) - 1)).toBe('override');
  expect(at(Date.UTC(2027, 0, 1))).toBe('price_book');
});

test('lets one override follow another', () => {
  const years = [2024, 2025, 2026].map((year): PriceOverride => ({
    name: `${year}`,
    from: `${year}-01-01`,
    to: `${year + 1}-01-01`,
    rates: { input: year - 2020, output: 1 },
  }));
  const book = createPriceBook({ overrides: years });
  const at = (year: number): number =>
    book.price({ provider: 'openai', model: 'gpt-4o', timeMs: Date.UTC(year, 5), usage }).totalNanoUsd / 1e9;
  expect([2026, 2024, 2025, 2023].map(at)).toEqual([6, 4, 5, 2.5]);
});

test('sets the factors of service tiers, on list prices and on its own', () => {
  const batch: PriceOverride = { name: 'batch', serviceTiers: { batch: '0.4', scale: 0 } };
  expect(price([batch], { serviceTier: 'batch' })).toMatchObject({
    status: 'exact',
    source: 'override',
    totalNanoUsd: 1_000_000_000,
    priceId: 'override:batch:openai/gpt-4o+batch',
  });
  expect(price([batch], { serviceTier: 'scale' })).toMatchObject({ status: 'exact', totalNanoUsd: 0 });
  expect(price([batch])).toMatchObject({ source: 'price_book', totalNanoUsd: 2_500_000_000 });
  const own: PriceOverride = { name: 'own', rates: { input: 2, output: 2 } };
  expect(price([own], { serviceTier: 'batch' })).toMatchObject({
    status: 'estimated',
    totalNanoUsd: 1_000_000_000,
    reasons: ['tier_assumed'],
  });
  expect(price([own, batch], { serviceTier: 'batch' })).toMatchObject({ status: 'exact', totalNanoUsd: 800_000_000 });
});

test('decides by the most specific override: tenant, provider, region, exact model, longer pattern', () => {
  const overrides: readonly PriceOverride[] = [
    { name: 'all', rates: { input: 1, output: 1 } },
    { name: 'short', model: 'gpt-*', rates: { input: 2, output: 1 } },
    { name: 'long', model: 'gpt-4o*', rates: { input: 3, output: 1 } },
    { name: 'exact', model: 'gpt-4o-2024-08-06', rates: { input: 4, output: 1 } },
    { name: 'region', region: 'eu', rates: { input: 5, output: 1 } },
    { name: 'provider', provider: 'openai', rates: { input: 6, output: 1 } },
    { name: 'tenant', tenant: 't', rates: { input: 7, output: 1 } },
  ];
  const request = { tenant: 't', region: 'eu' };
  // Take away the strongest, one after the other.
  for (let count = overrides.length; count > 0; count -= 1) {
    expect(usd(overrides.slice(0, count), request)).toBe(count);
    expect(usd(overrides.slice(0, count).toReversed(), request)).toBe(count);
  }
});

test('decides tokens, tiers and charges apart', () => {
  const overrides: readonly PriceOverride[] = [
    { name: 'tenant-tools', tenant: 't', charges: [{ kind: 'tool_call', usd: 1 }] },
    { name: 'rates', rates: { input: 1, output: 1 } },
  ];
  const cost = price(overrides, { tenant: 't', charges: [{ kind: 'tool_call', quantity: 1 }] });
  expect(cost).toMatchObject({ tokenNanoUsd: 1_000_000_000, otherNanoUsd: 1_000_000_000 });
});

test('fits the names in telemetry, with and without prefix, and the price list’s name', () => {
  const rates = { input: 9, output: 9 };
  expect(usd([{ name: 'a', model: 'GPT-4O-2024*', rates }])).toBe(9);
  expect(usd([{ name: 'a', model: 'gpt-4o', rates }])).toBe(9);
  expect(
    usd([{ name: 'a', model: 'gpt-4o-2024-08-06', rates }], {
      provider: 'litellm',
      responseModel: 'openai/gpt-4o-2024-08-06',
    }),
  ).toBe(9);
  expect(usd([{ name: 'a', provider: 'azure', rates }], { provider: 'azure.ai.openai' })).toBe(9);
  expect(usd([{ name: 'a', provider: 'azure', rates }])).toBe(2.5);
  expect(usd([{ name: 'a', model: 'gpt-4', rates }])).toBe(2.5);
});

test('stays an estimate where only the price list’s guess ties the call to the operator’s model', () => {
  const own: PriceOverride = { name: 'own', model: 'claude-sonnet-5', rates: { input: 1, output: 1 } };
  const claude = { provider: 'anthropic', responseModel: 'claude-sonnet-5-5' };
  expect(price([own], claude)).toMatchObject({ status: 'estimated', source: 'override', reasons: ['model_guessed'] });
  expect(price([own], { ...claude, responseModel: 'claude-sonnet-5' })).toMatchObject({
    status: 'exact',
    source: 'override',
  });
});

test('keeps one tenant’s price from another, also once it is cached', () => {
  const book = createPriceBook({ overrides: [{ name: 'acme', tenant: 'acme', discountPercent: 50 }] });
  const at = (tenant: string | undefined): number =>
    book.price({ tenant, provider: 'openai', model: 'gpt-4o', timeMs, usage }).totalNanoUsd / 1e9;
  expect([at('acme'), at('other'), at('acme'), at(undefined), at('ACME')]).toEqual([1.25, 2.5, 1.25, 2.5, 2.5]);
});

test.each([
  ['the same model', { model: 'gpt-4o' }, { model: 'gpt-4o' }],
  ['patterns that can meet', { model: 'gpt-*' }, { model: '*-min' }],
  ['no model at all', {}, {}],
  ['times that overlap', { from: '2026-01-01' }, { from: '2025-01-01', to: '2026-01-02' }],
])('refuses overrides that contradict each other: %s', (_what, a, b) => {
  const overrides = [
    { name: 'first', ...a, discountPercent: 1 },
    { name: 'second', ...b, rates: { input: 1 } },
  ];
  expect(() => createPriceBook({ overrides })).toThrow(
    /received "first" and "second" both say what the price of tokens is/,
  );
});

test.each([
  ['other models', { model: 'gpt-4o' }, { model: 'gpt-41' }],
  ['patterns that cannot meet', { model: 'gpt-*' }, { model: 'o3-?*' }],
  ['other tenants', { tenant: 'a' }, { tenant: 'b' }],
  ['one after the other', { to: '2026-01-01' }, { from: '2026-01-01' }],
  ['one before the other', { from: '2026-01-01' }, { to: '2026-01-01' }],
  ['one more specific', { model: 'gpt-4o*' }, { model: 'gpt-*' }],
])('accepts overrides that cannot contradict each other: %s', (_what, a, b) => {
  const overrides = [
    { name: 'first', ...a, discountPercent: 1 },
    { name: 'second', ...b, discountPercent: 2 },
  ];
  expect(() => createPriceBook({ overrides })).not.toThrow();
});

function searchPrice(name: string): PriceOverride {
  return { name, charges: [{ kind: 'tool_call', name: 'search*', usd: 1 }] };
}

test('refuses contradicting factors and charges', () => {
  const tiers = [
    { name: 'a', serviceTiers: { batch: 1 } },
    { name: 'b', serviceTiers: { flex: 1, batch: 2 } },
  ];
  expect(() => createPriceBook({ overrides: tiers })).toThrow(
    /"a" and "b" both say what the factor of service tier "batch" is/,
  );
  expect(() => createPriceBook({ overrides: [searchPrice('a'), searchPrice('b')] })).toThrow(
    /"a" and "b" both say what the price of tool_call search\* is/,
  );
  const twice = {
    name: 'a',
    charges: [
      { kind: 'image', usd: 1 },
      { kind: 'image', usd: 2 },
    ],
  };
  expect(() => createPriceBook({ overrides: [twice] })).toThrow(/"a" says twice what the price of image \* is/);
});

const names = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'house-1'];
const anyOverride = fc.record(
  {
    tenant: fc.constantFrom('a', 'b'),
    provider: fc.constantFrom('openai', 'anthropic'),
    model: fc.constantFrom('*', 'gpt-*', '*-mini', 'gpt-4o', 'house-?', 'claude*'),
    from: fc.constantFrom('2026-01-01', '2026-06-01'),
    to: fc.constantFrom('2026-09-01', '2027-01-01'),
    discountPercent: fc.integer({ min: 0, max: 100 }),
  },
  { requiredKeys: ['discountPercent'] },
);

test('takes the price of who served a call before that of who made its model', () => {
  const overrides = [
    { name: 'maker', provider: 'anthropic', discountPercent: 10 },
    { name: 'server', provider: 'openai', discountPercent: 20 },
  ];
  for (const list of [overrides, overrides.toReversed()]) {
    const cost = price(list, { provider: 'openai', responseModel: 'claude-sonnet-4-5' });
    expect(cost.priceId).toMatch(/^override:server:/);
  }
});

test('prices the same whatever the order of the overrides', () => {
  fc.assert(
    fc.property(
      fc.array(anyOverride, { maxLength: 6 }),
      fc.constantFrom(...names),
      fc.constantFrom('a', 'b', undefined),
      (drafts, model, tenant) => {
        const overrides = drafts.map((draft, place) => ({ ...draft, name: `${place}` }));
        const priceWith = (list: readonly PriceOverride[]): unknown => {
          try {
            const { bookVersion: _, ...cost } = price(list, { tenant, responseModel: model });
            return cost;
          } catch {
            return 'refused';
          }
        };
        expect(priceWith(overrides.toReversed())).toEqual(priceWith(overrides));
      },
    ),
    { numRuns: 300 },
  );
});
