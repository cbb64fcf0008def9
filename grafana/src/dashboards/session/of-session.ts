// What the panels look at, as SQL: one session, as the ledger has it now, whether it runs or is over.

import { booked } from '../../query/booked.ts';
import { chosen, ofTenant } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { withUsualCost } from '../../query/usual-cost.ts';

const SESSION = chosen('session');

const OF_SESSION = `${ofTenant('entries')}
  AND entries.session_id = ${SESSION}`;

/** Entries of the session, for `FROM`, where they are called `entries`: those that stand, and those that were taken back. */
export function entriesOf(columns: readonly string[], condition?: string): string {
  return booked({ columns, where: condition === undefined ? OF_SESSION : `${OF_SESSION}\n  AND ${condition}` });
}

/** After `FROM session_summaries AS summary FINAL`: no row while it runs. */
export const SUMMARY = `${ofTenant('summary')}
  AND summary.session_id = ${SESSION}`;

/**
 * For a WITH clause: of the session, its workflow and version, how many entries stand, what it costs and when it began; and what its kind usually
 * costs. Money is in nano-USD.
 */
export const USUAL = sql`
  (
    SELECT
      (
        entries.workflow,
        max(entries.workflow_version),
        sum(sum(entries.sign)) OVER (),
        sum(sum(entries.sign * entries.cost_nano_usd)) OVER (),
        min(min(entries.started_at)) OVER ()
      )
    FROM ${entriesOf(['workflow', 'workflow_version', 'sign', 'cost_nano_usd', 'started_at'])}
    GROUP BY entries.workflow
    ORDER BY sum(entries.sign) DESC
    LIMIT 1
  ) AS seen,
  seen.1 AS session_workflow,
  seen.2 AS session_version,
  ${withUsualCost({ workflow: 'session_workflow', version: 'session_version', except: SESSION })}`.trim();

/** What turns are made of while a session runs. */
const STANDING_COLUMNS = [
  'sign',
  'record_id',
  'agent',
  'kind',
  'started_at',
  'ended_at',
  'response_time_us',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
] as const;

/** Turns that are shown of one session. */
const TURNS_MAX = 300;

const STORED = `Array(Tuple(String, Int64, Int64, Nullable(Int64), Int64, Int64, Int64, Int64, Int64, Nullable(String)))`;

/**
 * Turns in order, for `FROM (…)`: place, speaker, began_us, ended_us, response_us, input_tokens, output_tokens, cost_nano_usd.
 *
 * Of a session that is over they are read as they were kept. While it runs, a turn is what the producer marked as one, with the calls that its
 * agent made meanwhile; without such marks, every call is one.
 */
export const TURNS = sql`
  SELECT
    row_number() OVER (ORDER BY began_us, ended_us) AS place,
    if(speaker = '', 'nobody named', speaker) AS speaker,
    began_us,
    ended_us,
    response_us,
    input_tokens,
    output_tokens,
    cost_nano_usd
  FROM
  (
    SELECT
      turn.1 AS speaker,
      turn.2 AS began_us,
      turn.3 AS ended_us,
      ifNull(turn.4, turn.3 - turn.2) AS response_us,
      turn.7 AS input_tokens,
      turn.8 AS output_tokens,
      turn.9 AS cost_nano_usd
    FROM
    (
      SELECT arrayJoin(JSONExtract(summary.document, 'turns', '${STORED}')) AS turn
      FROM session_summaries AS summary FINAL
      WHERE ${SUMMARY}
    )
    UNION ALL
    SELECT
      turn.agent AS speaker,
      turn.began_us AS began_us,
      turn.ended_us AS ended_us,
      if(turn.response_time_us = 0, toUInt64(turn.ended_us - turn.began_us), turn.response_time_us) AS response_us,
      toInt64(sumIf(call.input_tokens, call.began_us BETWEEN turn.began_us AND turn.ended_us)) AS input_tokens,
      toInt64(sumIf(call.output_tokens, call.began_us BETWEEN turn.began_us AND turn.ended_us)) AS output_tokens,
      sumIf(call.cost_nano_usd, call.began_us BETWEEN turn.began_us AND turn.ended_us) AS cost_nano_usd
    FROM
    (
      SELECT agent, kind, began_us, ended_us, response_time_us, sum(kind = 'turn') OVER () AS marked
      FROM (${standing("'turn', 'inference'")})
    ) AS turn
    LEFT JOIN
    (${standing("'inference', 'embedding', 'rerank', 'usage'")}) AS call USING (agent)
    WHERE turn.kind = if(turn.marked > 0, 'turn', 'inference')
      AND (SELECT count() FROM session_summaries AS summary FINAL WHERE ${SUMMARY.replaceAll('\n', ' ')}) = 0
    GROUP BY turn.agent, turn.began_us, turn.ended_us, turn.response_time_us
  )
  ORDER BY place
  LIMIT ${TURNS_MAX}
`;

/**
 * Standing entries of some kinds. A reversal repeats its row in all columns, so grouping by those that are read is enough; the view of all
 * standing entries has sixty, which take longer to understand than a session to read.
 */
function standing(kinds: string): string {
  return sql`
    SELECT
      entries.agent AS agent,
      entries.kind AS kind,
      toUnixTimestamp64Micro(entries.started_at) AS began_us,
      toUnixTimestamp64Micro(entries.ended_at) AS ended_us,
      entries.response_time_us AS response_time_us,
      sum(entries.sign * entries.input_tokens) AS input_tokens,
      sum(entries.sign * entries.output_tokens) AS output_tokens,
      sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd
    FROM ${entriesOf(STANDING_COLUMNS, `entries.kind IN (${kinds})`)}
    GROUP BY
      entries.record_id,
      entries.agent,
      entries.kind,
      entries.started_at,
      entries.ended_at,
      entries.response_time_us
    HAVING sum(entries.sign) > 0
  `;
}
