import type { Reader } from '../query/reader.ts';
import type { SessionFigures } from '../query/session-figures.ts';
import { sql } from '../query/sql.ts';
import { meanOf, sdOf } from '../query/statistics.ts';
import { type Metric, METRICS } from '../query/workflows.ts';
import { MEASURES } from './measure.ts';
import type { Baseline } from './verdict.ts';

// The session itself is left out: with few others it would be compared with itself.
const OTHERS = sql`
  SELECT
    count() AS n,
    sum(summary.duration_us) AS duration_us_sum,
    sum(toInt128(summary.duration_us) * summary.duration_us) AS duration_us_squares,
    countIf(summary.duration_us < {duration_us:Int64}) AS duration_us_below,
    countIf(summary.duration_us = {duration_us:Int64}) AS duration_us_equal,
    sum(summary.cost_nano_usd) AS cost_nano_usd_sum,
    sum(toInt128(summary.cost_nano_usd) * summary.cost_nano_usd) AS cost_nano_usd_squares,
    countIf(summary.cost_nano_usd < {cost_nano_usd:Int64}) AS cost_nano_usd_below,
    countIf(summary.cost_nano_usd = {cost_nano_usd:Int64}) AS cost_nano_usd_equal,
    sum(summary.tokens) AS tokens_sum,
    sum(toInt128(summary.tokens) * summary.tokens) AS tokens_squares,
    countIf(summary.tokens < {tokens:Int64}) AS tokens_below,
    countIf(summary.tokens = {tokens:Int64}) AS tokens_equal,
    sum(summary.turns) AS turns_sum,
    sum(toInt128(summary.turns) * summary.turns) AS turns_squares,
    countIf(summary.turns < {turns:Int64}) AS turns_below,
    countIf(summary.turns = {turns:Int64}) AS turns_equal,
    sum(summary.agent_count) AS agents_sum,
    sum(toInt128(summary.agent_count) * summary.agent_count) AS agents_squares,
    countIf(summary.agent_count < {agents:Int64}) AS agents_below,
    countIf(summary.agent_count = {agents:Int64}) AS agents_equal
  FROM session_summaries AS summary FINAL
  WHERE summary.tenant = {tenant:String}
    AND summary.workflow = {workflow:String}
    AND summary.session_id != {session_id:String}`;

type OthersRow = Readonly<Record<'n' | `${Metric}_${'sum' | 'squares' | 'below' | 'equal'}`, string>>;

/** The other finalized sessions of a session's workflow, in each measure. */
export async function readBaselines(
  reader: Reader,
  figures: SessionFigures,
): Promise<Readonly<Record<Metric, Baseline>>> {
  const { tenant, workflow, sessionId } = figures;
  const values = Object.fromEntries(METRICS.map((metric) => [metric, MEASURES[metric].of(figures)]));
  const row = await reader.row<OthersRow>(OTHERS, { ...values, tenant, workflow, session_id: sessionId });
  const n = Number(row.n);
  return Object.fromEntries(
    METRICS.map((metric) => {
      const moments = { n, sum: BigInt(row[`${metric}_sum`]), squares: BigInt(row[`${metric}_squares`]) };
      const below = Number(row[`${metric}_below`]);
      const equal = Number(row[`${metric}_equal`]);
      return [metric, { n, mean: meanOf(moments), sd: sdOf(moments), below, equal }];
    }),
  ) as Record<Metric, Baseline>;
}
