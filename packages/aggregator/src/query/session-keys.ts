// Which sessions come next in a list, by key only: finalized ones from their summaries, running ones from the sums per session.

import type { Position } from './cursor.ts';
import type { Parameters, Reader } from './reader.ts';
import { conditionsOn, filterParameters, type SessionFilter, SessionOrder } from './session-filter.ts';
import { allOf, sql, type Sql } from './sql.ts';

/** A session's place in a list. */
export interface SessionKey extends Position {
  /** Day on which a finalized session began, which is where its summary is; undefined while it runs. */
  readonly day: string | undefined;
}

export interface KeyRange {
  readonly filter: SessionFilter;
  readonly order: SessionOrder;
  readonly after: Position | undefined;
  readonly limit: number;
}

const SUMMARY_KEY: Readonly<Record<SessionOrder, Sql>> = {
  [SessionOrder.START]: sql`toUnixTimestamp64Micro(summary.began_at)`,
  [SessionOrder.COST]: sql`summary.cost_nano_usd`,
  [SessionOrder.TOKENS]: sql`summary.tokens`,
  [SessionOrder.DURATION]: sql`summary.duration_us`,
};

const RUNNING_KEY: Readonly<Record<SessionOrder, Sql>> = {
  [SessionOrder.START]: sql`first_us`,
  [SessionOrder.COST]: sql`cost`,
  [SessionOrder.TOKENS]: sql`tokens`,
  [SessionOrder.DURATION]: sql`last_us - first_us`,
};

/** The highest key first, then by id: a total order, so that pages neither repeat nor skip. */
const NEXT = sql`(key < {after_key:Int64} OR (key = {after_key:Int64} AND session_id > {after_id:String}))`;

export async function finalizedKeys(reader: Reader, tenant: string, range: KeyRange): Promise<readonly SessionKey[]> {
  const conditions = allOf([
    sql`summary.tenant = {tenant:String}`,
    ...conditionsOn('summaries', range.filter),
    ...(range.after === undefined ? [] : [NEXT]),
  ]);
  const query = sql`
    SELECT
      summary.session_id AS session_id,
      summary.workflow AS workflow,
      summary.day AS day,
      ${SUMMARY_KEY[range.order]} AS key
    FROM session_summaries AS summary FINAL
    WHERE ${conditions}
    ORDER BY key DESC, session_id
    LIMIT {limit:UInt32}`;
  const rows = await reader.rows<KeyRow & { readonly day: string }>(query, parametersOf(tenant, range));
  return rows.map((row) => ({ ...positionOf(row), day: row.day }));
}

/** Entries carry the day on which their segment was begun; it is closed much sooner than this, and a midnight may lie between. */
const SEGMENT_US = 3_600_000_000;

/** Sessions that were booked to since all before was finalized: those that run, and those that may have news. */
const UNSETTLED = sql`
  SELECT entries.session_id
  FROM entries
  WHERE entries.tenant = {tenant:String}
    AND entries.ingest_day >= toDate(fromUnixTimestamp64Micro({settled_day_us:Int64}, 'UTC'))
    AND notEmpty(entries.session_id)
  GROUP BY entries.session_id
  HAVING max(entries.ingest_time) >= fromUnixTimestamp64Micro({settled_us:Int64}, 'UTC')`;

/** Sessions without a summary. Where nothing is known to be finalized, all are looked through, without a detour. */
function runningAfter(settledUs: number): Sql {
  const [ofEntries, ofSummaries] =
    settledUs > 0
      ? [sql`entries.session_id IN (${UNSETTLED})`, sql`summary.session_id IN (${UNSETTLED})`]
      : [sql`notEmpty(entries.session_id)`, sql`1`];
  return sql`
    ${ofEntries} AND entries.session_id NOT IN
    (
      SELECT summary.session_id
      FROM session_summaries AS summary
      WHERE summary.tenant = {tenant:String} AND ${ofSummaries}
      GROUP BY summary.session_id
      HAVING argMax(summary.is_deleted, (summary.version, 1 - summary.is_deleted)) = 0
    )`;
}

function settledParameters(settledUs: number): Parameters {
  return { settled_us: settledUs, settled_day_us: Math.max(0, settledUs - SEGMENT_US) };
}

const UNSETTLED_OF = sql`
  SELECT entries.session_id AS session_id
  FROM entries
  WHERE entries.tenant = {tenant:String}
    AND entries.session_id IN {session_ids:Array(String)}
    AND entries.ingest_day >= toDate(fromUnixTimestamp64Micro({settled_day_us:Int64}, 'UTC'))
  GROUP BY entries.session_id
  HAVING max(entries.ingest_time) >= fromUnixTimestamp64Micro({settled_us:Int64}, 'UTC')`;

/** Those of the sessions that were booked to since all before was finalized. */
export async function unsettledOf(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
  settledUs: number,
): Promise<readonly string[]> {
  if (sessionIds.length === 0) return [];
  const rows = await reader.rows<{ session_id: string }>(
    UNSETTLED_OF,
    { tenant, session_ids: sessionIds, ...settledParameters(settledUs) },
    { projection: 'session_sums' },
  );
  return rows.map(({ session_id }) => session_id);
}

export async function runningKeys(
  reader: Reader,
  tenant: string,
  range: KeyRange,
  settledUs: number,
): Promise<readonly SessionKey[]> {
  const running = runningAfter(settledUs);
  const onEntries = conditionsOn('entries', range.filter);
  const conditions = allOf([...conditionsOn('sums', range.filter), ...(range.after === undefined ? [] : [NEXT])]);
  const matching = sql`
        AND entries.session_id IN
        (
          SELECT entries.session_id
          FROM entries
          WHERE entries.tenant = {tenant:String} AND ${running} AND ${allOf(onEntries)}
        )`;
  const query = sql`
    SELECT
      session_id,
      workflow,
      ${RUNNING_KEY[range.order]} AS key
    FROM
    (
      SELECT
        entries.session_id AS session_id,
        min(entries.workflow) AS workflow,
        toUnixTimestamp64Micro(min(entries.started_at)) AS first_us,
        toUnixTimestamp64Micro(max(entries.ended_at)) AS last_us,
        sum(entries.sign * entries.cost_nano_usd) AS cost,
        sum(entries.sign * entries.input_tokens) + sum(entries.sign * entries.output_tokens) AS tokens
      FROM entries
      WHERE entries.tenant = {tenant:String} AND ${running}${onEntries.length === 0 ? sql`` : matching}
      GROUP BY entries.session_id
      HAVING sum(entries.sign) > 0
    )
    WHERE ${conditions}
    ORDER BY key DESC, session_id
    LIMIT {limit:UInt32}`;
  const rows = await reader.rows<KeyRow>(
    query,
    { ...parametersOf(tenant, range), ...settledParameters(settledUs) },
    { projection: 'session_sums' },
  );
  return rows.map((row) => ({ ...positionOf(row), day: undefined }));
}

interface KeyRow {
  readonly session_id: string;
  readonly workflow: string;
  readonly key: string;
}

function parametersOf(tenant: string, range: KeyRange): Parameters {
  return {
    ...filterParameters(range.filter),
    tenant,
    limit: range.limit,
    after_key: range.after?.key ?? '0',
    after_id: range.after?.sessionId ?? '',
  };
}

function positionOf({ session_id, workflow, key }: KeyRow): Position {
  return { key, sessionId: session_id, workflow };
}
