// What sessions cost so far, and little else: for those who watch them run. From sums, so that a session of a million calls is as quick.

import { type KeyRange, runningKeys } from './session-keys.ts';
import type { Parameters, Reader } from './reader.ts';
import { SessionOrder } from './session-filter.ts';
import { sql, type Sql } from './sql.ts';

/** A session as the ledger has it now. */
export interface SessionCost {
  readonly sessionId: string;
  /** Empty where nothing names one. */
  readonly workflow: string;
  /** Of the workflow, the latest; empty where nobody named one. */
  readonly workflowVersion: string;
  readonly costNanoUsd: bigint;
  /** Of prompts and answers. */
  readonly tokens: number;
  readonly turns: number;
  readonly inferences: number;
  readonly errors: number;
  readonly beganUs: number;
  readonly lastUs: number;
  /** Latest booking, µs. */
  readonly bookedUs: number;
}

interface CostRow {
  readonly session_id: string;
  readonly workflow: string;
  readonly workflow_version: string;
  readonly records: string;
  readonly cost_nano_usd: string;
  readonly tokens: string;
  readonly turns: string;
  readonly inferences: string;
  readonly errors: string;
  readonly began_us: string;
  readonly last_us: string;
  readonly booked_us: string;
}

function costsOf(condition: Sql): Sql {
  return sql`
  SELECT
    entries.session_id AS session_id,
    entries.workflow AS workflow,
    entries.workflow_version AS workflow_version,
    sum(entries.sign) AS records,
    sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd,
    sum(entries.sign * entries.input_tokens) + sum(entries.sign * entries.output_tokens) AS tokens,
    sum(entries.sign * entries.turns) AS turns,
    sum(entries.sign * entries.inferences) AS inferences,
    sum(entries.sign * entries.errors) AS errors,
    toUnixTimestamp64Micro(min(entries.started_at)) AS began_us,
    toUnixTimestamp64Micro(max(entries.ended_at)) AS last_us,
    toUnixTimestamp64Micro(max(entries.ingest_time)) AS booked_us
  FROM entries
  WHERE entries.tenant = {tenant:String} AND ${condition}
  GROUP BY entries.session_id, entries.workflow, entries.workflow_version`;
}

const BY_ID = costsOf(sql`entries.session_id IN {session_ids:Array(String)}`);

/** Segments are closed much sooner than this after the day that their rows carry was told, and a midnight may lie between. */
const SEGMENT_US = 3_600_000_000;

const MOVED = costsOf(sql`entries.session_id IN
    (
      SELECT entries.session_id
      FROM entries
      WHERE entries.tenant = {tenant:String}
        AND entries.ingest_day >= toDate(fromUnixTimestamp64Micro({since_day_us:Int64}, 'UTC'))
        AND entries.ingest_time > fromUnixTimestamp64Micro({since_us:Int64}, 'UTC')
        AND notEmpty(entries.session_id)
      GROUP BY entries.session_id
      ORDER BY max(entries.ingest_time) DESC
      LIMIT {limit:UInt32}
    )`);

/** Sessions by id; those of which nothing stands are not in it. */
export async function readSessionCosts(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, SessionCost>> {
  if (sessionIds.length === 0) return new Map();
  return read(reader, BY_ID, { tenant, session_ids: sessionIds });
}

/** Sessions that were booked to after a time, µs; of more than `limit` the latest. */
export function readMovedSessions(
  reader: Reader,
  tenant: string,
  { sinceUs, limit }: { readonly sinceUs: number; readonly limit: number },
): Promise<ReadonlyMap<string, SessionCost>> {
  const since = { since_us: sinceUs, since_day_us: Math.max(0, sinceUs - SEGMENT_US) };
  return read(reader, MOVED, { tenant, limit, ...since });
}

/** Sessions that are not finalized, the latest first. */
export async function readRunningCosts(
  reader: Reader,
  tenant: string,
  { limit, settledUs }: { readonly limit: number; readonly settledUs: number },
): Promise<ReadonlyMap<string, SessionCost>> {
  const range: KeyRange = { filter: {}, order: SessionOrder.START, after: undefined, limit };
  const keys = await runningKeys(reader, tenant, range, settledUs);
  return readSessionCosts(
    reader,
    tenant,
    keys.map(({ sessionId }) => sessionId),
  );
}

async function read(reader: Reader, query: Sql, parameters: Parameters): Promise<ReadonlyMap<string, SessionCost>> {
  const rows = await reader.rows<CostRow>(query, parameters, { projection: 'session_sums' });
  const costs = new Map<string, SessionCost>();
  for (const [sessionId, own] of Map.groupBy(rows, ({ session_id }) => session_id)) {
    const cost = costOf(sessionId, own);
    if (cost !== undefined) costs.set(sessionId, cost);
  }
  return costs;
}

/** A session whose workflow, or version of it, became known late has a row of zeros for the one before. */
function costOf(sessionId: string, rows: readonly CostRow[]): SessionCost | undefined {
  const standing = rows.filter(({ records }) => records !== '0');
  if (standing.length === 0) return undefined;
  const sumOf = (name: 'tokens' | 'turns' | 'inferences' | 'errors'): number =>
    standing.reduce((sum, row) => sum + Number(row[name]), 0);
  const workflow = firstWorkflow(standing);
  return {
    sessionId,
    workflow,
    workflowVersion: lastVersion(standing.filter((row) => row.workflow === workflow)),
    costNanoUsd: standing.reduce((sum, { cost_nano_usd }) => sum + BigInt(cost_nano_usd), 0n),
    tokens: sumOf('tokens'),
    turns: sumOf('turns'),
    inferences: sumOf('inferences'),
    errors: sumOf('errors'),
    beganUs: standing.reduce((least, { began_us }) => Math.min(least, Number(began_us)), Number.POSITIVE_INFINITY),
    lastUs: standing.reduce((most, { last_us }) => Math.max(most, Number(last_us)), 0),
    bookedUs: rows.reduce((most, { booked_us }) => Math.max(most, Number(booked_us)), 0),
  };
}

/** Of several the one that began first, as nothing here tells which was named and which is called after its service. */
function firstWorkflow(rows: readonly CostRow[]): string {
  const named = rows.filter(({ workflow }) => workflow !== '');
  const [first] = named.toSorted(
    (a, b) => Number(a.began_us) - Number(b.began_us) || (a.workflow < b.workflow ? -1 : 1),
  );
  return first?.workflow ?? '';
}

function lastVersion(rows: readonly CostRow[]): string {
  const versioned = rows.filter(({ workflow_version }) => workflow_version !== '');
  const [last] = versioned.toSorted(
    (a, b) => Number(b.last_us) - Number(a.last_us) || (a.workflow_version > b.workflow_version ? -1 : 1),
  );
  return last?.workflow_version ?? '';
}
