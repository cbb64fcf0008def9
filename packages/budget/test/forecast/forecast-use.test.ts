import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Forecast, forecastUse, useForecasting } from '../../src/forecast/forecast-use.ts';
import { madeUpUse, weekly } from './made-up-use.ts';

function forecast(history: readonly (number | undefined)[], options = {}): Forecast {
  const result = forecastUse(history, options);
  if (result.status !== 'ok') throw new Error(`expected a forecast of ${history.length} days, got ${result.status}`);
  return result;
}

function mids(result: Forecast): readonly number[] {
  return result.steps.map(({ mid }) => mid);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('forecastUse', () => {
  it('goes on with the week as it was', () => {
    // 84 days end with a weekend, so five days of 100 follow and two of 20. The level of 28 days with noise of 0.2 is known to
    // 0.2 * 1.25 / √14 = 7 %, weekdays to 0.2 * 1.25 / √12 = 7 %: together 10 %, three of which no day exceeds.
    const result = forecast(madeUpUse({ days: 84, use: weekly, noise: 0.2 }));
    for (const [day, mid] of mids(result).entries()) {
      expect(mid / weekly(day)).toBeGreaterThan(0.7);
      expect(mid / weekly(day)).toBeLessThan(1.3);
    }
  });

  it('begins with the weekday that follows the last', () => {
    const use = madeUpUse({ days: 87, use: weekly, noise: 0.05 });
    // Day 87 is the fourth of a week: two of 100 remain.
    const [first, second, third] = mids(forecast(use));
    expect(first).toBeGreaterThan(80);
    expect(second).toBeGreaterThan(80);
    expect(third).toBeLessThan(40);
  });

  it('follows a level that has changed for good, within a week', () => {
    // Double since six days: a forecast of all days would be 100 * (1 + 6 / 60) = 110.
    const result = forecast(madeUpUse({ days: 60, use: (day) => (day < 54 ? 100 : 200), noise: 0.1 }));
    expect(result.stepsSinceShift).toBe(6);
    expect(mean(mids(result))).toBeGreaterThan(160);
    expect(mean(mids(result))).toBeLessThan(230);
  });

  it('is not moved by a burst of one day', () => {
    const calm = forecast(madeUpUse({ days: 60, use: () => 100, noise: 0.1 }));
    const burst = forecast(madeUpUse({ days: 60, use: (day) => (day === 58 ? 3000 : 100), noise: 0.1 }));
    // A mean of three weeks, which is one of five methods, has 3000 / 3 on one weekday in seven: 1000 / 7 / 5 = 29 on average, at most.
    expect(mean(mids(burst)) - mean(mids(calm))).toBeLessThan(30);
  });

  it('takes an outage for one, and not for a lower level', () => {
    const result = forecast(madeUpUse({ days: 70, use: (day) => (day >= 55 && day < 60 ? 0 : 100), noise: 0.1 }));
    expect(mean(mids(result))).toBeGreaterThan(80);
    expect(mean(mids(result))).toBeLessThan(115);
  });

  it('follows growth, and trusts it less the farther it goes', () => {
    // 1 % a day: the day after is 100 * 1.01 ** 90 = 245, 30 days later 330. Standing still would be 245 for ever.
    const result = forecast(madeUpUse({ days: 90, use: (day) => 100 * 1.01 ** day, noise: 0.05 }));
    expect(mids(result)[0]).toBeGreaterThan(220);
    expect(mids(result)[29]).toBeGreaterThan(mids(result)[0] ?? Infinity);
    expect(mids(result)[29]).toBeLessThan(345);
    expect(result.steps[29]?.high).toBeGreaterThan(330);
  });

  it('expects of use now and then how often times how much', () => {
    // Every fourth day or so 400: 100 a day. Of some 22 uses in 90 days the rate is known to 1 / √22 = 21 %.
    const used = madeUpUse({ days: 90, use: () => 1, noise: 1, seed: 3 }).map((value) => (value > 1.96 ? 400 : 0));
    const share = used.filter((use) => use > 0).length / used.length;
    const result = forecast(used);
    expect(result.kind).toBe('intermittent');
    expect(mean(mids(result)) / (400 * share)).toBeGreaterThan(0.6);
    expect(mean(mids(result)) / (400 * share)).toBeLessThan(1.4);
    expect(result.steps[0]?.low).toBe(0);
    expect(result.steps[0]?.high).toBe(400);
  });

  it('expects nothing on weekdays that were always idle', () => {
    const result = forecast(madeUpUse({ days: 70, use: (day) => (day % 7 < 5 ? 100 : 0), noise: 0.2 }));
    expect(result.kind).toBe('steady');
    expect(mids(result)[5]).toBeLessThan(5);
    expect(result.steps[5]?.low).toBe(0);
  });

  it('expects nothing more of what has stopped, but leaves room for its return', () => {
    const result = forecast(madeUpUse({ days: 80, use: (day) => (day < 55 ? 100 : 0), noise: 0.1 }));
    expect(mean(mids(result))).toBeLessThan(1);
    expect(result.steps[29]?.low).toBe(0);
    expect(result.total.high).toBeGreaterThan(100);
  });

  it('says that three days are not enough, and is wide and unsure with a week', () => {
    expect(forecastUse([1, 2, 3])).toEqual({ status: 'not_enough_history', n: 3, needed: 4 });
    expect(forecastUse([])).toEqual({ status: 'not_enough_history', n: 0, needed: 4 });
    const week = forecast([100, 100, 100, 100, 100, 100, 100]);
    const year = forecast(madeUpUse({ days: 365, use: () => 100 }));
    const width = ({ low, high }: Forecast['total']): number => high - low;
    expect(week.confidence).toBe('low');
    expect(year.confidence).toBe('high');
    expect(width(week.total)).toBeGreaterThan(3 * width(year.total));
  });

  it('measures its own errors beside naive ones at the same days', () => {
    // Seasonal differences of noise of 0.2 are √2 as large as noise about a known level, which no forecast beats: at best 0.71.
    const { backtest } = forecast(madeUpUse({ days: 120, use: weekly, noise: 0.2 }));
    expect(backtest?.errors.mase).toBeGreaterThan(0.6);
    expect(backtest?.errors.mase).toBeLessThan(0.95);
    expect(backtest?.seasonalNaive.mase).toBeGreaterThan(backtest?.errors.mase ?? Infinity);
    expect(backtest?.naive.mase).toBeGreaterThan(backtest?.seasonalNaive.mase ?? Infinity);
    expect(backtest?.errors.n).toBe(backtest?.naive.n);
    expect(backtest?.coverage).toBeGreaterThan(0.8);
  });

  it('begins after days at the end of which nothing is known', () => {
    const use = madeUpUse({ days: 84, use: weekly, noise: 0.05 });
    const unknown = [undefined, undefined, undefined];
    // Three days later in the week: two of 100, then the weekend.
    const { steps, total } = forecast([...use, ...unknown], { horizon: 4 });
    expect(steps.map(({ mid }) => mid > 80)).toEqual([true, true, false, false]);
    expect(steps.map(({ low }) => low > 40)).toEqual([true, true, false, false]);
    expect(steps.map(({ high }) => high > 60)).toEqual([true, true, false, false]);
    // 100, 100, 20, 20.
    expect(total.low).toBeGreaterThan(150);
    expect(total.high).toBeLessThan(350);
  });

  it('expects of a day that runs no less than it has used', () => {
    const { steps, total } = forecast(madeUpUse({ days: 40, use: () => 100 }), { usedInFirstStep: 700 });
    expect(steps[0]).toEqual({ low: 700, mid: 700, high: expect.any(Number) as number });
    expect(steps[1]?.mid).toBeLessThan(150);
    expect(total.low).toBeGreaterThan(700 + 29 * 50);
  });

  it('is the same for the same seed', () => {
    const use = madeUpUse({ days: 40, use: weekly, noise: 0.3 });
    expect(forecastUse(use, { seed: 5 })).toEqual(forecastUse(use, { seed: 5 }));
    expect(forecastUse(use, { seed: 5 })).not.toEqual(forecastUse(use, { seed: 6 }));
  });

  const amount = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e15, noNaN: true }), fc.constant(undefined));

  it('is never negative, always finite and in order, whatever the history', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 90 }), (history) => {
        const result = forecastUse(history, { horizon: 10 });
        if (result.status !== 'ok') return;
        for (const { low, mid, high } of [...result.steps, result.total]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(mid).toBeGreaterThanOrEqual(low);
          expect(high).toBeGreaterThanOrEqual(mid);
          expect(Number.isFinite(high)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 10, maxLength: 60 }),
        fc.constantFrom(2 ** -10, 2 ** 20),
        (history, unit) => {
          // Powers of two leave the digits of numbers as they are; logarithms round, by far less than a millionth.
          const [plain, scaled] = [forecastUse(history), forecastUse(history.map((use) => use * unit))];
          if (plain.status !== 'ok' || scaled.status !== 'ok') return;
          const scale = Math.max(1, ...history);
          for (const [at, { mid }] of plain.steps.entries()) {
            expect(Math.abs((scaled.steps[at]?.mid ?? 0) / unit - mid) / scale).toBeLessThan(1e-6);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a forecast in steps', () => {
  it('is the one at once, with enough places to pause', () => {
    const history = madeUpUse({ days: 120, use: () => 100, noise: 0.3 });
    const steps = useForecasting(history, { horizon: 14 });
    let pauses = 0;
    let last = steps.next();
    for (; last.done !== true; last = steps.next()) pauses++;
    expect(last.value).toEqual(forecastUse(history, { horizon: 14 }));
    // Twice for each of 20 origins, some for what is drawn, and once for each day.
    expect(pauses).toBeGreaterThan(2 * 20 + 14);
  });
});
