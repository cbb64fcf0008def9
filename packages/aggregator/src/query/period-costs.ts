// What all tenants have spent in this day and month, and which of their sessions run: for metrics, so for the operator. Sums only; no tenant asks.

import type { Reader } from './reader.ts';
import { sql } from './sql.ts';

/** Spending of one workflow; of all that are not among the dearest where `isRest`. */
export interface PeriodCost {
  readonly tenant: string;
  readonly workflow: string;
  readonly isRest: boolean;
  readonly dayNanoUsd: bigint;
  readonly monthNanoUsd: bigint;
}

export interface PeriodCostsQuery {
  /** As `2026-11-21`, UTC. */
  readonly day: string;
  /** Days in which entries arrived that ended in this month. */
  readonly arrivedFrom: string;
  readonly monthFirst: string;
  readonly monthLast: string;
  /** Workflows that are told by name: the dearest. */
  readonly workflowsMax: number;
  /** Workflows that are told by name whatever they cost. */
  readonly kept: readonly { readonly tenant: string; readonly workflow: string }[];
}

/** Sums by day are asked for whole months of all tenants; parts of earlier months are not opened. */
const PERIODS = sql`
  SELECT
    ranked.tenant AS tenant,
    if(ranked.is_named, ranked.workflow, '') AS shown_workflow,
    NOT ranked.is_named AS is_rest,
    sum(ranked.day_cost) AS day_nano_usd,
    sum(ranked.month_cost) AS month_nano_usd
  FROM
  (
    SELECT
      sums.tenant AS tenant,
      sums.workflow AS workflow,
      sumIf(sums.cost, sums.day = {day:Date}) AS day_cost,
      sum(sums.cost) AS month_cost,
      row_number() OVER (ORDER BY sum(sums.cost) DESC, sums.tenant, sums.workflow) <= {workflows_max:UInt32}
        OR has({kept:Array(String)}, concat(sums.tenant, '\\n', sums.workflow)) AS is_named
    FROM
    (
      SELECT
        entries.tenant AS tenant,
        entries.workflow AS workflow,
        toDate(entries.ended_at) AS day,
        sum(entries.sign * entries.cost_nano_usd) AS cost
      FROM entries
      WHERE toDate(entries.ended_at) BETWEEN {month_first:Date} AND {month_last:Date}
        AND entries._partition_id >= {arrived_from:String}
      GROUP BY
        entries.tenant,
        entries.workflow,
        toDate(entries.ended_at)
    ) AS sums
    GROUP BY
      sums.tenant,
      sums.workflow
  ) AS ranked
  GROUP BY
    ranked.tenant,
    shown_workflow,
    is_rest`;

interface PeriodRow {
  readonly tenant: string;
  readonly shown_workflow: string;
  readonly is_rest: number;
  readonly day_nano_usd: string;
  readonly month_nano_usd: string;
}

export async function readPeriodCosts(reader: Reader, query: PeriodCostsQuery): Promise<readonly PeriodCost[]> {
  const rows = await reader.rows<PeriodRow>(
    PERIODS,
    {
      day: query.day,
      month_first: query.monthFirst,
      month_last: query.monthLast,
      arrived_from: query.arrivedFrom.replaceAll('-', ''),
      workflows_max: query.workflowsMax,
      kept: query.kept.map(({ tenant, workflow }) => `${tenant}\n${workflow}`),
    },
    { projection: 'day_sums', threadsMax: 1 },
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    workflow: row.shown_workflow,
    isRest: row.is_rest === 1,
    dayNanoUsd: BigInt(row.day_nano_usd),
    monthNanoUsd: BigInt(row.month_nano_usd),
  }));
}

/** Sessions of one workflow that run. */
export interface ActiveSessions {
  readonly tenant: string;
  readonly workflow: string;
  readonly sessions: number;
  /** What the dearest of them have cost, nano-USD, falling. */
  readonly dearest: readonly number[];
}

/** Sessions that run for longer cost what they have cost in this time. */
const SESSION_US = 86_400_000_000;

// What is a session of a workflow for the ledger: one whose workflow became known late has a row of zeros for the one before.
const ACTIVE = sql`
  SELECT
    active.tenant AS tenant,
    active.workflow AS workflow,
    count() AS sessions,
    arrayMap(cost -> -cost, groupArraySorted(100)(-active.cost)) AS dearest
  FROM
  (
    SELECT
      entries.tenant AS tenant,
      entries.session_id AS session_id,
      entries.workflow AS workflow,
      sum(entries.sign * entries.cost_nano_usd) AS cost
    FROM entries
    WHERE entries.ingest_day >= toDate(fromUnixTimestamp64Micro({since_day_us:Int64}, 'UTC'))
      AND notEmpty(entries.session_id)
    GROUP BY
      entries.tenant,
      entries.session_id,
      entries.workflow
    HAVING sum(entries.sign) > 0
      AND max(entries.ingest_time) >= fromUnixTimestamp64Micro({since_us:Int64}, 'UTC')
  ) AS active
  GROUP BY
    active.tenant,
    active.workflow
  ORDER BY dearest[1] DESC, tenant, workflow
  LIMIT {limit:UInt32}`;

interface ActiveRow {
  readonly tenant: string;
  readonly workflow: string;
  readonly sessions: string;
  readonly dearest: readonly string[];
}

/** Sessions that something was booked to after a time, µs, by workflow: of more workflows than `limit` those with the dearest sessions. */
export async function readActiveSessions(
  reader: Reader,
  { sinceUs, limit }: { readonly sinceUs: number; readonly limit: number },
): Promise<readonly ActiveSessions[]> {
  const rows = await reader.rows<ActiveRow>(
    ACTIVE,
    { since_us: sinceUs, since_day_us: Math.max(0, sinceUs - SESSION_US), limit },
    { projection: 'session_sums', threadsMax: 1 },
  );
  return rows.map(({ tenant, workflow, sessions, dearest }) => ({
    tenant,
    workflow,
    sessions: Number(sessions),
    dearest: dearest.map(Number),
  }));
}
