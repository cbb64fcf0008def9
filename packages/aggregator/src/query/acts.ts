// What happened in a session, one by one: its standing entries with the few columns that turns and times are made of.

import type { Reader } from './reader.ts';
import { sql } from './sql.ts';

/** A standing entry as far as turns and times are concerned. */
export interface Act {
  readonly session_id: string;
  /** Trace id; empty for what is outside any trace. */
  readonly trace: string;
  readonly record_id: string;
  readonly kind: string;
  readonly signal: string;
  readonly agent: string;
  /** Agent that is handed over to. */
  readonly handoff_to: string;
  /** Producer profile that read the record. */
  readonly profile: string;
  readonly purpose: string;
  readonly workflow: string;
  readonly workflow_version: string;
  readonly service: string;
  readonly user_id: string;
  readonly start_us: number;
  readonly end_us: number;
  readonly response_us: number;
  /** 1 for a turn that nobody saw begin. */
  readonly is_untimed: number;
  readonly handoffs: number;
  readonly inferences: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_nano_usd: number;
}

/** Acts that are read for one session. A session of more is shown by its sums alone. */
export const ACTS_MAX = 50_000;

// Grouping by the columns that are read is enough: a reversal repeats its row in all of them, so what was taken back sums to nothing.
const ACTS = sql`
  SELECT
    entries.session_id AS session_id,
    if(position(entries.trace_key, '/') > 0, '', entries.trace_key) AS trace,
    entries.record_id AS record_id,
    entries.kind AS kind,
    entries.signal AS signal,
    entries.agent AS agent,
    entries.handoff_to AS handoff_to,
    entries.profile AS profile,
    entries.purpose AS purpose,
    entries.workflow AS workflow,
    entries.workflow_version AS workflow_version,
    entries.service AS service,
    entries.user_id AS user_id,
    has(entries.notes, 'untimed_turn') AS is_untimed,
    toUnixTimestamp64Micro(entries.started_at) AS start_us,
    toUnixTimestamp64Micro(entries.ended_at) AS end_us,
    sum(entries.sign * entries.response_time_us) AS response_us,
    sum(entries.sign * entries.handoffs) AS handoffs,
    sum(entries.sign * entries.inferences) AS inferences,
    sum(entries.sign * entries.input_tokens) AS input_tokens,
    sum(entries.sign * entries.output_tokens) AS output_tokens,
    sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd
  FROM entries
  WHERE entries.tenant = {tenant:String}
    AND entries.session_id IN {session_ids:Array(String)}
    AND entries.kind != 'excluded'
  GROUP BY
    session_id,
    trace,
    record_id,
    kind,
    signal,
    agent,
    handoff_to,
    profile,
    purpose,
    workflow,
    workflow_version,
    service,
    user_id,
    is_untimed,
    start_us,
    end_us
  HAVING sum(entries.sign) > 0
  LIMIT {acts_max:UInt32} + 1 BY session_id`;

/** Acts by session. A session with more than {@link ACTS_MAX} has undefined instead. */
export async function readActs(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Act[] | undefined>> {
  const acts = await reader.rows<Act>(
    ACTS,
    { tenant, session_ids: sessionIds, acts_max: ACTS_MAX },
    // One record's amounts are bounded when they are booked; 2^53 is never reached.
    { safeIntegers: true },
  );
  const bySession = new Map<string, Act[]>();
  for (const act of acts) {
    const list = bySession.get(act.session_id);
    if (list === undefined) bySession.set(act.session_id, [act]);
    else list.push(act);
  }
  return new Map([...bySession].map(([id, list]) => [id, list.length > ACTS_MAX ? undefined : list]));
}
