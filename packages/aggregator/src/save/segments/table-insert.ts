// Rows of segments come into a table exactly once: all that come together are one part, and one part is there or not. Insert
// deduplication is not used, as it is not safe in a crash (docs/decisions/0003-exactly-once-by-segments.md).

import { Readable } from 'node:stream';
import type { Database } from '../database.ts';
import { onCluster } from '../migrate/ddl.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import type { SegmentRows } from './sealed-segment.ts';
import { entriesBody, observationsBody } from './segment-body.ts';

/** Rows of one segment for one table, in one file. */
export interface TableRows {
  readonly segment: number;
  readonly file: string;
  readonly content: SegmentRows;
}

/** What comes into a table at one time: rows of segments of one day. */
export interface TableInsert {
  readonly table: 'observations' | 'entries';
  readonly writer: string;
  readonly segments: readonly TableRows[];
  /** Free bytes that ClickHouse leaves on its disk, since deleting takes space as well. */
  readonly diskReserveBytes: number;
  readonly signal: AbortSignal;
}

/** More rows and bytes than an INSERT ever has. */
const ROWS_HUGE = 1_000_000_000;
const BYTES_HUGE = 1_000_000_000_000;
/** Together they make one part of one INSERT, or an error if the rows were of two days. */
const ONE_PART = Object.entries({
  async_insert: 0,
  insert_deduplicate: 0,
  max_threads: 1,
  max_insert_threads: 1,
  input_format_parallel_parsing: 0,
  max_block_size: ROWS_HUGE,
  max_insert_block_size: ROWS_HUGE,
  min_insert_block_size_rows: ROWS_HUGE,
  min_insert_block_size_bytes: BYTES_HUGE,
  max_partitions_per_insert_block: 1,
  throw_on_max_partitions_per_insert_block: 1,
  // Merges make them: each is two files, and rows that are not merged yet are few enough to be read without.
  materialize_skip_indexes_on_insert: 0,
})
  .map(([name, value]) => `${name} = ${value}`)
  .join(', ');

/** Inserts the rows. If this throws, nobody knows whether they are there; but all of them are, or none. */
export async function insertRows(database: Database, insert: TableInsert): Promise<void> {
  const { table, signal } = insert;
  const body = Readable.from(bodyOf(insert));
  let damage: Error | undefined;
  body.on('error', (error) => (damage = error));
  try {
    const settings = `${ONE_PART}, min_free_disk_bytes_to_perform_insert = ${insert.diskReserveBytes}`;
    await database.insert(`INSERT INTO ${table} SETTINGS ${settings} FORMAT Native`, {
      body,
      queryId: `${queryIdPrefixOf(insert)}${insert.segments[0]?.segment}`,
      signal,
    });
  } catch (error) {
    // What the client reports of a body that broke off is not why it did.
    throw damage ?? error;
  } finally {
    body.destroy();
  }
}

async function* bodyOf({ table, writer, segments }: TableInsert): AsyncGenerator<Buffer> {
  for (const { segment, file, content } of segments) {
    yield* table === 'entries' ? entriesBody(file, content) : observationsBody(file, content, { segment, writer });
  }
}

/**
 * Finds out which of the segments' rows are not there yet, after inserts of them may have been under way: together as they are now, or
 * with others.
 *
 * @throws SaveError `segment_torn` if a part of a segment is there, which cannot be; retryable ones if ClickHouse does not say.
 */
export async function findMissing(database: Database, insert: TableInsert): Promise<readonly TableRows[]> {
  const { table, writer, segments } = insert;
  // An insert of a process or connection that is gone may still be running, and come true after it was looked for. Which segments it
  // began with is known no more, but only one writes for a writer.
  await database.command(`KILL QUERY ${onCluster(database.cluster)} WHERE startsWith(query_id, {prefix:String}) SYNC`, {
    prefix: queryIdPrefixOf(insert),
  });
  // Another replica may have taken the insert; its part has to be here before it can be counted.
  if (database.cluster !== undefined) await database.command(`SYSTEM SYNC REPLICA ${table}`);
  const found = await database.rows<{ seg: string; count: string }>(
    `SELECT seg, count() AS count FROM ${table}
     WHERE writer = {writer:String} AND seg IN {segments:Array(UInt64)} GROUP BY seg`,
    { writer, segments: segments.map(({ segment }) => segment) },
  );
  const counts = new Map(found.map(({ seg, count }) => [Number(seg), Number(count)]));
  return segments.filter(({ segment, content }) => {
    const count = counts.get(segment) ?? 0;
    if (count === 0 || count === content.rows) return count === 0;
    throw new SaveError(
      SaveErrorCode.segmentTorn,
      `The table ${table} has a part of segment ${segment}: expected 0 or ${content.rows} rows, received ${count}`,
    );
  });
}

/** An attempt is named after the first of its segments: a server does not run a query while one with the same id runs. */
function queryIdPrefixOf({ table, writer }: TableInsert): string {
  return `turnmeter-${table}-${writer}-`;
}
