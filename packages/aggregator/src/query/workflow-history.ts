// In: a workflow. Out: its latest finalized sessions as they went, turn by turn: what a running one is laid beside. Refused: sessions in
// which something has no price, which would make the next ones seem dear, and those without turns.

import { type FinishedSession, HISTORY_SESSIONS_MAX } from '@turnmeter/budget';
import type { Reader } from './reader.ts';
import { sql } from './sql.ts';

/** Turns that are read of a session; one that had more counts as one of so many, with all of its cost at its end. */
const TURNS_MAX = 500;

// Which sessions, from columns that are short; the long documents of those alone are read then, by their whole key.
const HISTORY = sql`
  SELECT
    summary.session_id AS session_id,
    summary.workflow_version AS workflow_version,
    toUnixTimestamp64Micro(summary.began_at) AS began_us,
    toUnixTimestamp64Micro(summary.ended_at) AS ended_us,
    summary.cost_nano_usd AS cost_nano_usd,
    summary.tokens AS tokens,
    summary.turn_speaker[1] AS entry_agent,
    summary.turn_input_tokens[1] AS first_prompt_tokens,
    arraySum(summary.turn_cost_nano_usd) AS turns_cost,
    arraySum(summary.turn_input_tokens) + arraySum(summary.turn_output_tokens) AS turns_tokens,
    arraySlice(arrayCumSum(summary.turn_cost_nano_usd), 1, {turns_max:UInt32}) AS costs,
    arraySlice(
      arrayCumSum((input, output) -> input + output, summary.turn_input_tokens, summary.turn_output_tokens),
      1,
      {turns_max:UInt32}
    ) AS turn_tokens,
    arraySlice(
      arrayMap(turn -> toInt64OrZero(JSONExtractArrayRaw(turn)[3]), JSONExtractArrayRaw(summary.document, 'turns')),
      1,
      {turns_max:UInt32}
    ) AS turn_ends_us
  FROM session_summaries AS summary FINAL
  WHERE summary.tenant = {tenant:String}
    AND (summary.workflow, summary.day, summary.session_id) IN
    (
      SELECT latest.workflow, latest.day, latest.session_id
      FROM session_summaries AS latest FINAL
      WHERE latest.tenant = {tenant:String}
        AND latest.workflow = {workflow:String}
        AND latest.cost_status NOT IN ('partial', 'unpriced')
        AND latest.turns > 0
      ORDER BY latest.day DESC, latest.began_at DESC
      LIMIT {limit:UInt32}
    )
  ORDER BY ended_us`;

interface HistoryRow {
  readonly session_id: string;
  readonly workflow_version: string;
  readonly began_us: number;
  readonly ended_us: number;
  readonly cost_nano_usd: number;
  readonly tokens: number;
  readonly entry_agent: string;
  readonly first_prompt_tokens: number;
  readonly turns_cost: number;
  readonly turns_tokens: number;
  readonly costs: readonly number[];
  readonly turn_tokens: readonly number[];
  readonly turn_ends_us: readonly number[];
}

/** The latest finalized sessions of a workflow, in order of their ends. */
export async function readWorkflowHistory(
  reader: Reader,
  tenant: string,
  workflow: string,
  limit: number = HISTORY_SESSIONS_MAX,
): Promise<readonly FinishedSession[]> {
  const rows = await reader.rows<HistoryRow>(
    HISTORY,
    { tenant, workflow, limit, turns_max: TURNS_MAX },
    // Sums of one session; 2^53 nano-USD are nine million dollars.
    { safeIntegers: true },
  );
  return rows.map(sessionOf);
}

function sessionOf(row: HistoryRow): FinishedSession {
  return {
    id: row.session_id,
    endedMs: row.ended_us / 1000,
    version: row.workflow_version === '' ? undefined : row.workflow_version,
    entryAgent: row.entry_agent === '' ? undefined : row.entry_agent,
    firstPromptTokens: row.first_prompt_tokens,
    costsNanoUsd: spread(row.costs, { ofTurns: row.turns_cost, ofAll: row.cost_nano_usd }),
    tokens: spread(row.turn_tokens, { ofTurns: row.turns_tokens, ofAll: row.tokens }),
    durationsMs: rising(row.turn_ends_us.map((endUs) => Math.max(0, endUs - row.began_us) / 1000)),
    endCostNanoUsd: row.cost_nano_usd,
  };
}

interface Sums {
  readonly ofTurns: number;
  readonly ofAll: number;
}

/** Gives what no turn spent (choosing speakers, retrieving) to the turns, in proportion: by a turn so much of it was spent as well. */
function spread(soFar: readonly number[], { ofTurns, ofAll }: Sums): readonly number[] {
  if (ofTurns === ofAll) return soFar;
  if (ofTurns <= 0) return soFar.map((_, at) => Math.round((ofAll * (at + 1)) / soFar.length));
  return soFar.map((value) => Math.round((value / ofTurns) * ofAll));
}

/** Turns in parallel end in another order than they begin: time so far is that of the one that ended last. */
function rising(values: readonly number[]): readonly number[] {
  let most = 0;
  return values.map((value) => (most = Math.max(most, value)));
}
