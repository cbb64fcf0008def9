// In: ids of sessions. Out: their figures as the ledger has them now. Refused: nothing; an id of which nothing stands has no figures.

import { type Act, readActs } from './acts.ts';
import { LINE_KEYS, type LineRow, linesOf } from './lines.ts';
import type { Reader } from './reader.ts';
import { type SessionFigures, sessionFigures } from './session-figures.ts';
import { sql } from './sql.ts';
import { SUMS } from './sums.ts';

interface SessionLineRow extends LineRow {
  readonly session_id: string;
  readonly workflow: string;
  readonly first_us: string;
  readonly last_us: string;
  readonly booked_us: string;
}

const SESSION_LINES = sql`
  SELECT
    entries.session_id AS session_id,
    min(entries.workflow) AS workflow,
    entries.notes AS notes,
    ${LINE_KEYS},
    ${SUMS},
    toUnixTimestamp64Micro(min(entries.started_at)) AS first_us,
    toUnixTimestamp64Micro(max(entries.ended_at)) AS last_us,
    toUnixTimestamp64Micro(max(entries.ingest_time)) AS booked_us
  FROM entries
  WHERE entries.tenant = {tenant:String}
    AND entries.session_id IN {session_ids:Array(String)}
  GROUP BY
    entries.session_id,
    entries.notes,
    ${LINE_KEYS}`;

/** Sessions as the ledger has them now; those it has never heard of are in neither. */
export interface LedgerSessions {
  readonly standing: ReadonlyMap<string, SessionFigures>;
  /** Sessions all of whose entries were taken back, with the time of their last booking, µs. */
  readonly vanished: ReadonlyMap<string, number>;
}

const NO_SESSIONS: LedgerSessions = { standing: new Map(), vanished: new Map() };

export async function readSessions(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<LedgerSessions> {
  if (sessionIds.length === 0) return NO_SESSIONS;
  const [rows, acts] = await Promise.all([readLines(reader, tenant, sessionIds), readActs(reader, tenant, sessionIds)]);
  return sessionsOf(tenant, rows, acts);
}

/**
 * Figures for keeping: the turns hold at least what the lines do, because they are read later. What is only in the turns was booked
 * after `bookedUs` and is found as news.
 */
export async function readSessionsForKeeping(
  reader: Reader,
  tenant: string,
  sessionIds: readonly string[],
): Promise<LedgerSessions> {
  const rows = await readLines(reader, tenant, sessionIds);
  return sessionsOf(tenant, rows, await readActs(reader, tenant, sessionIds));
}

function readLines(reader: Reader, tenant: string, sessionIds: readonly string[]): Promise<readonly SessionLineRow[]> {
  return reader.rows<SessionLineRow>(SESSION_LINES, { tenant, session_ids: sessionIds });
}

function sessionsOf(
  tenant: string,
  rows: readonly SessionLineRow[],
  acts: ReadonlyMap<string, readonly Act[] | undefined>,
): LedgerSessions {
  const standing = new Map<string, SessionFigures>();
  const vanished = new Map<string, number>();
  for (const [sessionId, all] of Map.groupBy(rows, ({ session_id }) => session_id)) {
    // What was taken back was booked too.
    const bookedUs = all.reduce((most, { booked_us }) => Math.max(most, Number(booked_us)), 0);
    const own = all.filter(({ records }) => records !== '0');
    if (own.length === 0) {
      vanished.set(sessionId, bookedUs);
      continue;
    }
    const bounds = {
      firstUs: own.reduce((least, { first_us }) => Math.min(least, Number(first_us)), Number.POSITIVE_INFINITY),
      lastUs: own.reduce((most, { last_us }) => Math.max(most, Number(last_us)), 0),
      bookedUs,
    };
    const workflow = own[0]?.workflow ?? '';
    const known = acts.has(sessionId) ? acts.get(sessionId) : [];
    standing.set(sessionId, sessionFigures({ tenant, sessionId, workflow }, linesOf(own), known, bounds));
  }
  return { standing, vanished };
}
