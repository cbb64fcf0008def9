// Rate, errors and duration of agents over time, and the turns that took longest.

import type { Row } from '../../dashboard.ts';
import { clicked, kept, Uid } from '../../link.ts';
import { heatmap } from '../../panel/heatmap.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows, series } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, quiet, rising, Unit } from '../../style.ts';
import { agentTable } from './agent-table.ts';
import { entriesInRange, STANDING, STEP_SECONDS, stepOf, TIME, TURNS_IN_RANGE, turnsInRange } from './in-range.ts';

export function turnsRow(): Row {
  return {
    title: 'Agents: who works, who is slow, who fails',
    panels: [agentTable(), work(), failures(), responseTimes(), spread(), slowest()],
  };
}

function work() {
  return timeSeries({
    title: 'How much does each agent work?',
    description:
      'Turns a minute, by agent. Two that rise while the others do not are often two that go back and forth: see handoffs below.',
    unit: Unit.PER_MINUTE,
    isStacked: true,
    isBars: true,
    width: 8,
    height: 8,
    queries: [
      series(sql`
        SELECT
          ${TIME} AS time,
          if(entries.agent = '', '(none)', entries.agent) AS agent,
          sum(entries.sign * entries.turns) * 60 / ${STEP_SECONDS} AS Value
        FROM ${turnsInRange(['sign', 'agent', 'ended_at', 'turns'])}
        GROUP BY time, agent
        ORDER BY time, agent`),
    ],
  });
}

function failures() {
  return timeSeries({
    title: 'What fails, and when?',
    description:
      'Turns, calls and tools that ended in an error, by what it is called. One kind that begins at a time: what was deployed then, or which provider is in trouble?',
    unit: Unit.COUNT,
    decimals: 0,
    isStacked: true,
    isBars: true,
    width: 8,
    height: 8,
    noValue: 'nothing failed',
    queries: [
      series(sql`
        SELECT
          ${TIME} AS time,
          if(entries.error_type = '', '(unnamed)', entries.error_type) AS error,
          greatest(sum(entries.sign * entries.errors), 0) AS Value
        FROM ${entriesInRange(['sign', 'ended_at', 'error_type', 'errors'], 'entries.errors > 0')}
        GROUP BY time, error
        ORDER BY time, error`),
    ],
  });
}

function responseTimes() {
  return timeSeries({
    title: 'How long do turns take?',
    description:
      'Half of the turns are faster than p50, 95 % faster than p95. p99 alone rising is single turns: see the slowest below. All rising together is a model or a tool.',
    unit: Unit.SECONDS,
    colors: { p50: Color.TIME, p95: Color.WARNING, p99: Color.STOP },
    spansGaps: true,
    width: 8,
    height: 8,
    queries: [
      series(sql`
        SELECT
          time,
          us[1] / 1e6 AS p50,
          us[2] / 1e6 AS p95,
          us[3] / 1e6 AS p99
        FROM
        (
          SELECT
            time,
            quantilesExactWeighted(0.5, 0.95, 0.99)(step_us, standing) AS us
          FROM
          (
            SELECT
              ${TIME} AS time,
              ${stepOf('entries.response_time_us')} AS step_us,
              ${STANDING} AS standing
            FROM ${turnsInRange(['sign', 'ended_at', 'response_time_us'])}
            GROUP BY time, step_us
            HAVING standing > 0
          )
          GROUP BY time
        )
        ORDER BY time`),
    ],
  });
}

/** Upper bounds in seconds: those of the histogram on /metrics. */
const BOUNDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300] as const;

function spread() {
  const bounds = BOUNDS.map((bound, at) => {
    const above = (BOUNDS[at - 1] ?? -1) * 1e6;
    return `sumIf(entries.sign, ${range(above, bound * 1e6)}) AS \`${bound}\``;
  });
  const rest = `sumIf(entries.sign, entries.response_time_us > ${(BOUNDS.at(-1) ?? 0) * 1e6}) AS \`+Inf\``;
  return heatmap({
    title: 'Is it a few slow turns, or all?',
    description:
      'How many turns took how long. A second band far above the first is one agent or one tool that waits; a band that moves up as a whole is a model.',
    unit: Unit.SECONDS,
    width: 12,
    height: 9,
    queries: [
      series(sql`
        SELECT
          ${TIME} AS time,
          ${[...bounds, rest].join(',\n')}
        FROM ${turnsInRange(['sign', 'ended_at', 'response_time_us'])}
        GROUP BY time
        ORDER BY time`),
    ],
  });
}

function range(above: number, upTo: number): string {
  const upper = `entries.response_time_us <= ${upTo}`;
  return above < 0 ? upper : `entries.response_time_us > ${above} AND ${upper}`;
}

/** How many are shown, and of how many rows they are taken: a turn that was booked anew is there thrice. */
const SLOWEST = { turns: 25, rows: 200 } as const;

function slowest() {
  return table({
    title: 'Which turns took longest?',
    description:
      'The slowest turns of the time range. Click on a session to see what the agent did in the meantime, and whether it was normal for this workflow.',
    width: 12,
    height: 9,
    columns: [
      { name: 'response', header: 'Time', unit: Unit.SECONDS, decimals: 1, width: 80, steps: quiet(rising(20, 30)) },
      { name: 'agent', header: 'Agent', width: 120 },
      { name: 'session', header: 'Session', drill: SESSION },
      { name: 'workflow', header: 'Workflow', width: 160, drill: WORKFLOW },
      { name: 'ended', header: 'Ended', width: 150 },
      { name: 'error', header: 'Error', width: 100 },
    ],
    queries: [
      rows(sql`
        SELECT
          booked.us / 1e6 AS response,
          booked.agent AS agent,
          booked.session_id AS session,
          booked.workflow AS workflow,
          booked.ended AS ended,
          booked.error_type AS error
        FROM
        (
          SELECT
            entries.response_time_us AS us,
            entries.agent AS agent,
            entries.session_id AS session_id,
            entries.workflow AS workflow,
            entries.trace_key AS trace_key,
            entries.record_id AS record_id,
            entries.ended_at AS ended,
            entries.error_type AS error_type,
            entries.sign AS sign
          FROM entries
          WHERE ${TURNS_IN_RANGE}
          ORDER BY entries.response_time_us DESC, entries.ended_at DESC, entries.session_id, entries.trace_key, entries.record_id
          LIMIT ${SLOWEST.rows}
        ) AS booked
        GROUP BY ALL
        HAVING sum(booked.sign) > 0
        ORDER BY response DESC, ended DESC, session, agent
        LIMIT ${SLOWEST.turns}`),
    ],
  });
}

const SESSION = {
  title: 'Open the session',
  to: Uid.SESSION,
  variables: { tenant: kept('tenant'), session: clicked },
} as const;

const WORKFLOW = {
  title: 'Open the workflow',
  to: Uid.WORKFLOW,
  variables: { tenant: kept('tenant'), workflow: clicked },
} as const;
