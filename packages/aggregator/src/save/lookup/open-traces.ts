import type { Database } from '../database.ts';
import { traceKeyOf } from '../rows/trace-key.ts';
import { loadTraces } from './load-traces.ts';
import { readObservations, readStanding, type SavedRecord, withStanding } from './saved-records.ts';

export interface OpenTracesOptions {
  /** How long before the newest record a trace may have had its last to be undecided yet: these are read however many there are, µs. */
  readonly quietUs: number;
  /** How long before the newest record others may have had theirs, µs. */
  readonly windowUs: number;
  /** Records to read of them, about; traces that had news last come first. */
  readonly recordsMax: number;
}

/** Whose traces: another writer has its own in memory, and would book what is undecided as well. */
interface OwnSegments {
  readonly writer: string;
  /** The number of the segment that is open. */
  readonly before: number;
}

/** Records of the traces that had news lately, trace by trace, and of those related to them, to go on with after a start. */
export async function* readOpenTraces(
  database: Database,
  options: OpenTracesOptions & OwnSegments,
): AsyncGenerator<readonly SavedRecord[]> {
  const first = await findFirst(database, options);
  if (first === undefined) return;
  const parameters = { writer: options.writer, first: first.segment, fromDay: first.day - RELATIVES_DAYS };
  const condition = { where: `(tenant, trace_key) IN (${OPEN})`, parameters };
  const standing = await readStanding(database, condition);
  const known = new Map<string, Set<string>>();
  for await (const block of readObservations(database, condition)) {
    for (const { observation } of block) noteTrace(known, observation.tenant, traceKeyOf(observation));
    yield block.map((saved) => withStanding(saved, standing));
  }
  // A record that is a copy of another would be counted by itself if it came back alone.
  const relatives = new Map<string, Set<string>>();
  for (const { tenant, key } of await database.rows<{ tenant: string; key: string }>(RELATIVES, parameters)) {
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

const OPEN = 'SELECT tenant, trace_key FROM observations WHERE writer = {writer:String} AND seg >= {first:UInt64}';

/** Relatives are looked for so many days back, as there is no index that leads to those of a hundred thousand traces. */
const RELATIVES_DAYS = 3;
const RECENT = 'ingest_day >= toDate({fromDay:UInt16})';

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

/** Of two a second, more than an hour's. */
const SEGMENTS_MAX = 10_000;
/** Between two segments: a longer time is a pause, or the clock was set. */
const STEP_US_MAX = 3_600_000_000;

/**
 * The first segment whose traces are taken; undefined if there are none at all. Segments are in order whatever the clock did, so time
 * is what passed from one to the next.
 */
async function findFirst(
  database: Database,
  { quietUs, windowUs, recordsMax, writer, before }: OpenTracesOptions & OwnSegments,
): Promise<{ readonly segment: number; readonly day: number } | undefined> {
  const segments = await database.rows<{ segment: string; us: string; day: number; count: string }>(
    `SELECT seg AS segment, toUnixTimestamp64Micro(max(ingest_time)) AS us, toUInt16(min(ingest_day)) AS day, count() AS count
     FROM observations
     WHERE writer = {writer:String} AND seg > {after:UInt64}
     GROUP BY seg ORDER BY seg DESC`,
    { writer, after: Math.max(0, before - SEGMENTS_MAX) },
  );
  let first: { readonly segment: number; readonly day: number } | undefined;
  let agoUs = 0;
  let records = 0;
  let nextUs = Number(segments[0]?.us);
  for (const { segment, us, day, count } of segments) {
    const stepUs = nextUs - Number(us);
    if (stepUs > 0 && stepUs < STEP_US_MAX) agoUs += stepUs;
    nextUs = Number(us);
    records += Number(count);
    if (first !== undefined && agoUs > quietUs && (agoUs > windowUs || records > recordsMax)) break;
    first = { segment: Number(segment), day: Math.min(day, first?.day ?? day) };
  }
  return first;
}
