// Whose figures: those with entries in the time range.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type VariableModel, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import { choice } from './choice.ts';

/** Few rows: sums by day, and nothing older than the time range. */
const TENANTS = `
  SELECT DISTINCT entries.tenant AS tenant
  FROM entries
  WHERE toDate(entries.ended_at) BETWEEN toDate($__fromTime) AND toDate($__toTime)
  ORDER BY tenant
  LIMIT 5000`;

/** One tenant. */
export function tenant(): Builder<VariableModel> {
  return tenantChoice(false);
}

/** Several tenants, or all: for operators. */
export function tenants(): Builder<VariableModel> {
  return tenantChoice(true);
}

function tenantChoice(isMulti: boolean): Builder<VariableModel> {
  return choice({
    name: 'tenant',
    label: 'Tenant',
    description: 'Whose figures are shown. Who may see which is decided by row policies of ClickHouse.',
    sql: TENANTS,
    sort: VariableSort.AlphabeticalAsc,
    isMulti,
  });
}
