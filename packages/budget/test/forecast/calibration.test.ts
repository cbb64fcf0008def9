import { describe, expect, it } from 'vitest';
import { calibrate, type Calibration } from '../../src/forecast/calibration.ts';
import { seededRandom } from '../../src/forecast/seeded-random.ts';
import { walkForward } from '../../src/forecast/walk-forward.ts';
import { takeSteps } from '../../src/steps.ts';
import { madeUpUse } from './made-up-use.ts';

function calibrated(values: readonly number[]): Calibration {
  const walk = takeSteps(walkForward(values, { period: 7, horizon: 30, kind: 'steady' }));
  return takeSteps(calibrate(values, walk, { coverage: 0.9, period: 7, random: seededRandom(1) }));
}

describe('calibrate', () => {
  it('counts steps outside the interval told before, and widens what missed too often', () => {
    // A level that is tripled or divided by three every 15 days: half of each forecast of 30 days is of another level.
    const { coverage, widening } = calibrated(
      madeUpUse({ days: 150, use: (day) => (Math.floor(day / 15) % 2 === 0 ? 100 : 300), noise: 0.05 }),
    );
    expect(coverage).toBeGreaterThan(0.3);
    expect(coverage).toBeLessThan(0.97);
    expect(widening).toBeGreaterThan(1.1);
  });

  it('narrows what holds more than it has to', () => {
    const { coverage, widening } = calibrated(madeUpUse({ days: 150, use: () => 100 }));
    expect(coverage).toBe(1);
    expect(widening).toBeLessThan(0.9);
  });

  it('measures about what was promised where days scatter as they did', () => {
    const { coverage, steps } = calibrated(madeUpUse({ days: 200, use: () => 100, noise: 0.3 }));
    // Some 500 steps, by 20 origins: 90 % are known to 3 %, days in several forecasts counted once.
    expect(steps).toBeGreaterThan(400);
    expect(coverage).toBeGreaterThan(0.81);
    expect(coverage).toBeLessThan(0.99);
  });

  it('believes the model where nothing has come yet', () => {
    expect(calibrated([1, 2, 3, 4])).toEqual({ coverage: undefined, steps: 0, widening: 1 });
  });
});
