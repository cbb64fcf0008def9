import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelMax, quantileOf, shareBelow, weightedSample } from '../../src/project/weighted-sample.ts';

const samples = fc
  .array(fc.tuple(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 50,
  })
  .map((pairs) =>
    weightedSample(
      Float64Array.from(pairs, ([value]) => value),
      Float64Array.from(pairs, ([, weight]) => weight),
      1,
    ),
  );

describe('weighted sample', () => {
  it('is sorted, each value with its weight', () => {
    const { values, weights, mass } = weightedSample(Float64Array.of(3, 1, 2), Float64Array.of(0.3, 0.1, 0.2), 1);
    expect([[...values], [...weights]]).toEqual([
      [1, 2, 3],
      [0.1, 0.2, 0.3],
    ]);
    expect(mass).toBeCloseTo(0.6);
  });

  it('has quantiles that the unseen value moves outward: of nine equal ones the ninth bounds 90 %', () => {
    const nine = weightedSample(Float64Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1), new Float64Array(9).fill(1), 1);
    expect(levelMax(nine)).toBeCloseTo(0.9, 12);
    expect(quantileOf(nine, 0.9)).toBe(9);
    expect(quantileOf(nine, 0.5)).toBe(5);
    expect(quantileOf(nine, 0.05)).toBeUndefined();
    expect(shareBelow(nine, 5)).toBeCloseTo(0.4, 12);
  });

  it('has quantiles that rise with the level and stay within the values', () => {
    fc.assert(
      fc.property(
        samples,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sample, a, b) => {
          const low = quantileOf(sample, Math.min(a, b)) ?? -Infinity;
          const high = quantileOf(sample, Math.max(a, b)) ?? -Infinity;
          expect(low).toBeLessThanOrEqual(high);
          expect(high).toBeLessThanOrEqual(sample.values.at(-1) ?? 0);
        },
      ),
    );
  });
});
