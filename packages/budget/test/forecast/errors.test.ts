import { describe, expect, it } from 'vitest';
import { ErrorSums, naive, seasonalNaive, seasonalScale } from '../../src/forecast/errors.ts';

describe('errors', () => {
  it('are scaled by those of the seasonal naive method, and in percent of both', () => {
    const sums = new ErrorSums();
    sums.add(100, 80);
    sums.add(0, 0);
    // Absolute: (20 + 0) / 2 = 10, by a scale of 5 → 2. Symmetric: 200 * 20 / 180 = 22.2 and 0, on average 11.1.
    const errors = sums.errors(5);
    expect(errors?.n).toBe(2);
    expect(errors?.mase).toBe(2);
    expect(errors?.smape).toBeCloseTo(11.11, 2);
  });

  it('have no scaled form where every week is alike, and none at all where nothing was forecast', () => {
    const sums = new ErrorSums();
    expect(sums.errors(1)).toBeUndefined();
    sums.add(1, 1);
    expect(sums.errors(0)?.mase).toBeUndefined();
  });

  it('are scaled by the day before while there are not two weeks', () => {
    // |2 - 1|, |4 - 2| → 1.5; with two periods of two: |4 - 1|, |8 - 2| → 4.5.
    expect(seasonalScale([1, 2, 4], 7)).toBe(1.5);
    expect(seasonalScale([1, 2, 4, 8], 2)).toBe(4.5);
    expect(seasonalScale([1], 7)).toBe(0);
  });
});

describe('naive methods', () => {
  it('repeat the last day, or the last week', () => {
    expect(naive([1, 2, 3], 2)).toEqual([3, 3]);
    expect(seasonalNaive([1, 2, 3, 4], 3, 3)).toEqual([2, 3, 4]);
  });

  it('pass over missing days', () => {
    expect(naive([1, Number.NaN], 1)).toEqual([1]);
    expect(seasonalNaive([5, 6, Number.NaN, 8], 2, 2)).toEqual([5, 8]);
  });
});
