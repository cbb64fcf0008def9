import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Families } from '../../src/expose/families.ts';
import { NO_LABELS } from '../../src/expose/labels.ts';
import { type HistogramPoint, Reader } from '../../src/expose/metric.ts';
import { RisingHistogram } from '../../src/expose/rising-histogram.ts';

const LAYOUT = { family: Families.turnDuration, bounds: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300], scale: 1e6 };

/** A histogram that a scrape has seen. */
function seen(): RisingHistogram {
  const histogram = new RisingHistogram(LAYOUT, NO_LABELS, 0);
  // Only with something in it there is anything to see.
  histogram.observe(0, 1);
  histogram.observe(0, -1);
  histogram.point({ reader: Reader.SCRAPE, number: 1 });
  return histogram;
}

function read(histogram: RisingHistogram): HistogramPoint {
  return histogram.point({ reader: Reader.SCRAPE, number: 2 })!;
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Between a thousandth of a second and a day, in µs. */
const durations = fc.double({ min: 3, max: 10.9, noNaN: true }).map((power) => Math.round(10 ** power));
/** From nothing to centuries, in µs. */
const anything = fc.oneof(durations, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 2 ** 52 }));

/** The value that a share of what was observed does not pass, as the buckets know it: between two bounds. */
function quantile({ native, count }: HistogramPoint, share: number): { readonly low: number; readonly high: number } {
  const rank = Math.max(1, Math.ceil(share * count));
  let before = native!.zeroCount;
  if (before >= rank) return { low: 0, high: 0 };
  for (const [at, more] of native!.counts.entries()) {
    before += more;
    const index = native!.offset + at;
    if (before >= rank)
      return { low: 2 ** ((index - 1) / 2 ** native!.schema), high: 2 ** (index / 2 ** native!.schema) };
  }
  throw new Error('there are fewer than counted');
}

describe('RisingHistogram', () => {
  it('has no point before there is anything, and an empty one in the first reading', () => {
    const histogram = new RisingHistogram(LAYOUT, NO_LABELS, 0);
    expect(histogram.point({ reader: Reader.SCRAPE, number: 1 })).toBeUndefined();
    histogram.observe(3e6);
    expect(histogram.point({ reader: Reader.SCRAPE, number: 2 })).toMatchObject({ count: 0, sum: 0 });
    expect(histogram.point({ reader: Reader.SCRAPE, number: 3 })).toMatchObject({ count: 1, sum: 3 });
  });

  it('counts a bound in the bucket that ends there, in both kinds of buckets', () => {
    const histogram = seen();
    histogram.observe(2e6);
    histogram.observe(2e6 + 1);
    histogram.observe(1e9);
    const { classic, native, count, sum } = read(histogram);
    expect(classic.counts).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
    // 2 is 2^(8/8), and 1000 s are less than 2^(80/8).
    expect([native!.schema, native!.offset, native!.counts.slice(0, 2)]).toEqual([3, 8, [1, 1]]);
    expect(native!.offset + native!.counts.length - 1).toBe(80);
    expect([count, sum]).toEqual([3, 1004.000001]);
  });

  it('has what is nothing in the zero bucket', () => {
    const histogram = seen();
    histogram.observe(0);
    expect(read(histogram)).toMatchObject({ count: 1, sum: 0, native: { zeroCount: 1, counts: [] } });
  });

  it('counts the same in classic and native buckets, whatever comes and is taken back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, fc.constantFrom<1 | -1>(1, 1, 1, -1))), (observed) => {
        const histogram = seen();
        for (const [amount, sign] of observed) histogram.observe(amount, sign);
        const { classic, native, count } = read(histogram);
        expect(total(classic.counts)).toBe(count);
        expect(total(native!.counts) + native!.zeroCount).toBe(count);
        expect(native!.counts.length).toBeLessThanOrEqual(160);
      }),
    );
  });

  it('never falls in any bucket, count or sum', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, fc.constantFrom<1 | -1>(1, -1)), { maxLength: 60 }), (observed) => {
        const histogram = seen();
        let before = read(histogram);
        for (const [amount, sign] of observed) {
          histogram.observe(amount, sign);
          const now = read(histogram);
          expect(now.count).toBeGreaterThanOrEqual(before.count);
          expect(now.sum).toBeGreaterThanOrEqual(before.sum);
          for (const [at, count] of now.classic.counts.entries()) {
            expect(count).toBeGreaterThanOrEqual(before.classic.counts[at] ?? 0);
          }
          for (const [index, count] of nativeAt(before, now.native!.schema)) {
            expect(now.native!.counts[index - now.native!.offset]).toBeGreaterThanOrEqual(count);
          }
          before = now;
        }
      }),
    );
  });

  it('is exactly what was observed where nothing is taken back, or all that is taken back comes again', () => {
    fc.assert(
      fc.property(fc.array(durations, { minLength: 1, maxLength: 100 }), fc.nat(), (amounts, corrected) => {
        const histogram = seen();
        for (const amount of amounts) histogram.observe(amount);
        read(histogram);
        const again = amounts.slice(0, corrected % amounts.length);
        for (const amount of again) histogram.observe(amount, -1);
        read(histogram);
        for (const amount of again) histogram.observe(amount);
        const { count, sum } = read(histogram);
        expect(count).toBe(amounts.length);
        expect(sum).toBe(amounts.reduce((added, amount) => added + amount, 0) / 1e6);
      }),
    );
  });

  it('knows every quantile as exactly as its schema promises', () => {
    fc.assert(
      fc.property(
        fc.array(durations, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (amounts, share) => {
          const histogram = seen();
          for (const amount of amounts) histogram.observe(amount);
          const point = read(histogram);
          const sorted = amounts.toSorted((a, b) => a - b);
          const truth = sorted[Math.max(1, Math.ceil(share * amounts.length)) - 1]! / 1e6;
          const { low, high } = quantile(point, share);
          expect(truth).toBeGreaterThan(low);
          expect(truth).toBeLessThanOrEqual(high);
          expect(high / low).toBeCloseTo(2 ** (2 ** -point.native!.schema));
        },
      ),
    );
  });

  it('becomes coarser rather than longer', () => {
    const histogram = seen();
    for (const power of [-3, 0, 3]) histogram.observe(10 ** (power + 6));
    expect(read(histogram).native!.schema).toBe(3);
    // From a microsecond to 11 days are 39.9 octaves: 160 buckets, four to the octave.
    histogram.observe(1);
    histogram.observe(1e12);
    expect(read(histogram).native!.schema).toBe(2);
    expect(read(histogram).count).toBe(5);
  });

  it('says where the latest in a bucket comes from', () => {
    const histogram = seen();
    const exemplar = (sessionId: string): { traceId: string; sessionId: string; value: number; atMs: number } => ({
      traceId: 'a1',
      sessionId,
      value: 3,
      atMs: 5,
    });
    histogram.observe(3e6, 1, exemplar('s1'));
    histogram.observe(3e6, 1, exemplar('s2'));
    expect(read(histogram).classic.exemplars[3]).toEqual(exemplar('s2'));
  });
});

/** Native buckets by index, as a coarser schema has them. */
function nativeAt({ native }: HistogramPoint, schema: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [at, count] of native!.counts.entries()) {
    const index = Math.ceil((native!.offset + at) / 2 ** (native!.schema - schema));
    if (count > 0) counts.set(index, (counts.get(index) ?? 0) + count);
  }
  return counts;
}
