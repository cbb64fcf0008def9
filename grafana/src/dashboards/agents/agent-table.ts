import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { clicked, kept, Uid } from '../../link.ts';
import { table } from '../../panel/table.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { sql } from '../../query/sql.ts';
import { Color, quiet, rising, Unit } from '../../style.ts';
import { entriesInRange, STANDING, stepOf } from './in-range.ts';

/** Rate, errors, duration and spending: a line for each agent. */
export function agentTable(): Builder<Panel> {
  return table({
    title: 'Which agent is slow, fails or spends?',
    description:
      'The agents of the time range, the dearest first. Slow with much input a turn: give it less context. Slow with little: look at its tools and its model. Click on an agent to see it alone.',
    width: 24,
    height: 8,
    columns: [
      { name: 'agent', header: 'Agent', drill: ALONE },
      { name: 'turns', header: 'Turns', unit: Unit.COUNT, width: 90 },
      { name: 'failed', header: 'Failed', unit: Unit.RATIO, decimals: 1, width: 90, steps: quiet(rising(0.02, 0.05)) },
      { name: 'p50', header: 'p50', unit: Unit.SECONDS, decimals: 1, width: 90 },
      { name: 'p95', header: 'p95', unit: Unit.SECONDS, decimals: 1, width: 90, steps: quiet(rising(20, 30)) },
      { name: 'p99', header: 'p99', unit: Unit.SECONDS, decimals: 1, width: 90 },
      { name: 'calls', header: 'Calls / turn', unit: Unit.NONE, decimals: 1, width: 110 },
      { name: 'input', header: 'Input / turn', unit: Unit.TOKENS, width: 110 },
      { name: 'output', header: 'Output / turn', unit: Unit.TOKENS, width: 120 },
      { name: 'turn_cost', header: 'Cost / turn', unit: Unit.USD, width: 120 },
      { name: 'cost', header: 'Cost', unit: Unit.USD_EXACT, decimals: 2, width: 110 },
      { name: 'share', header: 'Share', unit: Unit.RATIO, decimals: 0, width: 160, bar: { color: Color.COST, max: 1 } },
    ],
    queries: [rows(AGENTS)],
  });
}

const ALONE = {
  title: 'See this agent alone',
  to: Uid.AGENTS,
  variables: { tenant: kept('tenant'), agent: clicked },
} as const;

const COLUMNS = [
  'sign',
  'kind',
  'agent',
  'error_type',
  'response_time_us',
  'turns',
  'inferences',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
] as const;

/** One pass: turns go into steps of their response times, and what agents spend into one more. */
const AGENTS = sql`
  SELECT
    totals.name AS agent,
    totals.turns AS turns,
    totals.failures / nullIf(totals.turns, 0) AS failed,
    if(totals.turns > 0, totals.us[1] / 1e6, NULL) AS p50,
    if(totals.turns > 0, totals.us[2] / 1e6, NULL) AS p95,
    if(totals.turns > 0, totals.us[3] / 1e6, NULL) AS p99,
    totals.calls / nullIf(totals.turns, 0) AS calls,
    totals.input / nullIf(totals.turns, 0) AS input,
    totals.output / nullIf(totals.turns, 0) AS output,
    totals.nano_usd / 1e9 / nullIf(totals.turns, 0) AS turn_cost,
    totals.nano_usd / 1e9 AS cost,
    totals.nano_usd / nullIf(sum(totals.nano_usd) OVER (), 0) AS share
  FROM
  (
    SELECT
      steps.name AS name,
      sum(steps.turns) AS turns,
      sum(steps.failures) AS failures,
      quantilesExactWeighted(0.5, 0.95, 0.99)(steps.us, if(steps.is_turn, steps.standing, 0)) AS us,
      sum(steps.calls) AS calls,
      sum(steps.input) AS input,
      sum(steps.output) AS output,
      sum(steps.nano_usd) AS nano_usd
    FROM
    (
      SELECT
        if(entries.agent = '', '(none)', entries.agent) AS name,
        entries.kind = 'turn' AS is_turn,
        if(is_turn, ${stepOf('entries.response_time_us')}, 0) AS us,
        ${STANDING} AS standing,
        sum(entries.sign * entries.turns) AS turns,
        if(is_turn, sum(entries.sign * (entries.error_type != '')), 0) AS failures,
        sum(entries.sign * entries.inferences) AS calls,
        sum(entries.sign * entries.input_tokens) AS input,
        sum(entries.sign * entries.output_tokens) AS output,
        sum(entries.sign * entries.cost_nano_usd) AS nano_usd
      FROM ${entriesInRange(COLUMNS)}
      GROUP BY name, is_turn, us
    ) AS steps
    GROUP BY steps.name
    HAVING turns != 0 OR calls != 0 OR nano_usd != 0
  ) AS totals
  ORDER BY cost DESC, agent
  LIMIT 100`;
