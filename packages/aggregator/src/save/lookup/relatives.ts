// Which traces have to be looked at together: those with records of the same calls, and those that are linked.

import { type Observation, observationKey } from '@turnmeter/accounting';
import type { Database } from '../database.ts';
import type { StandingEntry } from './saved-records.ts';

/** Traces of one tenant as they were read. */
export interface ReadTraces {
  readonly tenant: string;
  readonly traceKeys: readonly string[];
  readonly observations: readonly Observation[];
  readonly standing: Iterable<StandingEntry>;
}

/** Keys of traces that these are related to, in either direction; these themselves may be among them. */
export async function findRelatives(database: Database, traces: ReadTraces): Promise<readonly string[]> {
  const { tenant, traceKeys, observations } = traces;
  const countedBy = [...traces.standing].map(({ entry }) => entry.countedBy).filter((key) => key !== '');
  const linked = observations.flatMap(({ links }) => links.map(({ traceId }) => traceId));
  const responseIds = observations.map(({ responseId }) => responseId).filter((id) => id !== '');
  const recordKeys = observations.filter(({ signal }) => signal !== 'span').map(observationKey);
  const found = await Promise.all([
    findCounting(database, tenant, countedBy),
    findTraceKeys(database, COUNTED_BY, { tenant, traceKeys, recordKeys }),
    findTraceKeys(database, LINKING, { tenant, traceKeys }),
    findByResponse(database, tenant, [...new Set(responseIds)]),
  ]);
  return [...linked, ...found.flat()];
}

/** Traces with a record of one of these answers. */
export async function findByResponse(
  database: Database,
  tenant: string,
  responseIds: readonly string[],
): Promise<readonly string[]> {
  return responseIds.length === 0 ? [] : findTraceKeys(database, ANSWERED, { tenant, responseIds });
}

/** With records that are not counted because one of these is. */
const COUNTED_BY = `
  SELECT DISTINCT trace_key FROM entries
  WHERE tenant = {tenant:String}
    AND (substringIndex(counted_by, '/', 1) IN {traceKeys:Array(String)} OR counted_by IN {recordKeys:Array(String)})`;

/** With links to these. */
const LINKING = `
  SELECT DISTINCT trace_key FROM observations
  WHERE tenant = {tenant:String} AND hasAny(link_trace_ids, {traceKeys:Array(String)})`;

const ANSWERED = `
  SELECT DISTINCT trace_key FROM observations
  WHERE tenant = {tenant:String} AND response_id IN {responseIds:Array(String)}`;

/** Of log records and metric points. */
const RECORDED = `
  SELECT DISTINCT trace_key FROM observations
  WHERE tenant = {tenant:String} AND signal != 'span' AND record_id IN {ids:Array(String)}`;

/** Traces of the records that count instead. A span's key begins with its trace; that of a log record or metric point does not. */
async function findCounting(
  database: Database,
  tenant: string,
  recordKeys: readonly string[],
): Promise<readonly string[]> {
  const ofSpans: string[] = [];
  const ids: string[] = [];
  for (const key of recordKeys) {
    const slash = key.indexOf('/');
    const first = key.slice(0, slash);
    if (first === 'log' || first === 'metric') ids.push(key.slice(slash + 1));
    else ofSpans.push(first);
  }
  return ids.length === 0 ? ofSpans : [...ofSpans, ...(await findTraceKeys(database, RECORDED, { tenant, ids }))];
}

async function findTraceKeys(
  database: Database,
  sql: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const rows = await database.rows<{ trace_key: string }>(sql, parameters);
  return rows.map(({ trace_key }) => trace_key);
}
