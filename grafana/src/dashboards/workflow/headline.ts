// The numbers at the top: cost on the left, then how much of it there is, then whether it works.

import type { Row } from '../../dashboard.ts';
import { stat, type StatOptions } from '../../panel/stat.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { besideUsual, Color, rising, Unit } from '../../style.ts';
import { ENDED_IN_RANGE, USUAL } from './in-range.ts';

export function headline(): Row {
  return { panels: [costs(), usual(), spent(), count(), failed(), takes()] };
}

interface Figure extends Pick<
  StatOptions,
  'title' | 'description' | 'unit' | 'decimals' | 'steps' | 'color' | 'isLoud'
> {
  /** Of `summary`. */
  readonly figure: string;
  /** @default nothing is needed */
  readonly given?: string;
}

function figureStat({ figure, given, ...options }: Figure) {
  const query = sql`
    SELECT if(count() = 0, NULL, ${figure}) AS figure
    FROM session_summaries AS summary FINAL
    WHERE ${ENDED_IN_RANGE}`;
  return stat({
    ...options,
    noValue: 'no sessions',
    queries: [
      rows(
        given === undefined
          ? query
          : sql`
    WITH
      ${given}
      ${query.trim()}`,
      ),
    ],
  });
}

function costs() {
  return figureStat({
    title: 'A session costs',
    description:
      'Mean of the sessions that ended in the time range. What it usually costs stands beside it; dear turns and agents are below.',
    unit: Unit.USD,
    color: Color.COST,
    figure: 'avg(summary.cost_nano_usd) / 1e9',
  });
}

function usual() {
  return figureStat({
    title: 'Of what is usual',
    description:
      'That mean over the usual cost: the mean of the latest 1,000 finalized sessions, in which runaways count no more than two deviations; policies judge by the same figure. 100 % is as ever. From 110 % on: compare versions and agents below.',
    unit: Unit.RATIO,
    decimals: 0,
    steps: besideUsual,
    isLoud: true,
    given: USUAL,
    figure: 'avg(summary.cost_nano_usd) / nullIf(usual_cost, 0)',
  });
}

function spent() {
  return figureStat({
    title: 'Spent on them',
    description:
      'Exact sum of the sessions that ended in the time range. Sessions that still run, and calls of no session, are not in it: the Overview has all.',
    unit: Unit.USD_EXACT,
    decimals: 2,
    color: Color.COST,
    figure: 'sum(summary.cost_nano_usd) / 1e9',
  });
}

function count() {
  return figureStat({
    title: 'Sessions ended',
    description:
      'Finalized sessions that ended in the time range. Means of fewer than ten say little; then look at the single sessions at the bottom.',
    unit: Unit.NONE,
    figure: 'count()',
  });
}

function failed() {
  return figureStat({
    title: 'Sessions with a failure',
    description:
      'Share of them in which a call, tool or turn failed. Promised are at most 5 % (runbook TurnmeterFailedSessionsSloBurn): the table of failed sessions at the bottom leads to what failed.',
    unit: Unit.RATIO,
    decimals: 1,
    steps: rising(0.02, 0.05),
    figure: 'countIf(summary.errors > 0) / count()',
  });
}

function takes() {
  return figureStat({
    title: '95 % take less than',
    description:
      'Time in which something ran, without waiting for people: the 95th percentile. Grown: see who takes the time below.',
    unit: Unit.SECONDS,
    color: Color.TIME,
    figure: 'quantileExact(0.95)(summary.active_us) / 1e6',
  });
}
