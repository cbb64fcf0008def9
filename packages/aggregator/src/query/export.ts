// Rows as they are stored, for other programs. In: what, for which days, in which format. Out: a stream that ClickHouse writes.

import type { Readable } from 'node:stream';
import { ENTRY_COLUMNS, OBSERVATION_COLUMNS } from './export-columns.ts';
import type { Reader } from './reader.ts';
import { sql, type Sql } from './sql.ts';

export const ExportOf = {
  SESSIONS: 'sessions',
  ENTRIES: 'entries',
  OBSERVATIONS: 'observations',
  WORKFLOWS: 'workflows',
} as const;
export type ExportOf = (typeof ExportOf)[keyof typeof ExportOf];

export const ExportFormat = { NDJSON: 'ndjson', CSV: 'csv', PARQUET: 'parquet' } as const;
export type ExportFormat = (typeof ExportFormat)[keyof typeof ExportFormat];

export interface ExportQuery {
  readonly what: ExportOf;
  readonly format: ExportFormat;
  /** Days, UTC, as `2026-11-21`; both are included. Sessions by begin, entries and observations by arrival, workflows whatever the day. */
  readonly firstDay: string;
  readonly lastDay: string;
}

const FORMATS: Readonly<Record<ExportFormat, Sql>> = {
  [ExportFormat.NDJSON]: sql`FORMAT JSONEachRow`,
  [ExportFormat.CSV]: sql`FORMAT CSVWithNames`,
  [ExportFormat.PARQUET]: sql`FORMAT Parquet`,
};

const QUERIES: Readonly<Record<ExportOf, Sql>> = {
  [ExportOf.SESSIONS]: sql`
    SELECT
      summary.tenant,
      summary.session_id,
      summary.workflow,
      summary.workflow_version,
      summary.user_id,
      summary.began_at,
      summary.ended_at,
      summary.finalized_at,
      summary.finalized_because,
      summary.amendments,
      summary.duration_us,
      summary.active_us,
      summary.human_wait_us,
      summary.agents,
      summary.models,
      summary.turns,
      summary.errors,
      summary.tokens,
      summary.cost_nano_usd,
      summary.cost_status,
      summary.turn_speaker,
      summary.turn_response_us,
      summary.turn_inferences,
      summary.turn_input_tokens,
      summary.turn_output_tokens,
      summary.turn_cost_nano_usd
    FROM session_summaries AS summary FINAL
    WHERE summary.tenant = {tenant:String} AND summary.day BETWEEN {first_day:Date} AND {last_day:Date}
    ORDER BY summary.began_at, summary.session_id`,
  [ExportOf.ENTRIES]: sql`
    SELECT ${ENTRY_COLUMNS}
    FROM entries
    WHERE entries.tenant = {tenant:String} AND entries.ingest_day BETWEEN {first_day:Date} AND {last_day:Date}`,
  [ExportOf.OBSERVATIONS]: sql`
    SELECT ${OBSERVATION_COLUMNS}
    FROM observations
    WHERE observations.tenant = {tenant:String} AND observations.ingest_day BETWEEN {first_day:Date} AND {last_day:Date}`,
  [ExportOf.WORKFLOWS]: sql`
    SELECT
      averages.tenant,
      averages.workflow,
      averages.sessions,
      averages.underpriced,
      averages.last_finalized_at,
      averages.duration_us_sum,
      averages.duration_us_quantiles,
      averages.cost_nano_usd_sum,
      averages.cost_nano_usd_quantiles,
      averages.tokens_sum,
      averages.tokens_quantiles,
      averages.turns_sum,
      averages.turns_quantiles,
      averages.agents_sum,
      averages.agents_quantiles
    FROM workflow_averages AS averages FINAL
    WHERE averages.tenant = {tenant:String} AND averages.sessions > 0
    ORDER BY averages.workflow`,
};

/** An export may take its time; whoever reads slowly slows it down. */
const EXPORT_SECONDS_MAX = 3600;

export function exportRows(reader: Reader, tenant: string, query: ExportQuery): Promise<Readable> {
  return reader.stream(
    sql`${QUERIES[query.what]} ${FORMATS[query.format]}`,
    { tenant, first_day: query.firstDay, last_day: query.lastDay },
    { secondsMax: EXPORT_SECONDS_MAX, rowsMax: 0, threadsMax: 1 },
  );
}
