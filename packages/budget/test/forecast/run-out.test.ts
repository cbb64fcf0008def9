import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastRunOut } from '../../src/forecast/run-out.ts';
import { madeUpUse, weekly } from './made-up-use.ts';

describe('forecastRunOut', () => {
  it('tells when even use will have used up what remains', () => {
    // 1000 at 100 a day are ten days. The level is assumed to be known to some 5 % and to wander by 1 or 2 % a day.
    const history = madeUpUse({ days: 60, use: () => 100, noise: 0.1 });
    const result = forecastRunOut({ remaining: 1000, history });
    expect(result.status).toBe('runs_out');
    if (result.status !== 'runs_out') return;
    expect(result.steps.mid).toBeGreaterThan(9);
    expect(result.steps.mid).toBeLessThan(11);
    expect(result.steps.low).toBeLessThan(10);
    expect(result.steps.high).toBeGreaterThan(10);
    expect(result.steps.low).toBeGreaterThan(6);
    expect(result.steps.high).toBeLessThan(14);
  });

  it('counts weekends for what they are', () => {
    // 560 from a Monday: five days of 100, then 20 and 20 on the weekend, and Monday's 20 of 100: 7.2 days. The mean of 77 would say 7.3, so
    // from Saturday, where it differs: 20, 20, 100 of 100 are 3 days, the mean would say 140 / 77 = 1.8.
    const use = madeUpUse({ days: 89, use: weekly, noise: 0.05 });
    const result = forecastRunOut({ remaining: 140, history: use });
    if (result.status !== 'runs_out') throw new Error(result.status);
    expect(result.steps.mid).toBeGreaterThan(2.7);
    expect(result.steps.mid).toBeLessThan(3.2);
  });

  it('knows what the running day has used already, and how much of it is over', () => {
    // At noon 80 of today's 100 are spent: the other 20 follow until midnight, then 50 of tomorrow's.
    const history = madeUpUse({ days: 60, use: () => 100, noise: 0.05 });
    const midOf = (remaining: number): number | undefined => {
      const result = forecastRunOut({ remaining, history }, { usedInFirstStep: 80, passedOfFirstStep: 0.5 });
      return result.status === 'runs_out' ? result.steps.mid : undefined;
    };
    expect(midOf(70)).toBeGreaterThan(1.3);
    expect(midOf(70)).toBeLessThan(1.7);
    // Half of the 20 last for half of the half day; that is little beside the uncertainty of today's use.
    expect(midOf(10)).toBeGreaterThan(0.5);
    expect(midOf(10)).toBeLessThan(1.2);
  });

  it('knows that what expires is used first, and what is not used by then is gone', () => {
    const history = madeUpUse({ days: 60, use: () => 100, noise: 0.02 });
    const midOf = (expiring: readonly { step: number; amount: number }[]): number | undefined => {
      const result = forecastRunOut({ remaining: 1000, history, expiring }, { passedOfFirstStep: 0 });
      return result.status === 'runs_out' ? result.steps.mid : undefined;
    };
    // Ten days; of 600 that expire after three, 300 are used by then: 400 last for four days more.
    expect(midOf([])).toBeCloseTo(10, 0);
    expect(midOf([{ step: 3, amount: 600 }])).toBeCloseTo(7, 0);
    // Used before it expires; and all of it gone at half past the second day.
    expect(midOf([{ step: 7, amount: 600 }])).toBeCloseTo(10, 0);
    expect(midOf([{ step: 2.5, amount: 1000 }])).toBeCloseTo(2.5, 5);
    // 200 by the end of the second day are just used; of the next 500, 300 by the end of the fifth, so 200 are gone.
    expect(
      midOf([
        { step: 2, amount: 200 },
        { step: 5, amount: 500 },
      ]),
    ).toBeCloseTo(8, 0);
  });

  it('is used up where nothing remains', () => {
    expect(forecastRunOut({ remaining: 0, history: [] })).toEqual({ status: 'used_up' });
    expect(forecastRunOut({ remaining: -1, history: [1, 2, 3, 4, 5] })).toEqual({ status: 'used_up' });
  });

  it('lasts longer than the horizon where use is small', () => {
    const history = madeUpUse({ days: 60, use: () => 1, noise: 0.1 });
    const result = forecastRunOut({ remaining: 1e6, history }, { horizon: 90 });
    expect(result).toMatchObject({
      status: 'not_within_horizon',
      horizon: 90,
      steps: { mid: undefined, high: undefined },
    });
  });

  it('says when there is too little to tell', () => {
    expect(forecastRunOut({ remaining: 5, history: [1, 2] })).toEqual({
      status: 'not_enough_history',
      n: 2,
      needed: 4,
    });
  });

  it('is later the more remains, and in order', () => {
    const day = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(
        fc.array(day, { minLength: 4, maxLength: 40 }),
        fc.integer({ min: 1, max: 5000 }),
        (history, remaining) => {
          const [less, more] = [remaining, 2 * remaining].map((amount) => {
            const result = forecastRunOut({ remaining: amount, history }, { horizon: 60 });
            if (result.status !== 'runs_out' && result.status !== 'not_within_horizon') throw new Error(result.status);
            const { low = 61, mid = 61, high = 61 } = result.steps;
            expect(low).toBeLessThanOrEqual(mid);
            expect(mid).toBeLessThanOrEqual(high);
            return mid;
          });
          expect(more).toBeGreaterThanOrEqual(less ?? Infinity);
        },
      ),
      { numRuns: 40 },
    );
  });
});
