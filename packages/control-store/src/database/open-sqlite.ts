import { Kysely, SqliteDialect } from 'kysely';
import { migrate } from '../migrations/migrate.ts';
import { Dialect, type Database, type Work } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import type { Tables } from './tables.ts';

/** Commits are on disk when they return: in WAL mode only FULL syncs the log with each of them. */
const DURABLE = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;';

/** One connection writes, another reads: readers see what is committed, and nothing of a group that is being written. */
export async function openSqlite(file: string): Promise<Database> {
  const writer = await retryConflicts(async () => {
    const connection = new SqliteConnection({ file });
    try {
      connection.execute(DURABLE);
    } catch (error) {
      connection.close();
      throw error;
    }
    return Promise.resolve(connection);
  });
  const writing = kyselyOf(writer);
  try {
    await migrate(writing, Dialect.SQLITE);
    return new SqliteFile(file, writing);
  } catch (error) {
    await writing.destroy();
    throw error;
  }
}

function kyselyOf(database: SqliteConnection): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

class SqliteFile implements Database {
  readonly dialect = Dialect.SQLITE;
  readonly #file: string;
  readonly #writing: Kysely<Tables>;
  readonly #reading: Kysely<Tables>;
  readonly #commits: GroupCommit;

  constructor(file: string, writing: Kysely<Tables>) {
    this.#file = file;
    this.#writing = writing;
    this.#reading = kyselyOf(new SqliteConnection({ file, readOnly: true }));
    this.#commits = new GroupCommit(writing);
  }

  write<Result>(work: Work<Result>): Promise<Result> {
    return this.#commits.run(work);
  }

  read<Result>(work: Work<Result>): Promise<Result> {
    return retryConflicts(() => work(this.#reading));
  }

  async snapshot<Result>(work: Work<Result>): Promise<Result> {
    // A connection of its own: others that read meanwhile see what is new.
    const connection = new SqliteConnection({ file: this.#file, readOnly: true });
    try {
      connection.execute('BEGIN');
      return await work(kyselyOf(connection));
    } finally {
      connection.close();
    }
  }

  async copyTo(file: string): Promise<void> {
    await retryConflicts(async () => {
      const connection = new SqliteConnection({ file: this.#file, readOnly: true });
      try {
        connection.copyTo(file);
      } finally {
        connection.close();
      }
      return Promise.resolve();
    });
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.#reading.destroy();
    await this.#writing.destroy();
  }
}
