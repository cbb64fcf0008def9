import type { Invocation } from './invocation.ts';
import { type Column, renderTable } from './text/table.ts';

/** Writes a table to standard output, as wide as the terminal allows. */
export function printTable<Row>(invocation: Invocation, rows: readonly Row[], columns: readonly Column<Row>[]): void {
  const { paint, width } = invocation;
  invocation.print(...renderTable(rows, columns, { paint, width }));
}

/** Rows of a table that is a part of something larger; all of them are in `--json`. */
const SECTION_ROWS_MAX = 30;

/** Writes an empty line and a table, where it has rows; says how many more there are than are shown. */
export function printSection<Row>(
  invocation: Invocation,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  rowsMax: number = SECTION_ROWS_MAX,
): void {
  if (rows.length === 0) return;
  invocation.print('');
  printTable(invocation, rows.slice(0, rowsMax), columns);
  if (rows.length > rowsMax)
    invocation.print(invocation.paint('faint', `... and ${rows.length - rowsMax} more (--json)`));
}
