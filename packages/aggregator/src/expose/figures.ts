// What /metrics shows that is not counted as it happens: sums, sessions and balances, read at intervals and never because somebody scrapes. What
// was read last is shown while the database or the control store is away, with when that was.

import type { Balance, ControlStore } from '@turnmeter/control-store';
import type { BudgetConfig } from '../config/config.ts';
import type { ActiveSessions, PeriodCost } from '../query/period-costs.ts';
import type { Queries } from '../query/queries.ts';
import { dayOf, periodsAt } from './periods.ts';
import type { SessionLevelBook } from './session-levels.ts';
import type { WorkflowBook } from './workflow-book.ts';

export interface FiguresOptions {
  readonly queries: Pick<Queries, 'periodCosts' | 'activeSessions'>;
  readonly balances: Pick<ControlStore['balances'], 'list'>;
  readonly levels: SessionLevelBook;
  readonly book: WorkflowBook;
  readonly budgets: readonly BudgetConfig[];
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
  readonly periods: readonly PeriodCost[];
  readonly active: readonly ActiveSessions[];
}

/** Workflows that are read by name, beyond those with series: those that have theirs keep them until others are much dearer. */
const READ_SHARE = 2;
/** No more than this part of the time is spent on reading. */
const BUSY_SHARE = 0.1;
/** Tenants whose balances are read in one round. */
const TENANTS_EACH_ROUND = 200;
const DAY_MS = 86_400_000;

export class FiguresReader {
  readonly #options: FiguresOptions;
  readonly #balances = new Map<string, readonly Balance[]>();
  #figures: Figures | undefined;
  #isDatabaseUp = false;
  #isStoreUp = false;
  #nextTenant = 0;
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

  get balances(): readonly Balance[] {
    return [...this.#balances.values()].flat();
  }

  /** Whether the parts answered when they were asked last. */
  get up(): Readonly<Record<'clickhouse' | 'control_store', boolean>> {
    return { clickhouse: this.#isDatabaseUp, control_store: this.#isStoreUp };
  }

  /** Reads once, and from then on at intervals. */
  async start(): Promise<void> {
    const startedMs = performance.now();
    this.#reading = this.#read();
    await this.#reading;
    if (this.#isStopped) return;
    const restMs = (performance.now() - startedMs) / BUSY_SHARE;
    const againMs = Math.max(this.#options.everyMs, restMs);
    this.#timer = setTimeout(() => void this.start(), againMs).unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { onFailure } = this.#options;
    try {
      this.#figures = await this.#readFigures(this.#options.nowMs());
      this.#isDatabaseUp = true;
    } catch (error) {
      this.#isDatabaseUp = false;
      onFailure(error, 'sums for metrics could not be read');
    }
    try {
      await this.#readControl(this.#figures?.periods ?? []);
      this.#isStoreUp = true;
    } catch (error) {
      this.#isStoreUp = false;
      onFailure(error, 'policies and balances for metrics could not be read');
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
      kept: budgets.flatMap(({ tenant, workflow }) => (workflow === undefined ? [] : [{ tenant, workflow }])),
    });
    const active = await queries.activeSessions(nowMs * 1000 - idleUs, limit);
    book.rank(
      periods
        .filter(({ isRest }) => !isRest)
        .map(({ tenant, workflow, monthNanoUsd }) => ({ tenant, workflow, spent: Number(monthNanoUsd) })),
    );
    return { readMs: nowMs, periods, active };
  }

  async #readControl(periods: readonly PeriodCost[]): Promise<void> {
    const { levels, book, balances, nowMs } = this.#options;
    await levels.learn(
      periods.filter(({ tenant, workflow, isRest }) => !isRest && book.labelsOf(tenant, workflow) !== undefined),
    );
    const tenants = [...new Set(periods.map(({ tenant }) => tenant))];
    for (const tenant of this.#balances.keys()) if (!tenants.includes(tenant)) this.#balances.delete(tenant);
    for (let asked = 0; asked < Math.min(TENANTS_EACH_ROUND, tenants.length); asked++) {
      const tenant = tenants[this.#nextTenant++ % tenants.length] ?? '';
      this.#balances.set(tenant, await balances.list({ tenant, nowMs: nowMs() }));
    }
  }
}
