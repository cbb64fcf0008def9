// Sessions worth a look: the dearest, the slowest, and those in which something failed.

import type { Row } from '../../dashboard.ts';
import { clicked, kept, Uid } from '../../link.ts';
import { type Column, table, type TableOptions } from '../../panel/table.ts';
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
  return sessionTable({
    title: 'Which took longest?',
    description: 'By the time in which something ran, without waiting for people. A click shows which turn took it.',
    noValue: 'no sessions',
    columns: [
      { name: 'Took', unit: Unit.SECONDS, width: 110 },
      { name: 'Waited for people', unit: Unit.SECONDS, width: 140 },
      { name: 'Turns', unit: Unit.NONE, width: 80 },
      { name: 'Cost', unit: Unit.USD, width: 100 },
    ],
    figures: [
      'summary.active_us / 1e6 AS "Took"',
      'summary.human_wait_us / 1e6 AS "Waited for people"',
      'summary.turns AS "Turns"',
      'summary.cost_nano_usd / 1e9 AS "Cost"',
    ],
    order: 'summary.active_us DESC, summary.session_id',
  });
}

function failed() {
  return sessionTable({
    title: 'In which did something fail?',
    description:
      'Sessions in which a call, tool or turn failed, the latest first. A click shows which it was and how its error is called.',
    noValue: 'Nothing failed.',
    columns: [
      { name: 'Failures', unit: Unit.NONE, width: 90, steps: quiet(atMost(1)) },
      { name: 'Ended', unit: Unit.UNIX_MS, width: 140 },
      { name: 'Turns', unit: Unit.NONE, width: 80 },
      { name: 'Cost', unit: Unit.USD, width: 100 },
    ],
    figures: [
      'summary.errors AS "Failures"',
      'toUnixTimestamp64Milli(summary.ended_at) AS "Ended"',
      'summary.turns AS "Turns"',
      'summary.cost_nano_usd / 1e9 AS "Cost"',
    ],
    condition: 'summary.errors > 0',
    order: 'summary.ended_at DESC, summary.session_id',
  });
}

interface SessionTable extends Pick<TableOptions, 'title' | 'description' | 'noValue' | 'columns'> {
  /** A column of SQL for each of the table's. */
  readonly figures: readonly string[];
  readonly condition?: string;
  readonly order: string;
}

/** The first ten sessions in an order. */
function sessionTable({ columns, figures, condition, order, ...options }: SessionTable) {
  return table({
    ...options,
    width: 12,
    height: 7,
    columns: [SESSION, ...columns, ...HIDDEN],
    queries: [
      rows(sql`
        SELECT
          summary.session_id AS "Session",
          ${figures.join(',\n')},
          ${TIMES}
        FROM session_summaries AS summary FINAL
        WHERE ${condition === undefined ? ENDED_IN_RANGE : `${ENDED_IN_RANGE}\n  AND ${condition}`}
        ORDER BY ${order}
        LIMIT 10`),
    ],
  });
}
