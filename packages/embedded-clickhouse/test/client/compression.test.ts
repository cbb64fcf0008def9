import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
  await engine.client.command({ query: 'CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n' });
});
afterAll(() => engine[Symbol.asyncDispose]());

describe('compression', () => {
  it.each(['gzip', 'zstd', 'br'] as const)('goes both ways as %s', async (codec) => {
    const client = engine.connect({ compression: { request: { codec }, response: { codec } } });
    await client.command({ query: 'TRUNCATE TABLE t' });
    const values = Array.from({ length: 50_000 }, (_, n) => ({ n, s: `row ${n}` }));
    await client.insert({ table: 't', values, format: 'JSONEachRow' });
    const result = await client.query({ query: 'SELECT * FROM t ORDER BY n', format: 'JSONEachRow' });
    expect(await result.json()).toEqual(values);
    const stream = await client.query({ query: 'SELECT number AS n FROM numbers(500000)', format: 'JSONEachRow' });
    let rows = 0;
    for await (const chunk of stream.stream()) rows += chunk.length;
    expect(rows).toBe(500_000);
  });

  it('of a statement itself is undone', async () => {
    const client = engine.connect({ compression: { request: true } });
    await client.command({ query: 'TRUNCATE TABLE t' });
    await client.command({ query: "INSERT INTO t VALUES (1, 'one')" });
    expect(await engine.rows('SELECT * FROM t')).toEqual([{ n: 1, s: 'one' }]);
  });

  it.each<readonly [string, (plain: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['identity', (plain): Buffer => plain],
  ])('of a request as %s is undone', async (encoding, compress) => {
    const body = compress(Buffer.from('SELECT 42'));
    const answer = await engine.send({ path: '/', headers: { 'content-encoding': encoding }, body });
    expect(answer).toMatchObject({ status: 200, text: '42\n' });
  });

  it('of a request in several members is undone', async () => {
    const body = Buffer.concat([gzipSync('SELECT '), gzipSync('42')]);
    const answer = await engine.send({ path: '/', headers: { 'content-encoding': 'gzip' }, body });
    expect(answer.text).toBe('42\n');
  });

  it('of an answer is done only if the client asks for it in both ways', async () => {
    expect(await ask('/', 'gzip')).toMatchObject({ text: '42\n' });
    expect(await ask('/?enable_http_compression=1', 'identity')).toMatchObject({ text: '42\n' });
    const zipped = await ask('/?enable_http_compression=1', 'gzip, deflate');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).toString()).toBe('42\n');
    const zstd = await ask('/?enable_http_compression=1', 'zstd');
    expect(zstdDecompressSync(zstd.body).toString()).toBe('42\n');
  });

  it('of an answer is done to errors too', async () => {
    const path = '/?enable_http_compression=1';
    const answer = await engine.send({ path, headers: { 'accept-encoding': 'gzip' }, body: 'SELECT nope' });
    expect(answer).toMatchObject({ status: 404, headers: { 'content-encoding': 'gzip' } });
    expect(gunzipSync(answer.body).toString()).toMatch(/^Code: 47\. /);
    const client = engine.connect({ compression: { response: true } });
    await expect(client.command({ query: 'SELECT nope' })).rejects.toMatchObject({ code: '47' });
  });

  it('that is broken, or unknown, is an error and inserts nothing', async () => {
    await engine.client.command({ query: 'TRUNCATE TABLE t' });
    const path = '/?query=INSERT+INTO+t+FORMAT+CSV';
    const whole = gzipSync(Array.from({ length: 10_000 }, (_, n) => `${n},x`).join('\n'));
    const send = (body: Buffer, encoding = 'gzip'): ReturnType<RunningEngine['send']> =>
      engine.send({ path, headers: { 'content-encoding': encoding }, body });
    expect(await send(Buffer.from('1,x\n'))).toMatchObject({ headers: { 'x-clickhouse-exception-code': '271' } });
    expect(await send(whole.subarray(0, -20))).toMatchObject({ headers: { 'x-clickhouse-exception-code': '271' } });
    expect(await send(whole, 'lz4')).toMatchObject({ headers: { 'x-clickhouse-exception-code': '89' } });
    expect(await engine.rows('SELECT count() AS c FROM t')).toEqual([{ c: 0 }]);
    expect(await send(whole)).toMatchObject({ status: 200 });
    expect(await engine.rows('SELECT count() AS c FROM t')).toEqual([{ c: 10_000 }]);
  });

  it('does not let a small body become a huge one', async () => {
    const small = await runEngine({ insertBytesMax: 10 * 1024 * 1024 });
    try {
      await small.client.command({ query: 'CREATE TABLE t (s String) ENGINE = Null' });
      const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 'x'));
      const answer = await small.send({
        path: '/?query=INSERT+INTO+t+FORMAT+CSV',
        headers: { 'content-encoding': 'gzip' },
        body: bomb,
      });
      expect(answer).toMatchObject({ status: 413, headers: { 'x-clickhouse-exception-code': '229' } });
    } finally {
      await small[Symbol.asyncDispose]();
    }
  });

  it('by ClickHouse itself is refused', async () => {
    const refused = { status: 501, headers: { 'x-clickhouse-exception-code': '48' } };
    expect(await engine.send({ path: '/?compress=1', body: 'SELECT 1' })).toMatchObject(refused);
    expect(await engine.send({ path: '/?decompress=1', body: 'SELECT 1' })).toMatchObject(refused);
  });

  it('of a stream of rows does not wait for its end', async () => {
    const client = engine.connect({ compression: { request: true } });
    const values = Readable.from(Array.from({ length: 1000 }, (_, n) => ({ n, s: 'x' })));
    await client.insert({ table: 't', values, format: 'JSONEachRow' });
    expect(await engine.rows("SELECT count() AS c FROM t WHERE s = 'x' AND n < 1000")).toMatchObject([{ c: 2000 }]);
  });
});

function ask(path: string, accept: string): ReturnType<RunningEngine['send']> {
  return engine.send({ path, headers: { 'accept-encoding': accept }, body: 'SELECT 42' });
}
