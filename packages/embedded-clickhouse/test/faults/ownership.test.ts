import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedClickHouse } from '../../src/index.ts';
import { until } from '../running-engine.ts';

const MAIN = path.join(import.meta.dirname, '../../src/main.ts');

let dataDir: string;
let processes: ChildProcess[];
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'embedded-clickhouse-test-'));
  processes = [];
});
afterEach(async () => {
  for (const each of processes) each.kill('SIGKILL');
  await until(removed, 'the directory can be removed');
});

async function removed(): Promise<boolean> {
  return rm(dataDir, { recursive: true, force: true }).then(
    () => true,
    () => false,
  );
}

interface Command {
  readonly process: ChildProcess;
  readonly ready: { readonly url: string; readonly port: number; readonly pid: number };
  readonly output: () => string;
}

async function runCommand(...more: readonly string[]): Promise<Command> {
  const started = spawn(process.execPath, [MAIN, '--data-dir', dataDir, '--port', '0', '--json', ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(started);
  let output = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await until(() => output.includes('\n'), 'the command is ready');
  return { process: started, ready: JSON.parse(output), output: () => output };
}

function connect({ url }: { readonly url: string }): ClickHouseClient {
  return createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a data directory', () => {
  it('that is in use is refused, saying by whom and since when', async () => {
    const first = await startEmbeddedClickHouse({ dataDir });
    try {
      await expect(startEmbeddedClickHouse({ dataDir })).rejects.toMatchObject({
        name: 'EmbeddedClickHouseError',
        code: 'data_dir_in_use',
        message: expect.stringMatching(
          new RegExp(
            `^The data directory .* is in use by process ${first.pid} since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d`,
          ),
        ),
      });
      const client = connect({ url: first.url });
      expect(await client.ping()).toEqual({ success: true });
      await client.close();
    } finally {
      await first.stop();
    }
  });

  it('is free again when its process was killed, and leaves nothing of it behind', async () => {
    const first = await runCommand();
    process.kill(first.ready.pid, 'SIGKILL');
    first.process.kill('SIGKILL');
    await until(() => !isAlive(first.ready.pid), 'the engine is gone');
    const second = await startEmbeddedClickHouse({ dataDir });
    expect((await readdir(dataDir)).filter((name) => name.startsWith('run-'))).toHaveLength(1);
    await second.stop();
    expect((await readdir(dataDir)).filter((name) => name.startsWith('run-'))).toHaveLength(0);
  });

  it('is free soon after the process that started the engine was killed', async () => {
    const first = await runCommand();
    const client = connect({ url: first.ready.url });
    await client.command({ query: 'CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n' });
    await client.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' });
    const endless = client.command({ query: 'SELECT count() FROM system.numbers' }).catch(() => undefined);
    first.process.kill('SIGKILL');
    await until(() => !isAlive(first.ready.pid), 'the engine ends by itself');
    await endless;
    await client.close();
    const second = await startEmbeddedClickHouse({ dataDir });
    const again = connect({ url: second.url });
    expect(await (await again.query({ query: 'SELECT n FROM t', format: 'CSV' })).text()).toBe('1\n');
    await again.close();
    await second.stop();
  });

  it('is made if it is not there', async () => {
    const deep = path.join(dataDir, 'a/b');
    const engine = await startEmbeddedClickHouse({ dataDir: deep });
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
    await engine.stop();
  });
});

describe('the command', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('lets a running query end on %s, and ends with 0', async (signal) => {
    const { process: command, ready } = await runCommand();
    const client = connect({ url: ready.url });
    await client.command({ query: 'CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n' });
    const insert = client.command({
      query: 'INSERT INTO t SELECT number FROM numbers(10) WHERE NOT sleepEachRow(0.1)',
    });
    const probe = connect({ url: ready.url });
    await until(async () => {
      const rows = await probe.query({
        query: "SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'",
        format: 'CSV',
      });
      return (await rows.text()) === '1\n';
    }, 'the query runs');
    await probe.close();
    command.kill(signal);
    await insert;
    expect(await once(command, 'exit')).toEqual([0, null]);
    await expect(client.command({ query: 'SELECT 1' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await client.close();
    expect(isAlive(ready.pid)).toBe(false);
    const again = await startEmbeddedClickHouse({ dataDir });
    const reader = connect({ url: again.url });
    expect(await (await reader.query({ query: 'SELECT count() FROM t', format: 'CSV' })).text()).toBe('10\n');
    await reader.close();
    await again.stop();
  });

  it('goes on when the engine is told to end by somebody else', async () => {
    const { ready } = await runCommand();
    process.kill(ready.pid, 'SIGTERM');
    process.kill(ready.pid, 'SIGINT');
    const client = connect({ url: ready.url });
    expect(await client.ping()).toEqual({ success: true });
    await client.close();
  });

  it('says what is wrong, and ends with 1', async () => {
    const holder = await startEmbeddedClickHouse({ dataDir });
    const command = spawn(process.execPath, [MAIN, '--data-dir', dataDir, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    command.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    // All that it wrote has come then.
    expect(await once(command, 'close')).toEqual([1, null]);
    expect(stderr).toMatch(/^error {2}The data directory .* is in use by process \d+ since .*\(data_dir_in_use\)\n$/);
    await holder.stop();
  });

  it('prints plain text where nobody looks, with its options in the help', async () => {
    const help = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const text = Buffer.concat(await help.stdout.toArray()).toString();
    expect(text).toContain('Examples:');
    expect(text).not.toContain('\u001b');
  });
});
