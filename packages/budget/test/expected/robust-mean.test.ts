import { robustMean, robustMoments } from '@turnmeter/budget';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const costs = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('the robust mean', () => {
  it('is undefined of nothing, and the value of one', () => {
    expect(robustMoments([])).toEqual({ n: 0, mean: undefined, sd: undefined });
    expect(robustMoments([7])).toEqual({ n: 1, mean: 7, sd: undefined });
  });

  it('is the value of equal ones, without noise', () => {
    expect(robustMoments(Array(9).fill(0.1 + 0.2))).toEqual({ n: 9, mean: 0.1 + 0.2, sd: 0 });
  });

  it('is the mean where nothing lies far out', () => {
    // Median 3, median absolute deviation 1: what lies further than 2 × 1.4826 from the middle is clipped, and nothing does.
    expect(robustMean([1, 2, 3, 4, 5])).toBe(3);
    // Median 12, deviations 2, 1, 0, 1, 4 with median 1: clipped beyond 12.2 ± 2.97 or so; 16 counts as m + 2.9652.
    // m = (10 + 11 + 12 + 13 + m + 2.9652) / 5 → m = 48.9652 / 4.
    expect(robustMean([10, 11, 12, 13, 16])).toBeCloseTo(48.9652 / 4, 9);
  });

  it('is hardly moved by a runaway, however dear', () => {
    const normal = [9, 10, 10, 11, 10, 9, 11, 10, 10];
    const far = robustMean([...normal, 1e9]);
    expect(far).toBe(robustMean([...normal, 1e15]));
    expect(far).toBeLessThan(10.5);
  });

  it('sees both sides where over half of the values are alike', () => {
    expect(robustMean([1, 1, 1, 1, 1, 1, 2, 2, 2, 2])).toBeCloseTo(1.4, 9);
  });

  it('does not depend on the order, and lies between the least and the greatest', () => {
    fc.assert(
      fc.property(costs, (values) => {
        const mean = robustMean(values) ?? Number.NaN;
        expect(robustMean(values.toReversed())).toBe(mean);
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values));
        expect(mean).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  it('is in the unit of the values', () => {
    const pair = costs.chain((values) => fc.tuple(fc.constant(values), fc.nat(values.length - 1)));
    fc.assert(
      fc.property(pair, fc.double({ min: 2, max: 5, noNaN: true }), ([values], factor) => {
        const scaled = robustMean(values.map((value) => value * factor)) ?? 0;
        expect(scaled).toBeCloseTo((robustMean(values) ?? 0) * factor, -3);
      }),
    );
  });
});
