// A block of ClickHouse's Native format: numbers of columns and rows, then each column whole: name, type, values.

import { SaveError, SaveErrorCode } from '../save-error.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';

/** Rows of a block that is written: about what ClickHouse's own have. */
export const BLOCK_ROWS_MAX: number = 1 << 16;
/** Rows of a block that is read: bytes that are no block must not ask for billions. */
const READ_ROWS_MAX = 1 << 20;

export function writeBlock<Row>(out: ByteWriter, columns: readonly Column<Row, never>[], rows: readonly Row[]): void {
  out.varint(columns.length);
  out.varint(rows.length);
  for (const column of columns) {
    out.text(column.name);
    column.write(out, rows);
  }
}

/**
 * Reads one block. Columns are found by name, in any order; those that are not there leave the draft as it was made, so that a
 * block of an older version can be read.
 *
 * @throws TruncatedError if the block is not whole; SaveError `block_invalid` if it holds another column or another type.
 */
export function readBlock<Draft>(
  input: ByteReader,
  columns: ReadonlyMap<string, Column<never, Draft>>,
  makeDraft: () => Draft,
): readonly Draft[] {
  const columnCount = input.varint();
  const rowCount = input.varint();
  if (rowCount > READ_ROWS_MAX) throw invalid(`at most ${READ_ROWS_MAX} rows`, `${rowCount}`);
  let drafts: readonly Draft[] | undefined;
  for (let index = 0; index < columnCount; index++) {
    const name = input.text();
    const type = input.text();
    const column = columns.get(name);
    drafts ??= column === undefined ? [] : Array.from({ length: rowCount }, makeDraft);
    if (column?.read(input, type, drafts) !== true) {
      throw invalid(
        column?.storedAs ?? 'a column of the table',
        `${JSON.stringify(name.slice(0, 80))} ${type.slice(0, 80)}`,
      );
    }
  }
  return drafts ?? [];
}

function invalid(expected: string, received: string): SaveError {
  return new SaveError(
    SaveErrorCode.blockInvalid,
    `A block is not one of the table: expected ${expected}, received ${received}`,
  );
}

export function columnsByName<Draft>(
  columns: readonly Column<never, Draft>[],
): ReadonlyMap<string, Column<never, Draft>> {
  return new Map(columns.map((column) => [column.name, column]));
}
