// Agents and models of the chosen tenant that did something in the time range.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type VariableModel, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import { ofTenant } from '../query/selected.ts';
import { choice } from './choice.ts';

export function agents(): Builder<VariableModel> {
  return namesOf('agent', 'Agent', 'Agents that did something in the time range.');
}

export function models(): Builder<VariableModel> {
  return namesOf('model', 'Model', 'Models that answered in the time range.');
}

function namesOf(column: 'agent' | 'model', label: string, description: string): Builder<VariableModel> {
  return choice({
    name: column,
    label,
    description,
    sql: `
      SELECT DISTINCT entries.${column} AS ${column}
      FROM entries
      WHERE ${ofTenant('entries')}
        AND toDate(entries.ended_at) BETWEEN toDate($__fromTime, 'UTC') AND toDate($__toTime, 'UTC')
        AND entries.${column} != ''
      ORDER BY ${column}
      LIMIT 2000`,
    sort: VariableSort.AlphabeticalAsc,
    isMulti: true,
  });
}
