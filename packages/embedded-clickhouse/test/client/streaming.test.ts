import { readFile, readdir, stat } from 'node:fs/promises';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, runEngine, until, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine({ runningQueriesMax: 8, memoryBytesMax: 2 * 1024 * MIB });
});
afterAll(() => engine[Symbol.asyncDispose]());

const MIB = 1024 * 1024;

describe('a long result', () => {
  it('arrives whole, as rows and as text', async () => {
    const result = await engine.client.query({
      query: 'SELECT number FROM numbers(2000000)',
      format: 'JSONCompactEachRow',
    });
    let sum = 0;
    for await (const rows of result.stream<[number]>()) for (const row of rows) sum += row.json<[number]>()[0];
    expect(sum).toBe(1_999_999_000_000);
    const text = await engine.client.query({ query: 'SELECT number FROM numbers(2000000)', format: 'TabSeparated' });
    expect((await text.text()).length).toBe(14_888_890);
  });

  it('arrives with its progress where the format tells it', async () => {
    const result = await engine.client.query({
      query: 'SELECT number FROM numbers(100000)',
      format: 'JSONEachRowWithProgress',
    });
    let rows = 0;
    let progress = 0;
    for await (const chunk of result.stream()) {
      for (const line of chunk) if ('row' in line.json<object>()) rows++;
      progress += chunk.filter((line) => 'progress' in line.json<object>()).length;
    }
    expect(rows).toBe(100_000);
    expect(progress).toBeGreaterThan(0);
  });

  it('may be left in the middle', async () => {
    const result = await engine.client.query({ query: 'SELECT number FROM system.numbers', format: 'CSV' });
    let rows = 0;
    for await (const chunk of result.stream()) {
      rows += chunk.length;
      if (rows > 100_000) break;
    }
    await untilIdle();
    expect(await engine.rows('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('that nobody reads fills neither memory nor disk, and waits', async () => {
    const before = await residentBytes();
    const { response, outgoing } = await openQuery(
      'SELECT number, randomPrintableASCII(100) FROM system.numbers FORMAT JSONEachRow',
    );
    response.pause();
    // The engine stops where the pipe, the answer's buffers and the socket are full.
    let last = -1;
    await until(async () => {
      const now = await cpuTicks();
      const isStill = now - last < 3;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return isStill;
    }, 'the engine stops working for a client that does not read');
    expect((await residentBytes()) - before).toBeLessThan(200 * MIB);
    expect(await directoryBytes(engine.dataDir)).toBeLessThan(20 * MIB);
    expect(await engine.rows('SELECT 1 AS n')).toEqual([{ n: 1 }]);
    outgoing.destroy();
    await untilIdle();
  });
});

describe('a query whose client goes away', () => {
  it.each([
    ['rows without end', 'SELECT number FROM system.numbers FORMAT JSONEachRow'],
    ['a document without end', 'SELECT number FROM system.numbers FORMAT JSON'],
    ['a file without end', 'SELECT number FROM system.numbers FORMAT Parquet'],
    ['nothing without end', 'SELECT number FROM system.numbers FORMAT Null'],
    ['a sum without end', 'SELECT sum(cityHash64(number)) FROM system.numbers'],
    ['a scalar without end', 'SELECT (SELECT count() FROM system.numbers)'],
    ['sleep', 'SELECT sleepEachRow(1) FROM numbers(1000) SETTINGS max_block_size = 1'],
    ['an INSERT without end', 'INSERT INTO sink SELECT number FROM system.numbers'],
  ])('and that gives %s is stopped', async (_, query) => {
    await engine.client.command({ query: 'CREATE TABLE IF NOT EXISTS sink (n UInt64) ENGINE = Null' });
    const outgoing = send(query);
    await until(async () => (await engine.running()).length > 0, 'the query runs');
    outgoing.destroy();
    await untilIdle();
    expect(engine.engine.state).toBe('ready');
  });

  it('does not go on using the processor, memory or disk', async () => {
    const clients = Array.from({ length: 6 }, (_, index) =>
      send(`SELECT number, '${index}' FROM system.numbers ORDER BY cityHash64(number) FORMAT JSONEachRow`),
    );
    await until(async () => (await engine.running()).length === 6, 'the queries run');
    for (const client of clients) client.destroy();
    await untilIdle();
    const before = await cpuTicks();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    // A hundred ticks are a second of one core; the engine's own housekeeping takes a few.
    expect((await cpuTicks()) - before).toBeLessThan(30);
    expect(await directoryBytes(engine.dataDir)).toBeLessThan(20 * MIB);
  });

  it('is stopped by an AbortController too', async () => {
    const controller = new AbortController();
    const aborted = engine.client.query({
      query: 'SELECT sleepEachRow(1) FROM numbers(1000) SETTINGS max_block_size = 1',
      abort_signal: controller.signal,
    });
    const failed = failure(aborted);
    await until(async () => (await engine.running()).length > 0, 'the query runs');
    controller.abort();
    expect(await failed).toMatchObject({ message: 'The user aborted a request.' });
    await untilIdle();
  });

  it('leaves its place to those that wait', async () => {
    const blockers = Array.from({ length: 8 }, () => send('SELECT count() FROM system.numbers'));
    await until(isBusy, 'all places are taken');
    const waiting = engine.rows('SELECT 1 AS n');
    const left = send('SELECT 2');
    left.destroy();
    for (const blocker of blockers) blocker.destroy();
    expect(await waiting).toEqual([{ n: 1 }]);
    await untilIdle();
  });

  it('is stopped by KILL QUERY with its id', async () => {
    const killed = engine.client.query({ query: 'SELECT count() FROM system.numbers', query_id: "endless 'one'" });
    const failed = failure(killed);
    await until(async () => (await engine.running()).length > 0, 'the query runs');
    await engine.client.command({ query: "KILL QUERY WHERE query_id = 'another'" });
    expect(await engine.running()).toHaveLength(1);
    await engine.client.command({
      query: 'KILL QUERY WHERE query_id = {id:String} SYNC',
      query_params: { id: "endless 'one'" },
    });
    expect(await failed).toMatchObject({ code: '394', type: 'QUERY_WAS_CANCELLED' });
    expect(await engine.running()).toEqual([]);
  });
});

describe('an INSERT whose client goes away', () => {
  it.each([1, 100_000, 3_000_000])('after %i bytes of its data inserts nothing', async (bytes) => {
    await engine.client.command({ query: 'CREATE TABLE IF NOT EXISTS half (s String) ENGINE = MergeTree ORDER BY s' });
    const outgoing = post('/?query=INSERT+INTO+half+FORMAT+CSV', { 'content-length': `${bytes * 2}` });
    outgoing.write('x\n'.repeat(Math.ceil(bytes / 2)).slice(0, bytes));
    await until(async () => (await engine.spooledBytes()) >= bytes || bytes < 100_000, 'the engine has what was sent');
    outgoing.destroy();
    await until(async () => (await engine.spooledBytes()) === 0, 'what was sent is removed');
    expect(await engine.rows('SELECT count() AS c FROM half')).toEqual([{ c: 0 }]);
  });

  it('without a length inserts nothing either', async () => {
    await engine.client.command({ query: 'CREATE TABLE chunked (s String) ENGINE = MergeTree ORDER BY s' });
    const outgoing = post('/?query=INSERT+INTO+chunked+FORMAT+CSV', {});
    outgoing.write('x\n'.repeat(1_000_000));
    await until(async () => (await engine.spooledBytes()) > 0, 'the engine has some of it');
    outgoing.destroy();
    await until(async () => (await engine.spooledBytes()) === 0, 'what was sent is removed');
    expect(await engine.rows('SELECT count() AS c FROM chunked')).toEqual([{ c: 0 }]);
  });
});

function post(url: string, headers: Readonly<Record<string, string>>): ClientRequest {
  const outgoing = request({
    host: '127.0.0.1',
    port: engine.engine.port,
    path: url,
    method: 'POST',
    headers,
    agent: false,
  });
  return outgoing.on('error', () => undefined);
}

function send(query: string): ClientRequest {
  const outgoing = post('/', {});
  outgoing.end(query);
  return outgoing;
}

async function openQuery(query: string): Promise<{ outgoing: ClientRequest; response: IncomingMessage }> {
  const outgoing = send(query);
  const response = await new Promise<IncomingMessage>((resolve) => outgoing.once('response', resolve));
  response.on('error', () => undefined);
  return { outgoing, response };
}

async function untilIdle(): Promise<void> {
  await until(async () => (await engine.running()).length === 0, 'no query runs');
}

/** Whether it works. No query can be asked while all places are taken, so it is looked at from outside. */
async function isBusy(): Promise<boolean> {
  const before = await cpuTicks();
  await new Promise((resolve) => setTimeout(resolve, 200));
  return (await cpuTicks()) - before > 10;
}

/** Processor time of the engine's process, in hundredths of a second (proc(5): utime and stime). */
async function cpuTicks(): Promise<number> {
  const fields = (await readFile(`/proc/${engine.engine.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${engine.engine.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

async function directoryBytes(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const stats = await Promise.all(names.map((name) => stat(path.join(directory, name)).catch(() => ({ size: 0 }))));
  return stats.reduce((sum, { size }) => sum + size, 0);
}
