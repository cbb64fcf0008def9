// Sums that Prometheus may read as counters. The ledger takes bookings back; a counter that falls is read as a restart, and its whole value
// is added again. So what is shown only rises: what was taken back is made up for by what comes next.

import { Families } from './families.ts';
import { type Labels, Labels as LabelSet, NO_LABELS } from './labels.ts';
import type { Exemplar, Reading, ValueMetric, ValuePoint } from './metric.ts';

/** Sums that appear together: of what most workflows never have there are no series. */
const Group = { SPENDING: 0, SESSIONS: 1, UNPRICED: 2, FAILED: 3, CROSSINGS: 4 } as const;
type Group = (typeof Group)[keyof typeof Group];

interface CounterLayout {
  readonly family: ValueMetric['family'];
  readonly group: Group;
  readonly at: number;
  readonly more: Labels;
  readonly divisor: number;
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
export type Place = (typeof Place)[keyof typeof Place];

const PLACES = 9;
const READERS = 2;

const { SPENDING, SESSIONS, UNPRICED, FAILED, CROSSINGS } = Group;

export const COUNTERS: readonly CounterLayout[] = [
  { family: Families.cost, group: SPENDING, at: Place.COST, more: NO_LABELS, divisor: NANO },
  { family: Families.tokens, group: SPENDING, at: Place.INPUT, more: label('direction', 'input'), divisor: 1 },
  { family: Families.tokens, group: SPENDING, at: Place.OUTPUT, more: label('direction', 'output'), divisor: 1 },
  { family: Families.unpricedTokens, group: UNPRICED, at: Place.UNPRICED, more: NO_LABELS, divisor: 1 },
  { family: Families.sessionsFinalized, group: SESSIONS, at: Place.OK, more: label('outcome', 'ok'), divisor: 1 },
  { family: Families.sessionsFinalized, group: FAILED, at: Place.FAILED, more: label('outcome', 'failed'), divisor: 1 },
  ...(['warning', 'critical', 'stop'] as const).map((level, index): CounterLayout => ({
    family: Families.thresholdCrossings,
    group: CROSSINGS,
    at: Place.WARNING + index,
    more: label('level', level),
    divisor: 1,
  })),
];

/** By place. */
const GROUPS: readonly Group[] = COUNTERS.toSorted((a, b) => a.at - b.at).map(({ group }) => group);

/** The sums of one workflow, or of all that have none of their own. */
export class RisingSums {
  readonly labels: Labels;
  readonly createdMs: number;
  /** What is true, then what was shown at most, then by reader the number of the reading that showed it first, as 0. */
  readonly #numbers = new Float64Array(PLACES * (2 + READERS));
  #exemplars: (Exemplar | undefined)[] | undefined;
  /** Bits by group. */
  #begun = 1 << Group.SPENDING;

  constructor(labels: Labels, createdMs: number) {
    this.labels = labels;
    this.createdMs = createdMs;
  }

  /** An exemplar takes the place of the one before. */
  add(place: Place, amount: number, exemplar?: Exemplar): void {
    if (amount === 0) return;
    this.#numbers[place] = (this.#numbers[place] ?? 0) + amount;
    this.#begun |= 1 << (GROUPS[place] ?? Group.SPENDING);
    if (exemplar !== undefined) (this.#exemplars ??= [])[place] = exemplar;
  }

  /**
   * Undefined where nothing was ever added; 0 in the first reading, or Prometheus would miss what it began with.
   */
  point({ group, at, more, divisor }: CounterLayout, reading: Reading): ValuePoint | undefined {
    if ((this.#begun & (1 << group)) === 0) return undefined;
    const isShown = this.#isShown(at, reading);
    const value = isShown ? this.#rise(at) / divisor : 0;
    const exemplar = isShown ? this.#exemplars?.[at] : undefined;
    return { labels: this.labels, more, value, exemplar, createdMs: this.createdMs };
  }

  #isShown(at: number, { reader, number }: Reading): boolean {
    const slot = PLACES * (2 + reader) + at;
    const first = this.#numbers[slot];
    if (first === 0) this.#numbers[slot] = number;
    return first !== 0 && first !== undefined && first < number;
  }

  #rise(at: number): number {
    const shown = Math.max(this.#numbers[PLACES + at] ?? 0, this.#numbers[at] ?? 0);
    this.#numbers[PLACES + at] = shown;
    return shown;
  }
}

function label(name: string, value: string): Labels {
  return new LabelSet([[name, value]]);
}
