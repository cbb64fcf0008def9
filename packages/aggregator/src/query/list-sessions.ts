// In: a filter and an order. Out: pages of sessions with their figures. Refused: cursors of other lists.
// Finalized sessions come from their summaries, running ones from the ledger, and what belongs to no session from sums by workflow.

import { type Position, readCursor, writeCursor } from './cursor.ts';
import { compareText, sumOfAll } from './lines.ts';
import { hasNews, isVanished, ledgerStates, readSummaries, type SummaryKey } from './read-summaries.ts';
import { type LedgerSessions, readSessions } from './read-session.ts';
import { readUnattributed } from './read-unattributed.ts';
import type { Reader } from './reader.ts';
import type { SessionFigures } from './session-figures.ts';
import { isWanted, type SessionFilter, SessionOrder, SessionState } from './session-filter.ts';
import { finalizedKeys, type KeyRange, runningKeys, type SessionKey, unsettledOf } from './session-keys.ts';
import type { Finalization, Summary } from './summary-rows.ts';

export interface SessionsQuery {
  readonly filter: SessionFilter;
  /** @default 'start' */
  readonly order?: SessionOrder | undefined;
  /** Sessions in one page, 1 to {@link SESSIONS_MAX}. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A session, with how it was finalized if it was. */
export interface Session {
  readonly figures: SessionFigures;
  readonly finalization: Finalization | undefined;
}

export interface SessionsPage {
  readonly sessions: readonly Session[];
  /** Undefined at the end of the list. */
  readonly nextCursor: string | undefined;
}

/** Sessions in one page: some 2 kB each. */
export const SESSIONS_MAX = 1000;
/** How often more keys are read when sessions turn out not to be wanted; the page is then shorter than it may be. */
const ROUNDS_MAX = 5;

export async function listSessions(
  reader: Reader,
  tenant: string,
  query: SessionsQuery,
  settledUs: number,
): Promise<SessionsPage> {
  const { filter, order = SessionOrder.START } = query;
  const list = `sessions by ${order}`;
  const limit = Math.min(Math.max(1, query.limit), SESSIONS_MAX);
  let after = query.cursor === undefined ? undefined : readCursor(list, query.cursor);
  const sources = { settledUs, unattributed: unattributedKeys(reader, tenant, filter, order) };
  // Whoever waits for it hears of a failure; nobody may be left to wait when something else fails first.
  sources.unattributed.catch(() => undefined);
  const sessions: Session[] = [];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const range = { filter, order, after, limit: limit - sessions.length + 1 };
    const { keys, hasMore } = await nextKeys(reader, tenant, range, sources);
    const found = await readKeys(reader, tenant, keys, settledUs);
    sessions.push(...found.filter(({ figures }) => isWanted(figures, filter)));
    after = keys.at(-1) ?? after;
    if (!hasMore) return { sessions, nextCursor: undefined };
    if (sessions.length >= limit) break;
  }
  return { sessions, nextCursor: after === undefined ? undefined : writeCursor(list, after) };
}

/** What is found in other ways than by the range of a page. */
interface Sources {
  /** All sessions that were booked to last before this are finalized, µs. */
  readonly settledUs: number;
  readonly unattributed: Promise<readonly UnattributedKey[]>;
}

/** What belongs to no session, one for each workflow: few, so they are read whole. */
interface UnattributedKey extends Position {
  readonly figures: SessionFigures;
}

async function unattributedKeys(
  reader: Reader,
  tenant: string,
  filter: SessionFilter,
  order: SessionOrder,
): Promise<readonly UnattributedKey[]> {
  const { workflow, agent, model, minCostNanoUsd, user, idPrefix } = filter;
  // Calls of no session have neither a state, an id, a user nor a version of their own.
  if (filter.state !== undefined || filter.version !== undefined) return [];
  if (user !== undefined || (idPrefix !== undefined && idPrefix !== '')) return [];
  const all = await readUnattributed(reader, tenant, { fromUs: filter.fromUs, toUs: filter.toUs });
  return all
    .filter((figures) => isWanted(figures, { workflow, agent, model, minCostNanoUsd }))
    .map((figures) => ({ figures, key: `${keyOf(figures, order)}`, sessionId: '', workflow: figures.workflow }));
}

function keyOf(figures: SessionFigures, order: SessionOrder): bigint {
  const sums = sumOfAll(figures.lines);
  switch (order) {
    case SessionOrder.START:
      return BigInt(figures.beganUs);
    case SessionOrder.COST:
      return sums.cost_nano_usd;
    case SessionOrder.TOKENS:
      return BigInt(sums.input_tokens + sums.output_tokens);
    case SessionOrder.DURATION:
      return BigInt(figures.endedUs - figures.beganUs);
  }
}

type ListKey = SessionKey | UnattributedKey;

/** The next keys of all sources in one order, at most one less than the limit, and whether there are more. */
async function nextKeys(
  reader: Reader,
  tenant: string,
  range: KeyRange,
  sources: Sources,
): Promise<{ readonly keys: readonly ListKey[]; readonly hasMore: boolean }> {
  const found = await Promise.all([
    range.filter.state === SessionState.RUNNING ? [] : finalizedKeys(reader, tenant, range),
    range.filter.state === SessionState.FINALIZED ? [] : runningKeys(reader, tenant, range, sources.settledUs),
    sources.unattributed.then((all) =>
      all.filter((key) => range.after === undefined || comparePositions(range.after, key) < 0),
    ),
  ]);
  const merged: readonly ListKey[] = found.flat().toSorted(comparePositions);
  return { keys: merged.slice(0, range.limit - 1), hasMore: merged.length >= range.limit };
}

/** The highest key first, then by id; what belongs to no session by workflow. */
function comparePositions(a: Position, b: Position): number {
  const [left, right] = [BigInt(a.key), BigInt(b.key)];
  if (left !== right) return left > right ? -1 : 1;
  return compareText(a.sessionId, b.sessionId) || (a.sessionId === '' ? compareText(a.workflow, b.workflow) : 0);
}

/** Figures for keys, in their order: stored ones where nothing came since, else as the ledger has them now. */
async function readKeys(
  reader: Reader,
  tenant: string,
  keys: readonly ListKey[],
  settledUs: number,
): Promise<readonly Session[]> {
  const finalized = keys.filter((key) => 'day' in key && key.day !== undefined) as readonly (SessionKey & SummaryKey)[];
  const running = keys.filter((key) => 'day' in key && key.day === undefined);
  const [summaries, states] = await Promise.all([
    readSummaries(reader, tenant, finalized),
    unsettledOf(reader, tenant, idsOf(finalized), settledUs).then((ids) => ledgerStates(reader, tenant, ids)),
  ]);
  const outdated = finalized.filter(({ sessionId }) => {
    const summary = summaries.get(sessionId);
    return summary !== undefined && hasNews(states.get(sessionId), summary.figures);
  });
  const ledger = await readSessions(reader, tenant, idsOf([...running, ...outdated]));
  return keys.flatMap((key): readonly Session[] => {
    if ('figures' in key) return [{ figures: key.figures, finalization: undefined }];
    const session = sessionOf(key.sessionId, ledger, summaries);
    return session === undefined ? [] : [session];
  });
}

/** A session as the ledger has it, or as it was kept: entries leave by retention before summaries do. */
export function sessionOf(
  id: string,
  ledger: LedgerSessions,
  summaries: ReadonlyMap<string, Summary>,
): Session | undefined {
  const summary = summaries.get(id);
  const live = ledger.standing.get(id);
  if (live !== undefined) return { figures: live, finalization: summary?.finalization };
  return summary === undefined || isVanished(summary, ledger) ? undefined : summary;
}

function idsOf(keys: readonly Position[]): readonly string[] {
  return keys.map(({ sessionId }) => sessionId);
}
