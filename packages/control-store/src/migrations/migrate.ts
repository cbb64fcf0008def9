// In: a database of any age. Out: the tables of this version. Refused: a database that a newer version has written.
// Forward only; a migration is never edited once released. Several processes may start together: one migrates, the others wait for it.

import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { Dialect } from '../database/database.ts';
import { retryConflicts } from '../database/retry-conflicts.ts';
import type { Tables } from '../database/tables.ts';
import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';
import { CHANGES } from './0001-changes.ts';
import { POLICIES } from './0002-policies.ts';
import { STOPS } from './0003-stops.ts';
import { LEASES } from './0004-leases.ts';
import { KEYS } from './0005-keys.ts';
import { ALERTS } from './0006-alerts.ts';
import { BALANCES } from './0007-balances.ts';
import { LOCKS } from './0008-locks.ts';

/** Where the tables are in PostgreSQL, so that a database can be shared with others. */
export const SCHEMA = 'turnmeter';

/** Statements; words in braces are those in which the databases differ. */
const MIGRATIONS: Readonly<Record<string, readonly string[]>> = {
  '0001-changes': CHANGES,
  '0002-policies': POLICIES,
  '0003-stops': STOPS,
  '0004-leases': LEASES,
  '0005-keys': KEYS,
  '0006-alerts': ALERTS,
  '0007-balances': BALANCES,
  '0008-locks': LOCKS,
};

const WORDS: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  [Dialect.SQLITE]: { whole: 'INTEGER', text: 'TEXT', strict: 'STRICT', clustered: 'STRICT, WITHOUT ROWID' },
  // Bytes are compared, as SQLite does: names sort the same everywhere.
  [Dialect.POSTGRES]: { whole: 'BIGINT', text: 'TEXT COLLATE "C"', strict: '', clustered: '' },
};

const MIGRATION_TABLE = { migrationTableName: 'control_migrations', migrationLockTableName: 'control_migration_lock' };

/** @throws ControlStoreError unavailable */
export async function migrate(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve(migrationsOf(dialect)) };
  if (dialect === Dialect.POSTGRES) {
    // Under an advisory lock, in one transaction.
    await run(new Migrator({ db, provider, ...MIGRATION_TABLE, migrationTableSchema: SCHEMA }));
    return;
  }
  // kysely begins a transaction for SQLite by reading, and two that read first cannot both write. So it is begun here, as a writer.
  await retryConflicts(() => sql`begin immediate`.execute(db));
  try {
    await run(new Migrator({ db, provider, ...MIGRATION_TABLE, disableTransactions: true }));
    await sql`commit`.execute(db);
  } catch (error) {
    await sql`rollback`.execute(db).catch(() => undefined);
    throw error;
  }
}

async function run(migrator: Migrator): Promise<void> {
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new ControlStoreError(`The control store was written by another version of this program: ${error.message}`, {
      code: ControlStoreErrorCode.UNAVAILABLE,
      cause: error,
    });
  }
  throw error;
}

function migrationsOf(dialect: Dialect): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, statements]) => [
      name,
      {
        up: async (db: Kysely<unknown>) => {
          for (const statement of statementsOf(statements, dialect)) await sql.raw(statement).execute(db);
        },
      },
    ]),
  );
}

/** A statement that starts with the name of a database, `sqlite: …`, is for that one only. */
function statementsOf(statements: readonly string[], dialect: Dialect): readonly string[] {
  return statements.flatMap((statement) => {
    const [, only, text = statement] = /^(sqlite|postgres): ([\s\S]*)$/.exec(statement) ?? [];
    if (only !== undefined && only !== dialect) return [];
    return [text.replaceAll(/\{(\w+)\}/g, (braces, word: string) => WORDS[dialect][word] ?? braces)];
  });
}
