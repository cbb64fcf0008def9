import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { divideHalfUp, formatUsd, parseNanoUsd, parseRatio, roundToNanoUsd, scale } from '../src/money.ts';

test('reads decimals digit by digit', () => {
  expect(parseNanoUsd('2.50')).toBe(2_500_000_000);
  expect(parseNanoUsd('0.000000001')).toBe(1);
  expect(parseNanoUsd(0.0028)).toBe(2_800_000);
  // JavaScript prints this number as 1e-7.
  expect(parseNanoUsd(0.000_000_1)).toBe(100);
  expect(parseNanoUsd('1e3')).toBe(1_000_000_000_000);
});

test.each(['-1', '0.0000000001', '', ' ', '1,5', '0x10', 'NaN', 'Infinity', '1e999', '9'.repeat(41), Number.NaN])(
  'refuses %s as an amount',
  (value) => {
    expect(parseNanoUsd(value)).toBeUndefined();
  },
);

test('takes binary noise out of list prices', () => {
  expect(roundToNanoUsd(0.180_000_000_000_000_02)).toBe(180_000_000);
  expect(roundToNanoUsd(0.083_333_333_333_333_34)).toBe(83_333_333);
});

test('rounds half up', () => {
  // 0.5 → 1, 1.5 → 2, 2.49 → 2
  expect(divideHalfUp(1n, 2n)).toBe(1n);
  expect(divideHalfUp(3n, 2n)).toBe(2n);
  expect(divideHalfUp(249n, 100n)).toBe(2n);
  // 3 * 5/6 = 2.5 → 3
  expect(scale(3, { numerator: 5n, denominator: 6n })).toBe(3);
});

test('prints what it read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (nanoUsd) => {
      expect(parseNanoUsd(formatUsd(nanoUsd))).toBe(nanoUsd);
    }),
  );
  expect(formatUsd(75_000_000)).toBe('0.075');
  expect(formatUsd(3_000_000_000)).toBe('3');
});

test('gives a ratio or nothing for any text, in bounded time', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const ratio = parseRatio(text);
      expect(ratio === undefined || ratio.denominator > 0n).toBe(true);
    }),
  );
});
