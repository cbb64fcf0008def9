// Queries as the ClickHouse plugin (4.x) reads them; the Foundation SDK has no builder for it.

import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { CLICKHOUSE } from '../data-source.ts';

/** `format` of the plugin's backend: what it makes of the rows. */
const Format = { TIME_SERIES: 0, TABLE: 1 } as const;

export interface ClickHouseQuery extends Dataquery {
  readonly datasource: DataSourceRef;
  readonly editorType: 'sql';
  readonly format: (typeof Format)[keyof typeof Format];
  readonly pluginVersion: string;
  readonly queryType: 'table' | 'timeseries';
  readonly rawSql: string;
  readonly refId?: string;
}

/** Written by this version of the plugin, which is the one in docker-compose.yml. */
const PLUGIN_VERSION = '4.20.0';

/** Rows as they are: for tables, stats and graphs of nodes. A node graph wants the ids `nodes` and `edges`. */
export function rows(sql: string, refId?: string): Builder<ClickHouseQuery> {
  return query(sql, { format: Format.TABLE, queryType: 'table', ...(refId === undefined ? {} : { refId }) });
}

/** Lines over time: a column of times, which is called `time`, columns of numbers, and columns of text that name the lines. */
export function series(sql: string): Builder<ClickHouseQuery> {
  return query(sql, { format: Format.TIME_SERIES, queryType: 'timeseries' });
}

function query(sql: string, rest: Pick<ClickHouseQuery, 'format' | 'queryType' | 'refId'>): Builder<ClickHouseQuery> {
  return {
    build: () => ({
      datasource: CLICKHOUSE,
      editorType: 'sql',
      rawSql: unindented(sql),
      pluginVersion: PLUGIN_VERSION,
      ...rest,
      // How the SDK tells queries from other objects; a function is not written to JSON.
      _implementsDataqueryVariant() {},
    }),
  };
}

/** SQL stands indented in TypeScript, and people read it in Grafana's editor. */
function unindented(sql: string): string {
  const lines = sql.replace(/^\n+/, '').trimEnd().split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent).trimEnd()).join('\n');
}
