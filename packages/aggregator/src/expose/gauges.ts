// Gauges of figures that were read: period-to-date costs, sessions, expectations, budgets and balances, with the rest under `_other`.

import { type BalanceStanding, BalanceUnit } from '@turnmeter/control-store';
import type { BudgetConfig } from '../config/config.ts';
import type { PeriodCost } from '../query/period-costs.ts';
import { Families } from './families.ts';
import { BALANCES_MAX, type Figures } from './figures.ts';
import { Labels, OTHER_LABELS, workflowLabels } from './labels.ts';
import type { ValueMetric, ValuePoint } from './metric.ts';
import { periodsAt } from './periods.ts';
import type { SessionLevelBook } from './session-levels.ts';

const DAY = new Labels([['period', 'day']]);
const MONTH = new Labels([['period', 'month']]);
const LEVELS = ['warning', 'critical', 'stop'] as const;
const LEVEL_LABELS = {
  warning: new Labels([['level', 'warning']]),
  critical: new Labels([['level', 'critical']]),
  stop: new Labels([['level', 'stop']]),
} as const;
const NANO = 1e9;

export function figureMetrics(figures: Figures, levels: SessionLevelBook): readonly ValueMetric[] {
  return [
    { family: Families.periodCost, points: periodPoints(figures) },
    { family: Families.sessionsActive, points: activePoints(figures) },
    { family: Families.sessionsOver, points: overPoints(figures, levels) },
    { family: Families.expectedCost, points: expectationPoints(figures, levels) },
    { family: Families.sessionLimit, points: limitPoints(figures, levels) },
  ];
}

function* periodPoints({ periods }: Figures): Generator<ValuePoint> {
  let [day, month] = [0n, 0n];
  for (const { labels, dayNanoUsd, monthNanoUsd } of periods) {
    if (labels === undefined) {
      day += dayNanoUsd;
      month += monthNanoUsd;
    } else {
      yield { labels, more: DAY, value: Number(dayNanoUsd) / NANO };
      yield { labels, more: MONTH, value: Number(monthNanoUsd) / NANO };
    }
  }
  yield { labels: OTHER_LABELS, more: DAY, value: Number(day) / NANO };
  yield { labels: OTHER_LABELS, more: MONTH, value: Number(month) / NANO };
}

function* activePoints({ active }: Figures): Generator<ValuePoint> {
  let others = 0;
  for (const { labels, sessions } of active) {
    if (labels === undefined) others += sessions;
    else yield { labels, value: sessions };
  }
  yield { labels: OTHER_LABELS, value: others };
}

function* overPoints({ active }: Figures, levels: SessionLevelBook): Generator<ValuePoint> {
  for (const { key, labels, dearest } of active) {
    const amounts = levels.at(key);
    if (labels === undefined || amounts === undefined) continue;
    for (const level of LEVELS) {
      if (!Number.isFinite(amounts[level])) continue;
      const over = dearest.filter((cost) => cost >= amounts[level]).length;
      // Most workflows have none, and no series then.
      if (over > 0) yield { labels, more: LEVEL_LABELS[level], value: over };
    }
  }
}

function* expectationPoints({ periods }: Figures, levels: SessionLevelBook): Generator<ValuePoint> {
  for (const { key, labels } of periods) {
    const expected = levels.at(key)?.expected;
    if (labels !== undefined && expected !== undefined) yield { labels, value: expected / NANO };
  }
}

function* limitPoints({ periods }: Figures, levels: SessionLevelBook): Generator<ValuePoint> {
  for (const { key, labels } of periods) {
    const limits = levels.at(key)?.limitsUsd;
    if (labels === undefined || limits === undefined) continue;
    for (const level of LEVELS) {
      const usd = limits[level];
      if (usd !== undefined) yield { labels, more: LEVEL_LABELS[level], value: usd };
    }
  }
}

/** Budgets beside what is spent of them; both are of the day and month in which the figures were read. */
export function budgetMetrics(budgets: readonly BudgetConfig[], { readMs, periods }: Figures): readonly ValueMetric[] {
  const { day, month } = periodsAt(readMs);
  const bounds = [
    { labels: DAY, ...day },
    { labels: MONTH, ...month },
  ];
  const shown = budgets.map((budget) => ({ labels: budgetLabels(budget), usd: budget.usd, budget }));
  const tenants = new Set(budgets.map(({ tenant }) => tenant));
  const ofTenants = periods.filter(({ tenant }) => tenants.has(tenant));
  const byTenant = Map.groupBy(ofTenants, ({ tenant }) => tenant);
  return [
    {
      family: Families.periodSeconds,
      points: bounds.map(({ labels, startMs, endMs }) => ({ labels, value: (endMs - startMs) / 1000 })),
    },
    { family: Families.periodEnd, points: bounds.map(({ labels, endMs }) => ({ labels, value: endMs / 1000 })) },
    { family: Families.budget, points: shown.map(({ labels, usd }) => ({ labels, value: usd })) },
    {
      family: Families.budgetSpent,
      points: shown.map(({ labels, budget }) => ({
        labels,
        value: spentOf(budget, byTenant.get(budget.tenant) ?? []),
      })),
    },
  ];
}

function budgetLabels({ tenant, workflow, period }: BudgetConfig): Labels {
  const whose = workflow === undefined ? new Labels([['tenant', tenant]]) : workflowLabels(tenant, workflow);
  return whose.and([
    ['scope', workflow === undefined ? 'tenant' : 'workflow'],
    ['period', period],
  ]);
}

function spentOf({ workflow, period }: BudgetConfig, costs: readonly PeriodCost[]): number {
  const own = costs.filter((cost) => workflow === undefined || (!cost.isRest && cost.workflow === workflow));
  const sum = own.reduce((total, cost) => total + (period === 'day' ? cost.dayNanoUsd : cost.monthNanoUsd), 0n);
  return Number(sum) / NANO;
}

export function balanceMetrics(balances: readonly BalanceStanding[]): readonly ValueMetric[] {
  const labelled = balances.map((balance) => ({
    ...balance,
    labels: new Labels([
      ['tenant', balance.tenant],
      ['account', balance.account],
    ]),
  }));
  const usd = labelled.filter(({ unit }) => unit === BalanceUnit.NANO_USD);
  const tokens = labelled.filter(({ unit }) => unit === BalanceUnit.TOKENS);
  return [
    {
      family: Families.balanceAccounts,
      points: [
        { labels: new Labels([['state', 'shown']]), value: balances.length },
        { labels: new Labels([['state', 'max']]), value: BALANCES_MAX },
      ],
    },
    {
      family: Families.balanceFreeUsd,
      points: usd.map(({ labels, free }) => ({ labels, value: Number(free) / NANO })),
    },
    {
      family: Families.balanceSpentUsd,
      points: usd.map(({ labels, spent }) => ({ labels, value: Number(spent) / NANO })),
    },
    { family: Families.balanceFreeTokens, points: tokens.map(({ labels, free }) => ({ labels, value: Number(free) })) },
    {
      family: Families.balanceSpentTokens,
      points: tokens.map(({ labels, spent }) => ({ labels, value: Number(spent) })),
    },
  ];
}
