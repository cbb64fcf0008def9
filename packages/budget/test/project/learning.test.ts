import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learn, MISCOVERAGE, NOTHING_LEARNED, type Outcome, shareOfRatios } from '../../src/project/learning.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const outcomes = fc.array(
  fc.record({ missedShare: share, spendingMissedShare: share, ratioLoss: share, restLoss: share }),
  { maxLength: 300 },
);

function outcome(missedShare: number, losses: Partial<Outcome> = {}): Outcome {
  return { missedShare, spendingMissedShare: missedShare, ratioLoss: 0.1, restLoss: 0.1, ...losses };
}

describe('learning from projections', () => {
  it('makes intervals wider after a miss, narrower after a hit, and keeps them where as much is missed as is to be', () => {
    expect(learn(NOTHING_LEARNED, outcome(1)).miscoverage).toBeCloseTo(0.082, 12);
    expect(learn(NOTHING_LEARNED, outcome(0)).miscoverage).toBeCloseTo(0.102, 12);
    expect(learn(NOTHING_LEARNED, outcome(MISCOVERAGE)).miscoverage).toBe(MISCOVERAGE);
  });

  it('comes to trust the way that is wrong by less, and back when that changes', () => {
    expect(shareOfRatios(NOTHING_LEARNED)).toBe(0.5);
    const learned = Array.from({ length: 60 }, () => outcome(0.1, { ratioLoss: 0.3 })).reduce(learn, NOTHING_LEARNED);
    expect(shareOfRatios(learned)).toBe(0);
    const changed = Array.from({ length: 60 }, () => outcome(0.1, { restLoss: 0.3 })).reduce(learn, learned);
    expect(shareOfRatios(changed)).toBe(1);
  });

  it('stays within bounds whatever happens', () => {
    fc.assert(
      fc.property(outcomes, (all) => {
        const learned = all.reduce(learn, NOTHING_LEARNED);
        expect(learned.miscoverage).toBeGreaterThanOrEqual(0.01);
        expect(learned.miscoverage).toBeLessThanOrEqual(0.3);
        expect(shareOfRatios(learned)).toBeGreaterThanOrEqual(0);
        expect(shareOfRatios(learned)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
