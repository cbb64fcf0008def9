// In: a trace, a span or any other record. Out: what was seen, what was booked for it and why, as a tree and in plain words.
// Refused: nothing; what is not known is undefined.

import { explainCode, USAGE_SOURCE_SENTENCES } from '@turnmeter/accounting';
import { explainCost, type ExplainableCost } from './cost-words.ts';
import { type BookedRow, findSeen, readBooked, readSeen, RECORDS_MAX, type SeenRow } from './explain-rows.ts';
import type { Reader } from './reader.ts';
import { sql } from './sql.ts';

export interface ExplainedBooking {
  readonly row: BookedRow;
  /** Whether it is still in the figures. */
  readonly stands: boolean;
  readonly sentences: readonly string[];
}

export interface ExplainedRecord {
  readonly seen: SeenRow;
  readonly bookings: readonly ExplainedBooking[];
  /** The whole in plain words. */
  readonly explanation: string;
  readonly children: readonly ExplainedRecord[];
}

export interface Explanation {
  readonly traceKey: string;
  /** Outermost records, each with what is below it. */
  readonly records: readonly ExplainedRecord[];
  /** More records than are explained at once. */
  readonly isTruncated: boolean;
}

/** What is asked about: a trace, a span of it, or a record that has no trace. */
export interface ExplainQuery {
  readonly traceId?: string | undefined;
  readonly recordId?: string | undefined;
}

export async function explain(reader: Reader, tenant: string, query: ExplainQuery): Promise<Explanation | undefined> {
  const traceKey = query.traceId ?? (await findTraceKey(reader, tenant, query.recordId ?? ''));
  if (traceKey === undefined) return undefined;
  const [seen, booked] = await Promise.all([readSeen(reader, tenant, traceKey), readBooked(reader, tenant, traceKey)]);
  if (seen.length === 0) return undefined;
  const tree = treeOf(seen.slice(0, RECORDS_MAX), booked);
  const records = query.recordId === undefined ? tree : findRecord(tree, query.recordId);
  return records.length === 0 ? undefined : { traceKey, records, isTruncated: seen.length > RECORDS_MAX };
}

/** What is left of records that were dropped by their age. */
export interface Forgotten {
  /** Entries that still count. */
  readonly entries: number;
  /** The first day on which what was seen is kept, `2026-08-25`; undefined while nothing was seen. */
  readonly seenSince: string | undefined;
}

const FORGOTTEN = sql`
  SELECT
    toString((
      SELECT sum(entries.sign) FROM entries
      WHERE entries.tenant = {tenant:String}
        AND if(empty({trace_key:String}), entries.record_id = {record_id:String}, entries.trace_key = {trace_key:String})
    )) AS entries,
    toString(min(seen.ingest_day)) AS seen_since,
    count() > 0 AS is_seen
  FROM observations AS seen`;

/** For what cannot be explained: whether it is unknown, or no more kept. */
export async function findForgotten(reader: Reader, tenant: string, query: ExplainQuery): Promise<Forgotten> {
  const { entries, seen_since, is_seen } = await reader.row<{ entries: string; seen_since: string; is_seen: number }>(
    FORGOTTEN,
    { tenant, trace_key: query.traceId ?? '', record_id: query.recordId ?? '' },
  );
  return { entries: Number(entries), seenSince: is_seen === 1 ? seen_since : undefined };
}

async function findTraceKey(reader: Reader, tenant: string, recordId: string): Promise<string | undefined> {
  const [record] = await findSeen(reader, tenant, recordId);
  return record?.trace_key;
}

function findRecord(records: readonly ExplainedRecord[], id: string): readonly ExplainedRecord[] {
  const waiting = [...records];
  for (let record = waiting.pop(); record !== undefined; record = waiting.pop()) {
    if (record.seen.record_id === id) return [record];
    waiting.push(...record.children);
  }
  return [];
}

/** Records nest at most this deep in an answer; what is deeper hangs side by side. */
const DEPTH_MAX = 100;

interface Node {
  readonly record: ExplainedRecord;
  /** The same list as the record's, while it grows. */
  readonly children: ExplainedRecord[];
}

function treeOf(seen: readonly SeenRow[], booked: readonly BookedRow[]): readonly ExplainedRecord[] {
  const bookings = Map.groupBy(booked, keyOf);
  const inOrder = seen.toSorted((a, b) => a.start_us - b.start_us || a.end_us - b.end_us);
  const nodes = new Map<string, Node>();
  for (const row of inOrder) {
    const children: ExplainedRecord[] = [];
    nodes.set(keyOf(row), { record: { ...explainRecord(row, bookings.get(keyOf(row)) ?? []), children }, children });
  }
  const outermost: ExplainedRecord[] = [];
  const places = placeRecords(inOrder, findParents(inOrder));
  for (const row of inOrder) {
    const node = nodes.get(keyOf(row));
    if (node === undefined) continue;
    const parent = nodes.get(places.get(keyOf(row))?.under ?? '');
    (parent?.children ?? outermost).push(node.record);
  }
  return outermost;
}

function keyOf({ signal, record_id }: { readonly signal: string; readonly record_id: string }): string {
  return `${signal}/${record_id}`;
}

/** Keys of the records above, by key. Parents may be missing, and ids are the sender's: what would close a circle is outermost. */
function findParents(seen: readonly SeenRow[]): ReadonlyMap<string, string> {
  const keys = new Set(seen.map(keyOf));
  const parents = new Map<string, string>();
  const groups = new Map<string, string>();
  const groupOf = (key: string): string => {
    let group = key;
    for (let next = groups.get(group); next !== undefined; next = groups.get(group)) group = next;
    if (group !== key) groups.set(key, group);
    return group;
  };
  for (const row of seen) {
    // What is above a record is a span.
    const [key, parent] = [keyOf(row), `span/${row.parent_id}`];
    if (!keys.has(parent) || groupOf(key) === groupOf(parent)) continue;
    parents.set(key, parent);
    groups.set(groupOf(key), groupOf(parent));
  }
  return parents;
}

/** Under which record each is shown, by key: its parent, or for what is too deep the one that its parent is shown under. */
function placeRecords(seen: readonly SeenRow[], above: ReadonlyMap<string, string>): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const row of seen) {
    const path = [keyOf(row)];
    for (let key = above.get(keyOf(row)); key !== undefined && !places.has(key); key = above.get(key)) path.push(key);
    for (const key of path.toReversed()) {
      const parent = above.get(key) ?? '';
      const around = places.get(parent);
      if (around === undefined) places.set(key, { under: undefined, depth: 0 });
      else if (around.depth < DEPTH_MAX) places.set(key, { under: parent, depth: around.depth + 1 });
      else places.set(key, around);
    }
  }
  return places;
}

interface Place {
  readonly under: string | undefined;
  readonly depth: number;
}

function explainRecord(seen: SeenRow, rows: readonly BookedRow[]): Omit<ExplainedRecord, 'children'> {
  const standing = standingOf(rows);
  const bookings = rows.map((row) => ({ row, stands: row === standing, sentences: explainBooking(row) }));
  return { seen, bookings, explanation: summarize(seen, rows, standing) };
}

/** The booking that has not been taken back: the last, if it was booked at all. */
function standingOf(rows: readonly BookedRow[]): BookedRow | undefined {
  const net = rows.reduce((sum, { sign }) => sum + sign, 0);
  if (net <= 0) return undefined;
  const takenBack = rows.filter(({ sign }) => sign === -1).map(contentOf);
  for (const row of rows.toReversed()) {
    if (row.sign === -1) continue;
    const at = takenBack.indexOf(contentOf(row));
    if (at === -1) return row;
    takenBack.splice(at, 1);
  }
  return undefined;
}

/** What a reversal has in common with what it takes back: all but when and why. */
function contentOf({ sign: _sign, because: _because, booked_us: _booked, ...content }: BookedRow): string {
  return JSON.stringify(content);
}

function explainBooking(row: BookedRow): readonly string[] {
  if (row.sign === -1) {
    return [row.because === '' ? 'Taken back.' : `Taken back, because of later news: ${explainCode(row.because)}`];
  }
  return [explainCode(row.reason), ...explainUsage(row), ...explainCost(costOf(row))];
}

function explainUsage(row: BookedRow): readonly string[] {
  const sentences: string[] = [];
  if (Object.hasOwn(USAGE_SOURCE_SENTENCES, row.usage_source) && row.usage_source !== 'none') {
    sentences.push(USAGE_SOURCE_SENTENCES[row.usage_source as keyof typeof USAGE_SOURCE_SENTENCES]);
  }
  const excluded = row.excluded_input_tokens + row.excluded_output_tokens;
  if (excluded > 0) sentences.push(`${excluded.toLocaleString('en-US')} tokens on it are not added.`);
  if (row.counted_by !== '') sentences.push(`It is counted by ${row.counted_by}.`);
  return [...sentences, ...row.notes.map(explainCode)];
}

function costOf(row: BookedRow): ExplainableCost {
  return {
    nanoUsd: BigInt(row.cost_nano_usd),
    otherNanoUsd: BigInt(row.other_cost_nano_usd),
    status: row.cost_status,
    source: row.cost_source,
    priceId: row.price_id,
    bookVersion: row.book_version,
    unpricedTokens: row.unpriced_tokens,
    reasons: row.cost_reasons,
    claimNanoUsd: BigInt(row.claim_nano_usd),
    claimBy: row.claim_by,
  };
}

function summarize(seen: SeenRow, rows: readonly BookedRow[], standing: BookedRow | undefined): string {
  const read = `Read by the profile ${seen.profile === '' ? '(none)' : seen.profile} as ${seen.role}.`;
  if (standing !== undefined) {
    const changes = rows.filter(({ sign }) => sign === -1).length;
    const booked = changes === 0 ? '' : `Booked ${changes + 1} times as news came. `;
    return `${read} ${booked}${explainBooking(standing).join(' ')}`;
  }
  if (rows.length > 0) return `${read} It was booked and taken back, and counts no more.`;
  const why = seen.has_usage
    ? 'It has token counts, and is not booked yet.'
    : 'It says nothing that counts; it links the records around it.';
  return [read, why, ...seen.notes.map(explainCode)].join(' ');
}
