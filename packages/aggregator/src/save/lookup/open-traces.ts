import type { Database } from '../database.ts';
import { traceKeyOf } from '../rows/trace-key.ts';
import { loadTraces } from './load-traces.ts';
import { readObservations, readStanding, type SavedRecord, withStanding } from './saved-records.ts';

export interface OpenTracesOptions {
  /** How long before the newest record in the database a trace may have had its last, µs. */
  readonly windowUs: number;
  /** Records to read at most, not counting those of relatives; traces that had news last come first. */
  readonly recordsMax: number;
}

/** Records of the traces that had news lately, trace by trace, and of those related to them, to go on with after a start. */
export async function* readOpenTraces(
  database: Database,
  options: OpenTracesOptions,
): AsyncGenerator<readonly SavedRecord[]> {
  const fromUs = await findFrom(database, options);
  if (fromUs === undefined) return;
  const condition = { where: `(tenant, trace_key) IN (${OPEN})`, parameters: { fromUs } };
  const standing = await readStanding(database, condition);
  const known = new Map<string, Set<string>>();
  for await (const block of readObservations(database, condition)) {
    for (const { observation } of block) noteTrace(known, observation.tenant, traceKeyOf(observation));
    yield block.map((saved) => withStanding(saved, standing));
  }
  // A record that is a copy of another would be counted by itself if it came back alone.
  const relatives = new Map<string, Set<string>>();
  for (const { tenant, key } of await database.rows<{ tenant: string; key: string }>(RELATIVES, { fromUs })) {
    if (known.get(tenant)?.has(key) !== true) noteTrace(relatives, tenant, key);
  }
  for (const [tenant, keys] of relatives) {
    const { records } = await loadTraces(database, { tenant, traceIds: [...keys], responseIds: [] }, known.get(tenant));
    yield records;
  }
}

function noteTrace(traces: Map<string, Set<string>>, tenant: string, key: string): void {
  const keys = traces.get(tenant);
  if (keys === undefined) traces.set(tenant, new Set([key]));
  else keys.add(key);
}

const OPEN = 'SELECT tenant, trace_key FROM observations WHERE ingest_time >= fromUnixTimestamp64Micro({fromUs:Int64})';

/** Relatives are looked for so many days back, as there is no index that leads to those of a hundred thousand traces. */
const RELATIVES_DAYS = 3;
const RECENT = `ingest_day >= toDate(fromUnixTimestamp64Micro({fromUs:Int64})) - ${RELATIVES_DAYS}`;

/** The same relations as those of a few traces (\`relatives.ts\`), of many at once. */
const RELATIVES = `
  SELECT DISTINCT tenant, key
  FROM
  (
    SELECT tenant, trace_key AS key FROM entries
    WHERE ${RECENT} AND counted_by != '' AND (tenant, substringIndex(counted_by, '/', 1)) IN (${OPEN})
    UNION ALL
    SELECT tenant, substringIndex(counted_by, '/', 1) AS key FROM entries
    WHERE ${RECENT} AND counted_by != '' AND (tenant, trace_key) IN (${OPEN})
    UNION ALL
    SELECT tenant, trace_key AS key FROM observations ARRAY JOIN link_trace_ids AS linked
    WHERE ${RECENT} AND (tenant, linked) IN (${OPEN})
    UNION ALL
    SELECT tenant, linked AS key FROM observations ARRAY JOIN link_trace_ids AS linked
    WHERE ${RECENT} AND (tenant, trace_key) IN (${OPEN})
    UNION ALL
    SELECT tenant, trace_key AS key FROM observations
    WHERE ${RECENT} AND response_id != '' AND (tenant, response_id) IN
      (SELECT tenant, response_id FROM observations WHERE ${RECENT} AND response_id != '' AND (tenant, trace_key) IN (${OPEN}))
    UNION ALL
    SELECT tenant, trace_key AS key FROM observations
    WHERE ${RECENT} AND signal != 'span' AND (tenant, concat(signal, '/', record_id)) IN
      (SELECT tenant, counted_by FROM entries WHERE ${RECENT} AND counted_by != '' AND (tenant, trace_key) IN (${OPEN}))
    UNION ALL
    SELECT tenant, trace_key AS key FROM entries
    WHERE ${RECENT} AND counted_by != '' AND (tenant, counted_by) IN
      (SELECT tenant, concat(signal, '/', record_id) FROM observations WHERE signal != 'span' AND (tenant, trace_key) IN (${OPEN}))
  )`;

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
