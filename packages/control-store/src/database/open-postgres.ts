import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { invalid } from '../check-input.ts';
import { SCHEMA, migrate } from '../migrations/migrate.ts';
import { Dialect, type Database, type Work } from './database.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { Tables } from './tables.ts';

/** Transactions at once; each is a few statements, and the database is shared. */
const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** No statement of ours takes long: what does is waiting for others, and gives up. */
const STATEMENT_TIMEOUT_MS = 30_000;
const INT8 = 20;

export async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'turnmeter',
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    types: {
      // pg gives 64-bit numbers as text, as JavaScript's numbers round them.
      getTypeParser: parserOf as typeof pg.types.getTypeParser,
    },
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(`set search_path to ${SCHEMA}`));
      },
    }),
  });
  try {
    await retryConflicts(() => migrate(db, Dialect.POSTGRES));
    return new PostgresServer(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

function parserOf(oid: number, format?: 'text'): unknown {
  const known: (oid: number, format?: 'text') => unknown = pg.types.getTypeParser;
  return oid === INT8 ? BigInt : known(oid, format);
}

class PostgresServer implements Database {
  readonly dialect = Dialect.POSTGRES;
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Rows that decide are locked by who reads them, so a statement sees what was committed before it: no more isolation is needed. */
  write<Result>(work: Work<Result>): Promise<Result> {
    return retryConflicts(() => this.#db.transaction().setIsolationLevel('read committed').execute(work));
  }

  read<Result>(work: Work<Result>): Promise<Result> {
    return retryConflicts(() => work(this.#db));
  }

  snapshot<Result>(work: Work<Result>): Promise<Result> {
    return retryConflicts(() =>
      this.#db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work),
    );
  }

  copyTo(): Promise<void> {
    return Promise.reject(invalid('store', 'one in a file; pg_dump copies a PostgreSQL database', 'PostgreSQL'));
  }

  /** Waits for what is under way: connections are given back before they are closed. */
  close(): Promise<void> {
    return this.#db.destroy();
  }
}
