// All rows as of one moment, for a backup, while others are written. In: how far a writer's segments are in the database. Out: pieces of
// tables in Native format. Left out: averages, which are computed anew from summaries.
//
// Rows of the ledger never change and carry the number of their segment, and segments come into the database in order: rows up to a
// number are the same rows whenever they are read. So tables that are read one after the other are still of one moment.

import type { Readable } from 'node:stream';
import type { Reader, ReadOptions } from './reader.ts';
import { sql, type Sql } from './sql.ts';

export interface BackupScope {
  /** Whose segments are known to be in the database. */
  readonly writer: string;
  /** All of them up to this number. */
  readonly segment: number;
  /** Days before it are about to be dropped, by table. */
  readonly firstDays: Readonly<Record<'entries' | 'observations', string>>;
}

export interface BackupPiece {
  /** `entries-2026-11-21`, `entries-2026-11-21-2of3`, `session_summaries-2026-11`: a name for a file, too. */
  readonly name: string;
  readonly table: BackupTable;
  /** A day; a month of summaries. */
  readonly period: string;
  readonly slice: number;
  readonly slices: number;
  /** How many there are; of summaries nobody knows before they are read. */
  readonly rows: number | null;
}

export type BackupTable = 'session_summaries' | 'entries' | 'observations';

export interface BackupPlan {
  /** Up to which segment, by writer. */
  readonly segments: Readonly<Record<string, number>>;
  /** Bookings after this are not in it, µs as text. */
  readonly bookedUs: string;
  readonly pieces: readonly BackupPiece[];
}

/** Of a piece before compression, about: a restore holds one at a time on disk. */
const PIECE_BYTES = 1024 ** 3;
/** Another writer's last segment may be in one table and not in the other yet; one that has been still so long is not. */
const OTHERS_STILL_SECONDS = 60;
const LIMITS: ReadOptions = { secondsMax: 3600, rowsMax: 0, threadsMax: 1 };

const WRITERS = sql`
  SELECT writer, if(max(ingest_time) < now64(6) - toIntervalSecond({still:UInt32}), max(seg), max(seg) - 1) AS segment
  FROM
  (
    SELECT entries.writer AS writer, entries.seg AS seg, entries.ingest_time AS ingest_time FROM entries
    UNION ALL
    SELECT seen.writer AS writer, seen.seg AS seg, seen.ingest_time AS ingest_time FROM observations AS seen
  )
  WHERE writer != {writer:String}
  GROUP BY writer`;

/** The rows that a backup has; a writer that came later has none. */
const IS_COVERED = sql`seg <= transform(toString(writer), {writers:Array(String)}, {segments:Array(UInt64)}, 0)`;

const BOOKED = sql`SELECT toString(toUnixTimestamp64Micro(max(ingest_time))) AS booked_us FROM entries WHERE ${IS_COVERED}`;

const SIZES = sql`
  SELECT partition, toString(sum(data_uncompressed_bytes)) AS bytes
  FROM system.parts
  WHERE database = currentDatabase() AND table = {table:String} AND active
  GROUP BY partition
  ORDER BY partition`;

const DAY_ROWS: Readonly<Record<'entries' | 'observations', Sql>> = {
  entries: sql`
    SELECT toString(count()) AS rows FROM entries
    WHERE ingest_day = {period:Date} AND ${IS_COVERED} AND sipHash64(trace_key) % {slices:UInt32} = {slice:UInt32}`,
  observations: sql`
    SELECT toString(count()) AS rows FROM observations
    WHERE ingest_day = {period:Date} AND ${IS_COVERED} AND sipHash64(trace_key) % {slices:UInt32} = {slice:UInt32}`,
};

const MONTHS = sql`
  SELECT DISTINCT formatDateTime(day, '%Y-%m') AS month
  FROM session_summaries
  ORDER BY month`;

/** All columns by a star: a list would forget the next one. */
const ROWS: Readonly<Record<BackupTable, Sql>> = {
  // What was finalized later tells of bookings that are not in here; without its summary the session is finalized again.
  session_summaries: sql`
    SELECT * FROM session_summaries
    WHERE formatDateTime(day, '%Y-%m') = {period:String}
      AND last_booked_at <= fromUnixTimestamp64Micro({booked_us:Int64}, 'UTC')
      AND sipHash64(session_id) % {slices:UInt32} = {slice:UInt32}
    FORMAT Native`,
  entries: sql`
    SELECT * FROM entries
    WHERE ingest_day = {period:Date} AND ${IS_COVERED} AND sipHash64(trace_key) % {slices:UInt32} = {slice:UInt32}
    FORMAT Native`,
  observations: sql`
    SELECT * FROM observations
    WHERE ingest_day = {period:Date} AND ${IS_COVERED} AND sipHash64(trace_key) % {slices:UInt32} = {slice:UInt32}
    FORMAT Native`,
};

/** What there is to read. */
export async function planBackup(reader: Reader, { writer, segment, firstDays }: BackupScope): Promise<BackupPlan> {
  const others = await reader.rows<{ writer: string; segment: string }>(
    WRITERS,
    { writer, still: OTHERS_STILL_SECONDS },
    LIMITS,
  );
  const segments = {
    ...Object.fromEntries(others.map((other) => [other.writer, Number(other.segment)])),
    [writer]: segment,
  };
  const covered = coverageOf(segments);
  const { booked_us: bookedUs } = await reader.row<{ booked_us: string }>(BOOKED, covered, LIMITS);
  const pieces: BackupPiece[] = [];
  for (const { month } of await reader.rows<{ month: string }>(MONTHS, {}, LIMITS)) {
    pieces.push({ ...piece('session_summaries', month), rows: null });
  }
  for (const table of ['entries', 'observations'] as const) {
    for (const { partition, bytes } of await reader.rows<{ partition: string; bytes: string }>(SIZES, { table })) {
      if (partition < firstDays[table]) continue;
      const slices = Math.max(1, Math.ceil(Number(bytes) / PIECE_BYTES));
      for (let slice = 0; slice < slices; slice++) {
        const parameters = { ...covered, period: partition, slice, slices };
        const { rows } = await reader.row<{ rows: string }>(DAY_ROWS[table], parameters, LIMITS);
        if (rows !== '0') pieces.push({ ...piece(table, partition, slice, slices), rows: Number(rows) });
      }
    }
  }
  return { segments, bookedUs, pieces };
}

function piece(table: BackupTable, period: string, slice = 0, slices = 1): Omit<BackupPiece, 'rows'> {
  const name = `${table}-${period}${slices === 1 ? '' : `-${slice + 1}of${slices}`}`;
  return { name, table, period, slice, slices };
}

function coverageOf(segments: BackupPlan['segments']): {
  readonly writers: readonly string[];
  readonly segments: readonly number[];
} {
  return { writers: Object.keys(segments), segments: Object.values(segments) };
}

/** Rows of a piece, as ClickHouse writes them in Native format. */
export function readBackupPiece(
  reader: Reader,
  { segments, bookedUs }: BackupPlan,
  { table, period, slice, slices }: BackupPiece,
): Promise<Readable> {
  const parameters = table === 'session_summaries' ? { booked_us: bookedUs } : { ...coverageOf(segments) };
  return reader.stream(ROWS[table], { ...parameters, period, slice, slices }, LIMITS);
}
