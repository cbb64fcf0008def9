// What is wrong with the data that arrived lately, as far as the data themselves tell: calls without tokens, session or price, calls that
// were reported twice, spans whose parents never came, clocks that differ.

import type { Parameters, Reader } from './reader.ts';
import { sql, type Sql } from './sql.ts';

export interface DataQualityQuery {
  /** What arrived from then on, µs. */
  readonly fromUs: number;
  /** Now, µs: parents of what came a moment before may still be on their way. */
  readonly nowUs: number;
}

/** Calls of one service that one profile read. */
export interface CallQuality {
  readonly service: string;
  readonly profile: string;
  readonly calls: number;
  readonly calls_without_session: number;
  readonly calls_without_usage: number;
  readonly calls_with_estimated_usage: number;
  /** Calls that only a metric reports: their spans never came. */
  readonly calls_of_metrics_only: number;
  /** Tokens that are counted. */
  readonly tokens: number;
  /** Tokens that a metric reports of calls that are counted elsewhere: more than those means that calls are missing. */
  readonly metric_tokens: number;
}

export interface UnpricedModel {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly tokens: number;
}

/** Calls of one service that two instrumentations report. */
export interface ReportedTwice {
  readonly service: string;
  /** Instrumentation scope of the copy that is left out. */
  readonly scope: string;
  /** Instrumentation scope of the one that counts. */
  readonly counted_scope: string;
  readonly calls: number;
}

export interface LineageQuality {
  readonly service: string;
  readonly traces: number;
  /** Traces with spans whose parent never came. */
  readonly traces_without_parent: number;
}

export interface ClockQuality {
  readonly service: string;
  /** The most that something ended after it was received, µs: the clock is ahead by at least that. */
  readonly ahead_us: number;
  /** The least that something was received after it ended, of the worst process, µs: the clock is behind, or all of it came late. */
  readonly behind_us: number;
}

export interface DataQuality {
  readonly calls: readonly CallQuality[];
  readonly unpriced: readonly UnpricedModel[];
  readonly reportedTwice: readonly ReportedTwice[];
  readonly lineage: readonly LineageQuality[];
  /** Calls reported twice and lineage are of one trace in so many: 1 where there are few enough to look at all. */
  readonly oneTraceOf: number;
  readonly clocks: readonly ClockQuality[];
}

/** Rows of each list, the largest first. */
const ROWS_MAX = 500;
/** How long the parts of a trace may take to come: exporters wait for batches, and a parent ends after its children. */
const PATIENCE_US = 120_000_000;

/** Spans whose relations are looked at; of more than that every n-th trace, as two a copy and one a parent have to be found. */
const SPANS_MAX = 200_000;

const SPANS = sql`
  SELECT toUInt64(count()) AS spans
  FROM observations AS seen
  WHERE seen.tenant = {tenant:String}
    AND seen.ingest_day >= {first_day:Date}
    AND seen.ingest_time >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
    AND seen.signal = 'span'`;

/** What is corrected later is taken back and booked anew, so of older calls there may be more taken back than booked: sums below 0 are 0. */
const CALLS = sql`
  SELECT
    entries.service AS service,
    entries.profile AS profile,
    greatest(0, sum(entries.sign * entries.inferences)) AS calls,
    greatest(0, sum(entries.sign * entries.inferences * empty(entries.session_id))) AS calls_without_session,
    greatest(0, sum(entries.sign * entries.inferences * (entries.usage_source = 'missing'))) AS calls_without_usage,
    greatest(0, sum(entries.sign * entries.inferences * (entries.usage_source = 'estimated'))) AS calls_with_estimated_usage,
    greatest(0, sum(entries.sign * entries.inferences * (entries.reason = 'metric_fallback'))) AS calls_of_metrics_only,
    greatest(0, sum(entries.sign * (entries.input_tokens + entries.output_tokens))) AS tokens,
    greatest(0, sumIf(
      entries.sign * (entries.excluded_input_tokens + entries.excluded_output_tokens),
      entries.reason = 'witness' AND entries.signal = 'metric'
    )) AS metric_tokens
  FROM entries
  WHERE entries.tenant = {tenant:String} AND entries.ingest_time >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
  GROUP BY entries.service, entries.profile
  HAVING calls > 0 OR tokens > 0 OR metric_tokens > 0
  ORDER BY calls DESC, service, profile
  LIMIT {limit:UInt32}`;

const UNPRICED = sql`
  SELECT
    entries.provider AS provider,
    entries.model AS model,
    greatest(0, sum(entries.sign * entries.inferences * (entries.unpriced_tokens > 0))) AS calls,
    sum(entries.sign * entries.unpriced_tokens) AS tokens
  FROM entries
  WHERE entries.tenant = {tenant:String} AND entries.ingest_time >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
  GROUP BY entries.provider, entries.model
  HAVING tokens > 0
  ORDER BY tokens DESC, provider, model
  LIMIT {limit:UInt32}`;

/** Spans that arrived lately, by trace and id, with the instrumentation that made them. Copies in other traces are only found among all. */
const SCOPES = sql`
  SELECT seen.trace_key AS trace_key, seen.record_id AS record_id, any(seen.scope) AS scope
  FROM observations AS seen
  WHERE seen.tenant = {tenant:String}
    AND seen.ingest_day >= {first_day:Date}
    AND seen.signal = 'span'
    AND sipHash64(seen.trace_key) % {one_of:UInt32} = 0
  GROUP BY seen.trace_key, seen.record_id`;

const REPORTED_TWICE = sql`
  SELECT
    copy.service AS service,
    own.scope AS scope,
    counted.scope AS counted_scope,
    toUInt64(count()) AS calls
  FROM
  (
    SELECT
      entries.service AS service,
      entries.trace_key AS trace_key,
      entries.record_id AS record_id,
      entries.counted_by AS counted_by
    FROM entries
    WHERE entries.tenant = {tenant:String}
      AND entries.ingest_time >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
      AND entries.reason = 'copy'
      AND entries.signal = 'span'
      AND sipHash64(entries.trace_key) % {one_of:UInt32} = 0
    GROUP BY entries.service, entries.trace_key, entries.record_id, entries.counted_by
    HAVING sum(entries.sign) > 0
  ) AS copy
  INNER JOIN (${SCOPES}) AS own ON own.trace_key = copy.trace_key AND own.record_id = copy.record_id
  INNER JOIN (${SCOPES}) AS counted ON concat(counted.trace_key, '/', counted.record_id) = copy.counted_by
  WHERE own.scope != counted.scope
  GROUP BY copy.service, own.scope, counted.scope
  ORDER BY calls DESC, service, scope, counted_scope
  LIMIT {limit:UInt32}`;

const LINEAGE = sql`
  SELECT
    seen.service AS service,
    uniqExact(seen.trace_key) AS traces,
    uniqExactIf(
      seen.trace_key,
      seen.parent_id != '' AND (seen.trace_key, seen.parent_id) NOT IN
      (
        SELECT parent.trace_key, parent.record_id
        FROM observations AS parent
        WHERE parent.tenant = {tenant:String}
          AND parent.ingest_day >= {first_day:Date}
          AND parent.signal = 'span'
          AND sipHash64(parent.trace_key) % {one_of:UInt32} = 0
      )
    ) AS traces_without_parent
  FROM observations AS seen
  WHERE seen.tenant = {tenant:String}
    AND seen.ingest_day >= {first_day:Date}
    AND seen.ingest_time >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
    AND seen.ingest_time < fromUnixTimestamp64Micro({settled_us:Int64}, 'UTC')
    AND seen.signal = 'span'
    AND sipHash64(seen.trace_key) % {one_of:UInt32} = 0
  GROUP BY seen.service
  ORDER BY traces DESC, service
  LIMIT {limit:UInt32}`;

const CLOCKS = sql`
  SELECT
    process.service AS service,
    greatest(0, max(process.ahead_us)) AS ahead_us,
    greatest(0, max(process.behind_us)) AS behind_us
  FROM
  (
    SELECT
      seen.service AS service,
      max(toUnixTimestamp64Micro(seen.ended_at) - toUnixTimestamp64Micro(seen.ingest_time)) AS ahead_us,
      min(toUnixTimestamp64Micro(seen.ingest_time) - toUnixTimestamp64Micro(seen.ended_at)) AS behind_us
    FROM observations AS seen
    WHERE seen.tenant = {tenant:String}
      AND seen.ingest_day >= {first_day:Date}
      AND seen.ingest_time >= fromUnixTimestamp64Micro({from_us:Int64}, 'UTC')
      AND seen.signal = 'span'
    GROUP BY seen.service, seen.process
  ) AS process
  GROUP BY process.service
  ORDER BY service
  LIMIT {limit:UInt32}`;

/** Reads every record that arrived since. */
export async function readDataQuality(
  reader: Reader,
  tenant: string,
  { fromUs, nowUs }: DataQualityQuery,
): Promise<DataQuality> {
  const time: Parameters = {
    tenant,
    from_us: fromUs,
    settled_us: nowUs - PATIENCE_US,
    // A segment's day is the one on which it was begun, and what counts may have come before its copy.
    first_day: new Date(fromUs / 1000 - 86_400_000).toISOString().slice(0, 10),
    limit: ROWS_MAX,
  };
  const { spans } = await reader.row<{ readonly spans: string }>(SPANS, time);
  const oneTraceOf = Math.max(1, Math.ceil(Number(spans) / SPANS_MAX));
  const parameters = { ...time, one_of: oneTraceOf };
  const rows = <Row>(query: Sql): Promise<readonly Row[]> =>
    reader.rows<Row>(query, parameters, { safeIntegers: true });
  const [calls, unpriced, reportedTwice, lineage, clocks] = await Promise.all([
    rows<CallQuality>(CALLS),
    rows<UnpricedModel>(UNPRICED),
    rows<ReportedTwice>(REPORTED_TWICE),
    rows<LineageQuality>(LINEAGE),
    rows<ClockQuality>(CLOCKS),
  ]);
  return { calls, unpriced, reportedTwice, lineage, oneTraceOf, clocks };
}
