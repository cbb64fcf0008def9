import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, runEngine, type RunningEngine, until } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine[Symbol.asyncDispose]());

const send = (path: string, body: string): ReturnType<RunningEngine['send']> => engine.send({ path, body });

describe('a session', () => {
  it('keeps temporary tables, to itself', async () => {
    const one = engine.connect({ session_id: 'tables' });
    await one.command({ query: 'CREATE TEMPORARY TABLE temporary (n UInt8)' });
    await one.insert({ table: 'temporary', values: [{ n: 7 }], format: 'JSONEachRow' });
    expect(await (await one.query({ query: 'SELECT n FROM temporary', format: 'TabSeparated' })).text()).toBe('7\n');
    await expect(engine.rows('SELECT n FROM temporary')).rejects.toMatchObject({ code: '60' });
    const other = engine.connect({ session_id: 'other' });
    await expect(other.command({ query: 'SELECT n FROM temporary' })).rejects.toMatchObject({ code: '60' });
  });

  it('keeps what SET and USE change, but not what a request brings', async () => {
    const session_id = 'settings';
    const client = engine.connect({ session_id });
    const ask = async (settings: Record<string, string | number> = {}): Promise<string> => {
      const query = "SELECT getSetting('max_threads'), getSetting('max_block_size'), currentDatabase()";
      return (await client.query({ query, format: 'TabSeparated', clickhouse_settings: settings })).text();
    };
    await client.command({ query: 'SET max_threads = 3' });
    await client.command({ query: 'USE system' });
    expect(await ask()).toBe('3\t65409\tsystem\n');
    expect(await ask({ max_threads: 5, max_block_size: '100' })).toBe('5\t100\tsystem\n');
    expect(await ask()).toBe('3\t65409\tsystem\n');
    await expect(ask({ max_threads: 6, nope: 1 })).rejects.toMatchObject({ code: '115' });
    expect(await ask()).toBe('3\t65409\tsystem\n');
    const elsewhere = await engine.send({
      path: `/?session_id=${session_id}&database=default`,
      body: 'SELECT currentDatabase()',
    });
    expect(elsewhere.text).toBe('default\n');
    expect(await ask()).toBe('3\t65409\tsystem\n');
  });

  it('goes on after a query that failed or was stopped', async () => {
    const client = engine.connect({ session_id: 'failures' });
    await client.command({ query: 'CREATE TEMPORARY TABLE kept (n UInt8)' });
    await expect(
      client.command({ query: 'SELECT throwIf(number = 100) FROM numbers(1000) FORMAT JSON' }),
    ).rejects.toMatchObject({
      code: '395',
    });
    const controller = new AbortController();
    const aborted = client.command({ query: 'SELECT count() FROM system.numbers', abort_signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(aborted).rejects.toThrow('aborted');
    // The session is locked until the engine is done with the query.
    await expect
      .poll(
        () =>
          client.query({ query: 'EXISTS TEMPORARY TABLE kept', format: 'TabSeparated' }).then((rows) => rows.text()),
        {
          timeout: 10_000,
        },
      )
      .toBe('1\n');
  });

  it('serves one request at a time', async () => {
    const client = engine.connect({ session_id: 'locked' });
    const failed = failure(client.command({ query: 'SELECT count() FROM system.numbers', query_id: 'first' }));
    await until(async () => (await engine.running()).length === 1, 'the first runs');
    await expect(client.command({ query: 'SELECT 1' })).rejects.toMatchObject({ type: 'SESSION_IS_LOCKED' });
    await engine.client.command({ query: "KILL QUERY WHERE query_id = 'first' SYNC" });
    await failed;
    await client.command({ query: 'SELECT 1' });
  });

  it('ends after its timeout, or when told to', async () => {
    await send('/?session_id=short&session_timeout=60', 'CREATE TEMPORARY TABLE x (n UInt8)');
    expect((await send('/?session_id=short&session_timeout=1&session_check=1', 'SELECT count() FROM x')).text).toBe(
      '0\n',
    );
    await expect
      .poll(async () => (await send('/?session_id=short&session_check=1&session_timeout=0', 'SELECT 1')).headers, {
        interval: 1500,
        timeout: 10_000,
      })
      .toMatchObject({ 'x-clickhouse-exception-code': '372' });
    await send('/?session_id=closed&close_session=1', 'CREATE TEMPORARY TABLE x (n UInt8)');
    expect(await send('/?session_id=closed&session_check=1', 'SELECT 1')).toMatchObject({
      headers: { 'x-clickhouse-exception-code': '372' },
    });
  });

  it.each([
    ['session_id=', '744'],
    ['session_id=a&session_timeout=x', '374'],
    ['session_id=a&session_timeout=-1', '374'],
    ['session_id=a&session_timeout=3601', '374'],
    ['session_id=missing&session_check=1', '372'],
  ])('asked for by %s is an error', async (parameters, code) => {
    const answer = await engine.send({ path: `/?${parameters}`, body: 'SELECT 1' });
    expect(answer.headers['x-clickhouse-exception-code']).toBe(code);
  });

  it('is not changed by GET', async () => {
    const path = '/?session_id=get&query=';
    expect(await engine.send({ path: `${path}SELECT+1`, method: 'GET' })).toMatchObject({ text: '1\n' });
    const refused = await engine.send({ path: `${path}CREATE+TABLE+x+(n+UInt8)+ENGINE=Memory`, method: 'GET' });
    expect(refused.headers['x-clickhouse-exception-code']).toBe('164');
    expect(await engine.send({ path: '/?session_id=get', body: 'CREATE TEMPORARY TABLE x (n UInt8)' })).toMatchObject({
      status: 200,
    });
  });

  it('has its queries killed by their own id', async () => {
    const client = engine.connect({ session_id: 'killed' });
    const killed = client.command({ query: 'SELECT count() FROM system.numbers', query_id: 'in-a-session' });
    const failed = failure(killed);
    await until(async () => (await engine.running()).length === 1, 'it runs');
    await engine.client.command({ query: "KILL QUERY WHERE query_id = 'in-a-session' SYNC" });
    expect(await failed).toMatchObject({ code: '394' });
  });
});
