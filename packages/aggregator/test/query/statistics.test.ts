import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describe as describeValues,
  meanOf,
  type Moments,
  percentileRank,
  quantile,
  sdOf,
} from '../../src/query/statistics.ts';

/** What sessions are measured by: integers up to 2^53. */
const values = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 50 });

function momentsOf(sample: readonly number[]): Moments {
  return {
    n: sample.length,
    sum: sample.reduce((sum, value) => sum + BigInt(value), 0n),
    squares: sample.reduce((sum, value) => sum + BigInt(value) ** 2n, 0n),
  };
}

describe('a description of values', () => {
  it('has no number for no values, and no deviation for one', () => {
    expect(describeValues([])).toEqual({ n: 0 });
    expect(describeValues([7])).toEqual({ n: 1, mean: 7, sd: undefined, min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('has the deviation of a sample and quantiles between values', () => {
    // Mean 5; squares of differences 9+1+1+1+0+0+4+16 = 32; √(32/7). Quantiles of R: quantile(c(2,4,4,4,5,5,7,9), c(.5,.95,.99)).
    const found = describeValues([9, 2, 4, 4, 4, 5, 5, 7]);
    expect(found).toMatchObject({ n: 8, mean: 5, min: 2, p50: 4.5, max: 9 });
    expect(found.sd).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(found.p95).toBeCloseTo(8.3, 12);
    expect(found.p99).toBeCloseTo(8.86, 12);
  });

  it('has a deviation of exactly zero where all are alike', () => {
    expect(describeValues([0.1, 0.1, 0.1]).sd).toBe(0);
    expect(describeValues(Array.from({ length: 7 }, () => 123_456_789)).sd).toBe(0);
  });

  it('lies between the smallest and the largest, in order, and never is NaN', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const { mean, min, p50, p95, p99, max } = describeValues(sample);
        for (const one of [mean, min, p50, p95, p99, max]) expect(one).toBeTypeOf('number');
        expect(min).toBe(Math.min(...sample));
        expect(max).toBe(Math.max(...sample));
        expect(mean!).toBeGreaterThanOrEqual(min!);
        expect(mean!).toBeLessThanOrEqual(max!);
        expect([min, p50, p95, p99, max].map(Number)).toEqual(
          [min, p50, p95, p99, max].map(Number).toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

describe('moments', () => {
  it('say the same as the values themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1_000_000 }), { minLength: 2, maxLength: 50 }), (sample) => {
        const direct = describeValues(sample);
        expect(meanOf(momentsOf(sample))).toBeCloseTo(direct.mean!, 6);
        expect(sdOf(momentsOf(sample))).toBeCloseTo(direct.sd!, 4);
      }),
    );
  });

  it('keep a difference of one among values that a float of their squares would lose', () => {
    // Two values that differ by 2: mean between them, deviation √2, while their squares have 32 digits.
    const moments = momentsOf([9_007_199_254_740_990, 9_007_199_254_740_988]);
    expect(meanOf(moments)).toBe(9_007_199_254_740_989);
    expect(sdOf(moments)).toBeCloseTo(Math.SQRT2, 12);
  });

  it('have no mean of nothing and no deviation of one', () => {
    expect(meanOf({ n: 0, sum: 0n, squares: 0n })).toBeUndefined();
    expect(sdOf(momentsOf([5]))).toBeUndefined();
    expect(sdOf(momentsOf([5, 5, 5]))).toBe(0);
  });
});

describe('percentileRank', () => {
  it('counts equal values half', () => {
    expect(percentileRank({ below: 0, equal: 0, n: 4 })).toBe(0);
    expect(percentileRank({ below: 1, equal: 2, n: 4 })).toBe(50);
    expect(percentileRank({ below: 4, equal: 0, n: 4 })).toBe(100);
    expect(percentileRank({ below: 0, equal: 0, n: 0 })).toBeUndefined();
  });
});

describe('quantile', () => {
  it('of no values is none', () => {
    expect(quantile([], 0.5)).toBeUndefined();
  });
});
