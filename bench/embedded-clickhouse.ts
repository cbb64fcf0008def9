// What the embedded engine costs: start-up, one query, inserts through HTTP beside the engine's own `file()`, memory.

import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { startEmbeddedClickHouse, type EmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { median } from './figures.ts';
import { cpuSecondsOf, residentMib, withDirectory } from './machine.ts';

const ROUNDS = 5;

let directory: string;
let agent: http.Agent;
let engine: EmbeddedClickHouse;

export async function run({ rows }: { readonly rows: number }): Promise<void> {
  await withDirectory(async (made) => {
    directory = made;
    agent = new http.Agent({ keepAlive: true });
    await measureStart();
    engine = await startEmbeddedClickHouse({ dataDir: dataDir(), allowExternalSources: true });
    try {
      print('memory, idle', `${residentMib(pidOf(engine)).toFixed(0)} MiB`);
      await measureQueries();
      await measureRows();
      await measureInserts(rows);
    } finally {
      agent.destroy();
      await engine.stop();
    }
  });
}

function pidOf({ pid }: EmbeddedClickHouse): number {
  if (pid === undefined) throw new Error('the engine does not run');
  return pid;
}

function dataDir(): string {
  return path.join(directory, 'data');
}

async function measureStart(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const started = await startEmbeddedClickHouse({ dataDir: dataDir() });
    times.push(performance.now() - startedAt);
    await started.stop();
  }
  print('start-up, median', `${median(times).toFixed(0)} ms`);
}

async function measureQueries(): Promise<void> {
  const ping = await sequence(500, () => send('/ping', 'GET'));
  print('ping', `${ping.toFixed(2)} ms`);
  const one = await sequence(500, () => send('/', 'POST', 'SELECT 1'));
  print('SELECT 1', `${one.toFixed(2)} ms`);
  const bound = await sequence(500, () => send('/?param_n=7&max_threads=1', 'POST', 'SELECT {n:UInt8}'));
  print('SELECT 1 with a parameter and a setting', `${bound.toFixed(2)} ms`);
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 16 }, () => sequence(100, () => send('/', 'POST', 'SELECT 1'))));
  print('SELECT 1, 16 at a time', `${(1600 / ((performance.now() - startedAt) / 1000)).toFixed(0)} queries/s`);
}

async function measureRows(): Promise<void> {
  for (const format of ['JSONEachRow', 'Native']) {
    const startedAt = performance.now();
    const bytes = await send(
      '/',
      'POST',
      `SELECT number, toString(number) AS s FROM numbers(10000000) FORMAT ${format}`,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    print(`10 M rows out as ${format}`, `${(bytes.length / 1e6 / seconds).toFixed(0)} MB/s`);
  }
}

/** A row of 26 columns and about 270 bytes, as a span of a model call has them. */
async function measureInserts(rows: number): Promise<void> {
  const names = ['tenant', 'workflow', 'agent', 'model', 'provider', 'operation', 'service', 'scope', 'kind'];
  const columns: readonly (readonly [name: string, type: string, value: string])[] = [
    ['ts', 'DateTime64(9)', "toDateTime64('2026-01-01', 9) + number / 1000"],
    ['end_ts', 'DateTime64(9)', "toDateTime64('2026-01-01', 9) + number / 1000 + 1"],
    ['trace_id', 'FixedString(16)', 'sipHash128(intDiv(number, 20))'],
    ['span_id', 'FixedString(8)', "reinterpret(sipHash64(number), 'FixedString(8)')"],
    ['parent_id', 'FixedString(8)', "reinterpret(sipHash64(number + 1), 'FixedString(8)')"],
    ...names.map(
      (name, index) =>
        [name, 'LowCardinality(String)', `concat('${name}-value-', toString(number % ${7 + index * 3}))`] as const,
    ),
    ['session_id', 'String', "concat('session-', toString(intDiv(number, 50)))"],
    ['user_id', 'String', "concat('user-', toString(number % 1000))"],
    ['response_id', 'String', "concat('chatcmpl-', hex(sipHash64(number)))"],
    ...['input', 'output', 'cache_read', 'cache_write', 'reasoning'].map(
      (name) => [`${name}_tokens`, 'UInt32', 'number % 1000'] as const,
    ),
    ['cost_nano', 'UInt64', 'number * 31'],
    ['status', 'UInt8', 'number % 3'],
    ['attempt', 'UInt8', 'number % 5'],
    ['score', 'Float64', 'number / 7'],
  ];
  const types = columns.map(([name, type]) => `${name} ${type}`).join(', ');
  await send('/', 'POST', `CREATE TABLE spans (${types}) ENGINE = MergeTree ORDER BY (service, session_id, ts)`);
  // LowCardinality goes as plain strings, which is what writers without dictionaries send.
  const values = columns.map(
    ([name, type, value]) => `CAST(${value}, '${type.startsWith('Low') ? 'String' : type}') AS ${name}`,
  );
  const body = await send('/', 'POST', `SELECT ${values.join(', ')} FROM numbers(${rows}) FORMAT Native`);
  print('one Native body', `${rows} rows, ${(body.length / rows).toFixed(0)} B each`);

  const file = path.join(directory, 'body.native');
  await writeFile(file, body);
  const onePart =
    'max_threads=1&max_insert_threads=1&max_block_size=1048576&max_insert_block_size=1048576&min_insert_block_size_rows=1048576&min_insert_block_size_bytes=0';
  await compareInserts(rows, {
    'through HTTP': () =>
      send(`/?${onePart}&query=${encodeURIComponent('INSERT INTO spans FORMAT Native')}`, 'POST', body),
    "through the engine's file()": () =>
      send(`/?${onePart}`, 'POST', `INSERT INTO spans SELECT * FROM file('${file}', Native)`),
  });
  print('memory, after these inserts', `${residentMib(pidOf(engine)).toFixed(0)} MiB`);
  const small = await sequence(200, () => send('/?query=INSERT+INTO+spans+(session_id)+FORMAT+CSV', 'POST', 'x\n'));
  print('insert of one row', `${small.toFixed(2)} ms`);
}

/** In turn, so that what else the machine does meets all of them. */
async function compareInserts(rows: number, routes: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const wall = new Map<string, number[]>();
  const cpu = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, insert] of Object.entries(routes)) {
      await send('/', 'POST', 'TRUNCATE TABLE spans SYNC');
      const [ticks, startedAt] = [cpuSecondsOf(pidOf(engine)), performance.now()];
      await insert();
      wall.set(name, [...(wall.get(name) ?? []), performance.now() - startedAt]);
      cpu.set(name, [...(cpu.get(name) ?? []), cpuSecondsOf(pidOf(engine)) - ticks]);
      const parts = await send('/', 'POST', "SELECT rows FROM system.parts WHERE table = 'spans' AND active");
      if (parts.toString() !== `${rows}\n`)
        throw new Error(`expected one part of ${rows} rows, received ${parts.toString()}`);
    }
  }
  for (const name of Object.keys(routes)) {
    const [ms, seconds] = [median(wall.get(name) ?? []), median(cpu.get(name) ?? [])];
    const perRow = `${((seconds * 1e6) / rows).toFixed(2)} us of the engine's processor time a row`;
    print(`insert ${name}`, `${ms.toFixed(0)} ms, ${((rows / ms) * 1000).toFixed(0)} rows/s, ${perRow}`);
  }
}

async function sequence(count: number, step: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedAt = performance.now();
    await step();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

function send(url: string, method: string, body?: string | Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${engine.url}${url}`, { method, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(answer.toString('utf8')));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function print(what: string, value: string): void {
  console.log(`${what.padEnd(42)} ${value}`);
}
