// What is wrong right now: sessions that run and cost more than they should, and alerts.

import type { Row } from '../../dashboard.ts';
import { clicked, inRow, Uid } from '../../link.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { labelRows } from '../../query/prometheus-query.ts';
import { isAmong, ofTenants } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { RUNBOOKS } from '../../runbook.ts';
import { Color, ofExpected, quiet, Unit } from '../../style.ts';

const HEIGHT = 7;

export function unusual(): Row {
  return { title: 'Is anything unusual now?', panels: [runningSessions(), firing()] };
}

function runningSessions() {
  return table({
    title: 'Which running sessions cost more than their kind?',
    description:
      'Sessions that something happened in within the last 15 minutes of the time range and that are not finalized, beside the average of all finalized sessions of their workflow; the most unusual first. Open one to see which agent it is, and stop it if nobody needs it.',
    width: 14,
    height: HEIGHT,
    noValue: 'No session runs.',
    columns: [
      {
        name: 'Session',
        drill: {
          title: 'Open the session',
          to: Uid.SESSION,
          variables: { tenant: inRow('Tenant'), session: clicked },
          between: { from: 'from_ms', to: 'to_ms' },
        },
      },
      {
        name: 'Workflow',
        width: 170,
        drill: {
          title: 'Open the workflow',
          to: Uid.WORKFLOW,
          variables: { tenant: inRow('Tenant'), workflow: clicked },
        },
      },
      { name: 'Tenant', width: 120 },
      { name: 'Cost', unit: Unit.USD, width: 90 },
      { name: 'Of the average', unit: Unit.RATIO, decimals: 0, width: 120, steps: quiet(ofExpected) },
      { name: 'Turns', unit: Unit.NONE, width: 70 },
      { name: 'Runs for', unit: Unit.SECONDS, width: 100 },
      { name: 'from_ms', isHidden: true },
      { name: 'to_ms', isHidden: true },
    ],
    queries: [rows(dearestRunning())],
  });
}

function dearestRunning(): string {
  return sql`
    SELECT
      running.session_id AS "Session",
      running.workflow AS "Workflow",
      running.tenant AS "Tenant",
      running.usd AS "Cost",
      running.usd / nullIf(ever.usd / nullIf(ever.sessions, 0), 0) AS "Of the average",
      running.turns AS "Turns",
      (running.to_ms - running.from_ms) / 1000 AS "Runs for",
      running.from_ms - 30000 AS from_ms,
      running.to_ms + 300000 AS to_ms
    FROM
    (
      SELECT
        entries.tenant AS tenant,
        entries.session_id AS session_id,
        entries.workflow AS workflow,
        sum(entries.sign * entries.cost_nano_usd) / 1e9 AS usd,
        sum(entries.sign * entries.turns) AS turns,
        toUnixTimestamp64Milli(min(entries.started_at)) AS from_ms,
        toUnixTimestamp64Milli(max(entries.ended_at)) AS to_ms
      FROM entries
      WHERE ${ofTenants('entries')}
        AND ${isAmong('entries.workflow', 'workflow')}
        AND entries.ingest_day >= toDate($__toTime, 'UTC') - 1
        AND notEmpty(entries.session_id)
      GROUP BY entries.tenant, entries.session_id, entries.workflow
      HAVING sum(entries.sign) > 0
        AND max(entries.ended_at) >= $__toTime - INTERVAL 15 MINUTE
    ) AS running
    LEFT ANTI JOIN
    (
      SELECT summary.tenant AS tenant, summary.session_id AS session_id
      FROM session_summaries AS summary FINAL
      WHERE ${ofTenants('summary')}
        AND summary.day >= toDate($__toTime, 'UTC') - 2
    ) AS finalized USING (tenant, session_id)
    LEFT JOIN
    (
      SELECT average.tenant AS tenant, average.workflow AS workflow, average.sessions AS sessions, average.cost_nano_usd_sum / 1e9 AS usd
      FROM workflow_averages AS average FINAL
      WHERE ${ofTenants('average')}
    ) AS ever USING (tenant, workflow)
    ORDER BY "Of the average" DESC NULLS LAST, "Cost" DESC
    LIMIT 10`;
}

function firing() {
  return table({
    title: 'Which alerts fire?',
    description:
      'Alerts of Turnmeter that fire, of the chosen tenants and of the service itself, the longest first. A click opens the runbook, which says what it means and what to do.',
    width: 10,
    height: HEIGHT,
    noValue: 'No alert fires.',
    sortedBy: 'For',
    columns: [
      {
        name: 'alertname',
        header: 'Alert',
        link: { title: 'Open the runbook', url: `${RUNBOOKS}/\${__value.raw}.md` },
      },
      {
        name: 'severity',
        header: 'Severity',
        width: 80,
        states: {
          critical: { color: Color.STOP },
          warning: { color: Color.WARNING },
          info: { color: Color.COUNT },
        },
      },
      { name: 'tenant', header: 'Tenant', width: 90 },
      { name: 'workflow', header: 'Workflow', width: 130 },
      { name: 'Value', header: 'For', unit: Unit.SECONDS, width: 85 },
      { name: 'Time', isHidden: true },
    ],
    queries: [
      labelRows(`
        max by (alertname, severity, tenant, workflow) (
          time() - ALERTS_FOR_STATE{alertname=~"Turnmeter.+", tenant=~"$tenant|"}
          and ignoring (alertstate) ALERTS{alertstate="firing"}
        )`),
    ],
    transformations: [
      {
        id: 'organize',
        options: { indexByName: { alertname: 0, severity: 1, tenant: 2, workflow: 3, Value: 4, Time: 5 } },
      },
    ],
  });
}
