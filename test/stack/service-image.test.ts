// The image cannot be built here. The commands of its Dockerfile can be run, and what comes out of them can be started as the image would
// be: without the embedded engine, asking a ClickHouse server, with keys. The compose file is read by the loader of `docker compose`.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TurnmeterProcess } from '../captured/turnmeter-process.ts';
import { ROOT } from '../repository.ts';
import { chat } from './collector/numbered-chat.ts';

const run = promisify(execFile);
const ENGINE = path.join(ROOT, 'packages/embedded-clickhouse/src/main.ts');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-image-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('what the image holds', () => {
  it('counts, with a ClickHouse server and without an engine of its own', { timeout: 300_000 }, async () => {
    const service = path.join(directory, 'service');
    await run('npx', ['tsc', '-b', 'packages/aggregator'], { cwd: ROOT });
    await run('node', ['scripts/pack-service.mjs', service], { cwd: ROOT });
    await run('npm', ['install', '--omit=dev', '--omit=optional', '--no-audit', '--no-fund'], { cwd: service });
    expect((await readdir(path.join(service, 'node_modules'))).filter((name) => name.startsWith('@chdb'))).toEqual([]);
    const clickhouse = await startClickHouse(path.join(directory, 'clickhouse'));
    const turnmeter = await TurnmeterProcess.start(
      path.join(directory, 'data'),
      { TURNMETER_CLICKHOUSE_URL: clickhouse.url },
      { main: path.join(service, 'node_modules/@turnmeter/aggregator/dist/main.js') },
    );
    await turnmeter.send('acme', 'span', chat('in an image', 0, 10));
    // 1 + 2 + … + 10 tokens in.
    await expect
      .poll(async () => (await turnmeter.sessions('acme')).map(({ tokens }) => tokens.input), { timeout: 30_000 })
      .toEqual([55]);
    await turnmeter.stop();
    await clickhouse.stop();
  });
});

describe('docker-compose.yml', () => {
  it('is taken by the loader of docker compose', { timeout: 300_000 }, async () => {
    await run('go', ['install', 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'], {
      env: { ...process.env, GOBIN: directory },
    });
    const { stdout } = await run(path.join(directory, 'cmd'), ['-format', 'json', 'docker-compose.yml'], { cwd: ROOT });
    const { services } = JSON.parse(stdout) as { readonly services: Readonly<Record<string, unknown>> };
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['clickhouse', 'collector', 'grafana', 'tenants', 'turnmeter']),
    );
  });
});

async function startClickHouse(dataDir: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [ENGINE, '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url === undefined) continue;
    return {
      url,
      stop: async () => {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error('the engine ended before it was ready');
}
