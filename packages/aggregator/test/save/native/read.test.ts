// What we read was written by ClickHouse, never by ourselves.

import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnKinds } from '../../../src/save/rows/column-kinds.ts';
import { Database } from '../../../src/save/database.ts';
import { readBlocks } from '../../../src/save/native/block-stream.ts';
import { columnsByName } from '../../../src/save/native/block.ts';
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
import { column, type Column } from '../../../src/save/native/column.ts';
import { SaveError } from '../../../src/save/save-error.ts';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
let database: Database;
beforeAll(async () => {
  engine = await runEngine();
  database = new Database({ url: engine.url, database: 'default' });
});
afterAll(async () => {
  await database.close();
  await engine.stop();
});

interface Draft {
  value: unknown;
}

function valueColumn<Value>(type: ColumnType<Value>): Column<never, Draft> {
  return column('value', {
    type,
    get: (): Value => undefined as Value,
    set: (draft: Draft, value) => (draft.value = value),
  });
}

const { label: labelColumn, labels: labelsColumn } = columnKinds<never, Draft>();
const label = labelColumn(
  'value',
  () => '',
  (draft, value) => (draft.value = value),
);
const labels = labelsColumn(
  'value',
  () => [],
  (draft, value) => (draft.value = value),
);
const makeDraft = (): Draft => ({ value: undefined });

/** Values of the column `value` of a query. */
function read<Value>(type: ColumnType<Value>, sql: string): Promise<unknown[]> {
  return readColumn(valueColumn(type), sql);
}

async function readColumn(columnOfValues: Column<never, Draft>, sql: string): Promise<unknown[]> {
  const values: unknown[] = [];
  const blocks = database.read(sql, {
    parameters: {},
    columns: [columnOfValues],
    makeDraft,
    finish: ({ value }) => value,
  });
  for await (const block of blocks) values.push(...block);
  return values;
}

describe('columns that ClickHouse writes', () => {
  it('give text', async () => {
    const sql = `SELECT arrayJoin(['', 'plain', 'Grüße, 世界 🌍', 'a\\0b', 'two\\n\\nlines', repeat('x', 200000)]) AS value`;
    expect(await read(TEXT, sql)).toEqual(['', 'plain', 'Grüße, 世界 🌍', 'a\0b', 'two\n\nlines', 'x'.repeat(200_000)]);
  });

  it('give text of columns of low cardinality', async () => {
    const sql = `SELECT CAST(arrayJoin(['a', 'b', '', 'a']), 'LowCardinality(String)') AS value`;
    expect(await readColumn(label, sql)).toEqual(['a', 'b', '', 'a']);
    // 256 values have indexes of one byte, more of two, more than 65 536 of four.
    for (const count of [256, 1000, 70_000]) {
      const many = `SELECT toLowCardinality(toString(number)) AS value FROM numbers(${count}) SETTINGS max_block_size = 100000`;
      const found = await engine.send(`${many} FORMAT Native`);
      const values: unknown[] = [];
      for await (const block of readBlocks(Readable.from([found]), columnsByName([label]), makeDraft)) {
        values.push(...block.map(({ value }) => value));
      }
      expect(values).toEqual(Array.from({ length: count }, (_, at) => `${at}`));
    }
  });

  it('give lists', async () => {
    expect(await read(TEXTS, `SELECT arrayJoin([[], ['a'], [], ['b', '']]) AS value`)).toEqual([
      [],
      ['a'],
      [],
      ['b', ''],
    ]);
    const ofLabels = `SELECT CAST(arrayJoin([['a'], [], ['b', 'a'], []]), 'Array(LowCardinality(String))') AS value`;
    expect(await readColumn(labels, ofLabels)).toEqual([['a'], [], ['b', 'a'], []]);
    const ofNone = `SELECT CAST(arrayJoin([[], []]::Array(Array(String))), 'Array(LowCardinality(String))') AS value`;
    expect(await readColumn(labels, ofNone)).toEqual([[], []]);
    expect(await read(FLOATS, `SELECT [0.1, -2.5, 1e300] AS value`)).toEqual([[0.1, -2.5, 1e300]]);
    expect(await read(INTEGERS, `SELECT [1, -9007199254740991]::Array(Int64) AS value`)).toEqual([
      [1, Number.MIN_SAFE_INTEGER],
    ]);
  });

  it('give whole numbers', async () => {
    const signed = [0, 1, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect(await read(INT64, `SELECT arrayJoin([${signed.join(', ')}]::Array(Int64)) AS value`)).toEqual(signed);
    expect(await read(UINT64, `SELECT arrayJoin([0, 4294967296, 9007199254740991]::Array(UInt64)) AS value`)).toEqual([
      0,
      2 ** 32,
      Number.MAX_SAFE_INTEGER,
    ]);
    expect(await read(INT8, `SELECT arrayJoin([1, -1, -128]::Array(Int8)) AS value`)).toEqual([1, -1, -128]);
    expect(await read(UINT8, `SELECT arrayJoin([0, 255]::Array(UInt8)) AS value`)).toEqual([0, 255]);
    expect(await read(INT16, `SELECT arrayJoin([-1, 32767]::Array(Int16)) AS value`)).toEqual([-1, 32_767]);
    expect(await read(BOOL, `SELECT arrayJoin([true, false]) AS value`)).toEqual([true, false]);
  });

  it('give days and microseconds', async () => {
    expect(await read(DATE, `SELECT toDate('2026-11-22') AS value`)).toEqual([20_779]);
    const time = `SELECT toDateTime64('2026-11-22 00:00:00.000001', 6, 'UTC') AS value`;
    expect(await read(DATETIME_US, time)).toEqual([20_779 * 86_400_000_000 + 1]);
  });

  it('give nothing where there is nothing', async () => {
    expect(await read(TEXT, `SELECT 'x' AS value WHERE 0`)).toEqual([]);
  });

  it('come in many blocks', async () => {
    const values = await read(UINT64, 'SELECT number AS value FROM numbers(100000)');
    expect(values).toEqual(Array.from({ length: 100_000 }, (_, at) => at));
  });
});

describe('a result that goes wrong', () => {
  it('is an error when the query fails in its middle', async () => {
    const sql = `SELECT toString(number + throwIf(number = 90000, 'stop here')) AS value FROM numbers(1000000)`;
    await expect(read(TEXT, sql)).rejects.toMatchObject({ name: 'SaveError', retryable: true });
  });

  it('is an error when it is no query', async () => {
    await expect(read(TEXT, 'SELECT nothing AS value')).rejects.toMatchObject({
      code: 'database_refused',
      databaseCode: '47',
    });
  });

  it('is an error when a column is of another type', async () => {
    await expect(read(TEXT, 'SELECT 1 AS value')).rejects.toMatchObject({ code: 'block_invalid' });
  });

  it('is an error when nobody answers', async () => {
    const nobody = new Database({ url: 'http://127.0.0.1:1', database: 'default' });
    await expect(nobody.rows('SELECT 1')).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
    await nobody.close();
  });
});

describe('a body', () => {
  const columns = columnsByName([valueColumn(TEXT)]);

  async function valuesOf(body: Iterable<Uint8Array>): Promise<unknown[]> {
    const values: unknown[] = [];
    for await (const block of readBlocks(Readable.from(body), columns, makeDraft)) {
      values.push(...block.map(({ value }) => value));
    }
    return values;
  }

  it('gives the same rows however it is cut into chunks', async () => {
    const sql = `SELECT repeat(toString(number), number % 50) AS value FROM numbers(20000) SETTINGS max_block_size = 1000 FORMAT Native`;
    const body = await engine.send(sql);
    const whole = await valuesOf([body]);
    expect(whole).toHaveLength(20_000);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 }), async (lengths) => {
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < body.length; turn++) {
          const length = lengths[turn % lengths.length] ?? 1;
          chunks.push(body.subarray(at, at + Math.max(length, 500)));
          at += Math.max(length, 500);
        }
        expect(await valuesOf(chunks)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('is an error when it ends within a block, wherever that is', async () => {
    const body = await engine.send(`SELECT toString(number) AS value FROM numbers(20) FORMAT Native`);
    for (let end = 1; end < body.length; end++) {
      await expect(valuesOf([body.subarray(0, end)])).rejects.toMatchObject({ code: 'block_invalid' });
    }
  });

  it('is an error or rows, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const outcome = await valuesOf([bytes]).catch((error: unknown) => error);
        const isExpected = Array.isArray(outcome) || (outcome instanceof SaveError && outcome.code === 'block_invalid');
        expect(isExpected).toBe(true);
      }),
    );
  });
});
