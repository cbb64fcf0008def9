// In: the migrations at hand, and a database. Out: a database with all of them. Refused: a database that ran others, or newer ones.

import type { Database } from '../database.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import { fillDdl, onCluster } from './ddl.ts';
import type { Migration } from './migration-files.ts';

/** A migration that ran. */
interface Applied {
  readonly name: string;
  readonly checksum: string;
}

/**
 * Runs what has not run yet, in order. Every statement is idempotent, because ClickHouse commits no DDL together with the ledger: one
 * that was interrupted runs again, and two aggregators may start at the same time.
 *
 * @returns the names of those that ran now.
 * @throws SaveError `migration_mismatch` if what ran is not the beginning of what is at hand; nothing is changed then.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<readonly string[]> {
  await database.createIfMissing();
  await database.command(fillDdl(LEDGER, database));
  const applied = await database.rows<Applied>(
    'SELECT DISTINCT name, checksum FROM migrations ORDER BY name, checksum',
  );
  const pending = findPending(migrations, applied);
  for (const { name, sql, checksum } of pending) {
    await database.command(fillDdl(sql, database));
    await database.command(
      'INSERT INTO migrations (name, checksum, applied_at) SELECT {name:String}, {checksum:String}, now64(6)',
      { name, checksum },
    );
  }
  return pending.map(({ name }) => name);
}

const LEDGER = `
CREATE TABLE IF NOT EXISTS migrations {cluster}
(
  name       String COMMENT 'File of the migration, without .sql',
  checksum   String COMMENT 'SHA-256 of the file, hexadecimal',
  applied_at DateTime64(6, 'UTC') COMMENT 'When it ran'
)
ENGINE = {replicated}MergeTree
ORDER BY name
SETTINGS
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1,
  min_compressed_bytes_to_fsync_after_merge = 1
COMMENT 'Which migrations ran; kept for ever'`;

/** What is left to run, if what ran is the beginning of what there is, file by file. */
export function findPending(migrations: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  for (const [index, { name, checksum }] of applied.entries()) {
    const migration = migrations[index];
    if (migration === undefined) {
      throw mismatch(`no migration after ${migrations.at(-1)?.name ?? 'none'}`, `${name}: a newer version was here`);
    }
    if (migration.name !== name) throw mismatch(migration.name, `${name} in its place`);
    if (migration.checksum !== checksum) {
      throw mismatch(`${name} with checksum ${migration.checksum}`, `${checksum}: the file was changed after it ran`);
    }
  }
  return migrations.slice(applied.length);
}

function mismatch(expected: string, received: string): SaveError {
  return new SaveError(
    SaveErrorCode.migrationMismatch,
    `The database ran other migrations than those at hand: expected ${expected}, received ${received}`,
  );
}

/** How long rows are kept, in days after the one on which they came. */
export interface Retention {
  readonly observationDays: number;
  readonly entryDays: number;
}

/** Brings the tables' TTL to the configured days, where it is another. Old days are then dropped whole, in the background. */
export async function applyRetention(database: Database, retention: Retention): Promise<void> {
  const days = { observations: retention.observationDays, entries: retention.entryDays };
  for (const [table, wanted] of Object.entries(days)) {
    const [found] = await database.rows<{ ddl: string }>(
      'SELECT create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
      { table },
    );
    const current = Number(/TTL ingest_day \+ toIntervalDay\((\d+)\)/.exec(found?.ddl ?? '')?.[1]);
    if (current === wanted) continue;
    // DDL takes no bound parameters; a number in its place cannot be anything else.
    const ttl = `ingest_day + toIntervalDay(${Math.trunc(wanted)})`;
    await database.command(`ALTER TABLE ${table} ${onCluster(database.cluster)} MODIFY TTL ${ttl}`);
  }
}
