// Sessions worth a look: the dearest, the slowest, and those in which something failed.

import type { Row } from '../../dashboard.ts';
import { clicked, kept, Uid } from '../../link.ts';
import { type Column, table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { atMost, besideUsual, quiet, Unit } from '../../style.ts';
import { ENDED_IN_RANGE, USUAL } from './in-range.ts';

export function sessions(): Row {
  return { title: 'Which sessions should be looked at?', panels: [dearest(), slowest(), failed()] };
}

const SESSION: Column = {
  name: 'Session',
  drill: {
    title: 'Open the session',
    to: Uid.SESSION,
    variables: { tenant: kept('tenant'), session: clicked },
    between: { from: 'from_ms', to: 'to_ms' },
  },
};

const HIDDEN: readonly Column[] = [
  { name: 'from_ms', isHidden: true },
  { name: 'to_ms', isHidden: true },
];

/** A little before and after, so that the first and last turn are not at the edge. */
const TIMES = `toUnixTimestamp64Milli(summary.began_at) - 5000 AS from_ms,
  toUnixTimestamp64Milli(summary.ended_at) + 5000 AS to_ms`;

function dearest() {
  return table({
    title: 'Which cost most?',
    description:
      'The dearest sessions that ended in the time range, beside what is usual. A click shows which turns and agents made it dear.',
    width: 24,
    height: 8,
    noValue: 'no sessions',
    columns: [
      SESSION,
      { name: 'Ended', unit: Unit.UNIX_MS, width: 140 },
      { name: 'Cost', unit: Unit.USD, width: 110 },
      { name: 'Of the usual', unit: Unit.RATIO, decimals: 0, width: 120, steps: quiet(besideUsual) },
      { name: 'Turns', unit: Unit.NONE, width: 80 },
      { name: 'Tokens', unit: Unit.TOKENS, width: 100 },
      { name: 'Took', unit: Unit.SECONDS, width: 110 },
      { name: 'Failures', unit: Unit.NONE, width: 90, steps: quiet(atMost(1)) },
      { name: 'Version', width: 120 },
      { name: 'User', width: 160 },
      ...HIDDEN,
    ],
    queries: [
      rows(sql`
        WITH
          ${USUAL}
        SELECT
          summary.session_id AS "Session",
          toUnixTimestamp64Milli(summary.ended_at) AS "Ended",
          summary.cost_nano_usd / 1e9 AS "Cost",
          summary.cost_nano_usd / nullIf(usual_cost, 0) AS "Of the usual",
          summary.turns AS "Turns",
          summary.tokens AS "Tokens",
          summary.active_us / 1e6 AS "Took",
          summary.errors AS "Failures",
          summary.workflow_version AS "Version",
          summary.user_id AS "User",
          ${TIMES}
        FROM session_summaries AS summary FINAL
        WHERE ${ENDED_IN_RANGE}
        ORDER BY summary.cost_nano_usd DESC, summary.session_id
        LIMIT 20`),
    ],
  });
}

function slowest() {
  return table({
    title: 'Which took longest?',
    description: 'By the time in which something ran, without waiting for people. A click shows which turn took it.',
    width: 12,
    height: 7,
    noValue: 'no sessions',
    columns: [
      SESSION,
      { name: 'Took', unit: Unit.SECONDS, width: 110 },
      { name: 'Waited for people', unit: Unit.SECONDS, width: 140 },
      { name: 'Turns', unit: Unit.NONE, width: 80 },
      { name: 'Cost', unit: Unit.USD, width: 100 },
      ...HIDDEN,
    ],
    queries: [
      rows(sql`
        SELECT
          summary.session_id AS "Session",
          summary.active_us / 1e6 AS "Took",
          summary.human_wait_us / 1e6 AS "Waited for people",
          summary.turns AS "Turns",
          summary.cost_nano_usd / 1e9 AS "Cost",
          ${TIMES}
        FROM session_summaries AS summary FINAL
        WHERE ${ENDED_IN_RANGE}
        ORDER BY summary.active_us DESC, summary.session_id
        LIMIT 10`),
    ],
  });
}

function failed() {
  return table({
    title: 'In which did something fail?',
    description:
      'Sessions in which a call, tool or turn failed, the latest first. A click shows which it was and how its error is called.',
    width: 12,
    height: 7,
    noValue: 'Nothing failed.',
    columns: [
      SESSION,
      { name: 'Failures', unit: Unit.NONE, width: 90, steps: quiet(atMost(1)) },
      { name: 'Ended', unit: Unit.UNIX_MS, width: 140 },
      { name: 'Turns', unit: Unit.NONE, width: 80 },
      { name: 'Cost', unit: Unit.USD, width: 100 },
      ...HIDDEN,
    ],
    queries: [
      rows(sql`
        SELECT
          summary.session_id AS "Session",
          summary.errors AS "Failures",
          toUnixTimestamp64Milli(summary.ended_at) AS "Ended",
          summary.turns AS "Turns",
          summary.cost_nano_usd / 1e9 AS "Cost",
          ${TIMES}
        FROM session_summaries AS summary FINAL
        WHERE ${ENDED_IN_RANGE}
          AND summary.errors > 0
        ORDER BY summary.ended_at DESC
        LIMIT 10`),
    ],
  });
}
