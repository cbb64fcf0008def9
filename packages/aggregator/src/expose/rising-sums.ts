// Sums that Prometheus may read as counters. The ledger takes bookings back; a counter that falls is read as a restart, and its whole value
// is added again. So what is shown only rises: what was taken back is made up for by what comes next.

import { label, sampleLine } from './exposition-text.ts';
import { type Family, Families } from './families.ts';

/** Samples that appear together: 0 on the scrape on which they are first seen, or Prometheus would miss what they began with. */
export const Group = { SPENDING: 0, SESSIONS: 1, TURNS: 2, UNPRICED: 3, FAILED: 4, CROSSINGS: 5 } as const;
export type Group = (typeof Group)[keyof typeof Group];

interface CounterLayout {
  readonly family: Family;
  readonly group: Group;
  readonly at: number;
  readonly labels: string;
  readonly divisor: number;
}

interface HistogramLayout {
  readonly family: Family;
  readonly group: Group;
  /** Of the first bucket; one more than bounds, then the sum. */
  readonly at: number;
  readonly bounds: readonly number[];
}

const NANO = 1e9;

/** Places in the arrays of sums. */
export const Place = {
  COST: 0,
  INPUT: 1,
  OUTPUT: 2,
  UNPRICED: 3,
  OK: 4,
  FAILED: 5,
  WARNING: 6,
  CRITICAL: 7,
  STOP: 8,
} as const;

// What most workflows never have is a group of its own, so that they have no series for it.
const { SPENDING, SESSIONS, TURNS, UNPRICED, FAILED, CROSSINGS } = Group;

export const COUNTERS: readonly CounterLayout[] = [
  { family: Families.cost, group: SPENDING, at: Place.COST, labels: '', divisor: NANO },
  { family: Families.tokens, group: SPENDING, at: Place.INPUT, labels: label('direction', 'input'), divisor: 1 },
  { family: Families.tokens, group: SPENDING, at: Place.OUTPUT, labels: label('direction', 'output'), divisor: 1 },
  { family: Families.unpricedTokens, group: UNPRICED, at: Place.UNPRICED, labels: '', divisor: 1 },
  { family: Families.sessionsFinalized, group: SESSIONS, at: Place.OK, labels: label('outcome', 'ok'), divisor: 1 },
  {
    family: Families.sessionsFinalized,
    group: FAILED,
    at: Place.FAILED,
    labels: label('outcome', 'failed'),
    divisor: 1,
  },
  ...(['warning', 'critical', 'stop'] as const).map((level, index): CounterLayout => ({
    family: Families.thresholdCrossings,
    group: CROSSINGS,
    at: Place.WARNING + index,
    labels: label('level', level),
    divisor: 1,
  })),
];

/** Bounds are in the 1-2-5 steps of money, and in seconds that people promise each other. */
export const Histograms: Readonly<Record<'turnDuration' | 'sessionCost' | 'sessionDuration', HistogramLayout>> = {
  turnDuration: {
    family: Families.turnDuration,
    group: TURNS,
    at: 9,
    bounds: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300],
  },
  sessionCost: {
    family: Families.sessionCost,
    group: SESSIONS,
    at: 21,
    bounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 50],
  },
  sessionDuration: {
    family: Families.sessionDuration,
    group: SESSIONS,
    at: 35,
    bounds: [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400],
  },
};

const LENGTH = 48;

/** By place. */
const GROUPS: readonly Group[] = COUNTERS.toSorted((a, b) => a.at - b.at).map(({ group }) => group);

/** The sums of one workflow, or of all that have none of their own. */
export class RisingSums {
  /** `tenant="acme",workflow="review"` */
  readonly labels: string;
  readonly #sums = new Float64Array(LENGTH);
  readonly #shown = new Float64Array(LENGTH);
  /** By group: nothing was ever added, something was, and a scrape has seen that it is there. */
  readonly #stages: ('empty' | 'begun' | 'shown')[] = ['begun', 'empty', 'empty', 'empty', 'empty', 'empty'];

  constructor(labels: string) {
    this.labels = labels;
  }

  add(place: number, amount: number): void {
    if (amount === 0) return;
    this.#sums[place] = (this.#sums[place] ?? 0) + amount;
    const group = GROUPS[place] ?? Group.SPENDING;
    if (this.#stages[group] === 'empty') this.#stages[group] = 'begun';
  }

  /** `sign` -1 takes an observation back. */
  observe({ at, bounds, group }: HistogramLayout, value: number, sign: 1 | -1 = 1): void {
    const over = bounds.findIndex((bound) => value <= bound);
    const bucket = at + (over === -1 ? bounds.length : over);
    const sum = at + bounds.length + 1;
    this.#sums[bucket] = (this.#sums[bucket] ?? 0) + sign;
    this.#sums[sum] = (this.#sums[sum] ?? 0) + sign * value;
    if (this.#stages[group] === 'empty') this.#stages[group] = 'begun';
  }

  counterLine({ family, group, at, labels, divisor }: CounterLayout): string {
    if (this.#stages[group] === 'empty') return '';
    const all = labels === '' ? this.labels : `${this.labels},${labels}`;
    return sampleLine(family.name, all, this.#rise(group, at) / divisor);
  }

  histogramLines({ family, group, at, bounds }: HistogramLayout): string {
    if (this.#stages[group] === 'empty') return '';
    const { name } = family;
    let count = 0;
    let lines = '';
    for (const [index, bound] of [...bounds, '+Inf'].entries()) {
      count += this.#rise(group, at + index);
      lines += sampleLine(`${name}_bucket`, `${this.labels},le="${bound}"`, count);
    }
    lines += sampleLine(`${name}_sum`, this.labels, this.#rise(group, at + bounds.length + 1));
    return lines + sampleLine(`${name}_count`, this.labels, count);
  }

  /** A scrape has seen all that is there. */
  settle(): void {
    for (const [group, stage] of this.#stages.entries()) if (stage === 'begun') this.#stages[group] = 'shown';
  }

  #rise(group: Group, at: number): number {
    if (this.#stages[group] !== 'shown') return 0;
    const shown = Math.max(this.#shown[at] ?? 0, this.#sums[at] ?? 0);
    this.#shown[at] = shown;
    return shown;
  }
}
