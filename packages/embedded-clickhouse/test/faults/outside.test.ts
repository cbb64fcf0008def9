import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
let outside: string;
beforeAll(async () => {
  engine = await runEngine();
  outside = await mkdtemp(path.join(os.tmpdir(), 'embedded-clickhouse-outside-'));
  await writeFile(path.join(outside, 'secret'), 'secret');
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(outside, { recursive: true });
});

describe('SQL', () => {
  it.each([
    ["SELECT * FROM file('{o}/secret', LineAsString)"],
    ["SELECT file('{o}/secret')"],
    ['SELECT * FROM `{o}/secret`'],
    ["INSERT INTO FUNCTION file('{o}/made', CSV, 'n Int8') VALUES (1)"],
    ["INSERT INTO FUNCTION file('{o}/made', CSV, 'n Int8') SELECT 1"],
    ["SELECT 1 INTO OUTFILE '{o}/made'"],
    ["CREATE TABLE f (n String) ENGINE = File(LineAsString, '{o}/secret')"],
    ["CREATE TABLE u (n String) ENGINE = URL('http://127.0.0.1:1/', CSV)"],
    ["CREATE TABLE s (n String) ENGINE = SQLite('{o}/made', 't')"],
    ["CREATE TABLE r (n String) ENGINE = Redis('127.0.0.1:1') PRIMARY KEY n"],
    ["CREATE DATABASE s ENGINE = SQLite('{o}/made')"],
    ["CREATE DATABASE f ENGINE = Filesystem('{o}')"],
    ["CREATE DATABASE f ENGINE Filesystem('{o}')"],
    ["SELECT * FROM url('http://127.0.0.1:1/', CSV, 'n Int8')"],
    ["SELECT * FROM remote('127.0.0.1:1', system.one)"],
    ["SELECT * FROM sqlite('{o}/made', 't')"],
    [
      `CREATE DICTIONARY d (n UInt64, s String) PRIMARY KEY n LAYOUT(FLAT()) LIFETIME(0)
       SOURCE(EXECUTABLE(COMMAND 'touch {o}/made' FORMAT CSV))`,
    ],
    ["SELECT * FROM executable('touch {o}/made', CSV, 's String')"],
    ["BACKUP DATABASE default TO File('{o}/made')"],
    ["ATTACH TABLE a FROM '{o}' (n Int8) ENGINE = MergeTree ORDER BY n"],
    ["CREATE TABLE l (n Int8) ENGINE = MergeTree ORDER BY n SETTINGS disk = disk(type = local, path = '{o}/made/')"],
    ['SYSTEM SHUTDOWN'],
    ['SYSTEM KILL'],
    ['CREATE USER u'],
    ['GRANT ALL ON *.* TO default'],
  ])('cannot get out by %s', async (query) => {
    const sql = query.replaceAll('{o}', outside);
    await expect(engine.client.command({ query: sql })).rejects.toMatchObject({ code: expect.stringMatching(/^\d+$/) });
    await expect(access(path.join(outside, 'made'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('cannot run a program as a table', async () => {
    const command = `touch ${outside}/made`;
    await engine.client.command({ query: `CREATE TABLE e (n String) ENGINE = Executable('${command}', CSV)` });
    await expect(engine.rows('SELECT * FROM e')).rejects.toMatchObject({ code: '1' });
    await expect(access(path.join(outside, 'made'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('may get out where the engine was started to allow it', async () => {
    const open = await runEngine({ allowExternalSources: true });
    try {
      const query = `SELECT * FROM file('${path.join(outside, 'secret')}', LineAsString)`;
      expect(await (await open.client.query({ query, format: 'TabSeparated' })).text()).toBe('secret\n');
    } finally {
      await open[Symbol.asyncDispose]();
    }
  });
});

describe('data of an INSERT', () => {
  const attack = 'DROP TABLE victim';

  it.each([
    ['CSV', `1,"a\n\n${attack};\n\n"\n`],
    ['CSV', `1,x\n\n${attack}\n`],
    ['TabSeparated', `1\ta\n\n${attack}\n`],
    ['TabSeparated', `1\ta\n;\n${attack}\n`],
    ['JSONEachRow', `{"n":1,"s":"x"}\n\n${attack}\n`],
    ['JSONEachRow', `{"n":1,\n\n"s":"${attack}"}\n\n\n;${attack};`],
    ['JSONCompactEachRow', `[1,"x"]\n\n${attack}`],
    ['Values', `(1, 'x'); ${attack}`],
    ['Values', `(1, 'x')\n\n${attack}`],
    ['Values', `(1, 'x'); -- \n${attack}`],
    ['LineAsString', `a\n\n${attack}`],
    ['RawBLOB', `a\n\n${attack}\0; ${attack}`],
    ['Native', `\x02\x01\n\n${attack}\n\n`],
    ['RowBinary', `\n\n${attack};\n\n${attack}`],
    ['Parquet', `PAR1\n\n${attack}\n\nPAR1`],
    ['Template', `\n\n${attack}`],
  ])('in %s is never run: %j', async (format, data) => {
    await engine.client.command({
      query: 'CREATE TABLE IF NOT EXISTS victim (n UInt64, s String) ENGINE = MergeTree ORDER BY n',
    });
    for (const [pathOfUrl, body] of [
      [`/?query=INSERT+INTO+victim+FORMAT+${format}`, data],
      ['/', `INSERT INTO victim FORMAT ${format}\n${data}`],
      ['/', `INSERT INTO victim FORMAT ${format} ${data}`],
      ['/', `EXPLAIN INSERT INTO victim FORMAT ${format}\n${data}`],
      [`/?query=INSERT+INTO+victim+(s)+SETTINGS+input_format_allow_errors_num=9+FORMAT+${format}`, data],
    ] as const) {
      await engine.send({ path: pathOfUrl, body });
    }
    expect(await engine.rows('EXISTS TABLE victim')).toEqual([{ result: 1 }]);
  });
});
