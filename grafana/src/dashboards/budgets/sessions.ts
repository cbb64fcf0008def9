// Sessions that cost more than is usual, and what guards in apps did about them.

import type { Row } from '../../dashboard.ts';
import { clicked, inRow, Uid } from '../../link.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { overTime } from '../../query/prometheus-query.ts';
import { ofTenants } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, LADDER, ofExpected, Unit } from '../../style.ts';
import { ofChosen } from './series.ts';

export function sessionsRow(): Row {
  return {
    title: 'Sessions over what is expected, and what guards did',
    panels: [over(), guards(), dearest()],
  };
}

function over() {
  return timeSeries({
    title: 'How many running sessions are over 75, 90, 150 %?',
    description:
      'Running sessions at or over the levels of their policy: warning, critical and stop, which are 75, 90 and 150 % of what is expected unless a policy says otherwise. Half of all pass 90 %; any over stop should have been stopped by a guard. Runbook: TurnmeterSessionOverLimit.',
    unit: Unit.COUNT,
    decimals: 0,
    colors: { warning: Color.WARNING, critical: Color.CRITICAL, stop: Color.STOP },
    width: 12,
    height: 8,
    queries: ['warning', 'critical', 'stop'].map(atLevel),
  });
}

function atLevel(level: string) {
  const sessions = ofChosen('turnmeter_sessions_over_threshold', { level });
  return overTime(`sum(max by (tenant, workflow) (${sessions})) or vector(0)`, level);
}

function guards() {
  const actions = ofChosen('turnmeter_guard_actions_total');
  return timeSeries({
    title: 'What did guards do?',
    description:
      'Actions of guards in apps. Many of "override" are people who let sessions go on: the budget or the workflow is wrong. Runbook: TurnmeterGuardOverrides. Nothing at all while sessions are over stop: the app has no guard.',
    unit: Unit.COUNT,
    isBars: true,
    isStacked: true,
    noValue: 'Guards did nothing.',
    colors: {
      notify: Color.COUNT,
      degrade: Color.COST,
      pause: Color.WARNING,
      resume: Color.TIME,
      stop: Color.STOP,
      override: Color.TOKENS,
    },
    width: 12,
    height: 8,
    // Series that are new have no increase: what they began with is news too.
    queries: [
      overTime(
        `sum by (action) (
          (${actions} unless ${actions} offset $__rate_interval) or increase(${actions}[$__rate_interval])
        ) > 0`,
        '{{action}}',
      ),
    ],
  });
}

/** As many sessions as a workflow needs before its average tells something (MIN_SESSIONS of @turnmeter/budget). */
const SESSIONS_MIN = 10;

function dearest() {
  return table({
    title: 'Which sessions cost more than is usual?',
    description: `Sessions that were last seen in the time range, running or over, that cost ${LADDER.warning * 100} % or more of the mean of their workflow, the furthest above it first. Click on one to see what it spent on; many of one workflow: look for what changed there. Workflows with fewer than ${SESSIONS_MIN} finalized sessions have no mean yet.`,
    width: 24,
    height: 9,
    noValue: 'No session costs more than is usual.',
    columns: [
      {
        name: 'session',
        header: 'Session',
        drill: { title: 'Open the session', to: Uid.SESSION, variables: { tenant: inRow('tenant'), session: clicked } },
      },
      { name: 'tenant', header: 'Tenant', width: 140 },
      {
        name: 'workflow',
        header: 'Workflow',
        width: 220,
        drill: {
          title: 'Open the workflow',
          to: Uid.WORKFLOW,
          variables: { tenant: inRow('tenant'), workflow: clicked },
        },
      },
      { name: 'state', header: 'State', width: 100 },
      { name: 'turns', header: 'Turns', unit: Unit.COUNT, width: 90 },
      { name: 'cost', header: 'Cost', unit: Unit.USD, width: 120 },
      { name: 'usual', header: 'Mean', unit: Unit.USD, width: 120 },
      { name: 'ratio', header: 'Of the mean', unit: Unit.RATIO, decimals: 0, width: 120, steps: ofExpected },
      { name: 'ended', header: 'Last seen', width: 170 },
    ],
    queries: [rows(DEAREST)],
  });
}

/** As `session_idle_minutes` of the configuration, unless it is set. */
const IDLE_MINUTES = 15;

/** Of sessions that are older than the first day of the time range, what they have cost since. */
const DEAREST = sql`
  SELECT
    totals.session_id AS session,
    totals.tenant AS tenant,
    totals.workflow AS workflow,
    if(totals.ended > $__toTime - INTERVAL ${IDLE_MINUTES} MINUTE, 'running', 'over') AS state,
    totals.turns AS turns,
    totals.nano_usd / 1e9 AS cost,
    averages.nano_usd / 1e9 AS usual,
    totals.nano_usd / averages.nano_usd AS ratio,
    totals.ended AS ended
  FROM
  (
    SELECT
      entries.tenant AS tenant,
      entries.session_id AS session_id,
      entries.workflow AS workflow,
      sum(entries.sign * entries.turns) AS turns,
      sum(entries.sign * entries.cost_nano_usd) AS nano_usd,
      max(entries.ended_at) AS ended
    FROM entries
    WHERE ${ofTenants('entries')}
      AND entries.session_id != ''
      AND entries.ingest_day >= toDate($__fromTime, 'UTC')
    GROUP BY
      entries.tenant,
      entries.session_id,
      entries.workflow
    HAVING nano_usd > 0 AND $__timeFilter(ended)
  ) AS totals
  INNER JOIN
  (
    SELECT
      averages.tenant AS tenant,
      averages.workflow AS workflow,
      argMax(averages.cost_nano_usd_sum / averages.sessions, averages.revision) AS nano_usd,
      argMax(averages.sessions, averages.revision) AS finalized
    FROM workflow_averages AS averages
    WHERE ${ofTenants('averages')}
    GROUP BY
      averages.tenant,
      averages.workflow
    HAVING finalized >= ${SESSIONS_MIN} AND nano_usd > 0
  ) AS averages ON averages.tenant = totals.tenant AND averages.workflow = totals.workflow
  WHERE ratio >= ${LADDER.warning}
  ORDER BY ratio DESC, cost DESC
  LIMIT 50`;
