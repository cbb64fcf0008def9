import { sql } from './sql.ts';

export interface BookedOptions {
  /** Columns of `entries` that are read. */
  readonly columns: readonly string[];
  /** Conditions, on `entries`. */
  readonly where: string;
}

/** More than the ledger can answer with: no row is left out. */
const ROWS_MAX = 1_000_000_000;

/**
 * Rows of the ledger as they were booked, for `FROM`, where they are called `entries`: for one session, and for what the ledger keeps no sums of.
 *
 * The limit keeps ClickHouse from comparing each of the ledger's sums with the question, which takes it some 10 ms of CPU wherever `entries` is
 * named in a query that adds up: reading a session takes half of that.
 */
export function booked({ columns, where }: BookedOptions): string {
  return sql`
    (
      SELECT ${columns.map((column) => `entries.${column} AS ${column}`).join(', ')}
      FROM entries
      WHERE ${where}
      LIMIT ${ROWS_MAX}
    ) AS entries
  `.trim();
}
