// What agents and models of sessions used so far.

import type { Reader } from './reader.ts';
import { sql } from './sql.ts';

/** One agent's calls of one model in a session. */
export interface SessionPart {
  readonly sessionId: string;
  /** Empty where nothing names one. */
  readonly agent: string;
  readonly model: string;
  readonly costNanoUsd: bigint;
  readonly tokens: number;
  readonly turns: number;
  readonly errors: number;
}

interface PartRow {
  readonly session_id: string;
  readonly agent: string;
  readonly model: string;
  readonly cost_nano_usd: string;
  readonly tokens: string;
  readonly turns: string;
  readonly errors: string;
}

const PARTS = sql`
  SELECT
    entries.session_id AS session_id,
    entries.agent AS agent,
    entries.model AS model,
    sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd,
    sum(entries.sign * entries.input_tokens) + sum(entries.sign * entries.output_tokens) AS tokens,
    sum(entries.sign * entries.turns) AS turns,
    sum(entries.sign * entries.errors) AS errors
  FROM entries
  WHERE entries.tenant = {tenant:String} AND entries.session_id IN {session_ids:Array(String)}
  GROUP BY
    entries.session_id,
    entries.agent,
    entries.model`;

export async function readSessionParts(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<readonly SessionPart[]> {
  if (sessionIds.length === 0) return [];
  const rows = await reader.rows<PartRow>(
    PARTS,
    { tenant, session_ids: sessionIds },
    { projection: 'session_part_sums', threadsMax: 1 },
  );
  return rows.map((row) => ({
    sessionId: row.session_id,
    agent: row.agent,
    model: row.model,
    costNanoUsd: BigInt(row.cost_nano_usd),
    tokens: Number(row.tokens),
    turns: Number(row.turns),
    errors: Number(row.errors),
  }));
}
