// Made-up use of workflows, each with habits of its own that the forecast is not told: what planners meet, in the proportions that seem likely.

import { type SeededRandom, seededRandom } from '@turnmeter/budget/forecast';

export const Habit = {
  WEEKLY: 'weekly',
  FLAT: 'flat',
  GROWING: 'growing',
  SHIFTING: 'shifting',
  WANDERING: 'wandering',
  BURSTING: 'bursting',
  OUTAGES: 'outages',
  WORKDAYS: 'workdays only',
  INTERMITTENT: 'now and then',
  SHORT: 'short',
} as const;
export type Habit = (typeof Habit)[keyof typeof Habit];

export interface MadeUpUse {
  readonly habit: Habit;
  readonly history: readonly number[];
  readonly future: readonly number[];
}

export interface FleetOptions {
  readonly series: number;
  readonly horizon: number;
  readonly seed: number;
}

/** Days of histories. */
const DAYS = { min: 28, max: 180 };
const SHORT_DAYS = { min: 4, max: 20 };

export function makeFleet({ series, horizon, seed }: FleetOptions): readonly MadeUpUse[] {
  const habits = Object.values(Habit);
  return Array.from({ length: series }, (_, at) => {
    const habit = habits[at % habits.length] ?? Habit.FLAT;
    const random = seededRandom(seed * 1_000_003 + at);
    const { min, max } = habit === Habit.SHORT ? SHORT_DAYS : DAYS;
    const days = Math.round(between(random, min, max));
    const values = makeUse(habit, days + horizon, random);
    return { habit, history: values.slice(0, days), future: values.slice(days) };
  });
}

function makeUse(habit: Habit, days: number, random: SeededRandom): readonly number[] {
  const week = weekOf(habit, random);
  const noise = between(random, 0.1, 0.5);
  const growth = habit === Habit.GROWING ? between(random, -0.012, 0.02) : 0;
  const wander = habit === Habit.WANDERING ? between(random, 0.01, 0.06) : 0;
  const usedShare = habit === Habit.INTERMITTENT ? between(random, 0.1, 0.5) : 1;
  let level = between(random, 1, 1000);
  let outage = 0;
  return Array.from({ length: days }, (_, day) => {
    level *= Math.exp(growth + wander * random.normal());
    if (habit === Habit.SHIFTING && random.uniform() < 1 / 60) level *= random.pick([0.3, 0.5, 2, 3]);
    if (habit === Habit.OUTAGES && random.uniform() < 1 / 40) outage = Math.ceil(between(random, 1, 7));
    outage--;
    const burst = habit === Habit.BURSTING && random.uniform() < 0.03 ? between(random, 3, 10) : 1;
    const use = level * (week[day % 7] ?? 1) * burst * Math.exp(noise * random.normal());
    return outage >= 0 || random.uniform() >= usedShare ? 0 : Math.round(use * 1e9);
  });
}

function weekOf(habit: Habit, random: SeededRandom): readonly number[] {
  if (habit === Habit.WORKDAYS) return [1, 1, 1, 1, 1, 0, 0];
  if (habit === Habit.FLAT || habit === Habit.INTERMITTENT) return [1, 1, 1, 1, 1, 1, 1];
  const weekend = between(random, 0.1, 0.9);
  return Array.from({ length: 7 }, (_, day) =>
    day < 5 ? between(random, 0.8, 1.2) : weekend * between(random, 0.8, 1.2),
  );
}

function between(random: SeededRandom, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}
