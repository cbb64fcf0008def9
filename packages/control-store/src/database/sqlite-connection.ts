// What kysely's dialect for SQLite needs of a driver, by Node's own.

import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { loadSqlite } from './load-sqlite.ts';

/** Different statements there are; what is in the store makes a few hundred at most, with as many rows as a statement may insert. */
const STATEMENTS_MAX = 500;
/** How long SQLite itself waits for another process, ms: it blocks the thread, so longer waiting is done outside. */
const BUSY_TIMEOUT_MS = 1;

export interface SqliteConnectionOptions {
  readonly file: string;
  readonly readOnly?: boolean | undefined;
}

export class SqliteConnection implements SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor({ file, readOnly = false }: SqliteConnectionOptions) {
    const { DatabaseSync } = loadSqlite();
    this.#database = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS });
  }

  execute(sql: string): void {
    this.#database.exec(sql);
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = new PreparedStatement(this.#database.prepare(sql), sql);
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  /** One statement that reads a single state of the database; what is written is a database without a log beside it. */
  copyTo(file: string): void {
    this.#database.prepare('VACUUM INTO ?').run(file);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}

class PreparedStatement implements SqliteStatement {
  readonly reader: boolean;
  readonly #statement: StatementSync;

  constructor(statement: StatementSync, sql: string) {
    statement.setReadBigInts(true);
    this.#statement = statement;
    this.reader = /^\s*(?:select|pragma|with)\b|\breturning\b/i.test(sql);
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...parameters.map(bindable));
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...parameters.map(bindable));
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...parameters.map(bindable));
  }
}

/** A number would be bound as a floating one, which is not exact above 2^53 and makes sums so. */
function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'number') return BigInt(value);
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
  throw new TypeError(
    `A value that the store does not bind: expected text, a whole number or null, received ${typeof value}.`,
  );
}
