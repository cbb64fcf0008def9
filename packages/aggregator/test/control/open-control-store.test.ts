import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { openStoreOfControl } from '../../src/control/open-control-store.ts';
import { NO_TELEMETRY, PrometheusTelemetry } from '../../src/telemetry.ts';

const logger = pino({ level: 'silent' });

it('keeps the store where nobody else on the machine can read it', async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-control-test-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  // The directory need not be there yet.
  const directory = path.join(parent, 'data');
  for (let start = 0; start < 2; start++) {
    const store = await openStoreOfControl({ control: {}, data_dir: directory }, { logger, telemetry: NO_TELEMETRY });
    await store.stops.stop({ tenant: 'acme', kind: 'session', target: 's', reason: '', by: 'test', atMs: 1 });
    const files = await readdir(directory);
    expect(files).toContain('control.sqlite');
    for (const file of files)
      expect([file, (await stat(path.join(directory, file))).mode & 0o777]).toEqual([file, 0o600]);
    await store.stop();
  }
});

it('tells whoever runs the service that the thread of the store ended, and goes on', async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-control-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const telemetry = new PrometheusTelemetry();
  const lines: string[] = [];
  const loud = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const store = await openStoreOfControl({ control: {}, data_dir: directory }, { logger: loud, telemetry });
  onTestFinished(() => store.stop());
  // As a mistake in it would end it: there is no such thing to ask for.
  const { noSuchMethod } = store.stops as unknown as Record<'noSuchMethod', () => Promise<unknown>>;
  await expect(noSuchMethod()).rejects.toMatchObject({ code: 'unavailable' });
  const ends = async (): Promise<string> =>
    (await telemetry.registry.getSingleMetricAsString('turnmeter_control_store_thread_ends_total')) ?? '';
  await expect.poll(ends).toMatch(/ 1$/m);
  expect(lines.join()).toContain('noSuchMethod');
  await expect.poll(() => store.stops.list({ tenant: 'acme' }).catch(() => undefined)).toEqual([]);
});

it('does not start with an address that is none', async () => {
  const config = { control: { url: 'mysql://nowhere' }, data_dir: os.tmpdir() };
  await expect(openStoreOfControl(config, { logger, telemetry: NO_TELEMETRY })).rejects.toMatchObject({
    code: 'invalid',
  });
});
