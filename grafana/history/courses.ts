// The past of every series of tenants and workflows that `/metrics` prints: computed from the ledger, so that Prometheus and ClickHouse agree.

import { Calendar } from './calendar-period.ts';
import { PAST, runningSum, type Ticks } from './clock.ts';
import type { FinishedSession, Ledger, Spending, Turn } from './ledger.ts';
import { IDLE_MS } from './month.ts';
import type { Sample } from './page.ts';

/** What one series had at each tick; NaN where there was no sample. */
export interface Course {
  /** How long ago it begins, ms. */
  readonly pastMs: number;
  readonly values: Float64Array;
}

type CourseOf = (sample: Sample, past: Past) => Course | undefined;

const NANO = 1e9;
/** Shares of the expected cost at which a session reaches a level, unless a policy says otherwise. */
const SHARES: Readonly<Record<string, number>> = { warning: 0.75, critical: 0.9, stop: 1.5 };
/** How much one session moves what the next is expected to cost. */
const LEARNING = 0.03;

/** The ledger by workflow, and what was computed of it. */
export class Past {
  readonly ticks: Ticks;
  readonly calendar: Calendar;
  readonly #ledger: Ledger;
  readonly #costs = new Map<string, Float64Array>();

  constructor(ledger: Ledger, ticks: Ticks) {
    this.#ledger = ledger;
    this.ticks = ticks;
    this.calendar = new Calendar(ticks);
  }

  spending(labels: Sample['labels']): readonly Spending[] {
    return this.#ledger.spending.filter((row) => isOf(row, labels));
  }

  turns(labels: Sample['labels']): readonly Turn[] {
    return this.#ledger.turns.filter((row) => isOf(row, labels));
  }

  sessions(labels: Sample['labels']): readonly FinishedSession[] {
    return this.#ledger.sessions.filter((row) => isOf(row, labels));
  }

  /** US dollars since the history began. */
  cost({ tenant = '', workflow = '' }: Sample['labels']): Float64Array {
    const key = `${tenant}\n${workflow}`;
    const known = this.#costs.get(key);
    if (known !== undefined) return known;
    const spending = this.spending({ tenant, ...(workflow === '' ? {} : { workflow }) });
    const sums = runningSum(
      this.ticks,
      spending.map(({ timeMs, nanoUsd }) => ({ timeMs, amount: nanoUsd })),
    ).map((sum) => sum / NANO);
    this.#costs.set(key, sums);
    return sums;
  }

  /** What each session was expected to cost when it ended, nano-USD, if the last one was expected to cost `lastUsd`. */
  expected(labels: Sample['labels'], lastUsd: number): readonly number[] {
    const sessions = this.sessions(labels);
    let mean = sessions[0]?.nanoUsd ?? 0;
    const means = sessions.map(({ nanoUsd }) => (mean += LEARNING * (nanoUsd - mean)));
    const last = means.at(-1) ?? 1;
    return means.map((one) => (one / last) * lastUsd * NANO);
  }
}

function isOf(
  row: { readonly tenant: string; readonly workflow: string },
  { tenant, workflow }: Sample['labels'],
): boolean {
  return row.tenant === tenant && (workflow === undefined || row.workflow === workflow);
}

/** By name. What is not here is a metric of the service itself, or does not change. */
export function tenantCourses(
  expectedUsd: (labels: Sample['labels']) => number | undefined,
): Readonly<Record<string, CourseOf>> {
  const levels = levelCourses(expectedUsd);
  return {
    turnmeter_cost_usd_total: ({ labels }, past) => ({ pastMs: PAST.MONTH, values: past.cost(labels) }),
    turnmeter_tokens_total: (sample, past) =>
      counted(
        past,
        past.spending(sample.labels).map((row) => ({
          timeMs: row.timeMs,
          amount: sample.labels['direction'] === 'input' ? row.inputTokens : row.outputTokens,
        })),
      ),
    turnmeter_unpriced_tokens_total: ({ labels }, past) =>
      counted(
        past,
        past.spending(labels).map(({ timeMs, unpricedTokens }) => ({ timeMs, amount: unpricedTokens })),
      ),
    turnmeter_sessions_finalized_total: ({ labels }, past) => {
      const wanted = past.sessions(labels).filter(({ isFailed }) => isFailed === (labels['outcome'] === 'failed'));
      return counted(
        past,
        wanted.map(({ endedMs }) => ({ timeMs: endedMs + IDLE_MS, amount: 1 })),
      );
    },
    ...histogram('turnmeter_turn_duration_seconds', ({ labels }, past) =>
      past.turns(labels).map(({ timeMs, seconds }) => ({ timeMs, value: seconds })),
    ),
    ...histogram('turnmeter_session_cost_usd', ({ labels }, past) =>
      past.sessions(labels).map(({ endedMs, nanoUsd }) => ({ timeMs: endedMs + IDLE_MS, value: nanoUsd / NANO })),
    ),
    ...histogram('turnmeter_session_duration_seconds', ({ labels }, past) =>
      past
        .sessions(labels)
        .map(({ beganMs, endedMs }) => ({ timeMs: endedMs + IDLE_MS, value: (endedMs - beganMs) / 1000 })),
    ),
    turnmeter_period_cost_usd: ({ labels }, past) => sinceBegin(past, labels),
    turnmeter_budget_spent_usd: ({ labels }, past) => sinceBegin(past, labels),
    turnmeter_budget_period_seconds: ({ labels }, past) => ({
      pastMs: PAST.WEEK,
      values: past.calendar.seconds(labels['period']),
    }),
    turnmeter_budget_period_end_timestamp_seconds: ({ labels }, past) => ({
      pastMs: PAST.WEEK,
      values: past.calendar.ends(labels['period']),
    }),
    turnmeter_figures_timestamp_seconds: (_, past) => ({
      pastMs: PAST.WEEK,
      values: past.ticks.map((timeMs) => timeMs / 1000),
    }),
    turnmeter_balance_free_usd: (sample, past) => balance(sample, past, -1),
    turnmeter_balance_spent_usd: (sample, past) => balance(sample, past, 1),
    ...levels,
  };
}

function levelCourses(
  expectedUsd: (labels: Sample['labels']) => number | undefined,
): Readonly<Record<string, CourseOf>> {
  return {
    turnmeter_workflow_expected_cost_usd: ({ labels, value }, past) => {
      const expected = past.expected(labels, value);
      const values = past.ticks.map(() => (expected[0] === undefined ? value : expected[0] / NANO));
      const ends = past.sessions(labels).map(({ endedMs }) => endedMs + IDLE_MS);
      let at = -1;
      for (const [tick, timeMs] of past.ticks.entries()) {
        while ((ends[at + 1] ?? Infinity) <= timeMs) at += 1;
        if (at >= 0) values[tick] = (expected[at] ?? 0) / NANO;
      }
      return { pastMs: PAST.WEEK, values };
    },
    turnmeter_session_threshold_crossings_total: ({ labels }, past) => {
      const expected = past.expected(labels, expectedUsd(labels) ?? 0);
      const share = SHARES[labels['level'] ?? ''] ?? Infinity;
      const over = past
        .sessions(labels)
        .filter(({ nanoUsd }, index) => nanoUsd >= share * (expected[index] ?? Infinity));
      return counted(
        past,
        over.map(({ endedMs }) => ({ timeMs: endedMs + IDLE_MS, amount: 1 })),
      );
    },
    turnmeter_sessions_active: ({ labels }, past) => {
      const changes = past.sessions(labels).flatMap(({ beganMs, endedMs }) => [
        { timeMs: beganMs, amount: 1 },
        { timeMs: endedMs + IDLE_MS, amount: -1 },
      ]);
      return {
        pastMs: PAST.WEEK,
        values: runningSum(
          past.ticks,
          changes.toSorted((a, b) => a.timeMs - b.timeMs),
        ),
      };
    },
    turnmeter_sessions_over_threshold: ({ labels }, past) => {
      const share = SHARES[labels['level'] ?? ''] ?? Infinity;
      const expected = past.expected(labels, expectedUsd(labels) ?? 0);
      const over = past
        .sessions(labels)
        .filter(({ nanoUsd }, index) => nanoUsd >= share * (expected[index] ?? Infinity));
      const changes = over.flatMap(({ endedMs }) => [
        { timeMs: endedMs, amount: 1 },
        { timeMs: endedMs + IDLE_MS, amount: -1 },
      ]);
      const sums = runningSum(
        past.ticks,
        changes.toSorted((a, b) => a.timeMs - b.timeMs),
      );
      // No session over a level is no series, as on the page.
      return { pastMs: PAST.WEEK, values: sums.map((sum) => (sum === 0 ? Number.NaN : sum)) };
    },
  };
}

function counted(past: Past, amounts: readonly { readonly timeMs: number; readonly amount: number }[]): Course {
  return { pastMs: PAST.WEEK, values: runningSum(past.ticks, amounts) };
}

interface Observed {
  readonly timeMs: number;
  readonly value: number;
}

function histogram(
  name: string,
  observed: (sample: Sample, past: Past) => readonly Observed[],
): Readonly<Record<string, CourseOf>> {
  const summed =
    (amountOf: (value: number, sample: Sample) => number): CourseOf =>
    (sample, past) => ({
      pastMs: PAST.DAYS,
      values: runningSum(
        past.ticks,
        observed(sample, past).map(({ timeMs, value }) => ({ timeMs, amount: amountOf(value, sample) })),
      ),
    });
  return {
    [`${name}_bucket`]: summed((value, { labels }) => (value <= boundOf(labels['le'] ?? '') ? 1 : 0)),
    [`${name}_sum`]: summed((value) => value),
    [`${name}_count`]: summed(() => 1),
  };
}

function boundOf(text: string): number {
  return text === '+Inf' ? Infinity : Number(text);
}

/** Spent since the calendar day or month began. */
function sinceBegin(past: Past, labels: Sample['labels']): Course {
  const cost = past.cost(labels);
  const begins = past.calendar.beginTicks(labels['period']);
  return { pastMs: PAST.WEEK, values: cost.map((sum, tick) => sum - (cost[begins[tick] ?? 0] ?? 0)) };
}

/** What the tenant spent since then was free before. */
function balance({ labels, value }: Sample, past: Past, direction: 1 | -1): Course {
  const cost = past.cost({ tenant: labels['tenant'] ?? '' });
  const last = cost.at(-1) ?? 0;
  return { pastMs: PAST.WEEK, values: cost.map((sum) => Math.max(0, value - direction * (last - sum))) };
}
