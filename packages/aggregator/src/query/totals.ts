// A tenant's sums over days.

import type { Parameters, Reader } from './reader.ts';
import { sql, type Sql } from './sql.ts';
import { readSums, type Sums, SUMS, type SumsRow } from './sums.ts';

/** What totals are split by. */
export const TotalsBy = { DAY: 'day', MODEL: 'model', AGENT: 'agent', TOOL: 'tool', WORKFLOW: 'workflow' } as const;
export type TotalsBy = (typeof TotalsBy)[keyof typeof TotalsBy];

export interface TotalsQuery {
  readonly by: TotalsBy;
  /** Days, UTC, as `2026-11-21`; both are included. What happened counts on the day it ended. */
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface TotalsGroup {
  /** A day, or the name of a model, agent, tool or workflow; empty for what has none. */
  readonly name: string;
  readonly sums: Sums;
}

export interface Totals {
  readonly total: Sums;
  readonly groups: readonly TotalsGroup[];
  /** More groups than are in one answer; the total is of all. */
  readonly isTruncated: boolean;
}

/** Groups in one answer, the dearest first. */
const GROUPS_MAX = 10_000;

const NAMES: Readonly<Record<TotalsBy, Sql>> = {
  [TotalsBy.DAY]: sql`toString(toDate(entries.ended_at))`,
  [TotalsBy.MODEL]: sql`toString(entries.model)`,
  [TotalsBy.AGENT]: sql`toString(entries.agent)`,
  [TotalsBy.TOOL]: sql`toString(entries.tool)`,
  [TotalsBy.WORKFLOW]: sql`toString(entries.workflow)`,
};

const KEYS: Readonly<Record<TotalsBy, Sql>> = {
  [TotalsBy.DAY]: sql`toDate(entries.ended_at)`,
  [TotalsBy.MODEL]: sql`entries.model`,
  [TotalsBy.AGENT]: sql`entries.agent`,
  [TotalsBy.TOOL]: sql`entries.tool`,
  [TotalsBy.WORKFLOW]: sql`entries.workflow`,
};

const ORDER: Readonly<Record<TotalsBy, Sql>> = {
  [TotalsBy.DAY]: sql`name`,
  [TotalsBy.MODEL]: sql`cost_nano_usd DESC, name`,
  [TotalsBy.AGENT]: sql`cost_nano_usd DESC, name`,
  [TotalsBy.TOOL]: sql`tool_calls DESC, name`,
  [TotalsBy.WORKFLOW]: sql`cost_nano_usd DESC, name`,
};

const DAYS = sql`
  entries.tenant = {tenant:String}
    AND toDate(entries.ended_at) BETWEEN {first_day:Date} AND {last_day:Date}`;

const TOTAL = sql`SELECT ${SUMS} FROM entries WHERE ${DAYS}`;

/** Sums over days from the projection `day_sums`: as fast for a year as for a day. */
export async function readTotals(reader: Reader, tenant: string, query: TotalsQuery): Promise<Totals> {
  const groups = sql`
    SELECT
      ${NAMES[query.by]} AS name,
      ${SUMS}
    FROM entries
    WHERE ${DAYS}
    GROUP BY ${KEYS[query.by]}
    HAVING records > 0
    ORDER BY ${ORDER[query.by]}
    LIMIT {limit:UInt32}`;
  const parameters: Parameters = {
    tenant,
    first_day: query.firstDay,
    last_day: query.lastDay,
    limit: GROUPS_MAX + 1,
  };
  const [total, rows] = await Promise.all([
    reader.row<SumsRow>(TOTAL, parameters, { projection: 'day_sums' }),
    reader.rows<SumsRow & { readonly name: string }>(groups, parameters, { projection: 'day_sums' }),
  ]);
  return {
    total: readSums(total),
    groups: rows.slice(0, GROUPS_MAX).map((row) => ({ name: row.name, sums: readSums(row) })),
    isTruncated: rows.length > GROUPS_MAX,
  };
}
