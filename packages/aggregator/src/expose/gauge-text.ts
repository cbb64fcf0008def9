// Gauges of figures that were read: period-to-date costs, sessions, expectations, budgets and balances, with the rest under `_other`.

import { type Balance, BalanceUnit } from '@turnmeter/control-store';
import type { BudgetConfig } from '../config/config.ts';
import type { PeriodCost } from '../query/period-costs.ts';
import { headerLines, label, OTHERS, sampleLine, workflowLabel } from './exposition-text.ts';
import { type Family, Families } from './families.ts';
import type { Figures } from './figures.ts';
import { periodsAt } from './periods.ts';
import type { SessionLevelBook } from './session-levels.ts';
import type { WorkflowBook } from './workflow-book.ts';

const OTHER_LABELS = `${label('tenant', OTHERS)},${label('workflow', OTHERS)}`;
const DAY = label('period', 'day');
const MONTH = label('period', 'month');
const LEVELS = ['warning', 'critical', 'stop'] as const;
const NANO = 1e9;

interface GaugeParts {
  readonly book: WorkflowBook;
  readonly levels: SessionLevelBook;
}

/** Lines of gauges, a few at a time. */
export function* figureLines(figures: Figures, parts: GaugeParts): Generator<string> {
  yield* periodLines(figures, parts);
  yield* sessionLines(figures, parts);
  yield* expectationLines(figures, parts);
}

function* periodLines({ periods }: Figures, { book }: GaugeParts): Generator<string> {
  yield headerLines(Families.periodCost);
  const { name } = Families.periodCost;
  let [day, month] = [0n, 0n];
  for (const { tenant, workflow, isRest, dayNanoUsd, monthNanoUsd } of periods) {
    const labels = isRest ? undefined : book.labelsOf(tenant, workflow);
    if (labels === undefined) {
      day += dayNanoUsd;
      month += monthNanoUsd;
    } else {
      yield (
        sampleLine(name, `${labels},${DAY}`, Number(dayNanoUsd) / NANO) +
        sampleLine(name, `${labels},${MONTH}`, Number(monthNanoUsd) / NANO)
      );
    }
  }
  yield sampleLine(name, `${OTHER_LABELS},${DAY}`, Number(day) / NANO);
  yield sampleLine(name, `${OTHER_LABELS},${MONTH}`, Number(month) / NANO);
}

function* sessionLines({ active }: Figures, { book, levels }: GaugeParts): Generator<string> {
  yield headerLines(Families.sessionsActive);
  let others = 0;
  for (const { tenant, workflow, sessions } of active) {
    const labels = book.labelsOf(tenant, workflow);
    if (labels === undefined) others += sessions;
    else yield sampleLine(Families.sessionsActive.name, labels, sessions);
  }
  yield sampleLine(Families.sessionsActive.name, OTHER_LABELS, others);

  yield headerLines(Families.sessionsOver);
  for (const { tenant, workflow, dearest } of active) {
    const labels = book.labelsOf(tenant, workflow);
    const amounts = levels.of(tenant, workflow);
    if (labels === undefined || amounts === undefined) continue;
    for (const level of LEVELS) {
      if (!Number.isFinite(amounts[level])) continue;
      const over = dearest.filter((cost) => cost >= amounts[level]).length;
      // Most workflows have none, and no series then.
      if (over > 0) yield sampleLine(Families.sessionsOver.name, `${labels},${label('level', level)}`, over);
    }
  }
}

function* expectationLines({ periods }: Figures, { book, levels }: GaugeParts): Generator<string> {
  yield headerLines(Families.expectedCost);
  const limits: string[] = [];
  for (const { tenant, workflow, isRest } of periods) {
    const labels = isRest ? undefined : book.labelsOf(tenant, workflow);
    const amounts = levels.of(tenant, workflow);
    if (labels === undefined || amounts === undefined) continue;
    if (amounts.expected !== undefined) yield sampleLine(Families.expectedCost.name, labels, amounts.expected / NANO);
    for (const level of LEVELS) {
      const usd = amounts.limitsUsd[level];
      if (usd !== undefined)
        limits.push(sampleLine(Families.sessionLimit.name, `${labels},${label('level', level)}`, usd));
    }
  }
  yield headerLines(Families.sessionLimit);
  yield* limits;
}

/** Budgets beside what is spent of them; both are of the day and month in which the figures were read. */
export function* budgetLines(budgets: readonly BudgetConfig[], { readMs, periods }: Figures): Generator<string> {
  const { day, month } = periodsAt(readMs);
  const bounds = [day, month].map(({ name, startMs, endMs }) => ({ labels: label('period', name), startMs, endMs }));
  yield headerLines(Families.periodSeconds);
  for (const { labels, startMs, endMs } of bounds) {
    yield sampleLine(Families.periodSeconds.name, labels, (endMs - startMs) / 1000);
  }
  yield headerLines(Families.periodEnd);
  for (const { labels, endMs } of bounds) yield sampleLine(Families.periodEnd.name, labels, endMs / 1000);

  const lines = budgets.map((budget) => ({ labels: budgetLabels(budget), usd: budget.usd, budget }));
  yield headerLines(Families.budget);
  for (const { labels, usd } of lines) yield sampleLine(Families.budget.name, labels, usd);
  yield headerLines(Families.budgetSpent);
  const byTenant = Map.groupBy(periods, ({ tenant }) => tenant);
  for (const { labels, budget } of lines) {
    yield sampleLine(Families.budgetSpent.name, labels, spentOf(budget, byTenant.get(budget.tenant) ?? []));
  }
}

function budgetLabels({ tenant, workflow, period }: BudgetConfig): string {
  const scope = workflow === undefined ? label('scope', 'tenant') : `${workflowLabel(workflow)},scope="workflow"`;
  return `${label('tenant', tenant)},${scope},${label('period', period)}`;
}

function spentOf({ workflow, period }: BudgetConfig, costs: readonly PeriodCost[]): number {
  const own = costs.filter((cost) => workflow === undefined || (!cost.isRest && cost.workflow === workflow));
  const sum = own.reduce((total, cost) => total + (period === 'day' ? cost.dayNanoUsd : cost.monthNanoUsd), 0n);
  return Number(sum) / NANO;
}

export function* balanceLines(balances: Iterable<Balance>): Generator<string> {
  const all = [...balances];
  const [usd, tokens] = [BalanceUnit.NANO_USD, BalanceUnit.TOKENS].map((unit) =>
    all.filter((one) => one.unit === unit),
  );
  yield* amountLines(Families.balanceFreeUsd, usd ?? [], ({ free }) => Number(free) / NANO);
  yield* amountLines(Families.balanceSpentUsd, usd ?? [], ({ spent }) => Number(spent) / NANO);
  yield* amountLines(Families.balanceFreeTokens, tokens ?? [], ({ free }) => Number(free));
  yield* amountLines(Families.balanceSpentTokens, tokens ?? [], ({ spent }) => Number(spent));
}

function* amountLines(
  family: Family,
  balances: readonly Balance[],
  amountOf: (balance: Balance) => number,
): Generator<string> {
  yield headerLines(family);
  for (const balance of balances) {
    const labels = `${label('tenant', balance.tenant)},${label('account', balance.account)}`;
    yield sampleLine(family.name, labels, amountOf(balance));
  }
}
