// What is stored about the records of one trace: what was seen, and every booking.

import type { Reader } from './reader.ts';
import { sql, type Sql } from './sql.ts';

/** A record as it was seen. Token counts of -1 were not reported. */
export interface SeenRow {
  readonly trace_key: string;
  readonly record_id: string;
  readonly parent_id: string;
  readonly signal: string;
  readonly profile: string;
  readonly role: string;
  readonly operation: string;
  readonly scope: string;
  readonly service: string;
  readonly start_us: number;
  readonly end_us: number;
  readonly has_usage: boolean;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  readonly grain: string;
  readonly usage_source: string;
  readonly provider: string;
  readonly model: string;
  readonly response_id: string;
  readonly session_id: string;
  readonly agent: string;
  readonly workflow: string;
  readonly workflow_version: string;
  readonly tool: string;
  readonly error_type: string;
  readonly notes: readonly string[];
}

/** A booking: an entry, or the same entry taken back. */
export interface BookedRow {
  readonly record_id: string;
  readonly signal: string;
  readonly sign: number;
  readonly because: string;
  readonly booked_us: number;
  readonly kind: string;
  readonly reason: string;
  readonly counted_by: string;
  readonly session_id: string;
  readonly workflow: string;
  readonly workflow_version: string;
  readonly agent: string;
  readonly user_id: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
  readonly usage_source: string;
  readonly error_type: string;
  readonly notes: readonly string[];
  readonly inferences: number;
  readonly turns: number;
  readonly tool_calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  readonly excluded_input_tokens: number;
  readonly excluded_output_tokens: number;
  readonly cost_nano_usd: number;
  readonly other_cost_nano_usd: number;
  readonly cost_status: string;
  readonly cost_source: string;
  readonly price_id: string;
  readonly book_version: string;
  readonly cost_reasons: readonly string[];
  readonly unpriced_tokens: number;
  readonly claim_nano_usd: number;
  readonly claim_by: string;
}

/** Records that are explained at once. */
export const RECORDS_MAX = 5000;

const SEEN = sql`
  SELECT
    seen.trace_key AS trace_key,
    seen.record_id AS record_id,
    seen.parent_id AS parent_id,
    seen.signal AS signal,
    seen.profile AS profile,
    seen.role AS role,
    seen.operation AS operation,
    seen.scope AS scope,
    seen.service AS service,
    toUnixTimestamp64Micro(seen.started_at) AS start_us,
    toUnixTimestamp64Micro(seen.ended_at) AS end_us,
    seen.has_usage AS has_usage,
    seen.input_tokens AS input_tokens,
    seen.output_tokens AS output_tokens,
    seen.cache_read_tokens AS cache_read_tokens,
    seen.cache_write_tokens AS cache_write_tokens,
    seen.reasoning_tokens AS reasoning_tokens,
    seen.grain AS grain,
    seen.usage_source AS usage_source,
    seen.provider AS provider,
    seen.model AS model,
    seen.response_id AS response_id,
    seen.session_id AS session_id,
    seen.agent AS agent,
    seen.workflow AS workflow,
    seen.workflow_version AS workflow_version,
    seen.tool AS tool,
    seen.error_type AS error_type,
    seen.notes AS notes
  FROM observations AS seen
  WHERE seen.tenant = {tenant:String} AND `;

// A point of a series may be stored again when the series has grown; the last is the one that counts.
const LATEST_SEEN = sql`
  ORDER BY seen.ingest_time DESC
  LIMIT 1 BY seen.trace_key, seen.signal, seen.record_id
  LIMIT {limit:UInt32}`;

export function readSeen(reader: Reader, tenant: string, traceKey: string): Promise<readonly SeenRow[]> {
  return seenRows(reader, sql`seen.trace_key = {trace_key:String}`, { tenant, trace_key: traceKey });
}

/** A record wherever it is: for what has no trace. */
export function findSeen(reader: Reader, tenant: string, recordId: string): Promise<readonly SeenRow[]> {
  return seenRows(reader, sql`seen.record_id = {record_id:String}`, { tenant, record_id: recordId });
}

function seenRows(
  reader: Reader,
  where: Sql,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly SeenRow[]> {
  const query = sql`${SEEN}${where}${LATEST_SEEN}`;
  return reader.rows<SeenRow>(query, { ...parameters, limit: RECORDS_MAX + 1 }, { safeIntegers: true });
}

const BOOKED = sql`
  SELECT
    entries.record_id AS record_id,
    entries.signal AS signal,
    entries.sign AS sign,
    entries.because AS because,
    toUnixTimestamp64Micro(entries.ingest_time) AS booked_us,
    entries.kind AS kind,
    entries.reason AS reason,
    entries.counted_by AS counted_by,
    entries.session_id AS session_id,
    entries.workflow AS workflow,
    entries.workflow_version AS workflow_version,
    entries.agent AS agent,
    entries.user_id AS user_id,
    entries.provider AS provider,
    entries.model AS model,
    entries.tool AS tool,
    entries.usage_source AS usage_source,
    entries.error_type AS error_type,
    entries.notes AS notes,
    entries.inferences AS inferences,
    entries.turns AS turns,
    entries.tool_calls AS tool_calls,
    entries.input_tokens AS input_tokens,
    entries.output_tokens AS output_tokens,
    entries.cache_read_tokens AS cache_read_tokens,
    entries.cache_write_tokens AS cache_write_tokens,
    entries.reasoning_tokens AS reasoning_tokens,
    entries.excluded_input_tokens AS excluded_input_tokens,
    entries.excluded_output_tokens AS excluded_output_tokens,
    entries.cost_nano_usd AS cost_nano_usd,
    entries.other_cost_nano_usd AS other_cost_nano_usd,
    entries.cost_status AS cost_status,
    entries.cost_source AS cost_source,
    entries.price_id AS price_id,
    entries.book_version AS book_version,
    entries.cost_reasons AS cost_reasons,
    entries.unpriced_tokens AS unpriced_tokens,
    entries.claim_nano_usd AS claim_nano_usd,
    entries.claim_by AS claim_by
  FROM entries
  WHERE entries.tenant = {tenant:String} AND entries.trace_key = {trace_key:String}
  ORDER BY entries.ingest_time, entries.seg, entries.sign
  LIMIT {limit:UInt32}`;

/** Bookings of a trace in order. A record has a few: it is booked, and taken back and booked anew when there is news. */
export function readBooked(reader: Reader, tenant: string, traceKey: string): Promise<readonly BookedRow[]> {
  return reader.rows<BookedRow>(
    BOOKED,
    { tenant, trace_key: traceKey, limit: RECORDS_MAX * 8 },
    { safeIntegers: true },
  );
}
