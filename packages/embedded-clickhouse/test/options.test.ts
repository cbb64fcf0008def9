import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmbeddedClickHouse } from '../src/index.ts';
import { runEngine } from './running-engine.ts';

describe('an option', () => {
  it.each([
    [{ dataDir: '' }, 'The option dataDir is wrong: expected the path of a directory, received '],
    [{ dataDir: '/tmp/a*b' }, 'The option dataDir is wrong: expected a path without * ? { } \\, received /tmp/a*b'],
    [{ dataDir: 'x', port: 65_536 }, 'The option port is wrong: expected an integer from 0 to 65535, received 65536'],
    [{ dataDir: 'x', port: 1.5 }, 'The option port is wrong: expected an integer from 0 to 65535, received 1.5'],
    [
      { dataDir: 'x', host: '0.0.0.0' },
      'The option host is wrong: expected 127.0.0.1, ::1 or localhost, received 0.0.0.0',
    ],
    [
      { dataDir: 'x', runningQueriesMax: 0 },
      'The option runningQueriesMax is wrong: expected an integer from 1 to 512, received 0',
    ],
    [
      { dataDir: 'x', memoryBytesMax: 1 },
      'The option memoryBytesMax is wrong: expected an integer of at least 268435456, received 1',
    ],
    [
      { dataDir: 'x', settings: { '</a>': 1 } },
      'The option settings is wrong: expected names such as max_threads, received </a>',
    ],
  ])('that is wrong is refused: %j', async (options, message) => {
    await expect(startEmbeddedClickHouse(options)).rejects.toMatchObject({ code: 'invalid_option', message });
  });

  it('reaches the engine', async () => {
    const engine = await runEngine({
      memoryBytesMax: 512 * 1024 * 1024,
      serverSettings: { mark_cache_size: 12_345_678, max_thread_pool_free_size: 44 },
      settings: { max_threads: 3, log_comment: '<&">' },
    });
    try {
      const settings = await engine.rows(
        `SELECT name, value FROM system.server_settings
         WHERE name IN ('max_server_memory_usage', 'mark_cache_size', 'max_thread_pool_free_size') ORDER BY name`,
      );
      expect(settings).toEqual([
        { name: 'mark_cache_size', value: '12345678' },
        { name: 'max_server_memory_usage', value: '536870912' },
        { name: 'max_thread_pool_free_size', value: '44' },
      ]);
      expect(await engine.rows("SELECT getSetting('max_threads') AS t, getSetting('log_comment') AS c")).toEqual([
        { t: 3, c: '<&">' },
      ]);
    } finally {
      await engine[Symbol.asyncDispose]();
    }
  });

  it('that the engine does not take fails the start, with what the engine says', async () => {
    await expect(runEngine({ settings: { no_such_setting: 1 } })).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('no_such_setting'),
    });
  });
});

describe('memory', () => {
  it('is limited: a query that needs more fails, and the engine goes on', async () => {
    const engine = await runEngine({ memoryBytesMax: 512 * 1024 * 1024 });
    try {
      const query = 'SELECT groupArray(number) FROM numbers(1000000000)';
      await expect(engine.client.command({ query })).rejects.toMatchObject({
        code: '241',
        type: 'MEMORY_LIMIT_EXCEEDED',
      });
      expect(await engine.rows('SELECT 1 AS n')).toEqual([{ n: 1 }]);
    } finally {
      await engine[Symbol.asyncDispose]();
    }
  });
});

it('the port of a running engine cannot be taken by another', async () => {
  const engine = await runEngine();
  try {
    await expect(runEngine({ port: engine.engine.port })).rejects.toMatchObject({
      code: 'listen_failed',
      message: expect.stringContaining('EADDRINUSE'),
    });
  } finally {
    await engine[Symbol.asyncDispose]();
  }
});

it('the data directory may have any other name', async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'embedded-clickhouse-test-'));
  const engine = await runEngine({ dataDir: path.join(parent, `env=x it's "a" <b> & ž [c] $d; --`) });
  try {
    await engine.client.command({ query: 'CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n' });
    await engine.client.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' });
    expect(await engine.rows('SELECT n FROM t')).toEqual([{ n: 1 }]);
  } finally {
    await engine[Symbol.asyncDispose]();
    await rm(parent, { recursive: true });
  }
});
