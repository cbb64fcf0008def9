import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOfUnion } from '../../src/query/intervals.ts';

describe('lengthOfUnion', () => {
  it('counts time once where several run at once', () => {
    expect(lengthOfUnion([])).toBe(0);
    expect(
      lengthOfUnion([
        { start: 0, end: 10 },
        { start: 5, end: 15 },
        { start: 20, end: 21 },
      ]),
    ).toBe(16);
    expect(
      lengthOfUnion([
        { start: 0, end: 10 },
        { start: 2, end: 3 },
      ]),
    ).toBe(10);
  });

  it('takes an end before its begin for nothing', () => {
    expect(lengthOfUnion([{ start: 10, end: 5 }])).toBe(0);
    expect(
      lengthOfUnion([
        { start: 0, end: 4 },
        { start: 10, end: 5 },
        { start: 6, end: 8 },
      ]),
    ).toBe(6);
  });

  it('is what counting moment by moment gives, in any order', () => {
    const interval = fc
      .tuple(fc.nat({ max: 60 }), fc.nat({ max: 20 }))
      .map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 12 }), (intervals) => {
        const moments = new Set<number>();
        for (const { start, end } of intervals) for (let at = start; at < end; at++) moments.add(at);
        expect(lengthOfUnion(intervals)).toBe(moments.size);
      }),
    );
  });
});
