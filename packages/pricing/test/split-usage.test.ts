import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitUsage, type SplitUsage } from '../src/split-usage.ts';
import { MEDIA_BUCKETS, TEXT_BUCKETS, USAGE_FIELDS, type TokenUsage } from '../src/usage.ts';

function tokensOf(split: SplitUsage): number {
  const text = TEXT_BUCKETS.reduce((sum, bucket) => sum + split[bucket], 0);
  return text + MEDIA_BUCKETS.reduce((sum, bucket) => sum + (split.media?.[bucket] ?? 0), 0);
}

test('takes the parts out of their wholes', () => {
  const split = splitUsage({
    input: 1000,
    cacheRead: 600,
    cacheWrite: 150,
    cacheWrite1h: 50,
    output: 100,
    reasoning: 40,
  });
  // 1000 - 600 - 150 = 250; 150 - 50 = 100; 100 - 40 = 60
  expect(split).toMatchObject({
    input: 250,
    cacheRead: 600,
    cacheWrite: 100,
    cacheWrite1h: 50,
    output: 60,
    reasoning: 40,
  });
  expect(split.reasons).toEqual([]);
  expect(split.media).toBeUndefined();
});

test('takes cached audio out of both audio and cache', () => {
  const split = splitUsage({
    input: 1000,
    inputAudio: 300,
    cacheRead: 500,
    cacheReadAudio: 200,
    output: 50,
    outputAudio: 30,
  });
  // Text: 1000 - 500 cached - 100 uncached audio = 400.
  expect(split).toMatchObject({ input: 400, cacheRead: 300, output: 20, inputTotal: 1000, outputTotal: 50 });
  expect(split.media).toMatchObject({ inputAudio: 100, cacheReadAudio: 200, outputAudio: 30 });
});

test('lets cached and audio tokens overlap only as far as the whole forces them to', () => {
  const apart = splitUsage({ input: 1000, inputAudio: 300, cacheRead: 500, output: 1 });
  expect(apart.media).toMatchObject({ inputAudio: 300, cacheReadAudio: 0 });
  // 900 + 300 is 200 more than there are tokens, so at least 200 are both.
  const forced = splitUsage({ input: 1000, inputAudio: 300, cacheRead: 900, output: 1 });
  expect(forced).toMatchObject({ input: 0, cacheRead: 700, inputTotal: 1000 });
  expect(forced.media).toMatchObject({ inputAudio: 100, cacheReadAudio: 200 });
  expect(forced.reasons).toEqual(['cached_media_assumed']);
});

test('keeps parts that exceed their whole beside it', () => {
  // Anthropic's own buckets: 12 tokens of input beside 5000 from the cache and 200 to it.
  const split = splitUsage({ input: 12, cacheRead: 5000, cacheWrite: 200, output: 10, reasoning: 30 });
  expect(split).toMatchObject({ input: 12, cacheRead: 5000, cacheWrite: 200, output: 10, reasoning: 30 });
  expect(split).toMatchObject({ inputTotal: 5212, outputTotal: 40, reasons: ['parts_exceed_whole'] });
});

test('knows whether the lifetime of cache writes is known', () => {
  const base = { input: 1000, output: 1 };
  expect(splitUsage({ ...base, cacheWrite: 100 }).cacheWriteTtlKnown).toBe(false);
  expect(splitUsage({ ...base, cacheWrite: 100, cacheWrite1h: 0 }).cacheWriteTtlKnown).toBe(true);
  expect(splitUsage({ ...base, cacheWrite: 100, cacheWrite5m: 100 }).cacheWriteTtlKnown).toBe(true);
  expect(splitUsage({ ...base, cacheWrite: 100, cacheWrite5m: 60 }).cacheWriteTtlKnown).toBe(false);
  expect(splitUsage({ ...base, cacheWrite5m: 60, cacheWrite1h: 40 })).toMatchObject({
    cacheWrite: 60,
    cacheWrite1h: 40,
    input: 900,
  });
  expect(splitUsage(base).cacheWriteTtlKnown).toBe(true);
});

test.each([-1, 1.5, Number.NaN, Infinity, 2 ** 32, 1e300])('takes %d tokens for not reported', (input) => {
  const split = splitUsage({ input, output: 10 });
  expect(split).toMatchObject({ input: 0, inputKnown: false, output: 10, reasons: ['usage_invalid'] });
});

test('takes as many tokens as 32 bits hold', () => {
  expect(splitUsage({ input: 2 ** 32 - 1, output: 0 }).input).toBe(4_294_967_295);
});

test('ignores fields it does not know', () => {
  const usage = { input: 10, output: 1, cacheWrite5m: 0, note: 'from the wire', total: -1 };
  expect(splitUsage(usage)).toMatchObject({ input: 10, output: 1, reasons: [] });
});

const anyCount = fc.option(fc.oneof(fc.nat(2000), fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 33)), { nil: undefined });
const anyUsage = fc.record(Object.fromEntries(USAGE_FIELDS.map((field) => [field, anyCount])));

test('counts every token once and none below zero, whatever is reported', () => {
  fc.assert(
    fc.property(anyUsage, (usage: TokenUsage) => {
      const split = splitUsage(usage);
      expect(tokensOf(split)).toBe(split.inputTotal + split.outputTotal);
      for (const bucket of TEXT_BUCKETS) {
        expect(split[bucket]).toBeGreaterThanOrEqual(0);
      }
      for (const bucket of MEDIA_BUCKETS) {
        expect(split.media?.[bucket] ?? 0).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 2000 },
  );
});

test('keeps the whole where the parts fit into it', () => {
  const fitting = fc
    .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000))
    .map(([rest, cacheRead, cacheWrite, visible, reasoning]) => ({
      input: rest + cacheRead + cacheWrite,
      cacheRead,
      cacheWrite,
      output: visible + reasoning,
      reasoning,
    }));
  fc.assert(
    fc.property(fitting, (usage) => {
      const split = splitUsage(usage);
      expect(split.inputTotal).toBe(usage.input);
      expect(split.outputTotal).toBe(usage.output);
      expect(split.reasons).toEqual([]);
    }),
  );
});
