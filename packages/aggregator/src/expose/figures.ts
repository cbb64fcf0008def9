// What /metrics shows that is not counted as it happens: sums, sessions and balances, read at intervals and never because somebody scrapes. What
// was read last is shown while the database or the control store is away, with when that was.

import { type BalanceStanding, type ControlStore, ControlStoreError } from '@turnmeter/control-store';
import type { BudgetConfig } from '../config/config.ts';
import type { ActiveSessions, PeriodCost } from '../query/period-costs.ts';
import type { Queries } from '../query/queries.ts';
import type { Labels } from './labels.ts';
import { Pace } from './pace.ts';
import { dayOf, periodsAt } from './periods.ts';
import type { SessionLevelBook } from './session-levels.ts';
import { keyOf, type WorkflowBook } from './workflow-book.ts';

export interface FiguresOptions {
  readonly queries: Pick<Queries, 'periodCosts' | 'activeSessions'>;
  readonly balances: Pick<ControlStore['balances'], 'standings'>;
  readonly levels: SessionLevelBook;
  readonly book: WorkflowBook;
  /** Those in force. */
  readonly budgets: () => readonly BudgetConfig[];
  /** How long a session without bookings counts as active, µs. */
  readonly idleUs: number;
  readonly everyMs: number;
  readonly onFailure: (error: unknown, what: string) => void;
  readonly nowMs: () => number;
}

/** Of one moment. */
export interface Figures {
  /** Of the moment are the day and the month too. */
  readonly readMs: number;
  readonly periods: readonly Named<PeriodCost>[];
  readonly active: readonly Named<ActiveSessions>[];
}

/** With what every page would have to look up: the key of its workflow, and its labels, if it has series of its own. */
export type Named<Row> = Row & { readonly key: string; readonly labels: Labels | undefined };

/** Workflows that are read by name, beyond those with series: those that have theirs keep them until others are much dearer. */
const READ_SHARE = 2;
/** No more than this part of the time is spent on reading. */
const BUSY_SHARE = 0.1;
/** Waiting for a database that does not answer is no reading: figures are back soon after it is. */
const REST_AFTER_FAILURE_MS_MAX = 30_000;
/** Balances that are shown, and read at a time. */
export const BALANCES_MAX = 10_000;
const BALANCES_AT_A_TIME = 1000;
const DAY_MS = 86_400_000;

export class FiguresReader {
  readonly #options: FiguresOptions;
  #balances: readonly BalanceStanding[] = [];
  #figures: Figures | undefined;
  #isDatabaseUp = false;
  #isStoreUp = false;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: FiguresOptions) {
    this.#options = options;
  }

  /** Undefined before they could be read. */
  get figures(): Figures | undefined {
    return this.#figures;
  }

  /** Of all tenants, whether or not they spend. */
  get balances(): readonly BalanceStanding[] {
    return this.#balances;
  }

  /** Whether the parts answered when they were asked last. */
  get up(): Readonly<Record<'clickhouse' | 'control_store', boolean>> {
    return { clickhouse: this.#isDatabaseUp, control_store: this.#isStoreUp };
  }

  /** Reads once, and from then on at intervals. */
  async start(): Promise<void> {
    this.#reading = this.#readAndWait();
    await this.#reading;
  }

  async #readAndWait(): Promise<void> {
    const startedMs = performance.now();
    await this.#read();
    const busyMs = (performance.now() - startedMs) / BUSY_SHARE;
    const restMs = this.#isDatabaseUp ? busyMs : Math.min(busyMs, REST_AFTER_FAILURE_MS_MAX);
    // It keeps to its time by itself.
    if (!this.#isStopped && this.#isDatabaseUp) await this.#learn();
    if (this.#isStopped) return;
    const againMs = Math.max(this.#options.everyMs, restMs) - (performance.now() - startedMs);
    this.#timer = setTimeout(() => void this.start(), Math.max(againMs, 0)).unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { onFailure, nowMs } = this.#options;
    try {
      this.#figures = await this.#readFigures(nowMs());
      this.#isDatabaseUp = true;
    } catch (error) {
      this.#isDatabaseUp = false;
      onFailure(error, 'sums for metrics could not be read');
    }
    try {
      this.#balances = await this.#readBalances(nowMs());
      this.#isStoreUp = true;
    } catch (error) {
      this.#isStoreUp = false;
      onFailure(error, 'balances for metrics could not be read');
    }
  }

  /** Policies are in the control store, what sessions cost is in the database. */
  async #learn(): Promise<void> {
    const { levels, everyMs, onFailure } = this.#options;
    const shown = (this.#figures?.periods ?? []).filter(({ labels }) => labels !== undefined);
    try {
      await levels.learn(shown, everyMs);
    } catch (error) {
      if (error instanceof ControlStoreError) this.#isStoreUp = false;
      else this.#isDatabaseUp = false;
      onFailure(error, 'what sessions may cost could not be read for metrics');
    }
  }

  async #readFigures(nowMs: number): Promise<Figures> {
    const { queries, book, budgets, idleUs } = this.#options;
    const { month } = periodsAt(nowMs);
    const limit = READ_SHARE * book.workflowsMax;
    const periods = await queries.periodCosts({
      day: dayOf(nowMs),
      monthFirst: dayOf(month.startMs),
      monthLast: dayOf(month.endMs - 1),
      // Clocks of producers may be ahead by less than a day.
      arrivedFrom: dayOf(month.startMs - DAY_MS),
      workflowsMax: limit,
      kept: budgets().flatMap(({ tenant, workflow }) => (workflow === undefined ? [] : [{ tenant, workflow }])),
    });
    const active = await queries.activeSessions(nowMs * 1000 - idleUs, limit);
    book.rank(
      periods
        .filter(({ isRest }) => !isRest)
        .map(({ tenant, workflow, monthNanoUsd }) => ({ tenant, workflow, spent: Number(monthNanoUsd) })),
    );
    return {
      readMs: nowMs,
      periods: await this.#named(periods),
      // Those that cost nothing in this month get series as well, as long as there is room.
      active: await this.#named(active),
    };
  }

  async #named<Row extends { readonly tenant: string; readonly workflow: string; readonly isRest?: boolean }>(
    rows: readonly Row[],
  ): Promise<readonly Named<Row>[]> {
    const { book } = this.#options;
    const named: Named<Row>[] = [];
    const pace = new Pace();
    for (const row of rows) {
      const { tenant, workflow, isRest = false } = row;
      const labels = isRest ? undefined : book.labelsOf(tenant, workflow);
      named.push({ ...row, labels, key: keyOf(tenant, workflow) });
      if (pace.isOver) await pace.rest();
    }
    return named;
  }

  async #readBalances(nowMs: number): Promise<readonly BalanceStanding[]> {
    const read: BalanceStanding[] = [];
    while (read.length < BALANCES_MAX) {
      const after = read.at(-1);
      const page = await this.#options.balances.standings({ nowMs, after, limit: BALANCES_AT_A_TIME });
      read.push(...page);
      if (page.length < BALANCES_AT_A_TIME) break;
    }
    return read;
  }
}
