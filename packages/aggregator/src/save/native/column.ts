import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { ColumnType } from './column-type.ts';

/** A column of a table and where its values are in a row of ours; `Draft` is the row while it is read. */
export interface Column<Row, Draft> {
  readonly name: string;
  /** As the column is sent. */
  readonly type: string;
  /** As the table stores it, and as it comes back. */
  readonly storedAs: string;
  write(out: ByteWriter, rows: readonly Row[]): void;
  /** False if values of that type cannot be read. */
  read(input: ByteReader, type: string, drafts: readonly Draft[]): boolean;
}

export interface ColumnSource<Row, Draft, Value> {
  readonly type: ColumnType<Value>;
  /** Where the table stores the column in another type than it is sent. */
  readonly stored?: StoredAs<Value>;
  readonly get: (row: Row) => Value;
  readonly set: (draft: Draft, value: Value) => void;
}

/** The type in the table, and how values of that type are read. */
export interface StoredAs<Value> {
  readonly as: string;
  readonly read: ColumnType<Value>['read'];
}

export function column<Row, Draft, Value>(name: string, source: ColumnSource<Row, Draft, Value>): Column<Row, Draft> {
  const { type, stored, get, set } = source;
  return {
    name,
    type: type.name,
    storedAs: stored?.as ?? type.name,
    write: (out, rows) => type.write(out, rows, get),
    read: (input, typeName, drafts) => {
      if (typeName === type.name) type.read(input, drafts, set);
      else if (typeName === stored?.as) stored.read(input, drafts, set);
      else return false;
      return true;
    },
  };
}
