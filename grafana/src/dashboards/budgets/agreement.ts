// Whether the exact sums and the counters tell the same: the complaint about every dashboard of costs is that its total is not the bill's.

import type { Row } from '../../dashboard.ts';
import { calculated, merged } from '../../panel/merged.ts';
import { table } from '../../panel/table.ts';
import { text } from '../../panel/text.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { labelRows } from '../../query/prometheus-query.ts';
import { ofTenants } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, type Step, Unit } from '../../style.ts';
import { ofChosen } from './series.ts';

export function agreementRow(): Row {
  return { title: 'Do ClickHouse and Prometheus agree?', panels: [agreement(), explanation()] };
}

/** Either way: what Prometheus has too much is as wrong as what it lacks. */
const OFF: readonly Step[] = [
  { from: null, color: Color.STOP },
  { from: -0.05, color: Color.WARNING },
  { from: -0.01, color: Color.OK },
  { from: 0.01, color: Color.WARNING },
  { from: 0.05, color: Color.STOP },
];

function agreement() {
  return table({
    title: 'How far are the counters from the exact sum?',
    description:
      'Cost of the time range: the exact sum over the ledger in ClickHouse, beside the increase of the counter that Prometheus scrapes. Within 1 % is as good as it gets. More: choose a longer time range, then see what is told beside it. Bills are written from ClickHouse.',
    width: 16,
    height: 8,
    noValue: 'Nothing was spent.',
    columns: [
      { name: 'tenant', header: 'Tenant' },
      { name: 'exact', header: 'ClickHouse, exact', unit: Unit.USD_EXACT, decimals: 4, width: 170 },
      { name: 'Value', header: 'Prometheus, increase', unit: Unit.USD_EXACT, decimals: 4, width: 170 },
      { name: 'difference', header: 'Difference', unit: Unit.USD_EXACT, decimals: 4, width: 130 },
      { name: 'off', header: 'Off by', unit: Unit.RATIO, decimals: 2, width: 110, steps: OFF },
    ],
    transformations: merged(
      ['tenant', 'exact', 'Value', 'difference', 'off'],
      [calculated('difference', 'Value', '-', 'exact'), calculated('off', 'difference', '/', 'exact')],
    ),
    queries: [
      rows(sql`
        SELECT
          tenant,
          sum(cost_nano_usd) / 1e9 AS exact
        FROM workflow_5min_totals
        WHERE ${ofTenants()}
          AND time >= toStartOfFiveMinutes($__fromTime)
          AND time <= $__toTime
        GROUP BY tenant
        HAVING exact > 0
        ORDER BY exact DESC
        LIMIT 200`),
      labelRows(`sum by (tenant) (increase(${ofChosen('turnmeter_cost_usd_total')}[$__range])) > 0`),
    ],
  });
}

function explanation() {
  return text({
    title: 'What makes them differ?',
    description: 'What to look for when the figures beside are more than 1 % apart.',
    width: 8,
    height: 8,
    markdown: [
      '- **Prometheus has less**: it was down or the aggregator restarted between two scrapes, a tenant is new (its first scrape begins at 0), or a workflow is counted under `_other`.',
      '- **Prometheus has more**: spending was taken back in the ledger; a counter only rises.',
      '- **Either**: what ended before the time range was booked in it, as by an import or after an outage. ClickHouse goes by when calls ended, counters by when they were booked.',
      '- The edges of the time range are five minutes wide in ClickHouse.',
    ].join('\n'),
  });
}
