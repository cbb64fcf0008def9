import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Labels } from '../../src/expose/labels.ts';
import { Reader, type Reading } from '../../src/expose/metric.ts';
import { COUNTERS, Place, RisingSums } from '../../src/expose/rising-sums.ts';

const cost = COUNTERS.find(({ at }) => at === Place.COST)!;
const input = COUNTERS.find(({ at }) => at === Place.INPUT)!;
const failed = COUNTERS.find(({ at }) => at === Place.FAILED)!;
const FIRST: Reading = { reader: Reader.SCRAPE, number: 1 };
const SECOND: Reading = { reader: Reader.SCRAPE, number: 2 };

function sumsOf(): RisingSums {
  return new RisingSums(new Labels([['workflow', 'w']]), 0);
}

describe('RisingSums', () => {
  it('shows 0 in the first reading that has it, so that what it began with is not missed', () => {
    const sums = sumsOf();
    sums.add(Place.COST, 2e9);
    expect(sums.point(cost, FIRST)?.value).toBe(0);
    expect(sums.point(cost, SECOND)?.value).toBe(2);
  });

  it('shows that 0 to each reader', () => {
    const sums = sumsOf();
    sums.add(Place.COST, 2e9);
    sums.point(cost, FIRST);
    expect(sums.point(cost, { reader: Reader.PUSH, number: 7 })?.value).toBe(0);
    expect(sums.point(cost, { reader: Reader.PUSH, number: 8 })?.value).toBe(2);
  });

  it('shows that 0 of what begins while a page is written, too', () => {
    const sums = sumsOf();
    expect(sums.point(failed, FIRST)).toBeUndefined();
    sums.add(Place.FAILED, 1);
    expect(sums.point(failed, SECOND)?.value).toBe(0);
    expect(sums.point(failed, { reader: Reader.SCRAPE, number: 3 })?.value).toBe(1);
  });

  it('makes up for what was taken back by what comes next, and never falls', () => {
    const sums = sumsOf();
    sums.point(cost, FIRST);
    const shown = [5e9, -2e9, 1e9, 3e9].map((amount) => {
      sums.add(Place.COST, amount);
      return sums.point(cost, SECOND)?.value;
    });
    // 5, then 3 and 4 in truth, then 7.
    expect(shown).toEqual([5, 5, 5, 7]);
  });

  it('never falls and never exceeds the highest that was true, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 })), (amounts) => {
        const sums = sumsOf();
        sums.point(input, FIRST);
        let [total, highest, before] = [0, 0, 0];
        for (const amount of amounts) {
          sums.add(Place.INPUT, amount);
          total += amount;
          highest = Math.max(highest, total);
          const shown = sums.point(input, SECOND)?.value ?? Number.NaN;
          expect(shown).toBeGreaterThanOrEqual(before);
          expect(shown).toBe(highest);
          before = shown;
        }
      }),
    );
  });

  it('says where the latest of it comes from, once it is shown', () => {
    const sums = sumsOf();
    const exemplar = { traceId: 'a1', sessionId: 's1', value: 2, atMs: 1 };
    sums.add(Place.COST, 2e9, exemplar);
    expect(sums.point(cost, FIRST)?.exemplar).toBeUndefined();
    expect(sums.point(cost, SECOND)?.exemplar).toEqual(exemplar);
  });

  it('keeps the sums of each metric apart', () => {
    const sums = sumsOf();
    for (const place of Object.values(Place)) sums.add(place, place + 1);
    for (const layout of COUNTERS) sums.point(layout, FIRST);
    for (const layout of COUNTERS) {
      expect(sums.point(layout, SECOND)?.value).toBe((layout.at + 1) / layout.divisor);
    }
  });
});
