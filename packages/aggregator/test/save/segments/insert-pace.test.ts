import { describe, expect, it } from 'vitest';
import { InsertPace } from '../../../src/save/segments/insert-pace.ts';

describe('the next insert', () => {
  it('may begin at once when there was none, or one of a few rows', () => {
    const pace = new InsertPace();
    expect(pace.waitMs(0)).toBe(0);
    pace.inserted(2047, 1000, 9000);
    expect(pace.waitMs(9000)).toBe(0);
  });

  it('waits four times as long as one of many rows took, and two seconds at most', () => {
    const pace = new InsertPace();
    pace.inserted(2048, 1000, 1100);
    expect([1100, 1300, 1500, 1600].map((nowMs) => pace.waitMs(nowMs))).toEqual([400, 200, 0, 0]);
    pace.inserted(100_000, 2000, 3000);
    expect([3000, 4900, 5000].map((nowMs) => pace.waitMs(nowMs))).toEqual([2000, 100, 0]);
    // What was left to wait is over when a small one was done.
    pace.inserted(1, 3500, 3600);
    expect(pace.waitMs(3600)).toBe(0);
  });
});
