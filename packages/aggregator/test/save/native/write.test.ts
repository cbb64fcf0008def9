// What we write is read by ClickHouse, never by ourselves.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBlock } from '../../../src/save/native/block.ts';
import { ByteWriter } from '../../../src/save/native/byte-writer.ts';
import {
  BOOL,
  type ColumnType,
  DATE,
  DATETIME_US,
  FLOATS,
  INT16,
  INT64,
  INT8,
  INTEGERS,
  TEXT,
  TEXTS,
  UINT64,
  UINT8,
} from '../../../src/save/native/column-type.ts';
import { column } from '../../../src/save/native/column.ts';
import { LABEL, LABELS } from '../../../src/save/native/dictionary.ts';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.stop());

let tables = 0;

/** Inserts values as one block into a table of that type and returns what ClickHouse says is in it. */
async function stored<Value>(
  type: ColumnType<Value>,
  values: readonly Value[],
  storedIn?: ColumnType<Value>,
): Promise<unknown[]> {
  const table = `written_${++tables}`;
  await engine.send(`CREATE TABLE ${table} (at UInt32, value ${storedIn?.name ?? type.name}) ENGINE = Memory`);
  const rows = values.map((value, at) => ({ at, value }));
  const out = new ByteWriter();
  writeBlock(
    out,
    [
      column('at', { type: UINT64, get: (row: { at: number; value: Value }) => row.at, set: () => {} }),
      column('value', {
        type,
        ...(storedIn === undefined ? {} : { stored: storedIn }),
        get: (row: { value: Value }) => row.value,
        set: () => {},
      }),
    ],
    rows,
  );
  await engine.send(`INSERT INTO ${table} FORMAT Native`, out.finish());
  const found = await engine.rows<{ value: unknown }>(`SELECT value FROM ${table} ORDER BY at`);
  await engine.send(`DROP TABLE ${table}`);
  return found.map(({ value }) => value);
}

const HOSTILE_TEXTS = [
  '',
  'plain',
  'Grüße, 世界 🌍',
  "'; DROP TABLE written_1; --",
  'two\n\nblank lines\r\n\ttabs',
  'NUL \0 within',
  '"quotes" \'and\' `ticks` \\ backslash',
  '{name:String}',
  'x'.repeat(39),
  'x'.repeat(40),
  'x'.repeat(41),
  'é'.repeat(127),
  'y'.repeat(128),
  'z'.repeat(1_000_000),
];

describe('columns that ClickHouse reads', () => {
  it('hold text of any kind and length', async () => {
    expect(await stored(TEXT, HOSTILE_TEXTS)).toEqual(HOSTILE_TEXTS);
  });

  it('hold text for columns of low cardinality', async () => {
    expect(await stored(TEXT, HOSTILE_TEXTS, LABEL)).toEqual(HOSTILE_TEXTS);
  });

  it.each([1, 63, 64, 256, 257, 65_536, 65_537])('hold %i different labels, and the empty one', async (count) => {
    const different = Array.from({ length: count - 1 }, (_, at) => (at % 7 === 0 ? `${at}` : `é${at}`));
    const labels = [...different.toReversed(), '', '', ...different, different[0] ?? ''];
    expect(await stored(LABEL, labels)).toEqual(labels);
    const lists = [labels, [], ['', 'other'], [], labels.slice(0, 3)];
    expect(await stored(LABELS, lists)).toEqual(lists);
  });

  it('hold labels of any kind and length, in blocks of few and of many rows', async () => {
    for (const labels of [HOSTILE_TEXTS, Array.from({ length: 10 }, () => HOSTILE_TEXTS.slice(0, -1)).flat()]) {
      expect(await stored(LABEL, labels)).toEqual(labels);
      expect(await stored(TEXT, labels, LABEL)).toEqual(labels);
    }
    expect(await stored(LABEL, ['a\ud800', 'b', 'a\udc00'])).toEqual(['a\ufffd', 'b', 'a\ufffd']);
    expect(await stored(LABELS, [[], []])).toEqual([[], []]);
  });

  it('replace half a surrogate pair, which no UTF-8 has', async () => {
    expect(await stored(TEXT, ['a\ud800b', `${'x'.repeat(60)}\udc00`])).toEqual([
      'a\ufffdb',
      `${'x'.repeat(60)}\ufffd`,
    ]);
  });

  it('hold lists of text, empty ones between others', async () => {
    const lists = [[], ['a'], [], ['b', '', HOSTILE_TEXTS[3] ?? ''], []];
    expect(await stored(TEXTS, lists)).toEqual(lists);
    expect(await stored(TEXTS, lists, LABELS)).toEqual(lists);
    expect(await stored(TEXTS, [[], []])).toEqual([[], []]);
  });

  it('hold whole numbers to the limits of what a number holds exactly', async () => {
    const signed = [
      0,
      1,
      -1,
      2 ** 31,
      -(2 ** 31),
      2 ** 32,
      -(2 ** 32),
      2 ** 32 + 1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ];
    expect(await stored(INT64, signed)).toEqual(signed);
    const unsigned = signed.filter((value) => value >= 0);
    expect(await stored(UINT64, unsigned)).toEqual(unsigned);
    expect(await stored(INTEGERS, [signed, []])).toEqual([signed, []]);
  });

  it('hold small numbers', async () => {
    expect(await stored(INT8, [1, -1, 127, -128])).toEqual([1, -1, 127, -128]);
    expect(await stored(UINT8, [0, 9, 255])).toEqual([0, 9, 255]);
    expect(await stored(INT16, [-1, 0, 32_767, -32_768])).toEqual([-1, 0, 32_767, -32_768]);
    expect(await stored(BOOL, [true, false])).toEqual([true, false]);
    expect(await stored(FLOATS, [[0.1, -2.5, 1e300], []])).toEqual([[0.1, -2.5, 1e300], []]);
  });

  it('hold days and microseconds', async () => {
    // 2026-11-22 is 20 779 days after 1970-01-01.
    expect(await stored(DATE, [0, 20_779])).toEqual(['1970-01-01', '2026-11-22']);
    expect(await stored(DATETIME_US, [0, 20_779 * 86_400_000_000 + 1])).toEqual([
      '1970-01-01 00:00:00.000000',
      '2026-11-22 00:00:00.000001',
    ]);
  });

  it('hold whatever text and numbers there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.maxSafeInteger()), { maxLength: 300 }),
        async (pairs) => {
          const texts = pairs.map(([text]) => text.toWellFormed());
          expect(await stored(TEXT, texts)).toEqual(texts);
          expect(await stored(LABEL, texts)).toEqual(texts);
          const numbers = pairs.map(([, number]) => number);
          expect(await stored(INT64, numbers)).toEqual(numbers);
        },
      ),
      { numRuns: 25 },
    );
  });
});
