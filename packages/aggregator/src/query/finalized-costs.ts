// What finalized sessions of a workflow cost, each for itself: what is expected of the next one is made of them.

import type { Reader } from './reader.ts';
import { sql } from './sql.ts';

/** A finalized session, as far as an expectation is made of it. */
export interface FinalizedCost {
  readonly sessionId: string;
  readonly costNanoUsd: number;
  readonly tokens: number;
  /** Of the workflow; empty where nobody named one. */
  readonly workflowVersion: string;
}

// A session in which something has no price cost more than it says, so that the next ones would seem dear beside it.
const LATEST = sql`
  SELECT
    summary.session_id AS session_id,
    summary.cost_nano_usd AS cost_nano_usd,
    summary.tokens AS tokens,
    summary.workflow_version AS workflow_version
  FROM session_summaries AS summary FINAL
  WHERE summary.tenant = {tenant:String}
    AND summary.workflow = {workflow:String}
    AND summary.cost_status NOT IN ('partial', 'unpriced')
  ORDER BY summary.day DESC, summary.began_at DESC
  LIMIT {limit:UInt32}`;

interface CostRow {
  readonly session_id: string;
  readonly cost_nano_usd: string;
  readonly tokens: string;
  readonly workflow_version: string;
}

/** The latest finalized sessions of a workflow whose whole cost is known. */
export async function readFinalizedCosts(
  reader: Reader,
  tenant: string,
  workflow: string,
  limit: number,
): Promise<readonly FinalizedCost[]> {
  const rows = await reader.rows<CostRow>(LATEST, { tenant, workflow, limit });
  return rows.map((row) => ({
    sessionId: row.session_id,
    costNanoUsd: Number(row.cost_nano_usd),
    tokens: Number(row.tokens),
    workflowVersion: row.workflow_version,
  }));
}

// As above, of many workflows at once.
const LATEST_OF = sql`
  SELECT
    latest.tenant AS tenant,
    latest.workflow AS workflow,
    groupArray(latest.cost_nano_usd) AS costs
  FROM
  (
    SELECT
      summary.tenant AS tenant,
      summary.workflow AS workflow,
      summary.cost_nano_usd AS cost_nano_usd
    FROM session_summaries AS summary FINAL
    WHERE (summary.tenant, summary.workflow) IN
      (
        SELECT arrayJoin(arrayZip({tenants:Array(String)}, {workflows:Array(String)}))
      )
      AND summary.cost_status NOT IN ('partial', 'unpriced')
    ORDER BY summary.day DESC, summary.began_at DESC
    LIMIT {limit:UInt32} BY summary.tenant, summary.workflow
  ) AS latest
  GROUP BY
    latest.tenant,
    latest.workflow`;

/** A workflow of a tenant. */
export interface WorkflowName {
  readonly tenant: string;
  readonly workflow: string;
}

/** What the latest finalized sessions of each of these workflows cost, nano-USD; workflows without any are left out. For the operator. */
export async function readFinalizedCostsOf(
  reader: Reader,
  names: readonly WorkflowName[],
  limit: number,
): Promise<readonly (WorkflowName & { readonly costsNanoUsd: readonly number[] })[]> {
  if (names.length === 0) return [];
  const rows = await reader.rows<WorkflowName & { readonly costs: readonly string[] }>(
    LATEST_OF,
    {
      tenants: names.map(({ tenant }) => tenant),
      workflows: names.map(({ workflow }) => workflow),
      limit,
    },
    { threadsMax: 1 },
  );
  return rows.map(({ tenant, workflow, costs }) => ({ tenant, workflow, costsNanoUsd: costs.map(Number) }));
}

const FINALIZED_SINCE = sql`
  SELECT
    summary.session_id AS session_id,
    max(summary.version) AS version
  FROM session_summaries AS summary
  WHERE summary.tenant = {tenant:String}
    AND summary.version > {since:UInt64}
    AND summary.is_deleted = 0
  GROUP BY summary.session_id
  ORDER BY version DESC
  LIMIT {limit:UInt32}`;

/** Sessions that were finalized, or amended, after a time, µs: each with when that was. */
export async function readFinalizedSince(
  reader: Reader,
  tenant: string,
  { sinceUs, limit }: { readonly sinceUs: number; readonly limit: number },
): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.rows<{ session_id: string; version: string }>(FINALIZED_SINCE, {
    tenant,
    since: sinceUs,
    limit,
  });
  return new Map(rows.map(({ session_id, version }) => [session_id, Number(version)]));
}

const FINALIZED = sql`
  SELECT summary.session_id AS session_id
  FROM session_summaries AS summary
  WHERE summary.tenant = {tenant:String} AND summary.session_id IN {session_ids:Array(String)}
  GROUP BY summary.session_id
  HAVING argMax(summary.is_deleted, (summary.version, 1 - summary.is_deleted)) = 0`;

/** Those of the sessions that are finalized. */
export async function readFinalizedAmong(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (sessionIds.length === 0) return new Set();
  const rows = await reader.rows<{ session_id: string }>(FINALIZED, { tenant, session_ids: sessionIds });
  return new Set(rows.map(({ session_id }) => session_id));
}
