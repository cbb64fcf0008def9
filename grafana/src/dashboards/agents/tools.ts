// What tools take, cost and break.

import type { Row } from '../../dashboard.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows, series } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, quiet, rising, Unit } from '../../style.ts';
import { entriesInRange, STANDING, stepOf, TIME } from './in-range.ts';

export function toolsRow(): Row {
  return {
    title: 'Tools: what they take, cost and break',
    panels: [toolTable(), toolFailures()],
  };
}

function toolTable() {
  return table({
    title: 'Which tools fail, take long or cost?',
    description:
      'Tools of the chosen agents. A tool that fails is called again, and each try is a call of a model too: mend that first. Costs are those of the tools themselves, where a price is configured or reported.',
    width: 14,
    height: 8,
    noValue: 'No tool was called.',
    columns: [
      { name: 'tool', header: 'Tool' },
      { name: 'calls', header: 'Calls', unit: Unit.COUNT, width: 90 },
      { name: 'failed', header: 'Failed', unit: Unit.RATIO, decimals: 1, width: 90, steps: quiet(rising(0.02, 0.1)) },
      { name: 'p50', header: 'p50', unit: Unit.SECONDS, decimals: 1, width: 90 },
      { name: 'p95', header: 'p95', unit: Unit.SECONDS, decimals: 1, width: 90 },
      {
        name: 'all_time',
        header: 'Time in all',
        unit: Unit.SECONDS,
        decimals: 1,
        width: 150,
        bar: { color: Color.TIME },
      },
      { name: 'cost', header: 'Cost', unit: Unit.USD_EXACT, decimals: 2, width: 90 },
    ],
    queries: [
      rows(sql`
        SELECT
          steps.name AS tool,
          sum(steps.calls) AS calls,
          sum(steps.failures) / nullIf(sum(steps.calls), 0) AS failed,
          quantileExactWeighted(0.5)(steps.us, steps.standing) / 1e6 AS p50,
          quantileExactWeighted(0.95)(steps.us, steps.standing) / 1e6 AS p95,
          sum(steps.us * steps.standing) / 1e6 AS all_time,
          sum(steps.nano_usd) / 1e9 AS cost
        FROM
        (
          SELECT
            if(entries.tool = '', '(unnamed)', entries.tool) AS name,
            ${stepOf("greatest(0, dateDiff('microsecond', entries.started_at, entries.ended_at))")} AS us,
            ${STANDING} AS standing,
            sum(entries.sign * entries.tool_calls) AS calls,
            sum(entries.sign * entries.errors) AS failures,
            sum(entries.sign * entries.cost_nano_usd) AS nano_usd
          FROM ${entriesInRange(['sign', 'tool', 'started_at', 'ended_at', 'tool_calls', 'errors', 'cost_nano_usd'], "entries.kind = 'tool'")}
          GROUP BY name, us
          HAVING standing > 0
        ) AS steps
        GROUP BY tool
        ORDER BY failed * calls DESC, all_time DESC
        LIMIT 50`),
    ],
  });
}

function toolFailures() {
  return timeSeries({
    title: 'When do tools fail?',
    description:
      'Failed calls of tools over time. All from one moment on is what the tool depends on; a few all the time is what agents ask of it.',
    unit: Unit.COUNT,
    decimals: 0,
    isStacked: true,
    isBars: true,
    width: 10,
    height: 8,
    noValue: 'No tool failed.',
    queries: [
      series(sql`
        SELECT
          ${TIME} AS time,
          if(entries.tool = '', '(unnamed)', entries.tool) AS tool,
          greatest(sum(entries.sign * entries.errors), 0) AS Value
        FROM ${entriesInRange(['sign', 'tool', 'ended_at', 'errors'], "entries.kind = 'tool'\n  AND entries.errors > 0")}
        GROUP BY time, tool
        ORDER BY time, tool`),
    ],
  });
}
