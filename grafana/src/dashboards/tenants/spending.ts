// Who spends what, beside the week before.

import type { Row } from '../../dashboard.ts';
import { clicked, inRow, onLine, Uid } from '../../link.ts';
import { merged } from '../../panel/merged.ts';
import { type Column, table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows, series } from '../../query/clickhouse-query.ts';
import { labelRows } from '../../query/prometheus-query.ts';
import { recordedLabels } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, ofBudget, quiet, rising, Unit } from '../../style.ts';
import { before, BOTH, DAYS_AND_BEFORE, FORGOTTEN_DAYS, HOURS_IN_RANGE, now } from './in-range.ts';

export function spendingRow(): Row {
  return { title: 'Spending: who, and how much more than a week before', panels: [ranking(), hours(), fresh()] };
}

function ranking() {
  return table({
    title: 'Which tenants spend, and which grow?',
    description:
      'Cost of the hours in the time range, beside the same hours a week earlier. Growth without more turns is a dearer model or longer context: open its agents and models. Click on a tenant for its overview, on its turns for its workflows.',
    width: 24,
    height: 9,
    columns: COLUMNS,
    transformations: merged(COLUMNS.map(({ name }) => name)),
    queries: [
      rows(RANKING),
      labelRows(
        `max by (tenant) (budget:turnmeter_used:ratio${recordedLabels(['tenant'], { period: 'month', scope: 'tenant' })})`,
      ),
    ],
  });
}

const COLUMNS: readonly Column[] = [
  {
    name: 'tenant',
    header: 'Tenant',
    drill: { title: 'Open the overview', to: Uid.OVERVIEW, variables: { tenant: clicked } },
  },
  { name: 'cost', header: 'Cost', unit: Unit.USD_EXACT, decimals: 2, width: 120 },
  { name: 'share', header: 'Share', unit: Unit.RATIO, decimals: 0, width: 170, bar: { color: Color.COST, max: 1 } },
  { name: 'before', header: 'Week before', unit: Unit.USD_EXACT, decimals: 2, width: 120 },
  { name: 'growth', header: 'Growth', unit: Unit.RATIO, decimals: 0, width: 100, steps: quiet(rising(0.3, 1)) },
  {
    name: 'turns',
    header: 'Turns',
    unit: Unit.COUNT,
    width: 100,
    drill: { title: 'Open its workflows', to: Uid.WORKFLOW, variables: { tenant: inRow('tenant') } },
  },
  { name: 'turns_growth', header: 'Growth of turns', unit: Unit.RATIO, decimals: 0, width: 130 },
  {
    name: 'tokens',
    header: 'Tokens',
    unit: Unit.TOKENS,
    width: 110,
    drill: { title: 'Open its agents and models', to: Uid.AGENTS, variables: { tenant: inRow('tenant') } },
  },
  {
    name: 'unpriced',
    header: 'No price',
    unit: Unit.RATIO,
    decimals: 1,
    width: 100,
    steps: quiet(rising(0.000_001, 0.01)),
  },
  {
    name: 'Value',
    header: 'Budget used',
    unit: Unit.RATIO,
    decimals: 0,
    width: 150,
    steps: ofBudget,
    bar: { max: 1 },
  },
];

const RANKING = sql`
  SELECT
    hours.tenant AS tenant,
    ${now('hours.cost_nano_usd')} / 1e9 AS cost,
    cost / nullIf(sum(cost) OVER (), 0) AS share,
    ${before('hours.cost_nano_usd')} / 1e9 AS before,
    cost / nullIf(before, 0) - 1 AS growth,
    ${now('hours.turns')} AS turns,
    turns / nullIf(${before('hours.turns')}, 0) - 1 AS turns_growth,
    ${now('hours.input_tokens + hours.output_tokens')} AS tokens,
    ${now('hours.unpriced_tokens')} / nullIf(tokens, 0) AS unpriced
  FROM workflow_hour_totals AS hours
  WHERE ${BOTH}
  GROUP BY tenant
  HAVING cost != 0 OR before != 0 OR tokens != 0
  ORDER BY cost DESC, tenant
  LIMIT 500`;

/** Tenants with a color of their own. */
const SHOWN = 12;

function hours() {
  return timeSeries({
    title: 'Who spends when?',
    description: `Exact cost by the hour, of the ${SHOWN} tenants that spend most; the others are together. A tenant that spends at night as by day is a job that nobody waits for: it could be slower and cheaper.`,
    unit: Unit.USD,
    isStacked: true,
    isBars: true,
    width: 15,
    height: 9,
    drills: [{ title: 'Open the overview', to: Uid.OVERVIEW, variables: { tenant: onLine('payer') } }],
    queries: [
      series(sql`
        SELECT
          toStartOfInterval(hours.hour, INTERVAL greatest(3600, $__interval_s) second) AS time,
          if(hours.place <= ${SHOWN}, hours.tenant, '(others)') AS payer,
          sum(hours.nano_usd) / 1e9 AS Value
        FROM
        (
          SELECT
            sums.tenant AS tenant,
            sums.hour AS hour,
            sums.nano_usd AS nano_usd,
            dense_rank() OVER (ORDER BY sums.total DESC, sums.tenant) AS place
          FROM
          (
            SELECT
              tenant,
              time AS hour,
              sum(cost_nano_usd) AS nano_usd,
              sum(nano_usd) OVER (PARTITION BY tenant) AS total
            FROM workflow_hour_totals
            WHERE ${HOURS_IN_RANGE}
            GROUP BY tenant, hour
          ) AS sums
        ) AS hours
        GROUP BY time, payer
        ORDER BY time, payer`),
    ],
  });
}

function fresh() {
  return table({
    title: 'Who is new?',
    description: `Tenants that were first seen in the time range, and not once in the ${FORGOTTEN_DAYS} days before. Give them a budget and a policy; until a workflow has ten sessions, only absolute limits hold.`,
    width: 9,
    height: 9,
    noValue: 'No tenant is new.',
    columns: [
      {
        name: 'tenant',
        header: 'Tenant',
        drill: { title: 'Open the overview', to: Uid.OVERVIEW, variables: { tenant: clicked } },
      },
      { name: 'began', header: 'First seen', width: 150 },
      { name: 'workflows', header: 'Workflows', unit: Unit.COUNT, width: 90 },
      { name: 'cost', header: 'Cost', unit: Unit.USD_EXACT, decimals: 2, width: 100 },
    ],
    queries: [
      rows(sql`
        SELECT
          seen.tenant AS tenant,
          min(seen.began) AS began,
          uniqExact(seen.workflow) AS workflows,
          sum(seen.nano_usd) / 1e9 AS cost
        FROM
        (
          SELECT
            entries.tenant AS tenant,
            entries.workflow AS workflow,
            min(entries.started_at) AS began,
            sum(entries.sign * entries.cost_nano_usd) AS nano_usd
          FROM entries
          WHERE ${DAYS_AND_BEFORE}
          GROUP BY
            entries.tenant,
            entries.workflow
        ) AS seen
        GROUP BY tenant
        HAVING began >= $__fromTime
        ORDER BY began DESC, tenant
        LIMIT 100`),
    ],
  });
}
