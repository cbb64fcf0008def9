import { describe, expect, it } from 'vitest';
import { INTERMITTENT_METHODS, METHODS } from '../../src/forecast/methods.ts';
import { fitUse, type UseKind } from '../../src/forecast/use-model.ts';
import { madeUpUse, weekly } from './made-up-use.ts';

function say(name: string, values: readonly number[], kind: UseKind = 'steady'): readonly number[] {
  const method = { ...METHODS, ...INTERMITTENT_METHODS }[name];
  if (method === undefined) throw new Error(`there is no method ${name}`);
  return method(fitUse(values, 7, kind), 30);
}

describe('methods', () => {
  it('of trends grow less with each day', () => {
    const growing = madeUpUse({ days: 60, use: (day) => 100 * 1.02 ** day, noise: 0.01 });
    for (const [name, damping] of [
      ['damped_trend', 0.9],
      ['long_trend', 0.98],
    ] as const) {
      const steps = say(name, growing).map(Math.log);
      const growth = steps.slice(1).map((log, at) => log - (steps[at] ?? 0));
      // Each day's growth is what damping leaves of the day's before; there is no week in it.
      expect((growth[10] ?? 0) / (growth[9] ?? 1)).toBeCloseTo(damping, 1);
      expect(growth[0]).toBeGreaterThan(0.005);
      expect(growth[0]).toBeLessThan(0.02);
    }
  });

  it('of levels follow a new one fast or slowly', () => {
    // 15 % more since five days is no shift: 0.25 of each difference is followed in five days to 76 %, 0.05 to 23 %.
    const risen = madeUpUse({ days: 60, use: (day) => (day < 55 ? 100 : 115), noise: 0.08 });
    const [slow = 0] = say('slow_level', risen);
    const [fast = 0] = say('fast_level', risen);
    expect(fast).toBeGreaterThan(slow + 3);
  });

  it('of means repeat the last three weeks as they were, wild days and all', () => {
    const use = madeUpUse({ days: 56, use: (day) => (day === 50 ? 700 : weekly(day)) });
    // Day 50 is the second of its week: (100 + 100 + 700) / 3.
    expect(say('seasonal_mean', use).slice(0, 7)).toEqual([100, 300, 100, 100, 100, 20, 20]);
  });

  it('of rates multiply how often with how much', () => {
    // Every other day 50, the last day idle: the rate nears 1/2 from below.
    const [rate = 0] = say(
      'slow_rate',
      madeUpUse({ days: 80, use: (day) => (day % 2 === 0 ? 50 : 0) }),
      'intermittent',
    );
    expect(rate).toBeGreaterThan(23);
    expect(rate).toBeLessThan(26);
  });
});
