import { describe, expect, it } from 'vitest';
import { budgetsFor } from '../../history/control.ts';
import type { Ledger } from '../../history/ledger.ts';

const NOW_MS = Date.UTC(2026, 11, 1, 0, 7);
const NANO = 1e9;

function spent(usd: number, timeMs: number): Ledger['spending'][number] {
  const tokens = { inputTokens: 1, outputTokens: 1, unpricedTokens: 0, records: 1 };
  return { tenant: 'globex', workflow: 'code-review', timeMs, nanoUsd: usd * NANO, ...tokens };
}

function monthBudget(spending: Ledger['spending']): number {
  const budgets = budgetsFor({ spending, turns: [], sessions: [] }, NOW_MS);
  return budgets.find(({ tenant, period }) => tenant === 'globex' && period === 'month')?.usd ?? Number.NaN;
}

describe('budgets of the made-up operators', () => {
  it.each([0.03, 0.3, 1, 9.9, 640])('are exceeded by one tenant that spent $%d this month', (usd) => {
    const budget = monthBudget([spent(2000, NOW_MS - 3_600_000), spent(usd, NOW_MS - 60_000)]);
    expect(budget).toBeLessThan(usd);
    expect(budget).toBeGreaterThan(usd / 1.4);
  });

  it('are more than nothing before anything was spent in a month', () => {
    expect(monthBudget([])).toBeGreaterThan(0);
  });
});
