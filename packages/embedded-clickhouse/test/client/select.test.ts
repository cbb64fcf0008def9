import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine[Symbol.asyncDispose]());

describe('client.query', () => {
  it.each([
    ['JSON', { data: [{ n: 0 }, { n: 1 }] }],
    ['JSONStrings', { data: [{ n: '0' }, { n: '1' }] }],
    ['JSONCompact', { data: [[0], [1]] }],
    ['JSONCompactStrings', { data: [['0'], ['1']] }],
    ['JSONColumnsWithMetadata', { data: { n: [0, 1] } }],
    ['JSONObjectEachRow', { row_1: { n: 0 }, row_2: { n: 1 } }],
  ] as const)('decodes %s', async (format, expected) => {
    const result = await engine.client.query({ query: 'SELECT toUInt8(number) AS n FROM numbers(2)', format });
    expect(await result.json()).toMatchObject(expected);
  });

  it.each([
    ['JSONEachRow', [{ n: 0 }, { n: 1 }]],
    ['JSONStringsEachRow', [{ n: '0' }, { n: '1' }]],
    ['JSONCompactEachRow', [[0], [1]]],
    ['JSONCompactEachRowWithNames', [['n'], [0], [1]]],
    ['JSONCompactEachRowWithNamesAndTypes', [['n'], ['UInt8'], [0], [1]]],
    ['JSONCompactStringsEachRowWithNamesAndTypes', [['n'], ['UInt8'], ['0'], ['1']]],
  ] as const)('decodes %s row by row', async (format, expected) => {
    const result = await engine.client.query({ query: 'SELECT toUInt8(number) AS n FROM numbers(2)', format });
    expect(await result.json()).toEqual(expected);
  });

  it.each([
    ['CSV', '"a",1\n"b",2\n'],
    ['CSVWithNames', '"s","n"\n"a",1\n"b",2\n'],
    ['CSVWithNamesAndTypes', '"s","n"\n"String","UInt8"\n"a",1\n"b",2\n'],
    ['TabSeparated', 'a\t1\nb\t2\n'],
    ['TabSeparatedRaw', 'a\t1\nb\t2\n'],
    ['TabSeparatedWithNames', 's\tn\na\t1\nb\t2\n'],
    ['TabSeparatedWithNamesAndTypes', 's\tn\nString\tUInt8\na\t1\nb\t2\n'],
    ['CustomSeparated', 'a\t1\nb\t2\n'],
  ] as const)('gives the text of %s', async (format, expected) => {
    const query = "SELECT c1 AS s, c2 AS n FROM values('c1 String, c2 UInt8', ('a', 1), ('b', 2))";
    expect(await (await engine.client.query({ query, format })).text()).toBe(expected);
  });

  it('gives totals and the number of rows before the limit', async () => {
    const query = 'SELECT number % 2 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k LIMIT 1';
    const result = await (await engine.client.query({ query, format: 'JSON' })).json();
    expect(result).toMatchObject({ rows: 1, rows_before_limit_at_least: 2, totals: { k: 0, c: 10 } });
  });

  it('gives the frame of a format around no rows', async () => {
    const result = await engine.client.query({ query: 'SELECT 1 AS n WHERE 0', format: 'JSON' });
    expect(await result.json()).toMatchObject({ meta: [{ name: 'n', type: 'UInt8' }], data: [], rows: 0 });
    expect(await (await engine.client.query({ query: 'SELECT 1 WHERE 0', format: 'CSV' })).text()).toBe('');
  });

  it('takes statements that end in semicolons and comments, or begin with them', async () => {
    const queries = [
      'SELECT 1;',
      'SELECT 1 ; ;\n',
      'SELECT 1 -- the end',
      '/* a; b */ SELECT 1',
      '-- a\n# b\n(SELECT 1)',
    ];
    for (const query of queries) {
      const { stream } = await engine.client.exec({ query });
      expect({ query, text: Buffer.concat(await stream.toArray()).toString() }).toEqual({ query, text: '1\n' });
    }
  });

  it.each([
    ['WITH x AS (SELECT 1 AS n) SELECT n FROM x', '1\n'],
    ['SELECT 1 UNION ALL SELECT 1', '1\n1\n'],
    ['FROM numbers(2) SELECT number', '0\n1\n'],
    ['SELECT format FROM (SELECT 7 AS format)', '7\n'],
    ['SELECT 7 AS format, format x FROM (SELECT 8 AS y)', '7\t7\n'],
    ['SELECT 1 SETTINGS max_threads = 1', '1\n'],
    ["SELECT getSetting('max_threads') SETTINGS max_threads = 3", '3\n'],
    ['EXISTS TABLE system.one', '1\n'],
    ["SHOW DATABASES LIKE 'sys%'", 'system\n'],
    ['DESCRIBE (SELECT 1 AS n)', 'n\tUInt8\t\t\t\t\t\n'],
    ['EXPLAIN SYNTAX SELECT 1', 'SELECT 1\nFROM system.one\n'],
    ["SELECT 'it''s', 'a\\'b', $$a;b$$, \"x\" FROM (SELECT 1 AS x)", "it\\'s\ta\\'b\ta;b\t1\n"],
  ])('runs %s', async (query, expected) => {
    const { stream } = await engine.client.exec({ query });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe(expected);
  });

  it('puts the settings of a FORMAT clause to use', async () => {
    const { stream } = await engine.client.exec({
      query: 'SELECT toUInt64(1) AS n FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 1',
    });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe('{"n":"1"}\n');
  });

  it('says in the headers what it sends', async () => {
    const result = await engine.client.query({ query: 'SELECT 1', format: 'JSONEachRow', query_id: 'my-id' });
    expect(result.query_id).toBe('my-id');
    expect(result.response_headers).toMatchObject({
      'x-clickhouse-query-id': 'my-id',
      'x-clickhouse-format': 'JSONEachRow',
      'x-clickhouse-timezone': expect.any(String),
      'x-clickhouse-server-display-name': expect.any(String),
      'x-clickhouse-exception-tag': expect.stringMatching(/^[a-z]{16}$/),
      'content-type': 'application/x-ndjson; charset=UTF-8',
    });
    await result.text();
  });

  it('tells the time zone of the query', async () => {
    const result = await engine.client.query({
      query: 'SELECT toDateTime(1767225600) AS t', // Midnight in UTC.
      format: 'JSONEachRow',
      clickhouse_settings: { session_timezone: 'Asia/Tokyo' },
    });
    expect(result.response_headers['x-clickhouse-timezone']).toBe('Asia/Tokyo');
    expect(await result.json()).toEqual([{ t: '2026-01-01 09:00:00' }]);
  });

  it('reads from the database it is told to', async () => {
    await engine.client.command({ query: 'CREATE DATABASE `odd ``name`' });
    await engine.client.command({ query: 'CREATE TABLE `odd ``name`.here (n UInt8) ENGINE = Memory' });
    const elsewhere = engine.connect({ database: 'odd `name' });
    expect(await (await elsewhere.query({ query: 'SHOW TABLES', format: 'TabSeparated' })).text()).toBe('here\n');
    expect(await (await engine.client.query({ query: 'SHOW TABLES', format: 'TabSeparated' })).text()).toBe('');
  });

  it('counts the rows of the result', async () => {
    const answer = await engine.send({ path: '/', body: 'SELECT number FROM numbers(7)' });
    expect(JSON.parse(String(answer.headers['x-clickhouse-summary']))).toMatchObject({ result_rows: '7' });
  });
});
