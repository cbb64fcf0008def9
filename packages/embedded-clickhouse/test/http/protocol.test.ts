import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine({ bufferedResultBytesMax: 1_000_000 });
});
afterAll(() => engine[Symbol.asyncDispose]());

const send = (...raw: Parameters<RunningEngine['send']>): ReturnType<RunningEngine['send']> => engine.send(...raw);

describe('the HTTP interface', () => {
  it.each([
    ['GET', '/ping', 200, 'Ok.\n'],
    ['GET', '/replicas_status', 200, 'Ok.\n'],
    ['GET', '/', 200, 'Ok.\n'],
    ['HEAD', '/', 200, ''],
    ['GET', '/?query=SELECT+1%2B1', 200, '2\n'],
    ['HEAD', '/?query=SELECT+1', 200, ''],
    ['PUT', '/?query=SELECT+1', 200, '1\n'],
    ['DELETE', '/', 405, 'The method is not allowed\n'],
  ])('answers %s %s with %i', async (method, path, status, text) => {
    expect(await send({ path, method })).toMatchObject({ status, text });
  });

  it('has no other pages', async () => {
    expect(await send({ path: '/play', method: 'GET' })).toMatchObject({ status: 404 });
  });

  it('takes a query in the URL, in the body, or begun in one and ended in the other', async () => {
    for (const [path, body] of [
      ['/?query=SELECT+1', ''],
      ['/?query=', 'SELECT 1'],
      ['/?query=SELECT', '1'],
      ['/?&&query=SELECT%0A1&', ''],
    ] as const) {
      expect(await send({ path, body })).toMatchObject({ status: 200, text: '1\n' });
    }
  });

  it('takes the query of an INSERT from the URL and its data from the body', async () => {
    await send({ path: '/', body: 'CREATE TABLE t (s String) ENGINE = Memory' });
    await send({ path: '/?query=INSERT+INTO+t+FORMAT+TabSeparated', body: 'a\nb\n' });
    await send({ path: '/?query=INSERT+INTO+t+VALUES', body: "('c')" });
    await send({ path: "/?query=INSERT+INTO+t+VALUES+('d')", body: '' });
    expect((await send({ path: '/', body: 'SELECT s FROM t ORDER BY s' })).text).toBe('a\nb\nc\nd\n');
  });

  it('takes the format of rows from the URL or a header, unless the query names one', async () => {
    expect((await send({ path: '/?default_format=JSONEachRow', body: 'SELECT 1 AS n' })).text).toBe('{"n":1}\n');
    const headers = { 'x-clickhouse-format': 'CSV' };
    expect((await send({ path: '/', headers, body: "SELECT 'a'" })).text).toBe('"a"\n');
    expect((await send({ path: '/', headers, body: "SELECT 'a' FORMAT TSV" })).text).toBe('a\n');
    expect(await send({ path: '/?default_format=No;pe', body: 'SELECT 1' })).toMatchObject({ status: 404 });
  });

  it('names a format only where there are rows, be it none', async () => {
    const rows = await send({ path: '/', body: 'SELECT 1 WHERE 0' });
    expect(rows.headers).toMatchObject({ 'x-clickhouse-format': 'TabSeparated' });
    const explained = await send({ path: '/', body: 'EXPLAIN SELECT 1' });
    expect(explained.headers).toMatchObject({ 'x-clickhouse-format': 'TabSeparated' });
    const created = await send({ path: '/', body: 'CREATE TABLE unnamed (n UInt8) ENGINE = Memory' });
    expect(created.headers).toMatchObject({ 'content-type': 'text/plain; charset=UTF-8' });
    expect(created.headers).not.toHaveProperty('x-clickhouse-format');
  });

  it('takes the database and the id of a query from headers', async () => {
    const headers = { 'x-clickhouse-database': 'system', 'x-clickhouse-query-id': 'from a header' };
    const answer = await send({ path: '/', headers, body: 'SELECT currentDatabase()' });
    expect(answer).toMatchObject({ text: 'system\n', headers: { 'x-clickhouse-query-id': 'from a header' } });
    const text = await send({ path: '/?query_id=%C5%BElu%C5%A5', body: 'SELECT 1' });
    expect(Buffer.from(String(text.headers['x-clickhouse-query-id']), 'latin1').toString('utf8')).toBe('žluť');
    const injected = await send({ path: '/?query_id=a%0d%0ax-evil:1', body: 'SELECT 1' });
    expect(injected.headers).toMatchObject({ 'x-clickhouse-query-id': 'ax-evil:1' });
    expect(injected.headers).not.toHaveProperty('x-evil');
  });

  it('lets GET change nothing', async () => {
    for (const query of ['CREATE TABLE g (n UInt8) ENGINE = Memory', 'INSERT INTO t SELECT 1', 'DROP TABLE t']) {
      const answer = await send({ path: `/?query=${encodeURIComponent(query)}`, method: 'GET' });
      expect(answer).toMatchObject({ status: 500, headers: { 'x-clickhouse-exception-code': '164' } });
    }
    const settings = await send({ path: '/?max_threads=3&query=SELECT+getSetting(%27max_threads%27)', method: 'GET' });
    expect(settings.text).toBe('3\n');
  });

  it('waits for the end of a query where it is asked to, so that an error is told by the status', async () => {
    const query = 'SELECT number, throwIf(number = 150000) FROM numbers(200000) SETTINGS max_block_size = 1000';
    expect(await send({ path: '/?wait_end_of_query=1', body: query })).toMatchObject({ status: 500 });
    const body = 'SELECT number FROM numbers(100000)';
    const whole = await send({ path: '/?wait_end_of_query=1', body });
    expect(whole.headers['content-length']).toBe(`${whole.body.length}`);
    expect(await send({ path: '/?wait_end_of_query=1', body: 'SELECT number FROM system.numbers' })).toMatchObject({
      headers: { 'x-clickhouse-exception-code': '396' },
    });
  });

  it('tells the progress of a query in its headers where it is asked to', async () => {
    const path = '/?send_progress_in_http_headers=1&http_headers_progress_interval_ms=50';
    const body = 'SELECT count() FROM numbers(10) WHERE NOT sleepEachRow(0.05) SETTINGS max_block_size = 1';
    const { headers, text } = await send({ path, body });
    expect(text).toBe('10\n');
    expect(headers['x-clickhouse-progress']).toMatch(/"read_rows":"\d+"/);
    expect(Number(JSON.parse(String(headers['x-clickhouse-summary'])).read_rows)).toBeGreaterThan(0);
  });

  it('takes parameters and settings from a form', async () => {
    const form = new FormData();
    form.set('query', "SELECT {s:String}, getSetting('max_threads')");
    form.set('param_s', 'from\\n"a" form');
    form.set('max_threads', '3');
    const encoded = new Response(form);
    const body = new Uint8Array(await encoded.arrayBuffer());
    const answer = await send({
      path: '/',
      headers: { 'content-type': String(encoded.headers.get('content-type')) },
      body,
    });
    expect(answer.text).toBe('from\\n"a" form\t3\n');
  });

  it('refuses files of a form, and what is no form', async () => {
    const form = new FormData();
    form.set('query', 'SELECT * FROM external');
    form.set('external', new File(['1\n'], 'external.tsv'));
    const encoded = new Response(form);
    const headers = { 'content-type': String(encoded.headers.get('content-type')) };
    const body = new Uint8Array(await encoded.arrayBuffer());
    expect(await send({ path: '/', headers, body })).toMatchObject({ status: 501 });
    expect(await send({ path: '/', headers, body: 'nothing' })).toMatchObject({ status: 400 });
    expect(await send({ path: '/', headers: { 'content-type': 'multipart/form-data' }, body })).toMatchObject({
      status: 400,
    });
  });

  it.each([
    ['/?query=%', 'SELECT 1', 400],
    ['/?query=%zz', '', 400],
    ['/?max_threads', 'SELECT 1', 500],
    ['/?=x', 'SELECT 1', 200],
    ['/?param_=x', 'SELECT 1', 200],
    ['/?param_a%20b=x', 'SELECT 1', 200],
    ['/?role=nobody', 'SELECT 1', 404],
    ['/?database=nowhere', 'SELECT 1', 404],
    ['/?database=a`;DROP+TABLE+t', 'SELECT 1', 404],
    ["/?max_threads='1';DROP+TABLE+t", 'SELECT 1', 400],
    ['/?session_timezone=Nowhere', 'SELECT now()', 400],
    ['/?buffer_size=many', 'SELECT 1', 200],
    ['/?__proto__=1', 'SELECT 1', 404],
    ['/?constructor=1', 'SELECT 1', 404],
  ])('answers %s with a status, whatever is in it', async (path, body, status) => {
    expect((await send({ path, body })).status).toBe(status);
  });

  it('takes SQL of megabytes where the setting allows it', async () => {
    const body = `SELECT length('${'x'.repeat(3_000_000)}')`;
    expect(await send({ path: '/', body })).toMatchObject({ status: 400 });
    expect(await send({ path: '/?max_query_size=4000000', body })).toMatchObject({ status: 200, text: '3000000\n' });
    const list = Array.from({ length: 200_000 }, (_, n) => n).join(',');
    const sum = await send({
      path: '/?max_query_size=4000000&max_ast_elements=1000000&max_expanded_ast_elements=1000000',
      body: `SELECT count() FROM numbers(10) WHERE number IN (${list})`,
    });
    expect(sum.text).toBe('10\n');
  });

  it('refuses SQL without end', async () => {
    const body = Buffer.alloc(65 * 1024 * 1024, ' ');
    expect(await send({ path: '/', body })).toMatchObject({
      status: 413,
      headers: { 'x-clickhouse-exception-code': '229' },
    });
  });

  it('does not answer web pages', async () => {
    const refused = { status: 403, headers: { 'x-clickhouse-exception-code': '497' } };
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { host: 'evil.example:8123' },
      { host: '127.0.0.1.evil.example' },
    ]) {
      expect(await send({ path: '/', headers, body: 'SELECT 1' })).toMatchObject(refused);
    }
    for (const host of ['localhost', 'localhost:1', '127.0.0.1', '127.1.2.3:80', '[::1]:8123']) {
      expect(await send({ path: '/', headers: { host }, body: 'SELECT 1' })).toMatchObject({ status: 200 });
    }
  });
});

describe('a password', () => {
  let locked: RunningEngine;
  beforeAll(async () => {
    locked = await runEngine({ password: 'pass:wörd' });
  });
  afterAll(() => locked[Symbol.asyncDispose]());

  it('is taken from where ClickHouse takes it', async () => {
    const client = locked.connect({ username: 'default', password: 'pass:wörd' });
    expect(await (await client.query({ query: 'SELECT 1', format: 'CSV' })).text()).toBe('1\n');
    for (const [path, headers] of [
      ['/', { authorization: basic('default', 'pass:wörd') }],
      ['/?user=default&password=pass:w%C3%B6rd', {}],
    ] as const) {
      expect(await locked.send({ path, headers, body: 'SELECT 1' })).toMatchObject({ status: 200 });
    }
  });

  it('is empty by default, and then nothing else is taken', async () => {
    for (const authorization of [basic('default', ''), basic('', '')]) {
      expect(await send({ path: '/', headers: { authorization }, body: 'SELECT 1' })).toMatchObject({ status: 200 });
    }
    for (const authorization of [basic('default', 'x'), basic('somebody', '')]) {
      expect(await send({ path: '/', headers: { authorization }, body: 'SELECT 1' })).toMatchObject({ status: 403 });
    }
  });

  it('is asked for, but not by a ping', async () => {
    const refused = { status: 403, headers: { 'x-clickhouse-exception-code': '516' } };
    for (const headers of [
      {},
      { authorization: basic('default', 'wrong') },
      { authorization: basic('somebody', 'pass:wörd') },
      { authorization: 'Bearer pass:word' },
      { 'x-clickhouse-user': 'default', 'x-clickhouse-key': '' },
    ]) {
      expect(await locked.send({ path: '/', headers, body: 'SELECT 1' })).toMatchObject(refused);
    }
    await expect(locked.client.command({ query: 'SELECT 1' })).rejects.toMatchObject({
      code: '516',
      type: 'AUTHENTICATION_FAILED',
    });
    expect(await locked.send({ path: '/ping', method: 'GET' })).toMatchObject({ status: 200 });
  });
});

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
