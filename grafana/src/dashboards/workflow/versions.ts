// Versions of the workflow, and when each was seen first.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { CLICKHOUSE } from '../../data-source.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { chosen, ofTenant } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { besideUsual, Color, quiet, rising, Unit } from '../../style.ts';
import { ENDED_IN_RANGE } from './in-range.ts';

export function versions() {
  return table({
    title: 'Did a version make it dearer, slower or worse?',
    description:
      'Versions that sessions of the time range ran, the newest first, each beside the one before it. A version is what the app says it is (attribute turnmeter.workflow.version). Below ten sessions, differences may be chance. Dearer without doing better: roll it back.',
    width: 16,
    height: 7,
    noValue: 'no sessions',
    columns: [
      { name: 'Version' },
      { name: 'Since', unit: Unit.UNIX_MS, width: 130 },
      { name: 'Sessions', unit: Unit.NONE, width: 90 },
      { name: 'A session costs', unit: Unit.USD, width: 130 },
      { name: 'Of the one before', unit: Unit.RATIO, decimals: 0, width: 140, steps: quiet(besideUsual) },
      { name: 'Tokens', unit: Unit.TOKENS, width: 90 },
      { name: 'Turns', unit: Unit.NONE, decimals: 1, width: 80 },
      { name: 'Takes', unit: Unit.SECONDS, width: 100 },
      { name: 'Failed', unit: Unit.RATIO, decimals: 1, width: 90, steps: quiet(rising(0.02, 0.05)) },
    ],
    queries: [
      rows(sql`
        SELECT
          if(version = '', 'none named', version) AS "Version",
          began_ms AS "Since",
          sessions AS "Sessions",
          usd AS "A session costs",
          usd / nullIf(any(usd) OVER (ORDER BY began_ms, version ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING), 0) AS "Of the one before",
          tokens AS "Tokens",
          turns AS "Turns",
          seconds AS "Takes",
          failed AS "Failed"
        FROM
        (
          SELECT
            summary.workflow_version AS version,
            toUnixTimestamp64Milli(min(summary.began_at)) AS began_ms,
            count() AS sessions,
            avg(summary.cost_nano_usd) / 1e9 AS usd,
            avg(summary.tokens) AS tokens,
            avg(summary.turns) AS turns,
            avg(summary.active_us) / 1e6 AS seconds,
            countIf(summary.errors > 0) / count() AS failed
          FROM session_summaries AS summary FINAL
          WHERE ${ENDED_IN_RANGE}
          GROUP BY summary.workflow_version
        )
        ORDER BY began_ms DESC
        LIMIT 20`),
    ],
  });
}

/** Marks on the lines: a version that ran for the first time. */
export function newVersions(): Builder<AnnotationQuery> {
  const query = rows(
    sql`
    SELECT
      min(summary.began_at) AS time,
      concat('Version ', summary.workflow_version) AS title,
      'First session of this version' AS text
    FROM session_summaries AS summary FINAL
    WHERE ${ofTenant('summary')}
      AND summary.workflow = ${chosen('workflow')}
      AND summary.workflow_version != ''
    GROUP BY summary.workflow_version
    HAVING $__timeFilter(time)
    ORDER BY time
    LIMIT 100`,
    'Versions',
  );
  return new AnnotationQueryBuilder()
    .name('New versions')
    .datasource(CLICKHOUSE)
    .enable(true)
    .iconColor(Color.TOKENS)
    .target(query);
}
