import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
  await engine.client.command({ query: 'CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n' });
});
afterAll(() => engine[Symbol.asyncDispose]());

describe('an error', () => {
  it.each([
    ['SELECT nope', '47', 'UNKNOWN_IDENTIFIER', 404],
    ['SELECT * FROM nope', '60', 'UNKNOWN_TABLE', 404],
    ['SELECT * FROM nope.nope', '81', 'UNKNOWN_DATABASE', 404],
    ['SELECT nope(1)', '46', 'UNKNOWN_FUNCTION', 404],
    ['SELECT 1 2 3', '62', 'SYNTAX_ERROR', 400],
    ["SELECT 'x", '62', 'SYNTAX_ERROR', 400],
    ['SELECT 1 /* x', '62', 'SYNTAX_ERROR', 400],
    ['', '62', 'SYNTAX_ERROR', 400],
    ["SELECT toUInt8('abc')", '6', 'CANNOT_PARSE_TEXT', 400],
    ['SELECT 1 FORMAT Nope', '73', 'UNKNOWN_FORMAT', 404],
    ['SELECT throwIf(1)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', 500],
    ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR', 400],
    ['SELECT 1; DROP TABLE t', '62', 'SYNTAX_ERROR', 400],
    ["SELECT 1 INTO OUTFILE '/tmp/never'", '358', 'INTO_OUTFILE_NOT_ALLOWED', 500],
    ["SHOW TABLES INTO/**/OUTFILE '/tmp/never'", '358', 'INTO_OUTFILE_NOT_ALLOWED', 500],
    ["INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV", '48', 'NOT_IMPLEMENTED', 501],
    ["INSERT INTO t SELECT * FROM input('n UInt8') FORMAT CSV 1", '48', 'NOT_IMPLEMENTED', 501],
    ['EXPLAIN INSERT INTO t VALUES (1)', '48', 'NOT_IMPLEMENTED', 501],
    ['INSERT INTO t', '62', 'SYNTAX_ERROR', 400],
    ['INSERT INTO nope VALUES (1)', '60', 'UNKNOWN_TABLE', 404],
    ["INSERT INTO t VALUES ('x')", '6', 'CANNOT_PARSE_TEXT', 400],
    ['DROP TABLE nope', '60', 'UNKNOWN_TABLE', 404],
    ['SELECT 1 SETTINGS max_execution_time = 1, nope = 2', '115', 'UNKNOWN_SETTING', 404],
    ['SELECT sleepEachRow(0.5) FROM numbers(6) SETTINGS max_execution_time = 0.2', '159', 'TIMEOUT_EXCEEDED', 408],
    [
      'SELECT groupArray(number) FROM numbers(1e9) SETTINGS max_memory_usage = 1e7',
      '241',
      'MEMORY_LIMIT_EXCEEDED',
      500,
    ],
  ])('of %s is %s %s', async (query, code, type, status) => {
    await expect(engine.client.command({ query })).rejects.toMatchObject({ code, type });
    const answer = await engine.send({ path: '/', body: query });
    expect(answer).toMatchObject({ status, headers: { 'x-clickhouse-exception-code': code } });
    expect(answer.text).toMatch(
      new RegExp(`^Code: ${code}\\. DB::Exception: [^]+ \\(${type}\\) \\(version [0-9.]+\\)\n$`),
    );
  });

  it('is told without the files and layers of the embedded engine', async () => {
    const error = await engine.client
      .insert({ table: 't', values: [{ n: 'abc' }], format: 'JSONEachRow' })
      .catch((caught: Error) => caught);
    expect((error as Error).message).toContain('(at row 1)');
    expect((error as Error).message).not.toMatch(/INFILE|in file\/uri|DB::Exception|parsed from file/);
  });

  it('before the first rows leave is told by the status, whatever the format has written', async () => {
    const query = 'SELECT throwIf(number = 5000) FROM numbers(10000) SETTINGS max_block_size = 100 FORMAT JSON';
    const answer = await engine.send({ path: '/', body: query });
    expect(answer.status).toBe(500);
    expect(answer.text).toMatch(/^Code: 395/);
  });

  it('in the middle of the rows reaches who streams them', async () => {
    const result = await engine.client.query({
      query: "SELECT number, throwIf(number = 3000000, 'boom') FROM numbers(10000000)",
      format: 'JSONEachRow',
    });
    let rows = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of result.stream()) rows += chunk.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: '395', message: expect.stringContaining('boom') });
    expect(rows).toBeGreaterThan(1000);
  });

  it.each(['gzip', 'zstd', 'br'] as const)(
    'in the middle of rows sent as %s reaches who streams them',
    async (codec) => {
      const client = engine.connect({ compression: { response: { codec } } });
      const result = await client.query({
        query: "SELECT randomPrintableASCII(40) AS s, throwIf(number = 400000, 'boom') FROM numbers(10000000)",
        format: 'JSONEachRow',
      });
      const reading = async (): Promise<void> => {
        for await (const _ of result.stream());
      };
      await expect(reading()).rejects.toMatchObject({ code: '395' });
    },
  );

  it('in the middle of a whole document does not look like its end', async () => {
    const result = await engine.client.query({
      query: 'SELECT number, throwIf(number = 3000000) FROM numbers(10000000)',
      format: 'JSON',
    });
    await expect(result.json()).rejects.toThrow('aborted');
  });

  it('is raised for a semicolon behind the format of an INSERT, which would be data', async () => {
    const answer = await engine.send({ path: '/', body: 'INSERT INTO t FORMAT CSV;\n1' });
    expect(answer).toMatchObject({ status: 400, headers: { 'x-clickhouse-exception-code': '62' } });
  });

  it('with a broken character does not break the answer', async () => {
    const answer = await engine.send({ path: '/', body: Buffer.from([0x53, 0x45, 0x4c, 0xff, 0xfe]) });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('not valid UTF-8');
  });
});
