import { expect, test } from 'vitest';
import { createPriceBook } from '../src/price-book.ts';

const book = createPriceBook();
const timeMs = Date.UTC(2026, 10, 22);

test('shows every rate of a model as an exact decimal, by context tier', () => {
  const description = book.describe('claude-sonnet-4-5', { provider: 'anthropic', timeMs });
  expect(description).toMatchObject({
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    source: 'price_book',
    priceId: 'anthropic/claude-sonnet-4-5',
    effectiveFrom: undefined,
    reasons: [],
  });
  expect(description.tiers.map(({ aboveInputTokens }) => aboveInputTokens)).toEqual([0, 200_000]);
  expect(
    Object.fromEntries(
      description.tiers
        .slice(0, 1)
        .flatMap(({ rates }) => rates.map(({ bucket, usdPerMillion }) => [bucket, usdPerMillion])),
    ),
  ).toEqual({
    input: '3',
    cacheRead: '0.3',
    cacheWrite: '3.75',
    cacheWrite1h: '6',
    output: '15',
  });
  expect(description.charges).toContainEqual({
    kind: 'web_search',
    name: undefined,
    usd: '10',
    per: 1000,
    source: 'price_book',
  });
  expect(description.serviceTiers).toContainEqual({ tier: 'batch', factor: 0.5, isPublished: true });
});

test('shows since when and until when a price applies', () => {
  const { effectiveFrom, effectiveTo } = book.describe('gpt-5.6-sol', { provider: 'openai', timeMs });
  expect([effectiveFrom, effectiveTo]).toEqual(['2026-08-21T00:00:00.000Z', undefined]);
  const before = book.describe('gpt-5.6-sol', { provider: 'openai', timeMs: Date.UTC(2026, 7, 20) });
  expect(before.effectiveTo).toBe('2026-08-21T00:00:00.000Z');
});

test('shows which rates are assumed', () => {
  const { tiers } = book.describe('gpt-4o', { provider: 'openai', timeMs });
  expect(tiers[0]?.rates).toContainEqual({
    bucket: 'cacheWrite',
    usdPerMillion: '2.5',
    assumption: 'no_cache_write_price',
  });
});

test('shows why there is no price', () => {
  expect(book.describe('no-such-model', { timeMs })).toMatchObject({
    model: undefined,
    source: 'none',
    priceId: '',
    tiers: [],
    reasons: ['unknown_model'],
  });
  expect(book.describe('llama3', { provider: 'ollama', timeMs })).toMatchObject({ reasons: ['local_provider'] });
});

test('shows the operator’s prices', () => {
  const overrides = [
    {
      name: 'acme',
      tenant: 'acme',
      discountPercent: 20,
      serviceTiers: { batch: '0.4' },
      charges: [{ kind: 'tool_call', name: 'search*', usd: '0.005' }],
    },
  ];
  const description = createPriceBook({ overrides }).describe('gpt-4o', { provider: 'openai', tenant: 'acme', timeMs });
  expect(description).toMatchObject({ source: 'override', priceId: 'override:acme:openai/gpt-4o' });
  expect(description.tiers[0]?.rates[0]).toMatchObject({ bucket: 'input', usdPerMillion: '2' });
  expect(description.charges).toContainEqual({
    kind: 'tool_call',
    name: 'search*',
    usd: '0.005',
    per: 1,
    source: 'override',
  });
  expect(description.serviceTiers).toContainEqual({ tier: 'batch', factor: 0.4, isPublished: true });
});
