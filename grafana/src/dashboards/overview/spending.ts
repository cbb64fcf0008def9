// Where the money goes: over time by tenant, against budgets, and by workflow.

import type { Row } from '../../dashboard.ts';
import { clicked, inRow, onLine, Uid } from '../../link.ts';
import { barGauge } from '../../panel/bar-gauge.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows, series } from '../../query/clickhouse-query.ts';
import { atEnd } from '../../query/prometheus-query.ts';
import { isAmong, ofTenants, recordedLabels } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { besideUsual, Color, ofBudget, quiet, Unit } from '../../style.ts';
import { COST_USD, HOURS_IN_RANGE, STEP_SECONDS } from './in-range.ts';

export function spending(): Row {
  return { title: 'Is the money on plan?', panels: [perHour(), budgets(), workflows()] };
}

/** Tenants with a color of their own; what the others spend is added up. */
const TENANTS_SHOWN = 8;

function perHour() {
  return timeSeries({
    title: 'Spend per hour, by tenant',
    description:
      'Exact sums by hour. Dashed: all of them a day earlier. A tenant that rises without its sessions rising has a workflow that became dearer: click its bar to see which.',
    unit: Unit.USD_PER_HOUR,
    width: 16,
    height: 9,
    isStacked: true,
    isBars: true,
    expected: ['a day earlier'],
    legend: 'beside',
    calcs: ['mean', 'max'],
    drills: [{ title: 'Workflows of this tenant', to: Uid.WORKFLOW, variables: { tenant: onLine('payer') } }],
    queries: [
      series(sql`
        SELECT
          toStartOfInterval(toStartOfHour(entries.ended_at), INTERVAL ${STEP_SECONDS} second) AS time,
          if(entries.tenant IN (SELECT tenant FROM (${dearestTenants()})), entries.tenant, 'others') AS payer,
          ${COST_USD} * 3600 / ${STEP_SECONDS} AS Value
        FROM entries
        WHERE ${HOURS_IN_RANGE}
        GROUP BY time, payer
        ORDER BY time, payer`),
      series(sql`
        SELECT
          toStartOfInterval(toStartOfHour(entries.ended_at), INTERVAL ${STEP_SECONDS} second) + INTERVAL 1 DAY AS time,
          ${COST_USD} * 3600 / ${STEP_SECONDS} AS "a day earlier"
        FROM entries
        WHERE ${ofTenants('entries')}
          AND ${isAmong('entries.workflow', 'workflow')}
          AND toStartOfHour(entries.ended_at) BETWEEN toStartOfHour($__fromTime - INTERVAL 1 DAY) AND $__toTime - INTERVAL 1 DAY
        GROUP BY time
        ORDER BY time`),
    ],
  });
}

function dearestTenants(): string {
  return sql`
    SELECT entries.tenant AS tenant
    FROM entries
    WHERE ${HOURS_IN_RANGE}
    GROUP BY entries.tenant
    ORDER BY ${COST_USD} DESC
    LIMIT ${TENANTS_SHOWN}
  `;
}

function budgets() {
  return barGauge({
    title: 'How much of the month’s budgets is used?',
    description:
      'Spent so far over the monthly budget of tenants and of single workflows, the fullest first. Late in the month 90 % may be as planned: see what is projected on Budgets and burn.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: ofBudget,
    max: 1.5,
    width: 8,
    height: 9,
    noValue: 'No budgets are configured.',
    drills: [{ title: 'Open Budgets and burn', to: Uid.BUDGETS, variables: { tenant: onLine('tenant') } }],
    queries: [
      atEnd(
        `sort_desc(topk(8, max by (tenant, workflow) (budget:turnmeter_used:ratio${recordedLabels(['tenant'], { period: 'month' })})))`,
        '{{tenant}} {{workflow}}',
      ),
    ],
  });
}

function workflows() {
  return table({
    title: 'Which workflows spend most, and is a session as dear as it was?',
    description:
      'Exact cost in the time range; sessions that began on its days and have ended, what one of them costs, and what one has cost on average ever. Red: half as dear again, look at versions and agents of the workflow.',
    width: 24,
    height: 9,
    columns: [
      {
        name: 'Workflow',
        drill: {
          title: 'Open the workflow',
          to: Uid.WORKFLOW,
          variables: { tenant: inRow('Tenant'), workflow: clicked },
        },
      },
      { name: 'Tenant', width: 200 },
      { name: 'Spent', unit: Unit.USD_EXACT, decimals: 2, width: 260, bar: { color: Color.COST } },
      { name: 'Share', unit: Unit.RATIO, decimals: 0, width: 90 },
      { name: 'Sessions', unit: Unit.NONE, width: 110 },
      { name: 'A session costs', unit: Unit.USD, width: 140 },
      { name: 'On average ever', unit: Unit.USD, width: 140 },
      { name: 'Of the average', unit: Unit.RATIO, decimals: 0, width: 140, steps: quiet(besideUsual) },
    ],
    queries: [rows(dearestWorkflows())],
  });
}

function dearestWorkflows(): string {
  return sql`
    SELECT
      spent.workflow AS "Workflow",
      spent.tenant AS "Tenant",
      spent.usd AS "Spent",
      spent.usd / nullIf(spent.all_usd, 0) AS "Share",
      days.sessions AS "Sessions",
      days.usd / nullIf(days.sessions, 0) AS "A session costs",
      ever.usd / nullIf(ever.sessions, 0) AS "On average ever",
      "A session costs" / nullIf("On average ever", 0) AS "Of the average"
    FROM
    (
      SELECT
        entries.tenant AS tenant,
        entries.workflow AS workflow,
        ${COST_USD} AS usd,
        sum(usd) OVER () AS all_usd
      FROM entries
      WHERE ${HOURS_IN_RANGE}
      GROUP BY entries.tenant, entries.workflow
      ORDER BY usd DESC
      LIMIT 12
    ) AS spent
    LEFT JOIN
    (
      SELECT day.tenant AS tenant, day.workflow AS workflow, sum(day.sessions) AS sessions, sum(day.cost_nano_usd_sum) / 1e9 AS usd
      FROM workflow_days AS day FINAL
      WHERE ${ofTenants('day')}
        AND day.day BETWEEN toDate($__fromTime, 'UTC') AND toDate($__toTime, 'UTC')
      GROUP BY day.tenant, day.workflow
    ) AS days USING (tenant, workflow)
    LEFT JOIN
    (
      SELECT average.tenant AS tenant, average.workflow AS workflow, average.sessions AS sessions, average.cost_nano_usd_sum / 1e9 AS usd
      FROM workflow_averages AS average FINAL
      WHERE ${ofTenants('average')}
    ) AS ever USING (tenant, workflow)
    ORDER BY "Spent" DESC`;
}
