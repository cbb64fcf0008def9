// When sessions of a workflow begin: by the hour of day and the day of week, on a clock by which it is early on a Wednesday afternoon now. So there
// is as much to see whenever a history is made.

import type { SeededRandom } from '@turnmeter/budget/forecast';
import type { Burst, Rhythm, WorkflowHabit } from './habits.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Local time of the end of the history: a Wednesday. */
const NOW_LOCAL_MS = Date.UTC(2025, 0, 1, 14, 30);
const SATURDAY = 6;
const SUNDAY = 0;

/** Share of a day's sessions by hour of day; 1 is an even spread. */
const RHYTHMS: Readonly<Record<Rhythm, (hour: number) => number>> = {
  office: (hour) => bump(hour, 10.5, 1.8, 2.2) + bump(hour, 15, 2, 2.2) + 0.1,
  evening: (hour) => bump(hour, 11, 3, 1.2) + bump(hour, 19.5, 2.6, 1.7) + 0.15,
  always: (hour) => 0.75 + bump(hour, 14, 5, 0.6),
  nightly: (hour) => bump(hour, 2.5, 1.3, 5.5) + bump(hour, 14, 4, 0.6) + 0.1,
};

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the end of the history, which may be before the end of this span. */
  readonly nowMs: number;
}

/** The same for the same random numbers, ascending. */
export function beginnings(
  habit: WorkflowHabit,
  random: SeededRandom,
  { fromMs, toMs, nowMs }: Span,
): readonly number[] {
  const times: number[] = [];
  // Thinning (Lewis and Shedler): more than there ever are, of which as many are kept as the hour has.
  const mostPerMs = (habit.sessionsPerDay * MOST) / DAY_MS;
  for (let timeMs = fromMs; ;) {
    timeMs += -Math.log(1 - random.uniform()) / mostPerMs;
    if (timeMs >= toMs) return times;
    const rate = busyness(habit, timeMs, nowMs);
    if (random.uniform() * MOST < rate) times.push(Math.round(timeMs));
  }
}

/** No hour has so many times the sessions of an even spread. */
const MOST = 20;

function busyness(habit: WorkflowHabit, timeMs: number, nowMs: number): number {
  const localMs = NOW_LOCAL_MS + timeMs - nowMs;
  const hour = (localMs % DAY_MS) / HOUR_MS;
  const day = new Date(localMs).getUTCDay();
  const week = day === SATURDAY || day === SUNDAY ? habit.weekendShare : 1;
  const burst = (habit.bursts ?? []).find((one) => isWithin(one, (nowMs - timeMs) / HOUR_MS));
  return RHYTHMS[habit.rhythm](hour) * week * (burst?.factor ?? 1);
}

function isWithin({ hoursAgo, hours }: Burst, ago: number): boolean {
  return ago <= hoursAgo && ago > hoursAgo - hours;
}

/** A bell around an hour of the day. */
function bump(hour: number, middle: number, width: number, height: number): number {
  const away = Math.min(Math.abs(hour - middle), 24 - Math.abs(hour - middle));
  return height * Math.exp(-0.5 * (away / width) ** 2);
}
