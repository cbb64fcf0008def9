// What a session costs: over time, and how it is spread around the usual.

import type { Row } from '../../dashboard.ts';
import { barChart } from '../../panel/bar-chart.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { rows, series } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, LADDER, Unit } from '../../style.ts';
import { ENDED_IN_RANGE, STEP_SECONDS, USUAL } from './in-range.ts';

export function cost(): Row {
  return { title: 'What does a session cost, and is that usual?', panels: [overTime(), spread()] };
}

function overTime() {
  return timeSeries({
    title: 'What did sessions cost?',
    description:
      'Mean and 95th percentile of sessions by when they ended, beside what is usual (dashed). Marks are versions that appeared: a step at a mark is what that version costs.',
    unit: Unit.USD,
    width: 14,
    height: 8,
    colors: { mean: Color.COST, '95 % below': Color.TOKENS },
    expected: ['usual'],
    spansGaps: true,
    queries: [
      series(sql`
        WITH
          ${USUAL}
        SELECT
          toStartOfInterval(summary.ended_at, INTERVAL ${STEP_SECONDS} second) AS time,
          avg(summary.cost_nano_usd) / 1e9 AS "mean",
          quantileExact(0.95)(summary.cost_nano_usd) / 1e9 AS "95 % below",
          usual_cost / 1e9 AS "usual"
        FROM session_summaries AS summary FINAL
        WHERE ${ENDED_IN_RANGE}
        GROUP BY time
        ORDER BY time`),
    ],
  });
}

/** The levels of policies are multiples of it. */
const BUCKET = 0.15;
/** All that cost three times as much as usual or more stand in one. */
const BUCKETS = 21;

function spread() {
  const { warning, critical, stop } = LADDER;
  return barChart({
    title: 'How far are sessions from the usual cost?',
    description:
      'Sessions by their cost as a share of what is usual. Colors are the levels at which policies warn, call it critical and stop, unless a policy says otherwise: 75, 90 and 150 %. A hump at the right is a kind of session of its own; open the dearest ones at the bottom.',
    unit: Unit.COUNT,
    by: 'Of the usual cost',
    width: 10,
    height: 8,
    isStacked: true,
    colors: {
      'below 75 %': Color.OK,
      'from 75 %': Color.WARNING,
      'from 90 %': Color.CRITICAL,
      'from 150 %': Color.STOP,
    },
    queries: [
      rows(sql`
        WITH
          ${USUAL}
        SELECT
          concat(if(bucket = ${BUCKETS - 1}, '≥ ', ''), toString(bucket * ${Math.round(BUCKET * 100)}), ' %') AS "Of the usual cost",
          if(bucket * ${BUCKET} < ${warning}, sessions, 0) AS "below 75 %",
          if(bucket * ${BUCKET} >= ${warning} AND bucket * ${BUCKET} < ${critical}, sessions, 0) AS "from 75 %",
          if(bucket * ${BUCKET} >= ${critical} AND bucket * ${BUCKET} < ${stop}, sessions, 0) AS "from 90 %",
          if(bucket * ${BUCKET} >= ${stop}, sessions, 0) AS "from 150 %"
        FROM
        (
          SELECT
            toUInt64(least(floor(summary.cost_nano_usd / usual_cost / ${BUCKET} + 1e-9), ${BUCKETS - 1})) AS bucket,
            count() AS sessions
          FROM session_summaries AS summary FINAL
          WHERE ${ENDED_IN_RANGE}
            AND usual_cost > 0
          GROUP BY bucket
          ORDER BY bucket WITH FILL FROM 0 TO ${BUCKETS}
        )`),
    ],
  });
}
