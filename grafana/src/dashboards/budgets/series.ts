// What the panels look at, as PromQL.

import { labels, recordedLabels } from '../../query/selected.ts';

const CHOSEN = ['tenant'] as const;

/** What was recorded of budgets of the chosen tenants: `budget('turnmeter_used:ratio')`. */
export function budget(name: string, rest: Readonly<Record<string, string>> = {}): string {
  return `budget:${name}${recordedLabels(CHOSEN, rest)}`;
}

/** Lines that a graph can hold. */
const LINES = 12;

/** Of the lines of a selector those that reach highest in the time range: the same at each of its steps. */
export function highest(selector: string): string {
  return `${selector} and topk(${LINES}, max_over_time(${selector}[$__range] @ end()))`;
}

/** Series of the service's own, of the chosen tenants. */
export function ofChosen(name: string, rest: Readonly<Record<string, string>> = {}): string {
  return `${name}${labels(CHOSEN, rest)}`;
}

/** Firing alerts about money. */
export function firing(rest: Readonly<Record<string, string>> = {}): string {
  const names = recordedLabels(CHOSEN, { ...rest, alertstate: 'firing' });
  return `ALERTS${names.replace('}', ', alertname=~"Turnmeter(Budget|Tenant|Balance|Session|Guard).+"}')}`;
}

const MONTH = { period: 'month' } as const;

/** How long each monthly budget lasts at the rate of the last six hours; 0 where it is used up. */
export const LEFT_SECONDS = `clamp_min(
  max by (tenant, workflow, scope) (${ofChosen('turnmeter_budget_usd', MONTH)})
  - max by (tenant, workflow, scope) (${budget('turnmeter_spent_usd:max', MONTH)}), 0)
  / (${budget('turnmeter_cost_usd:rate6h')} > 0)`;
