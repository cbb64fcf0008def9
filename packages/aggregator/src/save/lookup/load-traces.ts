// Reads back traces that left memory, with all they are related to: a record that comes late is decided with its neighbors, and two of
// them may be records of one call.

import type { Database } from '../database.ts';
import type { SavedObservation } from '../rows/observation-columns.ts';
import { findByResponse, findRelatives } from './relatives.ts';
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

/**
 * Everything that is in the database of these traces and of those related to them.
 *
 * @param known traces that were read before: neither they nor what only they are related to is read again.
 */
export async function loadTraces(
  database: Database,
  { tenant, traceIds, responseIds }: TraceKeys,
  known: ReadonlySet<string> = new Set(),
): Promise<LoadedTraces> {
  const family = new Set(known);
  const saved: SavedObservation[] = [];
  const standing = new Map<string, StandingEntry>();
  let found = new Set([...traceIds, ...(await findByResponse(database, tenant, responseIds))]);
  for (let step = 0; step < STEPS_MAX && found.size > 0 && saved.length < RECORDS_MAX; step++) {
    const traceKeys = [...found];
    for (const key of traceKeys) family.add(key);
    const condition = {
      where: 'tenant = {tenant:String} AND trace_key IN {keys:Array(String)}',
      parameters: { tenant, keys: traceKeys },
    };
    const [members, entries] = await Promise.all([
      gather(readObservations(database, condition)),
      readStanding(database, condition),
    ]);
    for (const member of members) saved.push(member);
    for (const [key, entry] of entries) standing.set(key, entry);
    const observations = members.map(({ observation }) => observation);
    const relatives = await findRelatives(database, { tenant, traceKeys, observations, standing: entries.values() });
    found = new Set(relatives.filter((key) => !family.has(key)));
  }
  return { records: saved.map((one) => withStanding(one, standing)), isComplete: found.size === 0 };
}

async function gather<Row>(blocks: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const rows: (readonly Row[])[] = [];
  for await (const block of blocks) rows.push(block);
  return rows.flat();
}
