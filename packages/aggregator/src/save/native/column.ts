import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { ColumnType } from './column-type.ts';

/** A column of a table and where its values are in a row of ours; `Draft` is the row while it is read. */
export interface Column<Row, Draft> {
  readonly name: string;
  /** As the table stores it, and as it comes back. */
  readonly storedAs: string;
  /** Writes the type in which the values are sent, and the values. */
  write(out: ByteWriter, rows: readonly Row[]): void;
  /** False if values of that type cannot be read. */
  read(input: ByteReader, type: string, drafts: readonly Draft[]): boolean;
}

export interface ColumnSource<Row, Draft, Value> {
  readonly type: ColumnType<Value>;
  /** Where the table stores the column in another type, in which it is sent too when there are many rows. */
  readonly stored?: ColumnType<Value>;
  readonly get: (row: Row) => Value;
  readonly set: (draft: Draft, value: Value) => void;
}

/** With fewer rows the head of a dictionary is longer than the values. */
const MANY_ROWS = 64;

export function column<Row, Draft, Value>(name: string, source: ColumnSource<Row, Draft, Value>): Column<Row, Draft> {
  const { type, stored, get, set } = source;
  return {
    name,
    storedAs: stored?.name ?? type.name,
    write: (out, rows) => {
      const sent = stored !== undefined && rows.length >= MANY_ROWS ? stored : type;
      out.text(sent.name);
      sent.write(out, rows, get);
    },
    read: (input, typeName, drafts) => {
      if (typeName === type.name) type.read(input, drafts, set);
      else if (typeName === stored?.name) stored.read(input, drafts, set);
      else return false;
      return true;
    },
  };
}
