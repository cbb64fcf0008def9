// What stands in the ledger and may have a price, slice by slice of time, to be priced again. A slice fits into memory however much a
// tenant has.

import type { Database } from '../database.ts';
import { readStandingEntries, type StandingEntry } from './saved-records.ts';

/** Entries of one tenant by when they ended, µs. */
export interface EntryPeriod {
  readonly tenant: string;
  readonly fromUs: number;
  /** Exclusive. */
  readonly toUs: number;
}

/** Some of the entries of a period: all that ended in it, or of so many about equal shares of them one. */
export interface EntrySlice extends EntryPeriod {
  /** From 0. A record's entry and the reversals of it are always in the same. */
  readonly share: number;
  readonly shares: number;
}

/** A slice is looked for in steps of ten minutes. */
const STEP_US = 600_000_000;
/** Rows of a slice: with what is booked for them some ten megabytes. */
const SLICE_ROWS_MAX = 20_000;

/** Of entries: whoever costs something, or would at another price. A turn, say, never does. */
const MAY_COST = `(cost_status != '' OR inferences != 0 OR tool_calls != 0 OR input_tokens != 0 OR output_tokens != 0
  OR notEmpty(charge_kinds))`;
const WITHIN = `tenant = {tenant:String}
  AND ended_at >= fromUnixTimestamp64Micro({fromUs:Int64}) AND ended_at < fromUnixTimestamp64Micro({toUs:Int64})
  AND ${MAY_COST}`;

/** Slices of a period with entries that may cost something, in order. Together they have each of them once. */
export async function findSlices(
  database: Database,
  { tenant, fromUs, toUs }: EntryPeriod,
  rowsMax: number = SLICE_ROWS_MAX,
): Promise<readonly EntrySlice[]> {
  // Of the table and not of the view, which would look for equal rows among all of them. Where all was taken back nothing stands.
  const steps = await database.rows<{ start_us: string; rows: string }>(
    `WITH toUnixTimestamp64Micro(ended_at) AS ended_us
     SELECT ended_us - positiveModulo(ended_us, ${STEP_US}) AS start_us, count() AS rows
     FROM entries WHERE ${WITHIN} GROUP BY start_us HAVING sum(sign) != 0 ORDER BY start_us`,
    { tenant, fromUs, toUs },
  );
  const slices: EntrySlice[] = [];
  let lastRows = Number.POSITIVE_INFINITY;
  for (const step of steps) {
    const rows = Number(step.rows);
    const startUs = Number(step.start_us);
    const found = { tenant, fromUs: Math.max(fromUs, startUs), toUs: Math.min(toUs, startUs + STEP_US) };
    const last = slices.at(-1);
    // Steps with little are looked at together.
    if (last !== undefined && lastRows + rows <= rowsMax) {
      slices[slices.length - 1] = { ...last, toUs: found.toUs };
      lastRows += rows;
      continue;
    }
    const shares = Math.ceil(rows / rowsMax);
    for (let share = 0; share < shares; share++) slices.push({ ...found, share, shares });
    lastRows = rows;
  }
  return slices;
}

/** What stands in a slice. */
export async function readSlice(database: Database, slice: EntrySlice): Promise<readonly StandingEntry[]> {
  const entries: StandingEntry[] = [];
  const condition = {
    where: `${WITHIN} AND cityHash64(trace_key, record_id) % {shares:UInt32} = {share:UInt32}`,
    parameters: { ...slice },
  };
  for await (const block of readStandingEntries(database, condition)) entries.push(...block);
  return entries;
}
