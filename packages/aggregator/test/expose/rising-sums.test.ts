import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTERS, Histograms, Place, RisingSums } from '../../src/expose/rising-sums.ts';

const cost = COUNTERS.find(({ at }) => at === Place.COST)!;

/** Sums that a scrape has seen. */
function seen(): RisingSums {
  const sums = new RisingSums('workflow="w"');
  sums.settle();
  return sums;
}

function valueOf(line: string): number {
  return Number(line.trim().split(' ').at(-1));
}

describe('RisingSums', () => {
  it('shows 0 until a scrape has seen it, so that what it began with is not missed', () => {
    const sums = new RisingSums('workflow="w"');
    sums.add(Place.COST, 2e9);
    expect(sums.counterLine(cost)).toBe('turnmeter_cost_usd_total{workflow="w"} 0\n');
    sums.settle();
    expect(sums.counterLine(cost)).toBe('turnmeter_cost_usd_total{workflow="w"} 2\n');
  });

  it('makes up for what was taken back by what comes next, and never falls', () => {
    const sums = seen();
    const shown = [5e9, -2e9, 1e9, 3e9].map((amount) => {
      sums.add(Place.COST, amount);
      return valueOf(sums.counterLine(cost));
    });
    // 5, then 3 and 4 in truth, then 7.
    expect(shown).toEqual([5, 5, 5, 7]);
  });

  it('never falls and never exceeds the highest that was true, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 })), (amounts) => {
        const sums = seen();
        let [total, highest, before] = [0, 0, 0];
        for (const amount of amounts) {
          sums.add(Place.INPUT, amount);
          total += amount;
          highest = Math.max(highest, total);
          const shown = valueOf(sums.counterLine(COUNTERS.find(({ at }) => at === Place.INPUT)!));
          expect(shown).toBeGreaterThanOrEqual(before);
          expect(shown).toBe(highest);
          before = shown;
        }
      }),
    );
  });

  it('has no samples of sessions and turns before there are any', () => {
    const sums = seen();
    expect(sums.histogramLines(Histograms.turnDuration)).toBe('');
    sums.observe(Histograms.turnDuration, 3);
    expect(sums.histogramLines(Histograms.turnDuration)).toContain('le="+Inf"} 0');
    sums.settle();
    expect(sums.histogramLines(Histograms.turnDuration)).toContain('le="+Inf"} 1');
  });

  it('counts an observation in every bucket whose bound it does not pass', () => {
    const sums = seen();
    sums.observe(Histograms.turnDuration, 2);
    sums.observe(Histograms.turnDuration, 1000);
    sums.settle();
    const lines = sums.histogramLines(Histograms.turnDuration).trim().split('\n');
    const bucketOf = (bound: string): number => valueOf(lines.find((line) => line.includes(`le="${bound}"`)) ?? '');
    expect([bucketOf('1'), bucketOf('2'), bucketOf('300'), bucketOf('+Inf')]).toEqual([0, 1, 1, 2]);
    expect(lines.at(-2)).toBe('turnmeter_turn_duration_seconds_sum{workflow="w"} 1002');
    expect(lines.at(-1)).toBe('turnmeter_turn_duration_seconds_count{workflow="w"} 2');
  });

  it('keeps the sums of each metric apart', () => {
    const sums = seen();
    for (const histogram of Object.values(Histograms)) {
      for (const value of [...histogram.bounds, 1e9]) sums.observe(histogram, value);
    }
    sums.settle();
    for (const histogram of Object.values(Histograms)) {
      expect(valueOf(sums.histogramLines(histogram).trim().split('\n').at(-1) ?? '')).toBe(histogram.bounds.length + 1);
    }
    for (const counter of COUNTERS) expect(valueOf(sums.counterLine(counter) || '0')).toBe(0);
  });
});
