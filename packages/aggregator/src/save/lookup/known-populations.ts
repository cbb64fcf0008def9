import type { KnownSource } from '@turnmeter/accounting';
import type { Database } from '../database.ts';

/** That a source reported calls: of a session, and in an hour. Others that report the same calls are its witnesses, also later. */
export type KnownPopulation = KnownSource & { readonly tenant: string };

/** What sources reported since then, µs: a row for each source, session and hour. */
export async function readKnownPopulations(database: Database, sinceUs: number): Promise<readonly KnownPopulation[]> {
  const found = await Promise.all([PLAIN, RANKED].map((sql) => database.rows<PopulationRow>(sql, { sinceUs })));
  return found.flat().map(({ hour, ...population }) => ({ ...population, hourUs: hour * 1_000_000 }));
}

type PopulationRow = Omit<KnownPopulation, 'hourUs'> & { readonly hour: number };

const SINCE = 'ingest_time >= fromUnixTimestamp64Micro({sinceUs:Int64})';

/** Calls that stand for themselves, which most do: their witnesses ask for the service and the hour alone. */
const PLAIN = `
  SELECT tenant, '' AS family, -1 AS rank, service, '' AS session, toUnixTimestamp(toStartOfHour(ended_at)) AS hour
  FROM observations
  WHERE ${SINCE} AND authority_rank < 0 AND has_usage
  GROUP BY tenant, service, hour`;

/** Records of producers that report one call several times: of which session, the ledger knows. A week of them may not fit into memory. */
const RANKED = `
  SELECT
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
    WHERE ${SINCE}
      AND (tenant, trace_key) IN (SELECT tenant, trace_key FROM observations WHERE ${SINCE} AND authority_rank >= 0)
    GROUP BY tenant, trace_key, record_id
  ) AS standing
  ON said.tenant = standing.tenant AND said.trace_key = standing.trace_key AND said.record_id = standing.record_id
  WHERE said.${SINCE} AND said.authority_rank >= 0
  GROUP BY tenant, family, rank, service, session, hour
  SETTINGS join_algorithm = 'grace_hash', max_bytes_before_external_group_by = 268435456`;
