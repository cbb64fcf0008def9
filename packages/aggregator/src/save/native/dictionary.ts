// Text as ClickHouse sends LowCardinality(String): the distinct values once, then for each row which of them it is. Source:
// `SerializationLowCardinality.cpp`; in this format no dictionary is shared between blocks.

import { SaveError, SaveErrorCode } from '../save-error.ts';
import type { ByteReader } from './byte-reader.ts';

/** Version 1 of how keys are serialized, the only one there is. */
const VERSION = 1;
/** In the flags: the width of an index, and that the keys of this block follow. */
const INDEX_WIDTH_MASK = 0xff;
const HAS_KEYS = 0x200;

export function readLabels<Row>(input: ByteReader, rows: readonly Row[], set: (row: Row, value: string) => void): void {
  readVersion(input);
  readIndexed(input, rows, set);
}

export function readLabelLists<Row>(
  input: ByteReader,
  rows: readonly Row[],
  set: (row: Row, value: readonly string[]) => void,
): void {
  readVersion(input);
  const ends = rows.map(() => readCount(input));
  const all: string[] = [];
  readIndexed(input, Array.from({ length: ends.at(-1) ?? 0 }), (_, value) => all.push(value));
  let start = 0;
  for (const [index, row] of rows.entries()) {
    const end = ends[index] ?? start;
    set(row, all.slice(start, end));
    start = end;
  }
}

function readVersion(input: ByteReader): void {
  const version = readCount(input);
  if (version !== VERSION) throw invalid(`version ${VERSION}`, `${version}`);
}

function readIndexed<Row>(input: ByteReader, rows: readonly Row[], set: (row: Row, value: string) => void): void {
  if (rows.length === 0) return;
  const flags = readCount(input);
  if ((flags & HAS_KEYS) === 0) throw invalid('keys in the block', `flags ${flags}`);
  const keyCount = readCount(input);
  const keys: string[] = [];
  for (let count = 0; count < keyCount; count++) keys.push(input.text());
  const indexCount = readCount(input);
  if (indexCount !== rows.length) throw invalid(`${rows.length} indexes`, `${indexCount}`);
  const width = 2 ** (flags & INDEX_WIDTH_MASK);
  let at = input.take(width * rows.length);
  for (const row of rows) {
    // Indexes of eight bytes are read by their lower half: no block has billions of keys.
    const key = keys[input.bytes.readUIntLE(at, Math.min(width, 4))];
    if (key === undefined) throw invalid(`an index below ${keyCount}`, 'a higher one');
    set(row, key);
    at += width;
  }
}

function readCount(input: ByteReader): number {
  const at = input.take(8);
  return input.bytes.readUInt32LE(at) + input.bytes.readUInt32LE(at + 4) * 2 ** 32;
}

function invalid(expected: string, received: string): SaveError {
  return new SaveError(SaveErrorCode.blockInvalid, `A dictionary is none: expected ${expected}, received ${received}`);
}
