// Rows of a segment come into a table exactly once: all of them are one part, and one part is there or not. Insert deduplication is
// not used, as it is not safe in a crash (docs/decisions/0003-exactly-once-by-segments.md).

import { Readable } from 'node:stream';
import type { Database } from '../database.ts';
import { onCluster } from '../migrate/ddl.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import type { SegmentRows } from './sealed-segment.ts';
import { entriesBody, observationsBody } from './segment-body.ts';

/** Rows of one segment for one table. */
export interface TableInsert {
  readonly table: 'observations' | 'entries';
  readonly segment: number;
  readonly writer: string;
  readonly file: string;
  readonly content: SegmentRows;
  /** Free bytes that ClickHouse leaves on its disk, since deleting takes space as well. */
  readonly diskReserveBytes: number;
  readonly signal: AbortSignal;
}

/** More rows and bytes than a segment ever has. */
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
})
  .map(([name, value]) => `${name} = ${value}`)
  .join(', ');

/** Inserts the rows. If this throws, nobody knows whether they are there. */
export async function insertRows(database: Database, insert: TableInsert): Promise<void> {
  const { table, file, content, signal } = insert;
  const body = Readable.from(
    table === 'entries' ? entriesBody(file, content) : observationsBody(file, content, insert),
  );
  let damage: Error | undefined;
  body.on('error', (error) => (damage = error));
  try {
    const settings = `${ONE_PART}, min_free_disk_bytes_to_perform_insert = ${insert.diskReserveBytes}`;
    await database.insert(`INSERT INTO ${table} SETTINGS ${settings} FORMAT Native`, {
      body,
      queryId: queryIdOf(insert),
      signal,
    });
  } catch (error) {
    // What the client reports of a body that broke off is not why it did.
    throw damage ?? error;
  } finally {
    body.destroy();
  }
}

/**
 * Finds out whether the rows are there, after an insert of them may have been under way.
 *
 * @throws SaveError `segment_torn` if some are, which cannot be; retryable ones if ClickHouse does not say.
 */
export async function areRowsThere(database: Database, insert: TableInsert): Promise<boolean> {
  const { table, segment, writer, content } = insert;
  // An insert of a process or connection that is gone may still be running, and come true after it was looked for.
  await database.command(`KILL QUERY ${onCluster(database.cluster)} WHERE query_id = {id:String} SYNC`, {
    id: queryIdOf(insert),
  });
  // Another replica may have taken the insert; its part has to be here before it can be counted.
  if (database.cluster !== undefined) await database.command(`SYSTEM SYNC REPLICA ${table}`);
  const [found] = await database.rows<{ count: string }>(
    `SELECT count() AS count FROM ${table} WHERE writer = {writer:String} AND seg = {segment:UInt64}`,
    { writer, segment },
  );
  const count = Number(found?.count);
  if (count === content.rows) return true;
  if (count === 0) return false;
  throw new SaveError(
    SaveErrorCode.segmentTorn,
    `The table ${table} has a part of segment ${segment}: expected 0 or ${content.rows} rows, received ${count}`,
  );
}

/** The same for every attempt: a server does not run a query while one with the same id runs. */
function queryIdOf({ table, writer, segment }: TableInsert): string {
  return `turnmeter-${table}-${writer}-${segment}`;
}
