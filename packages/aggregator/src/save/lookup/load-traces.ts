// Reads back traces that left memory, with all they are related to: a record that comes late is decided with its neighbors, and two of
// them may be records of one call.

import { type Observation, observationKey } from '@turnmeter/accounting';
import type { Database } from '../database.ts';
import type { SavedObservation } from '../rows/observation-columns.ts';
import { readObservations, readStanding, type SavedRecord, type StandingEntry, withStanding } from './saved-records.ts';

/** Traces and response ids of one tenant. */
export interface TraceKeys {
  readonly tenant: string;
  /** Trace ids; `signal/id` for a record outside any trace. */
  readonly traceIds: readonly string[];
  readonly responseIds: readonly string[];
}

export interface LoadedTraces {
  readonly records: readonly SavedRecord[];
  /** False if there is more that is related than was read. */
  readonly isComplete: boolean;
}

/** Copies of copies, links of links: real ones are one or two steps away. */
const STEPS_MAX = 8;
/** A trace of a day has ten thousand records; more than some of those is somebody's mistake. */
const RECORDS_MAX = 100_000;

/** Everything that was saved of these traces and of those related to them; see `status.unsavedSinceUs` for what was not saved yet. */
export async function loadTraces(database: Database, keys: TraceKeys): Promise<LoadedTraces> {
  const { tenant } = keys;
  const family = new Set<string>();
  const observations: SavedObservation[] = [];
  const standing = new Map<string, StandingEntry>();
  let found = new Set([...keys.traceIds, ...(await findByResponse(database, tenant, keys.responseIds))]);
  for (let step = 0; step < STEPS_MAX && found.size > 0 && observations.length < RECORDS_MAX; step++) {
    const traceKeys = [...found];
    for (const key of traceKeys) family.add(key);
    const condition = {
      where: 'tenant = {tenant:String} AND trace_key IN {keys:Array(String)}',
      parameters: { tenant, keys: traceKeys },
    };
    const members: Observation[] = [];
    for await (const block of readObservations(database, condition)) {
      observations.push(...block);
      members.push(...block.map(({ observation }) => observation));
    }
    const entries = await readStanding(database, condition);
    for (const [key, entry] of entries) standing.set(key, entry);
    const related = await findRelated(database, { tenant, traceKeys, members, entries: [...entries.values()] });
    found = new Set(related.filter((key) => !family.has(key)));
  }
  return {
    records: observations.map((saved) => withStanding(saved, standing)),
    isComplete: found.size === 0,
  };
}

interface Members {
  readonly tenant: string;
  readonly traceKeys: readonly string[];
  readonly members: readonly Observation[];
  readonly entries: readonly StandingEntry[];
}

/** Keys of traces that hold records of the same calls, or that are linked, in either direction. */
async function findRelated(
  database: Database,
  { tenant, traceKeys, members, entries }: Members,
): Promise<readonly string[]> {
  const countedBy = entries.map(({ entry }) => entry.countedBy).filter((key) => key !== '');
  const linked = members.flatMap(({ links }) => links.map(({ traceId }) => traceId));
  const responseIds = members.map(({ responseId }) => responseId).filter((id) => id !== '');
  const ownKeys = members.filter(({ signal }) => signal !== 'span').map(observationKey);
  const found = await Promise.all([
    findCounting(database, tenant, countedBy),
    findCountedBy(database, { tenant, traceKeys, recordKeys: ownKeys }),
    findLinking(database, tenant, traceKeys),
    findByResponse(database, tenant, [...new Set(responseIds)]),
  ]);
  return [...linked, ...found.flat()];
}

/** Traces of the records that count instead. A span's key begins with its trace; that of a log record or metric point does not. */
async function findCounting(
  database: Database,
  tenant: string,
  recordKeys: readonly string[],
): Promise<readonly string[]> {
  const ofSpans: string[] = [];
  const others: string[] = [];
  for (const key of recordKeys) {
    const [first, id] = splitKey(key);
    if (first === 'log' || first === 'metric') others.push(id);
    else ofSpans.push(first);
  }
  if (others.length === 0) return ofSpans;
  return [
    ...ofSpans,
    ...(await findTraceKeys(
      database,
      "SELECT DISTINCT trace_key FROM observations WHERE tenant = {tenant:String} AND signal != 'span' AND record_id IN {ids:Array(String)}",
      { tenant, ids: others },
    )),
  ];
}

function splitKey(key: string): readonly [first: string, id: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

/** Traces with records that are not counted because one of these is. */
function findCountedBy(
  database: Database,
  {
    tenant,
    traceKeys,
    recordKeys,
  }: { readonly tenant: string; readonly traceKeys: readonly string[]; readonly recordKeys: readonly string[] },
): Promise<readonly string[]> {
  return findTraceKeys(
    database,
    `SELECT DISTINCT trace_key FROM entries
     WHERE tenant = {tenant:String}
       AND (substringIndex(counted_by, '/', 1) IN {traceKeys:Array(String)} OR counted_by IN {recordKeys:Array(String)})`,
    { tenant, traceKeys, recordKeys },
  );
}

function findLinking(database: Database, tenant: string, traceKeys: readonly string[]): Promise<readonly string[]> {
  return findTraceKeys(
    database,
    'SELECT DISTINCT trace_key FROM observations WHERE tenant = {tenant:String} AND hasAny(link_trace_ids, {traceKeys:Array(String)})',
    { tenant, traceKeys },
  );
}

async function findByResponse(
  database: Database,
  tenant: string,
  responseIds: readonly string[],
): Promise<readonly string[]> {
  if (responseIds.length === 0) return [];
  return findTraceKeys(
    database,
    'SELECT DISTINCT trace_key FROM observations WHERE tenant = {tenant:String} AND response_id IN {responseIds:Array(String)}',
    { tenant, responseIds },
  );
}

async function findTraceKeys(
  database: Database,
  sql: string,
  parameters: Record<string, unknown>,
): Promise<readonly string[]> {
  const rows = await database.rows<{ trace_key: string }>(sql, parameters);
  return rows.map(({ trace_key }) => trace_key);
}
