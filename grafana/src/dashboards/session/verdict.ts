// Whether a session is normal, in the words and by the bounds of the API (assess/verdict.ts of the aggregator); while it runs, by the levels of
// policies.

import type { StatOptions } from '../../panel/stat.ts';
import { ofTenant } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, LADDER } from '../../style.ts';
import { SUMMARY, USUAL } from './of-session.ts';

/** Verdicts and their colors. */
const COLORS: Readonly<Record<string, Color>> = {
  normal: Color.OK,
  low: Color.COST,
  high: Color.CRITICAL,
  unusual: Color.STOP,
  'nothing to compare with': Color.COUNT,
  'within limits': Color.OK,
  warning: Color.WARNING,
  critical: Color.CRITICAL,
  'past its stop': Color.STOP,
};

export function verdictColors(): NonNullable<StatOptions['mappings']> {
  const options = Object.fromEntries(
    Object.entries(COLORS).map(([text, color], index) => [text, { text, color, index }]),
  );
  return [{ type: 'value', options }] as unknown as NonNullable<StatOptions['mappings']>;
}

/** Up to a quarter is not worth a word; beyond, deviations decide, or where all others were alike, shares. */
const BOUNDS = { notableShare: 0.25, highSds: 1.5, unusualSds: 3, unusualShare: 1, sessionsMin: 5 };

/** Sessions, sum and squares of the workflow's finalized sessions, without this one. */
const OTHERS = sql`
  (
    SELECT (toInt64(average.sessions), average.cost_nano_usd_sum, average.cost_nano_usd_squares)
    FROM workflow_averages AS average FINAL
    WHERE ${ofTenant('average')}
      AND average.workflow = session_workflow
  ) AS ever,
  (
    SELECT (toInt64(count()), sum(summary.cost_nano_usd), sum(toInt128(summary.cost_nano_usd) * summary.cost_nano_usd))
    FROM session_summaries AS summary FINAL
    WHERE ${SUMMARY}
  ) AS own,
  ever.1 - own.1 AS n,
  toFloat64(ever.2 - own.2) / nullIf(n, 0) AS mean,
  sqrt(greatest(toFloat64(ever.3 - own.3) - n * mean * mean, 0) / nullIf(n - 1, 0)) AS sd`.trim();

export const VERDICT = sql`
  WITH
    ${USUAL},
    ${OTHERS},
    own.1 > 0 AS is_over
  SELECT
    multiIf(
      NOT is_over AND usual_cost = 0, 'nothing to compare with',
      NOT is_over AND cost >= ${LADDER.stop} * usual_cost, 'past its stop',
      NOT is_over AND cost >= ${LADDER.critical} * usual_cost, 'critical',
      NOT is_over AND cost >= ${LADDER.warning} * usual_cost, 'warning',
      NOT is_over, 'within limits',
      ifNull(n, 0) <= 0 OR isNull(mean), 'nothing to compare with',
      abs(cost - mean) <= ${BOUNDS.notableShare} * mean, 'normal',
      ifNull(sd, 0) = 0 AND abs(cost - mean) > ${BOUNDS.unusualShare} * mean AND n >= ${BOUNDS.sessionsMin}, 'unusual',
      ifNull(sd, 0) > 0 AND abs(cost - mean) < ${BOUNDS.highSds} * sd, 'normal',
      ifNull(sd, 0) > 0 AND abs(cost - mean) >= ${BOUNDS.unusualSds} * sd AND n >= ${BOUNDS.sessionsMin}, 'unusual',
      cost > mean, 'high',
      'low'
    ) AS verdict
  FROM
  (
    SELECT seen.4 AS cost
    WHERE seen.3 > 0
  )`;
