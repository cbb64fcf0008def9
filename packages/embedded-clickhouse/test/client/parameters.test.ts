import { TupleParam } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine[Symbol.asyncDispose]());

async function bind(type: string, value: unknown, options: { readonly multipart?: boolean } = {}): Promise<unknown> {
  const result = await engine.client.query({
    query: `SELECT {value:${type}} AS v`,
    query_params: { value },
    format: 'JSONEachRow',
    use_multipart_params: options.multipart ?? false,
  });
  return (await result.json<{ v: unknown }>())[0]?.v;
}

const CASES: readonly (readonly [type: string, value: unknown, expected: unknown])[] = [
  ['UInt8', 255, 255],
  ['Int64', -9007199254740991n, -9007199254740991],
  ['UInt256', 2n ** 200n, 2 ** 200],
  ['Float64', 0.1, 0.1],
  ['Float64', Number.POSITIVE_INFINITY, null],
  ['Bool', true, true],
  ['Decimal(18, 9)', 1.000000001, 1.000000001],
  ['String', 'plain', 'plain'],
  ['String', '', ''],
  ['String', 'quote \' double " back \\ tick `', 'quote \' double " back \\ tick `'],
  ['String', 'tab\tnewline\nreturn\rblank line\n\nend', 'tab\tnewline\nreturn\rblank line\n\nend'],
  ['String', "'; DROP TABLE x; --", "'; DROP TABLE x; --"],
  ['String', '{value:String} $$ /* -- # ??', '{value:String} $$ /* -- # ??'],
  ['String', 'nul\0byte', 'nul\0byte'],
  ['String', 'žluťoučký 🐎 ‘quotes’', 'žluťoučký 🐎 ‘quotes’'],
  ['String', '+%20&=;', '+%20&=;'],
  ['FixedString(3)', 'abc', 'abc'],
  ['Nullable(String)', null, null],
  ['Nullable(UInt8)', undefined, null],
  ['Date', '2026-11-22', '2026-11-22'],
  ['DateTime', new Date(Date.UTC(2026, 10, 22, 1, 2, 3)), '2026-11-22 01:02:03'],
  ['DateTime64(3)', new Date(Date.UTC(2026, 10, 22, 1, 2, 3, 456)), '2026-11-22 01:02:03.456'],
  ['Array(UInt8)', [1, 2, 3], [1, 2, 3]],
  ['Array(String)', ["it's", 'a,b', '[]', '\n\n'], ["it's", 'a,b', '[]', '\n\n']],
  ['Array(Array(Nullable(String)))', [['a', null], []], [['a', null], []]],
  ['Tuple(UInt8, String)', new TupleParam([7, "x'y"]), [7, "x'y"]],
  ['Map(String, UInt8)', { "k'ey": 1, b: 2 }, { "k'ey": 1, b: 2 }],
  ['Map(String, Array(String))', new Map([['a', ['x', 'y']]]), { a: ['x', 'y'] }],
  ["Enum8('a' = 1, 'b' = 2)", 'b', 'b'],
  ['UUID', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
  ['IPv4', '127.0.0.1', '127.0.0.1'],
];

describe('a query parameter', () => {
  it.each(CASES)('binds %s in the URL (%$)', async (type, value, expected) => {
    expect(await bind(type, value)).toEqual(expected);
  });

  it.each(CASES)('binds %s in a form (%$)', async (type, value, expected) => {
    expect(await bind(type, value, { multipart: true })).toEqual(expected);
  });

  it('may be larger than a URL', async () => {
    const list = Array.from({ length: 100_000 }, (_, index) => `item-${index}`);
    expect(await bind('Array(String)', list, { multipart: true })).toEqual(list);
  });

  it('takes bytes that are no text', async () => {
    const answer = await engine.send({ path: '/?param_b=%00%ff%C3%28', body: 'SELECT hex({b:String})' });
    expect(answer.text).toBe('00FFC328\n');
  });

  it('binds names of databases, tables and columns', async () => {
    const result = await engine.client.query({
      query: 'SELECT {column:Identifier} FROM {database:Identifier}.{table:Identifier}',
      query_params: { column: 'dummy', database: 'system', table: 'one' },
      format: 'TabSeparated',
    });
    expect(await result.text()).toBe('0\n');
  });

  it('binds in commands, in VALUES and in the table of an INSERT', async () => {
    await engine.client.command({ query: 'CREATE TABLE bound (a UInt8, s String) ENGINE = Memory' });
    await engine.client.command({
      query: "INSERT INTO {t:Identifier} VALUES ({a:UInt8}, {s:String}), (2, concat('x', {s:String}))",
      query_params: { t: 'bound', a: 1, s: "it's" },
    });
    expect(await engine.rows('SELECT * FROM bound ORDER BY a')).toEqual([
      { a: 1, s: "it's" },
      { a: 2, s: "xit's" },
    ]);
  });

  it('is not there for the next query', async () => {
    await bind('String', 'secret');
    await expect(engine.rows('SELECT {value:String}')).rejects.toMatchObject({
      code: '456',
      type: 'UNKNOWN_QUERY_PARAMETER',
    });
  });

  it('is not mixed up with those of queries that run at the same time', async () => {
    const bound = await Promise.all(Array.from({ length: 200 }, (_, index) => bind('UInt32', index)));
    expect(bound).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('that does not fit its type is an error of the client', async () => {
    const query = engine.client.query({ query: 'SELECT {v:UInt8}', query_params: { v: 'abc' } });
    await expect(query).rejects.toMatchObject({ code: '457', type: 'BAD_QUERY_PARAMETER' });
  });
});
