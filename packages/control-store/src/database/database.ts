import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export const Dialect = { SQLITE: 'sqlite', POSTGRES: 'postgres' } as const;
export type Dialect = (typeof Dialect)[keyof typeof Dialect];

export type Work<Result> = (db: Kysely<Tables>) => Promise<Result>;

/** What both databases can do for the repositories. */
export interface Database {
  readonly dialect: Dialect;
  /**
   * Does the work in one transaction, durably or not at all. It may run more than once, so it changes nothing but the database. Rows that
   * decide something are read by `lockedRow`: what it read does not change until the end.
   */
  write<Result>(work: Work<Result>): Promise<Result>;
  /** Of what is committed. */
  read<Result>(work: Work<Result>): Promise<Result>;
  /** Like `read`, with one view of everything, however long it takes. */
  snapshot<Result>(work: Work<Result>): Promise<Result>;
  /** Writes what is committed into a new file. */
  copyTo(file: string): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** A row that is read to be changed. SQLite has one writer at a time anyway; PostgreSQL locks the row. */
export function lockedRow<Query extends { forUpdate(): Query }>(dialect: Dialect, query: Query): Query {
  return dialect === Dialect.POSTGRES ? query.forUpdate() : query;
}
