import { describe, expect, it } from 'vitest';
import { lastLevelShift } from '../../src/forecast/level-shift.ts';
import { madeUpUse } from './made-up-use.ts';

function logsOf(use: readonly number[]): number[] {
  return use.map(Math.log);
}

describe('lastLevelShift', () => {
  it('finds the day from which use is double', () => {
    // ln 2 = 0.69 is 3.5 standard deviations of 0.2: a day at the border may be on either side.
    const logs = logsOf(madeUpUse({ days: 60, use: (day) => (day < 40 ? 100 : 200), noise: 0.2 }));
    expect(Math.abs(lastLevelShift(logs) - 40)).toBeLessThanOrEqual(1);
  });

  it('finds the last of several', () => {
    const levels = [100, 300, 80];
    const logs = logsOf(madeUpUse({ days: 60, use: (day) => levels[Math.floor(day / 20)] ?? 0, noise: 0.15 }));
    expect(Math.abs(lastLevelShift(logs) - 40)).toBeLessThanOrEqual(1);
  });

  it('takes neither noise nor a burst nor a trend for one', () => {
    expect(lastLevelShift(logsOf(madeUpUse({ days: 60, use: () => 100, noise: 0.4 })))).toBe(0);
    expect(lastLevelShift(logsOf(madeUpUse({ days: 60, use: (day) => (day === 30 ? 2000 : 100), noise: 0.2 })))).toBe(
      0,
    );
    expect(lastLevelShift(logsOf(madeUpUse({ days: 60, use: (day) => 100 * 1.02 ** day, noise: 0.1 })))).toBe(0);
  });

  it('knows a step in use that was always exactly alike', () => {
    expect(lastLevelShift(logsOf(madeUpUse({ days: 30, use: (day) => (day < 20 ? 100 : 50) })))).toBe(20);
  });

  it('says nothing of a few days, and passes over missing ones', () => {
    expect(lastLevelShift(logsOf([1, 1, 1, 9, 9, 9]))).toBe(0);
    const logs = logsOf(madeUpUse({ days: 40, use: (day) => (day < 20 ? 100 : 300), noise: 0.1 }));
    logs.fill(Number.NaN, 8, 12);
    expect(lastLevelShift(logs)).toBe(20);
  });
});
