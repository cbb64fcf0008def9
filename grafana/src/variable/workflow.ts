// Kinds of sessions of the chosen tenants.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type VariableModel, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import { ofTenant, ofTenants } from '../query/selected.ts';
import { choice } from './choice.ts';

/** Several workflows of one tenant, or all. */
export function workflows(): Builder<VariableModel> {
  return workflowChoice(ofTenant('entries'), true);
}

/** Several workflows of several tenants, or all. */
export function workflowsOfTenants(): Builder<VariableModel> {
  return workflowChoice(ofTenants('entries'), true);
}

/** One workflow of one tenant. */
export function workflow(): Builder<VariableModel> {
  return workflowChoice(ofTenant('entries'), false);
}

function workflowChoice(whose: string, isMulti: boolean): Builder<VariableModel> {
  return choice({
    name: 'workflow',
    label: 'Workflow',
    description: 'Kinds of sessions that ran in the time range.',
    sql: `
      SELECT DISTINCT entries.workflow AS workflow
      FROM entries
      WHERE ${whose}
        AND toDate(entries.ended_at) BETWEEN toDate($__fromTime) AND toDate($__toTime)
        AND entries.workflow != ''
      ORDER BY workflow
      LIMIT 2000`,
    sort: VariableSort.AlphabeticalAsc,
    isMulti,
  });
}
