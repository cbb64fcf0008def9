import { sumOfAll } from './lines.ts';
import type { LedgerSessions } from './read-session.ts';
import type { Reader } from './reader.ts';
import { type SessionFigures, tokensOf } from './session-figures.ts';
import { sql } from './sql.ts';
import { readSummary, type Summary, SUMMARY_COLUMNS, type SummaryRow } from './summary-rows.ts';

/** Where a summary is looked for: with all of its sorting key, so that only its granule is read. */
export interface SummaryKey {
  readonly sessionId: string;
  readonly workflow: string;
  /** `2026-11-21` */
  readonly day: string;
}

// The latest of the rows with a key; FINAL would merge all that lies between them. A row that takes one back may have a successor of the
// same version elsewhere, which goes before it.
const LATEST = sql`
  ORDER BY summary.version DESC, summary.is_deleted
  LIMIT 1 BY summary.session_id`;

const BY_KEY = sql`
  SELECT session_id, document
  FROM
  (
    SELECT ${SUMMARY_COLUMNS}, summary.is_deleted AS is_deleted
    FROM session_summaries AS summary
    WHERE summary.tenant = {tenant:String}
      AND (summary.workflow, summary.day, summary.session_id) IN
      (
        SELECT arrayJoin(arrayZip({workflows:Array(String)}, {days:Array(Date)}, {session_ids:Array(String)}))
      )
    ${LATEST}
  )
  WHERE is_deleted = 0`;

/** Summaries by session id. */
export async function readSummaries(
  reader: Reader,
  tenant: string,
  keys: readonly SummaryKey[],
): Promise<ReadonlyMap<string, Summary>> {
  if (keys.length === 0) return new Map();
  const rows = await reader.rows<SummaryRow>(BY_KEY, {
    tenant,
    workflows: keys.map(({ workflow }) => workflow),
    days: keys.map(({ day }) => day),
    session_ids: keys.map(({ sessionId }) => sessionId),
  });
  return new Map(rows.map((row) => [row.session_id, readSummary(row)]));
}

const BY_ID = sql`
  SELECT session_id, document
  FROM
  (
    SELECT ${SUMMARY_COLUMNS}, summary.is_deleted AS is_deleted
    FROM session_summaries AS summary
    WHERE summary.tenant = {tenant:String} AND summary.session_id IN {session_ids:Array(String)}
    ${LATEST}
  )
  WHERE is_deleted = 0`;

/** Summaries of sessions whose workflow is not known. */
export async function findSummaries(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, Summary>> {
  if (sessionIds.length === 0) return new Map();
  const rows = await reader.rows<SummaryRow>(BY_ID, { tenant, session_ids: sessionIds });
  return new Map(rows.map((row) => [row.session_id, readSummary(row)]));
}

const LEDGER_STATES = sql`
  SELECT
    entries.session_id AS session_id,
    toUnixTimestamp64Micro(max(entries.ingest_time)) AS booked_us,
    sum(entries.sign) AS records,
    sum(entries.sign * entries.input_tokens) + sum(entries.sign * entries.output_tokens) AS tokens,
    sum(entries.sign * entries.cost_nano_usd) AS cost_nano_usd
  FROM entries
  WHERE entries.tenant = {tenant:String} AND entries.session_id IN {session_ids:Array(String)}
  GROUP BY entries.session_id`;

/** How the ledger stands for one session, as far as it takes to tell whether figures are up to date. */
export interface LedgerState {
  readonly session_id: string;
  readonly booked_us: string;
  readonly records: string;
  readonly tokens: string;
  readonly cost_nano_usd: string;
}

/** States by session id, from the projection `session_sums`. */
export async function ledgerStates(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, LedgerState>> {
  if (sessionIds.length === 0) return new Map();
  const rows = await reader.rows<LedgerState>(
    LEDGER_STATES,
    { tenant, session_ids: sessionIds },
    { projection: 'session_sums' },
  );
  return new Map(rows.map((row) => [row.session_id, row]));
}

/**
 * Has the ledger other things to say than the figures? By the time of the last booking, and because clocks go back by the sums too.
 * Fewer entries without a later booking are no news: old ones leave by retention, and the summary stays what it was.
 */
export function hasNews(state: LedgerState | undefined, { bookedUs, lines }: SessionFigures): boolean {
  if (state === undefined) return false;
  if (Number(state.booked_us) > bookedUs) return true;
  const { records, cost_nano_usd } = sumOfAll(lines);
  const standing = Number(state.records);
  if (standing < records) return false;
  return (
    standing > records || Number(state.tokens) !== tokensOf(lines) || BigInt(state.cost_nano_usd) !== cost_nano_usd
  );
}

/** Was all of a session taken back after its summary was written? Without a later booking its entries have only left by retention. */
export function isVanished(summary: Summary, { vanished }: LedgerSessions): boolean {
  return (vanished.get(summary.figures.sessionId) ?? 0) > summary.figures.bookedUs;
}
