import { expect, it } from 'vitest';
import { Calendar } from '../../history/calendar-period.ts';
import { DAY_MS, HOUR_MS } from '../../history/calendar.ts';
import { runningSum, ticksBetween } from '../../history/clock.ts';

const END_MS = Date.UTC(2026, 10, 23, 6);

it('has moments closer together the later they are, up to the end', () => {
  const ticks = ticksBetween(END_MS - 2 * DAY_MS, END_MS);
  const steps = [...ticks].slice(1).map((timeMs, index) => timeMs - (ticks[index] ?? 0));
  expect(new Set(steps)).toEqual(new Set([120_000, 60_000, 30_000]));
  expect(steps).toEqual(steps.toSorted((a, b) => b - a));
  expect(ticks.at(-1)).toBe(END_MS);
});

it('has added at each moment what came until then', () => {
  const ticks = Float64Array.of(10, 20, 30, 40);
  const amounts = [
    { timeMs: 5, amount: 1 },
    { timeMs: 20, amount: 2 },
    { timeMs: 21, amount: 4 },
    { timeMs: 41, amount: 8 },
  ];
  // 1 came before 10; 2 came at 20; 4 between 20 and 30; 8 after the last.
  expect([...runningSum(ticks, amounts)]).toEqual([1, 3, 7, 7]);
});

it('begins days and months anew by the calendar', () => {
  const midnight = Date.UTC(2026, 11, 1);
  const ticks = Float64Array.of(midnight - 2 * HOUR_MS, midnight - HOUR_MS, midnight + HOUR_MS);
  const calendar = new Calendar(ticks);
  expect([...calendar.beginTicks('month')]).toEqual([0, 0, 1]);
  expect([...calendar.beginTicks('day')]).toEqual([0, 0, 1]);
  // November has 30 days, December 31.
  expect([...calendar.seconds('month')]).toEqual([30 * 86_400, 30 * 86_400, 31 * 86_400]);
  expect(calendar.ends('day')[0]).toBe(midnight / 1000);
});
