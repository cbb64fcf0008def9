// The types of ClickHouse's Native format that the tables need, value by value as the format has them:
// https://clickhouse.com/docs/interfaces/formats/Native. What is LowCardinality in a table has a dictionary (`dictionary.ts`).

import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** How the values of a column travel. `get` and `set` reach the value in a row, so that no value is held in between. */
export interface ColumnType<Value> {
  /** As ClickHouse spells it in a block. */
  readonly name: string;
  write<Row>(out: ByteWriter, rows: readonly Row[], get: (row: Row) => Value): void;
  read<Row>(input: ByteReader, rows: readonly Row[], set: (row: Row, value: Value) => void): void;
}

const TWO_31 = 2 ** 31;
const TWO_32 = 2 ** 32;

export const TEXT: ColumnType<string> = {
  name: 'String',
  write(out, rows, get) {
    out.texts(rows, get);
  },
  read(input, rows, set) {
    for (const row of rows) set(row, input.text());
  },
};

export const BOOL: ColumnType<boolean> = {
  name: 'Bool',
  write(out, rows, get) {
    let at = out.take(rows.length);
    const { bytes } = out;
    for (const row of rows) bytes[at++] = get(row) ? 1 : 0;
  },
  read(input, rows, set) {
    let at = input.take(rows.length);
    for (const row of rows) set(row, input.bytes[at++] === 1);
  },
};

export const INT8: ColumnType<number> = {
  name: 'Int8',
  write(out, rows, get) {
    let at = out.take(rows.length);
    const { bytes } = out;
    for (const row of rows) at = bytes.writeInt8(get(row), at);
  },
  read(input, rows, set) {
    let at = input.take(rows.length);
    for (const row of rows) set(row, input.bytes.readInt8(at++));
  },
};

export const UINT8: ColumnType<number> = {
  name: 'UInt8',
  write(out, rows, get) {
    let at = out.take(rows.length);
    const { bytes } = out;
    for (const row of rows) at = bytes.writeUInt8(get(row), at);
  },
  read(input, rows, set) {
    let at = input.take(rows.length);
    for (const row of rows) set(row, input.bytes.readUInt8(at++));
  },
};

export const INT16: ColumnType<number> = {
  name: 'Int16',
  write(out, rows, get) {
    let at = out.take(rows.length * 2);
    const { bytes } = out;
    for (const row of rows) at = bytes.writeInt16LE(get(row), at);
  },
  read(input, rows, set) {
    let at = input.take(rows.length * 2);
    for (const row of rows) {
      set(row, input.bytes.readInt16LE(at));
      at += 2;
    }
  },
};

/** Whole numbers up to 2^53 in either direction, which is all a number holds exactly. */
export const INT64: ColumnType<number> = integer64('Int64');
export const UINT64: ColumnType<number> = integer64('UInt64');

/** Microseconds since 1970. */
export const DATETIME_US: ColumnType<number> = integer64("DateTime64(6, 'UTC')");

function integer64(name: string): ColumnType<number> {
  return {
    name,
    write(out, rows, get) {
      const start = out.take(rows.length * 8);
      const { bytes } = out;
      // Most amounts are 0: clearing all at once and passing over them is several times faster than writing each.
      bytes.fill(0, start, start + rows.length * 8);
      let at = start;
      for (const row of rows) {
        const value = get(row);
        if (value !== 0) putInteger64(bytes, at, value);
        at += 8;
      }
    },
    read(input, rows, set) {
      let at = input.take(rows.length * 8);
      for (const row of rows) {
        set(row, getInteger64(input.bytes, at));
        at += 8;
      }
    },
  };
}

/** Byte by byte, which the compiler turns into fewer checks than two calls that write four. */
function putInteger64(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
  bytes[at + 2] = value >> 16;
  bytes[at + 3] = value >> 24;
  if (value >= 0 && value < TWO_31) return;
  const high = Math.floor(value / TWO_32);
  bytes[at + 4] = high;
  bytes[at + 5] = high >> 8;
  bytes[at + 6] = high >> 16;
  bytes[at + 7] = high >> 24;
}

function getInteger64(bytes: Buffer, at: number): number {
  return bytes.readInt32LE(at + 4) * TWO_32 + bytes.readUInt32LE(at);
}

/** Days since 1970. */
export const DATE: ColumnType<number> = {
  name: 'Date',
  write(out, rows, get) {
    let at = out.take(rows.length * 2);
    const { bytes } = out;
    for (const row of rows) at = bytes.writeUInt16LE(get(row), at);
  },
  read(input, rows, set) {
    let at = input.take(rows.length * 2);
    for (const row of rows) {
      set(row, input.bytes.readUInt16LE(at));
      at += 2;
    }
  },
};

const FLOAT64: ColumnType<number> = {
  name: 'Float64',
  write(out, rows, get) {
    let at = out.take(rows.length * 8);
    const { bytes } = out;
    for (const row of rows) at = bytes.writeDoubleLE(get(row), at);
  },
  read(input, rows, set) {
    let at = input.take(rows.length * 8);
    for (const row of rows) {
      set(row, input.bytes.readDoubleLE(at));
      at += 8;
    }
  },
};

/** Lists travel as the end of each row's list, and then all values of all rows. */
function arrayOf<Value>(type: ColumnType<Value>): ColumnType<readonly Value[]> {
  return {
    name: `Array(${type.name})`,
    write(out, rows, get) {
      const values: Value[] = [];
      INT64.write(out, rows, (row) => {
        for (const value of get(row)) values.push(value);
        return values.length;
      });
      if (values.length > 0) type.write(out, values, (value) => value);
    },
    read(input, rows, set) {
      const ends: { value: number }[] = rows.map(() => ({ value: 0 }));
      INT64.read(input, ends, (end, value) => (end.value = value));
      const values = Array.from({ length: ends.at(-1)?.value ?? 0 }, (): { value?: Value } => ({}));
      type.read(input, values, (slot, value) => (slot.value = value));
      const all = values.map(({ value }) => value as Value);
      let start = 0;
      for (const [index, row] of rows.entries()) {
        const end = ends[index]?.value ?? start;
        set(row, all.slice(start, end));
        start = end;
      }
    },
  };
}

export const TEXTS: ColumnType<readonly string[]> = arrayOf(TEXT);
export const FLOATS: ColumnType<readonly number[]> = arrayOf(FLOAT64);
export const INTEGERS: ColumnType<readonly number[]> = arrayOf(INT64);
