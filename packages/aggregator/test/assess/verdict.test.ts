import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Baseline, confidenceOf, judge } from '../../src/assess/verdict.ts';

/** Other sessions with these values. */
function others(value: number, values: readonly number[]): Baseline {
  const n = values.length;
  const mean = n === 0 ? undefined : values.reduce((sum, one) => sum + one, 0) / n;
  const sd = n < 2 ? undefined : Math.sqrt(values.reduce((sum, one) => sum + (one - mean!) ** 2 / (n - 1), 0));
  return {
    n,
    mean,
    sd,
    below: values.filter((one) => one < value).length,
    equal: values.filter((one) => one === value).length,
  };
}

function verdict(value: number, values: readonly number[]): string {
  return judge(value, others(value, values)).verdict;
}

describe('a judgement', () => {
  it('of the first session is none', () => {
    expect(judge(5, others(5, []))).toEqual({ value: 5, verdict: 'unknown' });
  });

  it('against one other session never is unusual', () => {
    expect(verdict(10, [10])).toBe('normal');
    expect(verdict(12, [10])).toBe('normal');
    expect(verdict(15, [10])).toBe('high');
    expect(verdict(1000, [10])).toBe('high');
    expect(verdict(5, [10])).toBe('low');
    expect(judge(15, others(15, [10]))).toMatchObject({
      average: 10,
      difference: 5,
      differencePercent: 50,
      percentileRank: 100,
    });
  });

  it('against sessions that are all alike goes by the share of the average', () => {
    const alike = Array.from({ length: 10 }, () => 100);
    expect(verdict(100, alike)).toBe('normal');
    expect(verdict(125, alike)).toBe('normal');
    expect(verdict(126, alike)).toBe('high');
    expect(verdict(74, alike)).toBe('low');
    // More than twice the average, of enough sessions.
    expect(verdict(201, alike)).toBe('unusual');
    expect(verdict(201, alike.slice(0, 4))).toBe('high');
    expect(judge(100, others(100, alike)).percentileRank).toBe(50);
  });

  it('against sessions that took nothing has no percent', () => {
    const nothing = [0, 0, 0, 0, 0];
    expect(judge(0, others(0, nothing))).toMatchObject({
      verdict: 'normal',
      difference: 0,
      differencePercent: undefined,
    });
    expect(judge(3, others(3, nothing))).toMatchObject({
      verdict: 'unusual',
      difference: 3,
      differencePercent: undefined,
    });
    expect(verdict(3, [0])).toBe('high');
  });

  it('goes by standard deviations where there are some', () => {
    // Mean 100, deviation 20 of a sample: 80, 120, 80, 120, ... with n = 21 is close enough to tell 1.4 from 1.6 and 2.9 from 3.1.
    const spread = [...Array.from({ length: 10 }, () => 80), 100, ...Array.from({ length: 10 }, () => 120)];
    expect(others(0, spread).sd).toBe(20);
    expect(verdict(128, spread)).toBe('normal');
    expect(verdict(132, spread)).toBe('high');
    expect(verdict(68, spread)).toBe('low');
    expect(verdict(158, spread)).toBe('high');
    expect(verdict(160, spread)).toBe('unusual');
    expect(verdict(40, spread)).toBe('unusual');
  });

  it('calls no small difference a difference, however alike the others were', () => {
    expect(verdict(124, [100, 100, 100, 100, 101, 99])).toBe('normal');
  });

  it('has words and finite numbers for whatever there is', () => {
    const value = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(value, fc.array(value, { maxLength: 30 }), (one, values) => {
        const found = judge(one, others(one, values));
        const numbers = Object.values(found).filter((part) => typeof part === 'number');
        expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);
        expect(['normal', 'high', 'low', 'unusual', 'unknown']).toContain(found.verdict);
        expect(found.verdict === 'unknown').toBe(values.length === 0);
        expect(found.percentileRank ?? 50).toBeGreaterThanOrEqual(0);
        expect(found.percentileRank ?? 50).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('confidence', () => {
  it('grows with the number of sessions', () => {
    expect([0, 1, 4, 5, 19, 20, 1e6].map(confidenceOf)).toEqual(['none', 'low', 'low', 'fair', 'fair', 'good', 'good']);
  });
});
