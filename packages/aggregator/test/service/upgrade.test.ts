// Versions before and after each other on the same data: this one, and a copy of it that has one migration more.

import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS_FOLDER, readMigrations } from '../../src/save/migrate/migration-files.ts';
import { runTurnmeter } from '../cli/run-turnmeter.ts';
import { runService } from '../cli/running-service.ts';
import { chat, tracesOf } from '../cli/doctor/otlp-spans.ts';

const PACKAGE = path.join(import.meta.dirname, '../..');
let folder: string;
/** The entry of the version after this one. */
let laterMain: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-upgrade-'));
  const later = path.join(folder, 'later');
  for (const part of ['src', 'migrations', 'package.json']) {
    await cp(path.join(PACKAGE, part), path.join(later, part), { recursive: true });
  }
  await symlink(path.join(PACKAGE, 'node_modules'), path.join(later, 'node_modules'));
  const number = String((await readMigrations(MIGRATIONS_FOLDER)).length + 1).padStart(4, '0');
  await writeFile(
    path.join(later, 'migrations', `${number}_later.sql`),
    "ALTER TABLE entries {cluster} ADD COLUMN IF NOT EXISTS later String DEFAULT 'unknown' COMMENT 'What a later version adds'",
  );
  laterMain = path.join(later, 'src/main.ts');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function sendOne(otlpUrl: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(tracesOf([{ attributes: chat() }]));
  expect((await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
}

describe('an upgrade', () => {
  it('keeps what the version before accepted, and is not taken back on the same data', async () => {
    const dataDir = path.join(folder, 'data');
    const before = await runService({}, { dataDir });
    await sendOne(before.otlpUrl);
    // Killed, so that what was accepted last is still in a segment, written with the columns of before.
    await before.stop('SIGKILL', { keepsData: true });
    const after = await runService({}, { dataDir, main: laterMain });
    await sendOne(after.otlpUrl);
    await expect
      .poll(async () => JSON.stringify(await after.json('session', 's1')), { timeout: 20_000 })
      .toMatch(/"total_tokens":220/);
    expect(await after.json('check')).toMatchObject({ ok: true });
    await after.stop('SIGTERM', { keepsData: true });
    const { code, stderr } = await runTurnmeter(['up', '--data-dir', dataDir, '--http-port', '0']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/expected no migration after .+, received .+_later: a newer version was here/);
  }, 180_000);

  it('of several aggregators on one database may be begun by all of them at once', async () => {
    const engine = await startEmbeddedClickHouse({ dataDir: path.join(folder, 'server') });
    const on = { TURNMETER_CLICKHOUSE_URL: engine.url };
    const before = await runService(on);
    await sendOne(before.otlpUrl);
    const later = await Promise.all([1, 2].map(() => runService(on, { main: laterMain })));
    // The version before goes on meanwhile: its rows have the new column's default.
    await sendOne(before.otlpUrl);
    for (const { otlpUrl } of later) await sendOne(otlpUrl);
    const [first] = later;
    await expect
      .poll(async () => JSON.stringify(await first?.json('session', 's1')), { timeout: 20_000 })
      .toMatch(/"total_tokens":440/);
    await Promise.all([before, ...later].map((service) => service.stop()));
    await engine.stop();
  }, 180_000);
});
