import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MISCOVERAGE, nextMiscoverage } from '../../src/project/calibration.ts';

describe('calibration', () => {
  it('becomes more cautious after a miss, less after a hit, and stays within bounds whatever happens', () => {
    expect(nextMiscoverage(0.1, 1)).toBeCloseTo(0.082, 12);
    expect(nextMiscoverage(0.1, 0)).toBeCloseTo(0.102, 12);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 300 }), (missed) => {
        const last = missed.reduce(nextMiscoverage, MISCOVERAGE);
        expect(last).toBeGreaterThanOrEqual(0.01);
        expect(last).toBeLessThanOrEqual(0.3);
      }),
    );
  });

  it('stays where as much is missed as is to be', () => {
    expect(nextMiscoverage(0.15, MISCOVERAGE)).toBe(0.15);
  });
});
