import { expect, it } from 'vitest';
import { durationOf, intervalOf, momentOf } from '../../preview/src/collect/time-range.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 6, 40);

it.each([
  ['now', NOW_MS],
  ['now-6h', Date.UTC(2026, 10, 23, 0, 40)],
  ['now-7d', Date.UTC(2026, 10, 16, 6, 40)],
  ['now/d', Date.UTC(2026, 10, 23)],
  ['now/M', Date.UTC(2026, 10, 1)],
  ['now-1d/d', Date.UTC(2026, 10, 22)],
  ['2026-11-01T00:00:00Z', Date.UTC(2026, 10, 1)],
])('%s begins when Grafana says', (text, expected) => {
  expect(momentOf(text, NOW_MS, false)).toBe(expected);
});

it('ends with the day or month that it rounds to', () => {
  expect(momentOf('now/M', NOW_MS, true)).toBe(Date.UTC(2026, 11, 1) - 1);
  expect(momentOf('now/d', NOW_MS, true)).toBe(Date.UTC(2026, 10, 24) - 1);
});

it.each([
  // 24 hours on 700 pixels are 123 s a pixel: two minutes.
  [24, 700, 15_000, 120_000],
  // 6 hours on 500 pixels: 43 s, half a minute.
  [6, 500, 15_000, 30_000],
  // 7 days on 1500: 403 s, five minutes.
  [168, 1500, 15_000, 300_000],
  // Never less than the scrapes are apart.
  [1, 1500, 15_000, 15_000],
])('%i h on %i pixels have points as far apart as in Grafana', (hours, points, leastMs, expected) => {
  expect(intervalOf({ fromMs: NOW_MS - hours * 3_600_000, toMs: NOW_MS, points, leastMs })).toBe(expected);
});

it('reads durations of several units', () => {
  expect(durationOf('1m30s')).toBe(90_000);
  expect(durationOf('')).toBe(0);
});
