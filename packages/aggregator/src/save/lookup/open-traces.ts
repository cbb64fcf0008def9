import type { Database } from '../database.ts';
import { readObservations, readStanding, type SavedRecord, withStanding } from './saved-records.ts';

export interface OpenTracesOptions {
  /** How long before the newest record in the database a trace may have had its last, µs. */
  readonly windowUs: number;
  /** Records to read at most; traces that had news last come first. */
  readonly recordsMax: number;
}

/** Records of the traces that had news lately, trace by trace, to go on with after a start. */
export async function* readOpenTraces(
  database: Database,
  options: OpenTracesOptions,
): AsyncGenerator<readonly SavedRecord[]> {
  const fromUs = await findFrom(database, options);
  if (fromUs === undefined) return;
  const condition = {
    where: `(tenant, trace_key) IN (
      SELECT tenant, trace_key FROM observations WHERE ingest_time >= fromUnixTimestamp64Micro({fromUs:Int64}))`,
    parameters: { fromUs },
  };
  const standing = await readStanding(database, condition);
  for await (const block of readObservations(database, condition)) {
    yield block.map((saved) => withStanding(saved, standing));
  }
}

/** Since when traces are taken, so that they have no more records than that; undefined if there are none at all. */
async function findFrom(database: Database, { windowUs, recordsMax }: OpenTracesOptions): Promise<number | undefined> {
  const [newest] = await database.rows<{ us: string; count: string }>(
    `SELECT toUnixTimestamp64Micro(max(ingest_time)) AS us, count() AS count FROM observations
     WHERE ingest_day = (SELECT max(ingest_day) FROM observations)`,
  );
  if (newest === undefined || newest.count === '0') return undefined;
  const sinceUs = Number(newest.us) - windowUs;
  const [found] = await database.rows<{ us: string }>(
    `SELECT toUnixTimestamp64Micro(min(last)) AS us
     FROM
     (
       SELECT last, sum(records) OVER (ORDER BY last DESC) AS total
       FROM
       (
         SELECT max(ingest_time) AS last, count() AS records
         FROM observations
         WHERE ingest_time >= fromUnixTimestamp64Micro({sinceUs:Int64})
         GROUP BY tenant, trace_key
       )
     )
     WHERE total <= {recordsMax:UInt64}`,
    { sinceUs, recordsMax },
  );
  // Where the last trace alone has more than that, it is read nevertheless: it is the one that goes on.
  return Number(found?.us) === 0 ? Number(newest.us) : Number(found?.us);
}
