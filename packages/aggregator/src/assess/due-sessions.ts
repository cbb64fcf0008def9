// Which sessions are to be finalized or amended, of all tenants.

import type { Reader } from '../query/reader.ts';
import { sql } from '../query/sql.ts';

/** A session that looks due by the bookings of some days; later days may know better. */
export interface DueSession {
  readonly tenant: string;
  readonly session_id: string;
  readonly booked_us: string;
}

/** When sessions are due. */
export interface DueTimes {
  /** Without a summary: when the last booking is earlier, µs. */
  readonly idleUs: number;
  /** With one: when the last booking is earlier, and later than the summary knows, µs. */
  readonly calmUs: number;
}

export interface DueRange extends DueTimes {
  /** Days on which bookings arrived, as `2026-11-21`, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Sessions whose last booking is earlier were looked at before, µs. */
  readonly sinceUs: number;
  /** Where the answer before ended. */
  readonly after: DueSession | undefined;
}

/** Sessions in one answer. */
export const DUE_MAX = 1000;

const NEWS = sql`
  SELECT
    entries.tenant AS tenant,
    entries.session_id AS session_id,
    toUnixTimestamp64Micro(max(entries.ingest_time)) AS booked_us
  FROM entries
  WHERE entries.ingest_day BETWEEN {first_day:Date} AND {last_day:Date}
    AND notEmpty(entries.session_id)
  GROUP BY
    entries.tenant,
    entries.session_id
  HAVING booked_us >= {since_us:Int64} AND booked_us < {calm_us:Int64}`;

const DUE = sql`
  SELECT
    news.tenant AS tenant,
    news.session_id AS session_id,
    news.booked_us AS booked_us
  FROM (${NEWS}) AS news
  LEFT JOIN
  (
    SELECT
      summary.tenant AS tenant,
      summary.session_id AS session_id,
      argMax(
        if(summary.is_deleted, 0, toUnixTimestamp64Micro(summary.last_booked_at)),
        (summary.version, 1 - summary.is_deleted)
      ) AS known_us
    FROM session_summaries AS summary
    WHERE (summary.tenant, summary.session_id) IN (SELECT tenant, session_id FROM (${NEWS}))
    GROUP BY
      summary.tenant,
      summary.session_id
  ) AS known USING (tenant, session_id)
  WHERE if(known.known_us = 0, news.booked_us < {idle_us:Int64}, news.booked_us > known.known_us)
    AND (news.booked_us, news.tenant, news.session_id) > ({after_us:Int64}, {after_tenant:String}, {after_id:String})
  ORDER BY news.booked_us, news.tenant, news.session_id
  LIMIT {limit:UInt32}`;

export function findDueSessions(reader: Reader, range: DueRange): Promise<readonly DueSession[]> {
  return reader.rows<DueSession>(
    DUE,
    {
      first_day: range.firstDay,
      last_day: range.lastDay,
      since_us: range.sinceUs,
      idle_us: range.idleUs,
      calm_us: range.calmUs,
      after_us: range.after?.booked_us ?? '-1',
      after_tenant: range.after?.tenant ?? '',
      after_id: range.after?.session_id ?? '',
      limit: DUE_MAX,
    },
    { projection: 'session_sums', threadsMax: 1 },
  );
}

const FIRST_DAY = sql`SELECT toString(min(entries.ingest_day)) AS day, count() > 0 AS is_known FROM entries`;

/** The first day on which bookings arrived; undefined while there are none. */
export async function findFirstDay(reader: Reader): Promise<string | undefined> {
  const { day, is_known } = await reader.row<{ day: string; is_known: number }>(FIRST_DAY, {});
  return is_known === 1 ? day : undefined;
}
