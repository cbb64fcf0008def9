import type { KnownSource } from '@turnmeter/accounting';
import type { Database } from '../database.ts';

/** That a source reported calls: of a session, and in an hour. Others that report the same calls are its witnesses, also later. */
export type KnownPopulation = KnownSource & { readonly tenant: string };

/** What sources reported since then, µs: a row for each source, session and hour. */
export async function readKnownPopulations(database: Database, sinceUs: number): Promise<readonly KnownPopulation[]> {
  const rows = await database.rows<Omit<KnownPopulation, 'hourUs'> & { readonly hour: number }>(
    `SELECT
       said.tenant AS tenant,
       said.authority_family AS family,
       said.authority_rank AS rank,
       said.service AS service,
       standing.session_id AS session,
       toUnixTimestamp(toStartOfHour(said.ended_at)) AS hour
     FROM observations AS said
     LEFT JOIN
     (
       SELECT tenant, trace_key, record_id, argMax(session_id, (seg, sign)) AS session_id
       FROM entries
       WHERE ingest_time >= fromUnixTimestamp64Micro({sinceUs:Int64})
       GROUP BY tenant, trace_key, record_id
     ) AS standing
     ON said.tenant = standing.tenant AND said.trace_key = standing.trace_key AND said.record_id = standing.record_id
     WHERE said.ingest_time >= fromUnixTimestamp64Micro({sinceUs:Int64})
       AND (said.authority_rank >= 0 OR said.has_usage)
     GROUP BY tenant, family, rank, service, session, hour`,
    { sinceUs },
  );
  return rows.map(({ hour, ...population }) => ({ ...population, hourUs: hour * 1_000_000 }));
}
