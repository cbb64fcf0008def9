import type { Invocation } from './invocation.ts';
import { type Column, renderTable } from './text/table.ts';

/** Writes a table to standard output, as wide as the terminal allows. */
export function printTable<Row>(invocation: Invocation, rows: readonly Row[], columns: readonly Column<Row>[]): void {
  const { paint, width } = invocation;
  invocation.print(...renderTable(rows, columns, { paint, width }));
}
