// What has to hold in the database, each as two queries whose answers must be equal, or one whose answer must be 0.

import type { ReadOptions } from './reader.ts';
import { sql, type Sql } from './sql.ts';

export interface CheckRule {
  /** Stable, snake_case. */
  readonly name: string;
  readonly description: string;
  /** What must come out: a number of faults or a fingerprint, in a column `value`. A fixed text where no query is needed. */
  readonly expected: Sql | '0';
  readonly found: Sql;
  /** How the second query is run: with a projection where the first goes without. */
  readonly foundWith?: Pick<ReadOptions, 'projection'>;
}

const OWN = sql`({is_every:Bool} OR entries.tenant = {tenant:String})`;
const OWN_SUMMARY = sql`({is_every:Bool} OR summary.tenant = {tenant:String})`;

/** Names a record in eight bytes: the audit holds every record of a tenant at once. */
const RECORD = sql`sipHash64(entries.tenant, entries.trace_key, entries.signal, entries.record_id)`;

/**
 * The first row of a record takes back what was booked on a day that is no more kept: of such a record only a part is left. Days leave whole,
 * and with them bookings whose reversals came later.
 */
const IS_LEFT_OVER = sql`
  argMin(entries.sign, (entries.ingest_time, entries.sign)) = -1
  AND max(entries.ended_at) < toDateTime64((SELECT min(first.ingest_day) FROM entries AS first), 6, 'UTC')`;

/** The first day that a table has when days leave it by its TTL, or the one before; younger ledgers are whole. */
const FIRST_DAY_BY_TTL: Readonly<Record<'entries' | 'observations', Sql>> = {
  entries: sql`
    SELECT toDate(now('UTC')) - toUInt32OrZero(extract(any(create_table_query), 'toIntervalDay[(]([0-9]+)[)]')) + 1
    FROM system.tables
    WHERE database = currentDatabase() AND name = 'entries'`,
  observations: sql`
    SELECT toDate(now('UTC')) - toUInt32OrZero(extract(any(create_table_query), 'toIntervalDay[(]([0-9]+)[)]')) + 1
    FROM system.tables
    WHERE database = currentDatabase() AND name = 'observations'`,
};

/** What is booked on this day or later was seen on a day that is kept: what is booked on the first of them may have been seen the evening before. */
const FIRST_DAY_SEEN = sql`
  SELECT if(
    min(seen.ingest_day) <= (${FIRST_DAY_BY_TTL.observations})
      OR min(seen.ingest_day) > (SELECT min(entries.ingest_day) FROM entries),
    min(seen.ingest_day) + 1,
    toDate(0)
  )
  FROM observations AS seen`;

/** Sessions of which entries may be gone. */
const MAY_BE_LEFT_OVER = sql`
  (SELECT min(first.ingest_day) FROM entries AS first) <= (${FIRST_DAY_BY_TTL.entries})
  AND min(entries.started_at) < toDateTime64((SELECT min(first.ingest_day) FROM entries AS first), 6, 'UTC')`;

const FIGURES = sql`
  sum(entries.sign) AS records,
  sum(entries.sign * entries.inferences) AS inferences,
  sum(entries.sign * entries.input_tokens) AS input_tokens,
  sum(entries.sign * entries.output_tokens) AS output_tokens,
  sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd`;

/** One number for all groups: it differs when any sum of any group does, and does not when a group of zeros is missing. */
const FINGERPRINT = sql`
  toString(groupBitXorIf(
    cityHash64(key, records, inferences, input_tokens, output_tokens, cost_nano_usd),
    (records, inferences, input_tokens, output_tokens, cost_nano_usd) != (0, 0, 0, 0, 0)
  )) AS value`;

function sameSums(name: NonNullable<ReadOptions['projection']>, key: Sql, keys: Sql): CheckRule {
  const query = sql`
    SELECT ${FINGERPRINT}
    FROM (SELECT cityHash64(${key}) AS key, ${FIGURES} FROM entries WHERE ${OWN} GROUP BY ${keys})`;
  return {
    name: `${name}_equal_entries`,
    description: `The sums kept as ${name} are those of the entries themselves, group by group.`,
    expected: query,
    found: query,
    foundWith: { projection: name },
  };
}

export const CHECK_RULES: readonly CheckRule[] = [
  {
    // Senders repeat records, and each is stored; that none counts twice is the rule of the ledger below.
    name: 'calls_have_entries',
    description:
      'Every model call that was seen a minute ago or before is in the ledger: counted, or left out with a reason.',
    expected: '0',
    found: sql`
      SELECT toString(count()) AS value
      FROM observations AS seen
      WHERE ({is_every:Bool} OR seen.tenant = {tenant:String})
        AND seen.role IN ('inference', 'embedding', 'rerank')
        AND seen.ingest_time < now64(6) - INTERVAL 1 MINUTE
        AND seen.ingest_day >= (SELECT min(entries.ingest_day) FROM entries)
        AND sipHash64(seen.tenant, seen.trace_key, seen.signal, seen.record_id) NOT IN
        (
          SELECT ${RECORD} FROM entries WHERE ${OWN}
        )`,
  },
  {
    name: 'entries_have_observations',
    description: 'What is booked was seen, for as long as both are kept.',
    expected: '0',
    found: sql`
      SELECT toString(count()) AS value
      FROM
      (
        SELECT ${RECORD} AS record
        FROM entries
        WHERE ${OWN}
        GROUP BY record
        HAVING min(entries.ingest_day) >= (${FIRST_DAY_SEEN}) AND NOT (${IS_LEFT_OVER})
      )
      WHERE record NOT IN
        (
          SELECT sipHash64(seen.tenant, seen.trace_key, seen.signal, seen.record_id)
          FROM observations AS seen
          WHERE ({is_every:Bool} OR seen.tenant = {tenant:String})
        )`,
  },
  {
    name: 'records_stand_once',
    description: 'Every record stands in the ledger once or not at all.',
    expected: '0',
    found: sql`
      SELECT toString(countIf(standing NOT IN (0, 1) AND NOT is_left_over)) AS value
      FROM
      (
        SELECT
          ${RECORD} AS record,
          sum(entries.sign) AS standing,
          ${IS_LEFT_OVER} AS is_left_over
        FROM entries
        WHERE ${OWN}
        GROUP BY record
      )`,
  },
  {
    name: 'reversals_match_bookings',
    description: 'What was taken back adds up to nothing, amount by amount.',
    expected: '0',
    found: sql`
      SELECT toString(countIf(
        standing = 0 AND (input_tokens, output_tokens, cost_nano_usd) != (0, 0, 0) AND NOT is_left_over
      )) AS value
      FROM
      (
        SELECT
          ${RECORD} AS record,
          sum(entries.sign) AS standing,
          sum(entries.sign * entries.input_tokens) AS input_tokens,
          sum(entries.sign * entries.output_tokens) AS output_tokens,
          sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd,
          ${IS_LEFT_OVER} AS is_left_over
        FROM entries
        WHERE ${OWN}
        GROUP BY record
      )`,
  },
  {
    name: 'sessions_not_negative',
    description: 'No session has spent less than nothing.',
    expected: '0',
    found: sql`
      SELECT toString(countIf(
        least(records, inferences, input_tokens, output_tokens, cost_nano_usd) < 0 AND NOT may_be_left_over
      )) AS value
      FROM
      (
        SELECT entries.session_id, ${FIGURES}, ${MAY_BE_LEFT_OVER} AS may_be_left_over
        FROM entries
        WHERE ${OWN}
        GROUP BY entries.tenant, entries.session_id
      )`,
    foundWith: { projection: 'session_sums' },
  },
  sameSums(
    'session_sums',
    sql`entries.tenant, entries.session_id, entries.workflow`,
    sql`entries.tenant, entries.session_id, entries.workflow`,
  ),
  sameSums(
    'session_part_sums',
    sql`entries.tenant, entries.session_id, entries.agent, entries.model, entries.tool`,
    sql`entries.tenant, entries.session_id, entries.agent, entries.model, entries.tool`,
  ),
  sameSums(
    'workflow_5min_sums',
    sql`entries.tenant, entries.workflow, toStartOfFiveMinutes(entries.ended_at)`,
    sql`entries.tenant, entries.workflow, toStartOfFiveMinutes(entries.ended_at)`,
  ),
  sameSums(
    'hour_sums',
    sql`entries.tenant, toStartOfHour(entries.ended_at), entries.workflow, entries.model, entries.tool`,
    sql`entries.tenant, toStartOfHour(entries.ended_at), entries.workflow, entries.model, entries.tool`,
  ),
  sameSums(
    'day_sums',
    sql`entries.tenant, toDate(entries.ended_at), entries.workflow, entries.agent, entries.provider, entries.kind`,
    sql`entries.tenant, toDate(entries.ended_at), entries.workflow, entries.agent, entries.provider, entries.kind`,
  ),
  {
    name: 'summaries_unique',
    description: 'A finalized session has one summary.',
    expected: '0',
    found: sql`
      SELECT toString(count() - uniqExact(summary.tenant, summary.session_id)) AS value
      FROM session_summaries AS summary FINAL
      WHERE ${OWN_SUMMARY}`,
  },
  {
    name: 'summaries_equal_entries',
    description: 'Summaries have the sums of the ledger, but for what was booked since and is to be amended.',
    expected: '0',
    found: sql`
      SELECT toString(countIf(
        ledger.records = summary.records
        AND ledger.booked_at <= summary.last_booked_at
        AND (ledger.tokens != summary.tokens OR ledger.cost_nano_usd != summary.cost_nano_usd)
      )) AS value
      FROM session_summaries AS summary FINAL
      INNER JOIN
      (
        SELECT
          entries.tenant AS tenant,
          entries.session_id AS session_id,
          sum(entries.sign) AS records,
          max(entries.ingest_time) AS booked_at,
          sum(entries.sign * entries.input_tokens) + sum(entries.sign * entries.output_tokens) AS tokens,
          sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd
        FROM entries
        WHERE ${OWN}
        GROUP BY entries.tenant, entries.session_id
      ) AS ledger ON ledger.tenant = summary.tenant AND ledger.session_id = summary.session_id
      WHERE ${OWN_SUMMARY}`,
    foundWith: { projection: 'session_sums' },
  },
  {
    name: 'averages_equal_summaries',
    description: 'The averages of every workflow are those of its summaries, computed anew.',
    expected: sql`
      SELECT toString(groupBitXorIf(cityHash64(tenant, workflow, sessions, cost, tokens, duration), sessions > 0)) AS value
      FROM
      (
        SELECT
          summary.tenant AS tenant,
          summary.workflow AS workflow,
          count() AS sessions,
          sum(summary.cost_nano_usd) AS cost,
          sum(summary.tokens) AS tokens,
          sum(summary.duration_us) AS duration
        FROM session_summaries AS summary FINAL
        WHERE ${OWN_SUMMARY}
        GROUP BY summary.tenant, summary.workflow
      )`,
    found: sql`
      SELECT toString(groupBitXorIf(
        cityHash64(
          averages.tenant,
          averages.workflow,
          averages.sessions,
          averages.cost_nano_usd_sum,
          averages.tokens_sum,
          averages.duration_us_sum
        ),
        averages.sessions > 0
      )) AS value
      FROM workflow_averages AS averages FINAL
      WHERE ({is_every:Bool} OR averages.tenant = {tenant:String})`,
  },
];
