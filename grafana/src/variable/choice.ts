// Variables whose values come from the ledger: what there was in the time range.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { CLICKHOUSE } from '../data-source.ts';
import { ALL_VALUE } from '../query/selected.ts';

export interface ChoiceOptions {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** One column: values; two: values, and what is shown for them. */
  readonly sql: string;
  /** Whether several or all may be chosen; then queries have to ask with `isAmong` or `=~`. @default false */
  readonly isMulti?: boolean;
  /** @default as the query orders them */
  readonly sort?: VariableSort;
  /** When the values are read. @default with every time range */
  readonly refresh?: VariableRefresh;
}

export function choice(options: ChoiceOptions): Builder<VariableModel> {
  const { name, label, description, sql, isMulti = false, sort = VariableSort.Disabled } = options;
  const { refresh = VariableRefresh.OnTimeRangeChanged } = options;
  const text = oneLine(sql);
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(CLICKHOUSE)
    .query(text)
    .definition(text)
    .refresh(refresh)
    .sort(sort)
    .multi(isMulti)
    .includeAll(isMulti);
  return isMulti ? variable.allValue(ALL_VALUE).current({ text: 'All', value: '$__all' }) : variable;
}

/** As the field for it in Grafana shows it. */
function oneLine(sql: string): string {
  return sql.trim().replaceAll(/\s+/g, ' ');
}
