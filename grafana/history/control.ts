// What the made-up operators have configured: budgets for the month beside what was spent, policies, and a prepaid balance that is soon used up.

import { DAY_MS } from './calendar.ts';
import type { Ledger } from './ledger.ts';
import { HISTORY_DAYS } from './month.ts';
import type { Sample } from './page.ts';
import type { Service } from './service.ts';

const NANO = 1e9;
/** Where nothing was spent yet, in the first minutes of a month. */
const LEAST_USD = 0.01;

interface BudgetHabit {
  readonly tenant: string;
  readonly workflow?: string;
  readonly period: 'day' | 'month';
  /** How much of it is used at the end of the history. */
  readonly used: number;
}

/** One of each kind: comfortable, near, over. */
const BUDGETS: readonly BudgetHabit[] = [
  { tenant: 'acme', period: 'month', used: 0.93 },
  { tenant: 'acme', workflow: 'contract-review', period: 'month', used: 0.71 },
  { tenant: 'acme', workflow: 'sales-research', period: 'month', used: 0.96 },
  { tenant: 'globex', period: 'month', used: 1.14 },
  { tenant: 'globex', workflow: 'code-review', period: 'day', used: 0.62 },
  { tenant: 'initech', period: 'month', used: 0.48 },
  { tenant: 'umbrella', period: 'month', used: 0.8 },
];

interface Budget {
  readonly tenant: string;
  readonly workflow?: string;
  readonly period: 'day' | 'month';
  readonly usd: number;
}

/** In round figures, so that they look like ones that people chose. */
export function budgetsFor(ledger: Ledger, nowMs: number): readonly Budget[] {
  return BUDGETS.map(({ used, ...budget }) => ({ ...budget, usd: rounded(spentUsd(ledger, budget, nowMs) / used) }));
}

function spentUsd(ledger: Ledger, budget: Omit<BudgetHabit, 'used'>, nowMs: number): number {
  const now = new Date(nowMs);
  // A day has not seen all of its spending, but one like it has.
  const beginMs = budget.period === 'day' ? nowMs - DAY_MS : Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const own = ledger.spending.filter(
    ({ tenant, workflow, timeMs }) =>
      tenant === budget.tenant && timeMs >= beginMs && (budget.workflow === undefined || workflow === budget.workflow),
  );
  return Math.max(LEAST_USD, own.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0) / NANO);
}

/** Two figures, the second of them even. */
function rounded(usd: number): number {
  const step = 10 ** (Math.floor(Math.log10(usd)) - 1) * 2;
  return Number((Math.round(usd / step) * step).toPrecision(2));
}

const POLICIES: Readonly<Record<string, readonly object[]>> = {
  acme: [
    { usd: { warning: 2, critical: 3, stop: 5 } },
    { workflow: 'support-triage', usd: { warning: 0.1, critical: 0.2, stop: 0.5 } },
  ],
  globex: [
    { workflow: 'code-review', degrade: { at: 'critical', models: { 'claude-opus-4-5': 'claude-sonnet-4-5' } } },
  ],
  umbrella: [{ usd: { warning: 1, critical: 2, stop: 4 } }],
};

export async function writePolicies(service: Service): Promise<void> {
  for (const [tenant, policies] of Object.entries(POLICIES)) {
    await service.ask(tenant, 'PUT', '/api/v1/policies', { policies });
  }
}

/** Who pays in advance, and for how many days more that lasts. */
const PREPAID = { tenant: 'umbrella', daysLeft: 4 };

/** The tenant paid once, and has spent most of it; `page` has what was spent in all. */
export async function writeBalances(service: Service, page: readonly Sample[]): Promise<void> {
  const { tenant, daysLeft } = PREPAID;
  const costs = page.filter(({ name, labels }) => name === 'turnmeter_cost_usd_total' && labels['tenant'] === tenant);
  const spent = costs.reduce((sum, { value }) => sum + value, 0);
  const granted = Math.max(spent, rounded(spent * (1 + daysLeft / HISTORY_DAYS)));
  const said = { unit: 'nano_usd', note: 'invoice 2026-104' };
  const route = '/api/v1/balances/prepaid';
  await service.ask(tenant, 'POST', `${route}/grant`, { ...said, amount: inNanoUsd(granted) });
  await service.ask(tenant, 'POST', `${route}/deduct`, { ...said, amount: inNanoUsd(spent) });
}

/** As text: larger than JSON's numbers are exact. */
function inNanoUsd(usd: number): string {
  return String(Math.round(usd * NANO));
}
