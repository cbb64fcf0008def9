import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideHalfUp } from '../src/money.ts';
import { amountOf, compileTokenCard, tierFor } from '../src/rate-card.ts';
import { overlaySheet, readBookRates, type RateSheet } from '../src/rate-sheet.ts';

const TOKENS_MAX = 2 ** 32 - 1;

function sheetOf(rates: RateSheet['tiers'][number]['rates']): RateSheet {
  return { tiers: [{ aboveInputTokens: -1, rates }], isInputByOperator: false, isOutputByOperator: false };
}

test('multiplies exactly, for all tokens and all rates whose product a number can hold', () => {
  const rate = fc.integer({ min: 0, max: 2_000_000 * 1_000_000 });
  const tokens = fc.integer({ min: 0, max: TOKENS_MAX });
  fc.assert(
    fc.property(rate, tokens, (nanoUsdPerMillion, count) => {
      const card = compileTokenCard(sheetOf({ input: nanoUsdPerMillion }), 'p/m');
      const exact = divideHalfUp(BigInt(nanoUsdPerMillion) * BigInt(count), 1_000_000n);
      fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
      expect(BigInt(amountOf(card!.first.rates.input!, count))).toBe(exact);
    }),
    { numRuns: 5000 },
  );
});

test('rounds half up at one nano-USD', () => {
  // 0.5 nano-USD per token.
  const card = compileTokenCard(sheetOf({ input: 500_000 }), 'p/m');
  expect(amountOf(card!.first.rates.input!, 1)).toBe(1);
  expect(amountOf(card!.first.rates.input!, 2)).toBe(1);
  expect(amountOf(card!.first.rates.input!, 3)).toBe(2);
});

test('charges all tokens at the tier that the whole input reaches', () => {
  const prices = new Map([['input_mtok', { base: 1.25, tiers: [{ start: 200_000, price: 2.5 }] }]]);
  const card = compileTokenCard(readBookRates(prices).sheet, 'google/gemini-2.5-pro');
  expect(tierFor(card!, 200_000)).toMatchObject({ priceId: 'google/gemini-2.5-pro' });
  expect(tierFor(card!, 200_001)).toMatchObject({ priceId: 'google/gemini-2.5-pro>200000' });
  // 200001 * 2.5 USD per million
  expect(amountOf(tierFor(card!, 200_001).rates.input!, 200_001)).toBe(500_002_500);
});

test('charges a bucket without a rate like its whole, and says where that is an assumption', () => {
  const card = compileTokenCard(sheetOf({ input: 3_000_000, output: 9_000_000 }), 'p/m');
  expect(card!.first.rates.cacheWrite1h).toEqual(card!.first.rates.input);
  expect(card!.notes.cacheRead).toBe('no_cache_read_price');
  expect(card!.notes.cacheWrite1h).toBe('no_cache_write_price');
  expect(card!.notes.inputAudio).toBe('no_audio_price');
  expect(card!.notes.reasoning).toBeUndefined();
  expect(card!.notes.inputImage).toBeUndefined();
});

test('prices nothing without any rate', () => {
  expect(compileTokenCard(sheetOf({}), 'p/m')).toBeUndefined();
});

test('lets an operator replace a side, or parts of it', () => {
  const book = sheetOf({ input: 10, cacheRead: 1, output: 30 });
  const own = (rates: RateSheet['tiers'][number]['rates']): RateSheet =>
    overlaySheet(book, [{ aboveInputTokens: -1, rates }]);
  // The input side is the operator's: the list's cached price goes with it. Output stays the list's.
  expect(own({ input: 8 })).toMatchObject({
    tiers: [{ rates: { input: 8, output: 30 } }],
    isInputByOperator: true,
    isOutputByOperator: false,
  });
  expect(own({ input: 8 }).tiers[0]?.rates.cacheRead).toBeUndefined();
  expect(own({ cacheWrite: 12 })).toMatchObject({
    tiers: [{ rates: { input: 10, cacheRead: 1, cacheWrite: 12, output: 30 } }],
  });
});
