import { expect, test } from 'vitest';
import { normalizeServiceTier, tierFactor } from '../src/service-tier.ts';

function factorOf(tier: string, providerId: string, modelId: string): { factor: number; isPublished: boolean } {
  const { ratio, isPublished } = tierFactor(tier, providerId, modelId);
  return { factor: Number(ratio.numerator) / Number(ratio.denominator), isPublished };
}

test.each([
  [undefined, 'default'],
  ['', 'default'],
  ['standard', 'default'],
  ['ON_DEMAND', 'default'],
  ['on-demand', 'default'],
  ['SERVICE_TIER_PRIORITY', 'priority'],
  ['ON_DEMAND_FLEX', 'flex'],
  [' Batch ', 'batch'],
  ['auto', 'auto'],
])('spells %s as %s', (reported, tier) => {
  expect(normalizeServiceTier(reported)).toBe(tier);
});

test('uses the factor the provider publishes for the model', () => {
  expect(factorOf('batch', 'openai', 'gpt-4o')).toEqual({ factor: 0.5, isPublished: true });
  expect(factorOf('priority', 'openai', 'gpt-5.5')).toEqual({ factor: 2.5, isPublished: true });
  expect(factorOf('priority', 'openai', 'gpt-5-mini')).toEqual({ factor: 1.8, isPublished: true });
  expect(factorOf('priority', 'openai', 'gpt-4.1')).toEqual({ factor: 1.75, isPublished: true });
  expect(factorOf('fast', 'anthropic', 'claude-opus-4-6')).toEqual({ factor: 6, isPublished: true });
  expect(factorOf('flex', 'groq', 'llama-3.3-70b-versatile')).toEqual({ factor: 1, isPublished: true });
});

test('says where a factor is assumed', () => {
  expect(factorOf('priority', 'openai', 'gpt-4o')).toEqual({ factor: 1.7, isPublished: false });
  expect(factorOf('priority', 'aws', 'amazon.nova-pro-v1:0')).toEqual({ factor: 1.75, isPublished: false });
  expect(factorOf('auto', 'openai', 'gpt-4o')).toEqual({ factor: 1, isPublished: false });
  expect(factorOf('batch', 'nobody', 'x')).toEqual({ factor: 1, isPublished: false });
});

test('is not misled by names of object properties', () => {
  expect(factorOf('constructor', '__proto__', 'toString')).toEqual({ factor: 1, isPublished: false });
  expect(factorOf('batch', 'constructor', '')).toEqual({ factor: 1, isPublished: false });
});
