import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, runEngine, type RunningEngine, until } from '../running-engine.ts';

/** A row a second, for longer than any test takes. */
const ENDLESS = 'SELECT sleepEachRow(1) FROM numbers(1000) SETTINGS max_block_size = 1';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine({ runningQueriesMax: 4, waitingQueriesMax: 30 });
});
afterAll(() => engine[Symbol.asyncDispose]());

describe('a client', () => {
  it('pings, by path and by query', async () => {
    expect(await engine.client.ping()).toEqual({ success: true });
    expect(await engine.client.ping({ select: true })).toEqual({ success: true });
  });

  it('keeps its connection through queries, commands, inserts and errors', async () => {
    const client = engine.connect({ max_open_connections: 1 });
    await client.command({ query: 'CREATE TABLE kept (n UInt32) ENGINE = Memory' });
    for (let n = 0; n < 50; n++) {
      await client.insert({ table: 'kept', values: [{ n }], format: 'JSONEachRow' });
      const result = await client.query({ query: `SELECT count() AS c FROM kept`, format: 'JSONEachRow' });
      expect(await result.json()).toEqual([{ c: n + 1 }]);
      await expect(client.command({ query: 'SELECT nope' })).rejects.toMatchObject({ code: '47' });
    }
  });

  it('has twenty queries answered at once, more than run at a time', async () => {
    const asked = Array.from({ length: 20 }, (_, n) => engine.rows(`SELECT ${n} AS n, sleepEachRow(0.05)`));
    expect((await Promise.all(asked)).map(([row]) => row?.['n'])).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('has twenty inserts and queries mixed', async () => {
    await engine.client.command({ query: 'CREATE TABLE mixed (n UInt32) ENGINE = MergeTree ORDER BY n' });
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const values = Array.from({ length: 1000 }, (__, row) => ({ n: n * 1000 + row }));
        await engine.client.insert({ table: 'mixed', values, format: 'JSONEachRow' });
        await engine.rows('SELECT sum(n) FROM mixed');
      }),
    );
    expect(await engine.rows('SELECT count() AS c, uniqExact(n) AS u FROM mixed')).toEqual([{ c: 20_000, u: 20_000 }]);
  });

  it('is pinged while all queries wait', async () => {
    const blockers = Array.from({ length: 4 }, () => engine.client.command({ query: 'SELECT sleep(1)' }));
    const waiting = engine.rows('SELECT 1 AS n');
    expect(await engine.client.ping()).toEqual({ success: true });
    await Promise.all(blockers);
    expect(await waiting).toEqual([{ n: 1 }]);
  });

  it('is told when too many wait', async () => {
    const leave = new AbortController();
    const refused: Headers[] = [];
    const ask = async (): Promise<void> => {
      const answer = await fetch(engine.engine.url, { method: 'POST', body: ENDLESS, signal: leave.signal });
      if (answer.status === 503) refused.push(answer.headers);
    };
    const asked = Array.from({ length: 50 }, () => ask().catch(() => undefined));
    // 4 run and 30 wait.
    await until(() => refused.length === 16, 'the others are refused');
    leave.abort();
    await Promise.all(asked);
    expect(refused).toHaveLength(16);
    expect(Object.fromEntries(refused[0] ?? [])).toMatchObject({
      'x-clickhouse-exception-code': '202',
      'retry-after': '1',
    });
    await until(async () => (await engine.running()).length === 0, 'those who left are no longer served');
  });

  it('may not use the id of a query that runs', async () => {
    const leave = new AbortController();
    const first = failure(engine.client.command({ query: ENDLESS, query_id: 'twice', abort_signal: leave.signal }));
    await until(async () => (await engine.running()).length === 1, 'the first runs');
    const second = engine.client.command({ query: 'SELECT 1', query_id: 'twice' });
    await expect(second).rejects.toMatchObject({ code: '216' });
    leave.abort();
    await first;
    await until(async () => (await engine.running()).length === 0, 'the first has ended');
    await engine.client.command({ query: 'SELECT 1', query_id: 'twice' });
  });

  it('runs what a database of its own needs: views, projections, mutations, refreshes', async () => {
    const { client } = engine;
    await client.command({ query: 'CREATE DATABASE app' });
    await client.command({
      query: `CREATE TABLE app.events (k String, n UInt64, PROJECTION sums (SELECT k, sum(n) GROUP BY k))
              ENGINE = MergeTree ORDER BY n SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
    });
    await client.command({
      query: `CREATE MATERIALIZED VIEW app.totals REFRESH EVERY 1 HOUR ENGINE = MergeTree ORDER BY k EMPTY
              AS SELECT k, sum(n) AS s FROM app.events GROUP BY k`,
    });
    await client.insert({
      table: 'app.events',
      values: [
        { k: 'a', n: 1 },
        { k: 'a', n: 2 },
      ],
      format: 'JSONEachRow',
    });
    await client.command({ query: 'SYSTEM REFRESH VIEW app.totals' });
    await client.command({ query: 'SYSTEM WAIT VIEW app.totals' });
    expect(await engine.rows('SELECT * FROM app.totals')).toEqual([{ k: 'a', s: 3 }]);
    await client.command({ query: 'ALTER TABLE app.events ADD COLUMN m UInt8 DEFAULT 5' });
    await client.command({ query: 'ALTER TABLE app.events DELETE WHERE n = 1 SETTINGS mutations_sync = 2' });
    expect(
      await engine.rows('SELECT k, sum(n) AS s FROM app.events GROUP BY k SETTINGS force_optimize_projection = 1'),
    ).toEqual([{ k: 'a', s: 2 }]);
    await client.command({ query: 'OPTIMIZE TABLE app.events FINAL' });
    await client.command({ query: 'DROP DATABASE app SYNC' });
  });
});
