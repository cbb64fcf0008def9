// What somebody may have meant who asked for what is not there.

import { distance } from 'fastest-levenshtein';
import { QueryError } from './query-error.ts';
import type { Parameters, Reader, ReadOptions } from './reader.ts';
import { sql, type Sql } from './sql.ts';

/** Names looked at: enough for a person's tenant, and bounded for a large one. */
const CANDIDATES_MAX = 2000;
const SUGGESTIONS_MAX = 3;
const SECONDS_MAX = 1;
/** Longer names are ids that nobody types. */
const LENGTH_MAX = 200;

const SESSIONS = sql`
  SELECT entries.session_id AS name
  FROM entries
  WHERE entries.tenant = {tenant:String} AND notEmpty(entries.session_id)
  GROUP BY entries.session_id
  HAVING sum(entries.sign) > 0
  ORDER BY startsWith(entries.session_id, {prefix:String}) DESC, max(entries.ingest_time) DESC
  LIMIT {limit:UInt32}`;

const WORKFLOWS = sql`
  SELECT averages.workflow AS name
  FROM workflow_averages AS averages FINAL
  WHERE averages.tenant = {tenant:String} AND averages.sessions > 0
  ORDER BY averages.sessions DESC
  LIMIT {limit:UInt32}`;

/** Ids of sessions that are nearly this one, the nearest first. */
export async function nearSessions(reader: Reader, tenant: string, id: string): Promise<readonly string[]> {
  if (id.length > LENGTH_MAX) return [];
  const parameters = { tenant, prefix: id.slice(0, 4), limit: CANDIDATES_MAX };
  const names = await namesOf(reader, SESSIONS, parameters, { projection: 'session_sums' });
  return nearest(id, names);
}

export async function nearWorkflows(reader: Reader, tenant: string, name: string): Promise<readonly string[]> {
  if (name.length > LENGTH_MAX) return [];
  return nearest(name, await namesOf(reader, WORKFLOWS, { tenant, limit: CANDIDATES_MAX }));
}

/** Nobody waits long for a guess, and where it cannot be made there is none. */
async function namesOf(
  reader: Reader,
  query: Sql,
  parameters: Parameters,
  options: ReadOptions = {},
): Promise<readonly string[]> {
  try {
    const rows = await reader.rows<{ name: string }>(query, parameters, { ...options, secondsMax: SECONDS_MAX });
    return rows.map(({ name }) => name).filter((name) => name.length <= LENGTH_MAX);
  } catch (error) {
    if (error instanceof QueryError) return [];
    throw error;
  }
}

/** Names that begin alike, or differ in less than half of their letters. */
export function nearest(wanted: string, names: readonly string[]): readonly string[] {
  const lower = wanted.toLowerCase();
  return names
    .map((name) => ({ name, far: name.toLowerCase().startsWith(lower) ? 0 : distance(lower, name.toLowerCase()) }))
    .filter(({ name, far }) => far < Math.max(name.length, wanted.length) / 2)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, SUGGESTIONS_MAX)
    .map(({ name }) => name);
}
