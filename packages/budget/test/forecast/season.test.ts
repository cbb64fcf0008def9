import { describe, expect, it } from 'vitest';
import { seasonOf } from '../../src/forecast/season.ts';
import { madeUpUse, weekly } from './made-up-use.ts';

describe('seasonOf', () => {
  it('finds the share each weekday has of an average day', () => {
    // The mean of five times 100 and two times 20 is 540 / 7 = 77.14; 100 is 1.296 of it and 20 is 0.259.
    const season = seasonOf(madeUpUse({ days: 70, use: weekly, noise: 0.05 }), 7);
    for (const factor of season.slice(0, 5)) expect(factor).toBeCloseTo(1.296, 1);
    for (const factor of season.slice(5)) expect(factor).toBeCloseTo(0.259, 1);
  });

  it('gives days that are idle every week no share', () => {
    const season = seasonOf(madeUpUse({ days: 42, use: (day) => (day % 7 < 5 ? 100 : 0) }), 7);
    expect(season[5]).toBeCloseTo(0, 1);
    expect(season[6]).toBeCloseTo(0, 1);
  });

  it('makes nearly nothing of noise', () => {
    // Medians of eight ratios that scatter by 0.3 scatter by 1.25 * 0.3 / √8 = 0.13; unshrunk, one of seven is mostly off by 0.2.
    const season = seasonOf(madeUpUse({ days: 56, use: () => 100, noise: 0.3 }), 7);
    for (const factor of season) expect(Math.abs(factor - 1)).toBeLessThan(0.15);
  });

  it('is not misled by one wild day', () => {
    const use = madeUpUse({ days: 70, use: (day) => (day === 38 ? 5000 : weekly(day)) });
    expect(seasonOf(use, 7)[38 % 7]).toBeCloseTo(1.296, 1);
  });

  it('is flat where a weekday was never seen', () => {
    expect(seasonOf([100, 100, 100], 7)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });
});
