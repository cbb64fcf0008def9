// Our arithmetic and our look-up against `calcPrice` itself, over the whole price list.
import { calcPrice, waitForUpdate, type MatchLogic, type Provider, type Usage } from '@pydantic/genai-prices';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPriceBook } from '../src/price-book.ts';
import type { TokenUsage } from '../src/usage.ts';

interface ListedName {
  readonly providerId: string;
  readonly name: string;
}

const providers = (await waitForUpdate()) ?? [];
const book = createPriceBook();

const names: readonly ListedName[] = providers.flatMap((provider) => listNames(provider));

function listNames({ id, models }: Provider): readonly ListedName[] {
  const texts = models.flatMap((model) => [model.id, ...textsOf(model.match)]);
  return [...new Set(texts)].map((name) => ({ providerId: id, name }));
}

function textsOf(clause: MatchLogic): readonly string[] {
  if ('or' in clause || 'and' in clause) {
    return ('or' in clause ? clause.or : clause.and).flatMap(textsOf);
  }
  return 'regex' in clause ? [] : Object.values(clause);
}

function toTheirs(usage: TokenUsage): Usage {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    cache_write_1h_tokens: usage.cacheWrite1h,
    output_reasoning_tokens: usage.reasoning,
    input_audio_tokens: usage.inputAudio,
    cache_audio_read_tokens: usage.cacheReadAudio,
    output_audio_tokens: usage.outputAudio,
    input_image_tokens: usage.inputImage,
    cache_image_read_tokens: usage.cacheReadImage,
    output_image_tokens: usage.outputImage,
    input_video_tokens: usage.inputVideo,
    output_video_tokens: usage.outputVideo,
    output_citation_tokens: usage.outputCitation,
  };
}

/** Compares one call with theirs; undefined where they agree, else how they differ. */
function difference({ providerId, name }: ListedName, usage: TokenUsage, timeMs: number): string | undefined {
  const theirs = calcPrice(toTheirs(usage), name, { providerId, timestamp: new Date(timeMs) });
  const ours = book.price({ provider: providerId, model: name, timeMs, usage });
  if (theirs === null) {
    return ours.status === 'unpriced' ? undefined : 'only we have a price';
  }
  const prices = Object.keys(theirs.model_price);
  if (!prices.some((key) => key.endsWith('_mtok'))) {
    // They answer 0 for models without any price, and for tokens of models that are not billed by token.
    return ours.status === 'unpriced' || ours.reasons.includes('free_model')
      ? undefined
      : 'we price what they have no price for';
  }
  if (!ours.priceId.startsWith(`${theirs.provider.id}/`) && theirs.provider.fallback_model_providers === undefined) {
    return `we found ${ours.priceId}`;
  }
  // 15 buckets, each rounded by at most half; the list's own noise beyond nine decimals; and their sum of binary fractions.
  const exact = theirs.total_price * 1e9;
  const tolerance = 8 + (usage.input ?? 0) * 1e-6 + exact * 1e-12;
  return Math.abs(ours.totalNanoUsd - exact) <= tolerance ? undefined : `${ours.totalNanoUsd} instead of ${exact}`;
}

test('finds the same entry and the same amount for every name in the price list, around every change of prices', () => {
  const changes = providers
    .flatMap(({ models }) => models.flatMap(({ prices }) => (Array.isArray(prices) ? prices : [])))
    .flatMap(({ constraint }) => (constraint?.type === 'start_date' ? [Date.parse(constraint.start_date)] : []));
  // A millisecond before and after each change, and hours with and without a surcharge of their own.
  const times = [
    ...new Set(changes.flatMap((change) => [change - 1, change])),
    Date.UTC(2026, 10, 22, 2),
    Date.UTC(2026, 10, 22, 20),
  ];
  expect(changes.length).toBeGreaterThan(20);
  const usages = [
    { input: 1234, output: 567 },
    { input: 272_001, output: 1000, cacheRead: 1000, cacheWrite: 777, cacheWrite1h: 333 },
  ];
  const compared = names.flatMap((listed) =>
    times.flatMap((timeMs) => usages.map((usage) => ({ ...listed, timeMs, how: difference(listed, usage, timeMs) }))),
  );
  expect(compared.filter(({ how }) => how !== undefined)).toEqual([]);
  expect(compared.length).toBeGreaterThan(50_000);
});

const parts = fc.record({
  rest: fc.nat(300_000),
  cacheRead: fc.nat(100_000),
  cacheWrite5m: fc.nat(50_000),
  cacheWrite1h: fc.nat(50_000),
  inputAudio: fc.nat(5000),
  cacheReadAudio: fc.nat(5000),
  inputImage: fc.nat(5000),
  cacheReadImage: fc.nat(5000),
  inputVideo: fc.nat(5000),
  visible: fc.nat(100_000),
  reasoning: fc.nat(50_000),
  outputAudio: fc.nat(5000),
  outputImage: fc.nat(5000),
  outputVideo: fc.nat(5000),
  outputCitation: fc.nat(5000),
});

/** Inclusive usage whose parts are known to fit. */
const consistentUsage = parts.map((part): TokenUsage => ({
  input:
    part.rest +
    part.cacheRead +
    part.cacheWrite5m +
    part.cacheWrite1h +
    part.inputAudio +
    part.cacheReadAudio +
    part.inputImage +
    part.cacheReadImage +
    part.inputVideo,
  cacheRead: part.cacheRead + part.cacheReadAudio + part.cacheReadImage,
  cacheWrite: part.cacheWrite5m + part.cacheWrite1h,
  cacheWrite1h: part.cacheWrite1h,
  inputAudio: part.inputAudio + part.cacheReadAudio,
  cacheReadAudio: part.cacheReadAudio,
  inputImage: part.inputImage + part.cacheReadImage,
  cacheReadImage: part.cacheReadImage,
  inputVideo: part.inputVideo,
  output: part.visible + part.reasoning + part.outputAudio + part.outputImage + part.outputVideo + part.outputCitation,
  reasoning: part.reasoning,
  outputAudio: part.outputAudio,
  outputImage: part.outputImage,
  outputVideo: part.outputVideo,
  outputCitation: part.outputCitation,
}));

test('costs the same for any usage of any model at any time', () => {
  const time = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2027, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...names), consistentUsage, time, (listed, usage, timeMs) => {
      expect(difference(listed, usage, timeMs)).toBeUndefined();
    }),
    { numRuns: 20_000 },
  );
});

test('adds the fees per request and per search that they add', () => {
  const timeMs = Date.UTC(2026, 10, 22);
  const usage = { input: 1000, output: 100 };
  const withFees = names.filter(({ providerId, name }) => {
    const theirs = calcPrice(toTheirs(usage), name, { providerId, timestamp: new Date(timeMs) });
    return theirs !== null && ['requests_kcount', 'web_searches_kcount'].some((key) => key in theirs.model_price);
  });
  expect(withFees.length).toBeGreaterThan(50);
  for (const { providerId, name } of withFees) {
    const theirs = calcPrice({ ...toTheirs(usage), web_searches: 3 }, name, {
      providerId,
      timestamp: new Date(timeMs),
    });
    const hasSearches = 'web_searches_kcount' in (theirs?.model_price ?? {});
    const charges = hasSearches ? [{ kind: 'web_search', quantity: 3 }] : [];
    const ours = book.price({ provider: providerId, model: name, timeMs, usage, charges });
    expect({ name, nanoUsd: ours.totalNanoUsd }).toEqual({
      name,
      nanoUsd: Math.round((theirs?.total_price ?? 0) * 1e9),
    });
  }
});

test('bills audio by the second as they do, with their minimum', () => {
  const timeMs = Date.UTC(2026, 10, 22);
  for (const [providerId, name] of [
    ['openai', 'whisper-1'],
    ['groq', 'whisper-large-v3'],
  ] as const) {
    for (const seconds of [0, 0.25, 9.5, 10, 61.75]) {
      const theirs = calcPrice({ audio_seconds: seconds, input_audio_seconds: seconds }, name, { providerId });
      const ours = book.price({
        provider: providerId,
        model: name,
        timeMs,
        usage: {},
        charges: [{ kind: 'audio_second', quantity: seconds }],
      });
      expect(Math.abs(ours.totalNanoUsd - (theirs?.total_price ?? 0) * 1e9)).toBeLessThanOrEqual(1);
      expect(ours.status).toBe('exact');
    }
  }
});
