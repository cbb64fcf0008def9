import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwayTime } from '../../src/session/away-time.ts';

const interval = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

/** Counted the slow way: each millisecond by itself. */
function covered(intervals: readonly (readonly [number, number])[], from: number, to: number): number {
  return Array.from({ length: 60 }, (_, at) => at).filter(
    (at) => at >= from && at < to && intervals.some(([start, end]) => at >= start && at < end),
  ).length;
}

describe('time away', () => {
  it('counts what overlaps once, in any order, within any stretch', () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 12 }), interval, (intervals, [from, to]) => {
        const away = new AwayTime();
        for (const [start, end] of intervals) away.add(start, end);
        expect(away.within(from, to)).toBe(covered(intervals, from, to));
      }),
    );
  });

  it('lasts until it is ended', () => {
    fc.assert(
      fc.property(
        fc.array(interval, { maxLength: 6 }),
        fc.array(fc.nat({ max: 59 }), { maxLength: 6 }),
        (ended, open) => {
          const away = new AwayTime();
          const ends = ended.map(([start, end]) => [away.begin(start), end] as const);
          for (const start of open) away.begin(start);
          for (const [finish, at] of ends) {
            finish(at);
            finish(at + 7);
          }
          const all = [...ended, ...open.map((start) => [start, 60] as const)];
          expect(away.within(0, 60)).toBe(covered(all, 0, 60));
        },
      ),
    );
  });

  it('ignores what ends before it begins, and what is no time', () => {
    const away = new AwayTime();
    away.add(10, 5);
    away.add(Number.NaN, 7);
    expect(away.within(0, 100)).toBe(0);
  });
});
