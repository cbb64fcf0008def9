// What `calcPrice` does that would be wrong, or fatal, in an aggregator; each beside what we do.
import { calcPrice } from '@pydantic/genai-prices';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { Cost } from '../src/cost.ts';
import { createPriceBook } from '../src/price-book.ts';
import type { PriceRequest } from '../src/price-request.ts';

const book = createPriceBook();
const warn = vi.spyOn(console, 'warn');

beforeEach(() => {
  warn.mockReset().mockReturnValue(undefined);
});

afterAll(() => {
  warn.mockRestore();
});

function price(request: Partial<PriceRequest>): Cost {
  return book.price({
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    timeMs: Date.UTC(2026, 10, 22),
    usage: {},
    ...request,
  });
}

test('throws on exclusive usage; we price it as what it is and say so', () => {
  const theirs = { input_tokens: 12, cache_read_tokens: 5000, output_tokens: 100 };
  expect(() => calcPrice(theirs, 'claude-sonnet-4-5', { providerId: 'anthropic' })).toThrow(/cannot exceed/);
  // 12 * 3000 + 5000 * 300 + 100 * 15000
  expect(price({ usage: { input: 12, cacheRead: 5000, output: 100 } })).toMatchObject({
    status: 'estimated',
    totalNanoUsd: 3_036_000,
    reasons: ['parts_exceed_whole'],
  });
});

test('throws on counts that are not numbers of tokens; we price the rest', () => {
  expect(() => calcPrice({ input_tokens: -1, output_tokens: 100 }, 'claude-sonnet-4-5')).toThrow(/Invalid usage value/);
  expect(price({ usage: { input: -1, output: 100 } })).toMatchObject({
    status: 'partial',
    totalNanoUsd: 1_500_000,
    reasons: ['usage_invalid', 'usage_missing_part'],
  });
});

test('throws on cached audio of unknown size; we assume the least overlap and say so', () => {
  const theirs = { input_tokens: 1000, cache_read_tokens: 500, input_audio_tokens: 200, output_tokens: 0 };
  expect(() => calcPrice(theirs, 'gemini-2.5-flash', { providerId: 'google' })).toThrow(/Missing usage value/);
  const cost = price({
    provider: 'google',
    model: 'gemini-2.5-flash',
    usage: { input: 1000, cacheRead: 500, inputAudio: 200, output: 0 },
  });
  expect(cost).toMatchObject({ status: 'estimated', reasons: ['cached_media_assumed'], parts: { cacheReadAudio: 0 } });
  expect(cost.totalNanoUsd).toBeGreaterThan(0);
});

test('warns on the console about usage it does not know; we never write there', () => {
  calcPrice({ input_tokens: 10, output_tokens: 5, reasoning_tokens: 3 }, 'gpt-4o');
  expect(warn).toHaveBeenCalledOnce();
  warn.mockClear();
  price({ usage: { input: 10, output: 5, reasoning: 3 } });
  expect(warn).not.toHaveBeenCalled();
});

test.each([
  ['x_ai', 'grok-4-0709', 'x-ai'],
  ['gcp.gen_ai', 'gemini-2.5-pro', 'google'],
  ['azure.ai.inference', 'gpt-4o', 'openai'],
])('has no price where it does not know the name %s; we know it', (provider, model, listedBy) => {
  const usage = { input: 1000, output: 0 };
  expect(calcPrice({ input_tokens: 1000 }, model, { providerId: provider })).toBeNull();
  expect(price({ provider, model, usage })).toMatchObject({ status: 'exact' });
  expect(price({ provider, model, usage }).priceId).toMatch(`${listedBy}/`);
});

test.each(['autogen', 'strands-agents', 'our-own-gateway'])(
  'has no price where the provider is %s; we go by the model and say so',
  (provider) => {
    expect(calcPrice({ input_tokens: 1000 }, 'gpt-4o', { providerId: provider })).toBeNull();
    const cost = price({ provider, model: 'gpt-4o', usage: { input: 1000, output: 0 } });
    expect(cost.totalNanoUsd).toBe(2_500_000);
    expect(cost.reasons[0]).toMatch(/^provider_(inferred|unknown)$/);
  },
);

test('takes Azure for OpenAI; we do not', () => {
  const theirs = calcPrice({ input_tokens: 1000 }, 'my-deployment', { providerId: 'azure.ai.openai' });
  expect(theirs).toBeNull();
  expect(calcPrice({ input_tokens: 1000 }, 'gpt-4o', { providerId: 'azure.ai.openai' })?.provider.id).toBe('openai');
  expect(
    price({ provider: 'azure.ai.openai', model: 'gpt-4o', serviceTier: 'priority', usage: { input: 1000, output: 0 } }),
  ).toMatchObject({
    // OpenAI publishes a factor for its own API, Azure none.
    status: 'estimated',
    reasons: ['tier_assumed'],
  });
});

test('has no service tiers; we apply them', () => {
  expect(price({ serviceTier: 'batch', usage: { input: 1000, output: 0 } })).toMatchObject({
    status: 'exact',
    totalNanoUsd: 1_500_000,
  });
});

test('prices cache writes without a price as input in silence; we say so', () => {
  const theirs = calcPrice({ input_tokens: 1000, cache_write_tokens: 1000 }, 'gpt-4o', { providerId: 'openai' });
  expect(theirs?.total_price).toBe(0.0025);
  const cost = price({
    provider: 'openai',
    model: 'gpt-4o',
    usage: { input: 1000, cacheWrite: 1000, cacheWrite1h: 0, output: 0 },
  });
  expect(cost).toMatchObject({ status: 'estimated', totalNanoUsd: 2_500_000, reasons: ['no_cache_write_price'] });
});

test('prices audio without a price as text in silence; we say so', () => {
  const cost = price({
    provider: 'openai',
    model: 'gpt-4o-audio-preview',
    usage: { input: 1000, inputAudio: 800, output: 0 },
  });
  expect(cost).toMatchObject({ status: 'estimated', reasons: ['no_audio_price'] });
});

test('answers 0 where its list shows no price; we have none', () => {
  expect(calcPrice({ input_tokens: 1000 }, 'gemma-3-27b-it', { providerId: 'google' })?.total_price).toBe(0);
  expect(price({ provider: 'google', model: 'gemma-3-27b-it', usage: { input: 1000, output: 0 } })).toMatchObject({
    status: 'unpriced',
    reasons: ['no_price_listed'],
  });
});

test('takes a model of another size for the one it is distilled from; we do not', () => {
  expect(calcPrice({ input_tokens: 1000 }, 'deepseek-r1:8b')?.model.id).toBe('deepseek-reasoner');
  expect(price({ provider: undefined, model: 'deepseek-r1:8b', usage: { input: 1000, output: 0 } })).toMatchObject({
    status: 'unpriced',
  });
});
