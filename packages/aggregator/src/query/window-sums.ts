// What a tenant used in a window of time that ends now, split as alert rules need it: one query answers for all rules of that window.

import type { Reader } from './reader.ts';
import { sql } from './sql.ts';

/** Sums of one workflow, or of one agent's and model's part of it. */
export interface WindowSums {
  /** Empty where nothing names one. */
  readonly workflow: string;
  /** Empty where sums are of all agents, or nothing names one. */
  readonly agent: string;
  readonly model: string;
  readonly costNanoUsd: bigint;
  readonly tokens: number;
  readonly unpricedTokens: number;
  /** Model and tool calls. */
  readonly calls: number;
  readonly errors: number;
}

export interface WindowQuery {
  /** What ended at or after, µs. */
  readonly fromUs: number;
  /** Whether sums are split by agent and model too, which reads the window's rows instead of their sums. */
  readonly isByPart: boolean;
}

interface WindowRow {
  readonly workflow: string;
  readonly agent: string;
  readonly model: string;
  readonly cost_nano_usd: string;
  readonly tokens: string;
  readonly unpriced_tokens: string;
  readonly calls: string;
  readonly errors: string;
}

const AMOUNTS = sql`
    sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd,
    sum(entries.sign * entries.input_tokens) + sum(entries.sign * entries.output_tokens) AS tokens,
    sum(entries.sign * entries.unpriced_tokens) AS unpriced_tokens,
    sum(entries.sign * entries.inferences) + sum(entries.sign * entries.tool_calls) AS calls,
    sum(entries.sign * entries.errors) AS errors`;

// By full five minutes, as the sums are kept.
const BY_WORKFLOW = sql`
  SELECT
    entries.workflow AS workflow,
    '' AS agent,
    '' AS model,
    ${AMOUNTS}
  FROM entries
  WHERE entries.tenant = {tenant:String}
    AND toStartOfFiveMinutes(entries.ended_at) >= toStartOfFiveMinutes(fromUnixTimestamp64Micro({from_us:Int64}, 'UTC'))
  GROUP BY entries.workflow
  ORDER BY cost_nano_usd DESC, workflow
  LIMIT {limit:UInt32}`;

// Nothing arrives before it ends, but for clocks that are ahead: a day is more than any clock of a producer is off.
const BY_PART = sql`
  SELECT
    entries.workflow AS workflow,
    entries.agent AS agent,
    entries.model AS model,
    ${AMOUNTS}
  FROM entries
  WHERE entries.tenant = {tenant:String}
    AND entries.ingest_day >= toDate(fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')) - 1
    AND entries.ended_at >= toStartOfFiveMinutes(fromUnixTimestamp64Micro({from_us:Int64}, 'UTC'))
  GROUP BY
    entries.workflow,
    entries.agent,
    entries.model
  ORDER BY cost_nano_usd DESC, workflow, agent, model
  LIMIT {limit:UInt32}`;

/** Groups in one answer, the dearest first. */
const GROUPS_MAX = 10_000;

export async function readWindowSums(
  reader: Reader,
  tenant: string,
  { fromUs, isByPart }: WindowQuery,
): Promise<readonly WindowSums[]> {
  const rows = await reader.rows<WindowRow>(
    isByPart ? BY_PART : BY_WORKFLOW,
    { tenant, from_us: fromUs, limit: GROUPS_MAX },
    { threadsMax: 1, ...(isByPart ? {} : { projection: 'workflow_5min_sums' as const }) },
  );
  return rows.map((row) => ({
    workflow: row.workflow,
    agent: row.agent,
    model: row.model,
    costNanoUsd: BigInt(row.cost_nano_usd),
    tokens: Number(row.tokens),
    unpricedTokens: Number(row.unpriced_tokens),
    calls: Number(row.calls),
    errors: Number(row.errors),
  }));
}

// A session whose workflow became known late has a row of zeros for the one before.
const BEGUN = sql`
  SELECT
    workflow,
    count() AS sessions
  FROM
  (
    SELECT
      session_id,
      argMax(workflow, records) AS workflow,
      min(began) AS began
    FROM
    (
      SELECT
        entries.session_id AS session_id,
        entries.workflow AS workflow,
        sum(entries.sign) AS records,
        min(entries.started_at) AS began
      FROM entries
      WHERE entries.tenant = {tenant:String}
        AND entries.ingest_day >= toDate(fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')) - 1
        AND notEmpty(entries.session_id)
      GROUP BY
        entries.session_id,
        entries.workflow
      HAVING records > 0
    )
    GROUP BY session_id
  )
  WHERE began >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
  GROUP BY workflow
  ORDER BY sessions DESC, workflow
  LIMIT {limit:UInt32}`;

export interface BegunSessions {
  readonly workflow: string;
  readonly sessions: number;
}

/** How many sessions began in a window, by workflow. */
export async function readBegunSessions(
  reader: Reader,
  tenant: string,
  fromUs: number,
): Promise<readonly BegunSessions[]> {
  const rows = await reader.rows<{ workflow: string; sessions: string }>(
    BEGUN,
    { tenant, from_us: fromUs, limit: GROUPS_MAX },
    { projection: 'session_sums', threadsMax: 1 },
  );
  return rows.map(({ workflow, sessions }) => ({ workflow, sessions: Number(sessions) }));
}
