import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineState, type EngineStateChange } from '../../src/index.ts';
import { failure, runEngine, until, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine | undefined;
afterEach(async () => {
  await engine?.[Symbol.asyncDispose]();
  engine = undefined;
});

describe('when the engine crashes', () => {
  it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const)(
    'by %s, it is back on the same port with its data',
    async (signal) => {
      const changes: EngineStateChange[] = [];
      engine = await runEngine({ onStateChange: (change) => changes.push(change) });
      await engine.client.command({ query: 'CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n' });
      await engine.client.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' });
      const failed = failure(engine.client.command({ query: 'SELECT count() FROM system.numbers' }));
      await until(async () => (await engine?.running())?.length === 1, 'the query runs');
      const { pid } = engine.engine;
      crash(engine, signal);
      expect(await failed).toMatchObject({ code: 'ECONNRESET' });
      // This one waits at the door while the engine starts.
      expect(await engine.rows('SELECT n FROM t')).toEqual([{ n: 1 }]);
      expect(engine.engine.pid).not.toBe(pid);
      expect(engine.engine.state).toBe(EngineState.ready);
      expect(changes).toEqual([
        { state: 'restarting', restarts: 0, reason: expect.stringContaining(signal) },
        { state: 'ready', restarts: 1, reason: expect.stringContaining(signal) },
      ]);
    },
  );

  it('connections that had not arrived there go to the next one', async () => {
    const running = (engine = await runEngine());
    const { pid = 0 } = running.engine;
    crash(running, 'SIGSTOP');
    const answers = Array.from({ length: 3 }, () => running.send({ path: '/', body: 'SELECT 1' }));
    await delay(100);
    process.kill(pid, 'SIGKILL');
    expect(await Promise.all(answers)).toMatchObject(Array.from({ length: 3 }, () => ({ status: 200, text: '1\n' })));
  });

  it('requests are answered with 503 and Retry-After if it takes too long', async () => {
    let answer: ReturnType<RunningEngine['send']> | undefined;
    const onStateChange = ({ state }: EngineStateChange): void => {
      if (state === EngineState.restarting) answer = engine?.send({ path: '/', body: 'SELECT 1' });
    };
    engine = await runEngine({ restartWaitMs: 0, onStateChange });
    crash(engine, 'SIGKILL');
    await until(() => answer !== undefined, 'the crash is noticed');
    expect(await answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', 'x-clickhouse-exception-code': '236' },
      text: expect.stringMatching(/^Code: 236\. DB::Exception: The embedded engine is restarting.*\(ABORTED\)/),
    });
    await until(() => engine?.engine.state === EngineState.ready, 'it is back');
    expect(await engine.rows('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('too often, it is given up, and requests are told so', async () => {
    const onStateChange = ({ state }: EngineStateChange): void => {
      if (state === EngineState.ready && engine !== undefined) crash(engine, 'SIGKILL');
    };
    engine = await runEngine({ restartsMax: 2, onStateChange });
    crash(engine, 'SIGKILL');
    await until(() => engine?.engine.state === EngineState.failed, 'it is given up');
    expect(await engine.send({ path: '/', body: 'SELECT 1' })).toMatchObject({
      status: 503,
      text: expect.stringContaining('The embedded engine is failed: it was ended by SIGKILL'),
    });
    await expect(engine.client.command({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '236', type: 'ABORTED' });
  });

  it('in the middle of rows, their reader notices', async () => {
    engine = await runEngine();
    const result = await engine.client.query({ query: 'SELECT number FROM system.numbers', format: 'JSONEachRow' });
    const reading = async (): Promise<void> => {
      let isCrashed = false;
      for await (const _ of result.stream()) {
        if (!isCrashed && engine !== undefined) crash(engine, 'SIGKILL');
        isCrashed = true;
      }
    };
    await expect(reading()).rejects.toThrow('aborted');
  });

  it('in the middle of the data of an INSERT, nothing of it is kept', async () => {
    engine = await runEngine();
    await engine.client.command({ query: 'CREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s' });
    const { port } = engine.engine;
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path: '/?query=INSERT+INTO+t+FORMAT+CSV',
      method: 'POST',
      agent: false,
    });
    const failed = new Promise((resolve) => outgoing.once('error', resolve));
    outgoing.write('x\n'.repeat(1_000_000));
    await until(async () => ((await engine?.spooledBytes()) ?? 0) > 0, 'the engine has some of it');
    crash(engine, 'SIGKILL');
    expect(await failed).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
    expect(await engine.rows('SELECT count() AS c FROM t')).toEqual([{ c: 0 }]);
  });
});

describe('what was acknowledged', () => {
  it('is there after the engine is killed in the middle of inserts, and nothing is there in part', async () => {
    let restarts = 0;
    engine = await runEngine({ restartsMax: 100, onStateChange: (change) => (restarts = change.restarts) });
    const { client } = engine;
    await client.command({
      query: `CREATE TABLE t (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY batch
              SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1`,
    });
    const acknowledged: number[] = [];
    let batch = 0;
    for (let round = 1; round <= 5; round++) {
      let isCrashed = false;
      const writers = Array.from({ length: 3 }, async () => {
        while (!isCrashed) {
          const mine = batch++;
          const values = Array.from({ length: 500 }, (_, n) => ({ batch: mine, n }));
          try {
            await client.insert({ table: 't', values, format: 'JSONEachRow' });
            acknowledged.push(mine);
          } catch {
            return;
          }
        }
      });
      const enough = acknowledged.length + 5 + round * 3;
      await until(() => acknowledged.length >= enough, 'some are acknowledged');
      crash(engine, 'SIGKILL');
      isCrashed = true;
      await Promise.all(writers);
      await until(() => restarts === round, 'it is back');
    }
    const stored = await engine.rows<{ batch: number; c: number; u: number }>(
      'SELECT batch, count() AS c, uniqExact(n) AS u FROM t GROUP BY batch ORDER BY batch',
    );
    expect(stored.filter(({ c, u }) => c !== 500 || u !== 500)).toEqual([]);
    const there = new Set(stored.map((row) => row.batch));
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(acknowledged.filter((mine) => !there.has(mine))).toEqual([]);
  });
});

/** A pid of 0 would be this process and all it belongs to. */
function crash({ engine: { pid } }: RunningEngine, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error('The engine does not run');
  process.kill(pid, signal);
}
