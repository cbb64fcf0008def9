// In: the rows of a backup, in Native format. Out: a database with the tables of that time and those rows. Refused: a database that has tables.
// All of it or nothing is for whoever calls this to see to: rows that are in when it fails stay in.

import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Database } from '../database.ts';
import { applyRetention, findPending, migrate, type Retention } from '../migrate/migrate.ts';
import type { Migration } from '../migrate/migration-files.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';

/** Rows of one table. */
export interface RestoredRows {
  readonly table: 'session_summaries' | 'entries' | 'observations';
  /** Native format; opened when its turn has come. */
  readonly open: () => Readable;
  /** How many there must be; null where nobody counted. */
  readonly rows: number | null;
}

export interface RestoreTablesOptions {
  /** Those that this program has. */
  readonly migrations: readonly Migration[];
  /** Those that had run; the others run when a service starts, on the rows as they ran on them then. */
  readonly applied: readonly Pick<Migration, 'name' | 'checksum'>[];
  readonly retention: Retention;
  readonly rows: readonly RestoredRows[];
  readonly signal: AbortSignal;
  readonly onTable: (rows: RestoredRows, at: number) => void;
}

/** @throws SaveError `database_refused` where there are tables, `migration_mismatch` where the rows are of tables that are not known here. */
export async function restoreTables(database: Database, options: RestoreTablesOptions): Promise<void> {
  const { migrations, applied, retention, rows, signal, onTable } = options;
  // Throws where what had run is not the beginning of what is known.
  const later = findPending(migrations, applied).length;
  await database.createIfMissing();
  await refuseTables(database);
  await migrate(database, migrations.slice(0, migrations.length - later));
  // Before there are rows, or days that are kept for longer than usual would be dropped.
  await applyRetention(database, retention);
  await switchAverages(database, 'STOP');
  for (const [at, one] of rows.entries()) {
    onTable(one, at);
    await insertAll(database, one, signal);
  }
  for (const table of ['entries', 'observations'] as const) await compareCount(database, table, rows);
  await switchAverages(database, 'START');
}

async function refuseTables(database: Database): Promise<void> {
  const tables = await database.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase() LIMIT 1',
  );
  const [table] = tables;
  if (table === undefined) return;
  throw new SaveError(
    SaveErrorCode.databaseRefused,
    `A backup is restored into an empty database: expected no tables in ${database.name}, received ${table.name}`,
  );
}

/**
 * Averages look for what is newer than the newest they know: half of the summaries would hide the other half from them for good, so
 * they stand still until all are in.
 */
async function switchAverages(database: Database, to: 'STOP' | 'START'): Promise<void> {
  const views = await database.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView'",
  );
  for (const { name } of views) await database.command(`SYSTEM ${to} VIEW \`${name}\``);
}

async function insertAll(database: Database, { table, open }: RestoredRows, signal: AbortSignal): Promise<void> {
  const body = open();
  let damage: Error | undefined;
  body.on('error', (error) => (damage = error));
  try {
    await database.insert(`INSERT INTO ${table} SETTINGS async_insert = 0, insert_deduplicate = 0 FORMAT Native`, {
      body,
      queryId: randomUUID(),
      signal,
    });
  } catch (error) {
    // What the client reports of a body that broke off is not why it did.
    throw damage ?? error;
  } finally {
    body.destroy();
  }
}

async function compareCount(
  database: Database,
  table: 'entries' | 'observations',
  rows: readonly RestoredRows[],
): Promise<void> {
  const expected = rows.reduce((sum, one) => sum + (one.table === table ? (one.rows ?? 0) : 0), 0);
  const [found] = await database.rows<{ count: string }>(`SELECT count() AS count FROM ${table}`);
  if (Number(found?.count) === expected) return;
  throw new SaveError(
    SaveErrorCode.databaseRefused,
    `Not all rows of ${table} came in: expected ${expected}, received ${found?.count ?? 'none'}`,
  );
}
