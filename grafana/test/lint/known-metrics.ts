// Metrics there are: what the aggregator has by declaration, and what the rules record of it.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const RULES = path.join(import.meta.dirname, '../../../prometheus/rules');

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}

const rules = readdirSync(RULES).flatMap((file) => {
  const { groups } = parse(readFileSync(path.join(RULES, file), 'utf8')) as {
    readonly groups: { readonly rules: Rule[] }[];
  };
  return groups.flatMap((group) => group.rules);
});

/** What rules record. */
export function recordedMetrics(): ReadonlySet<string> {
  return new Set(rules.flatMap(({ record }) => (record === undefined ? [] : [record])));
}

/** Names of samples on a page of metrics, with the labels that they have; those that are only declared have none. */
export function printedMetrics(page: string): ReadonlyMap<string, ReadonlySet<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const [, name = '', type = ''] of page.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    for (const end of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) metrics.set(name + end, new Set());
  }
  for (const [, name = '', labels = ''] of page.matchAll(/^(\w+)(?:\{(.*)\})? \S+/gm)) {
    const known = metrics.get(name) ?? new Set<string>();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    metrics.set(name, known);
  }
  return metrics;
}

/** Series with a tenant: of those that are recorded, the ones that are recorded by tenant. */
export function metricsOfTenants(): ReadonlySet<string> {
  const recorded = [...recordedMetrics()].filter((name) => /^(?:tenant|budget|balance)/.test(name));
  return new Set([...recorded, ...OF_TENANTS]);
}

/** As src/expose of the aggregator labels them. */
const OF_TENANTS = [
  'turnmeter_cost_usd_total',
  'turnmeter_tokens_total',
  'turnmeter_unpriced_tokens_total',
  'turnmeter_sessions_finalized_total',
  'turnmeter_session_threshold_crossings_total',
  'turnmeter_turn_duration_seconds_bucket',
  'turnmeter_session_cost_usd_bucket',
  'turnmeter_session_duration_seconds_bucket',
  'turnmeter_period_cost_usd',
  'turnmeter_workflow_expected_cost_usd',
  'turnmeter_sessions_active',
  'turnmeter_sessions_over_threshold',
  'turnmeter_session_limit_usd',
  'turnmeter_budget_usd',
  'turnmeter_budget_spent_usd',
  'turnmeter_balance_free_usd',
  'turnmeter_guard_actions_total',
];
