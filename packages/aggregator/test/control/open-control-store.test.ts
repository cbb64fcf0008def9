import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { openStoreOfControl } from '../../src/control/open-control-store.ts';

const logger = pino({ level: 'silent' });

it('keeps the store where nobody else on the machine can read it', async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-control-test-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  // The directory need not be there yet.
  const directory = path.join(parent, 'data');
  for (let start = 0; start < 2; start++) {
    const store = await openStoreOfControl({ control: {}, data_dir: directory }, { logger });
    await store.stops.stop({ tenant: 'acme', kind: 'session', target: 's', reason: '', by: 'test', atMs: 1 });
    const files = await readdir(directory);
    expect(files).toContain('control.sqlite');
    for (const file of files)
      expect([file, (await stat(path.join(directory, file))).mode & 0o777]).toEqual([file, 0o600]);
    await store.stop();
  }
});

it('does not start with an address that is none', async () => {
  const config = { control: { url: 'mysql://nowhere' }, data_dir: os.tmpdir() };
  await expect(openStoreOfControl(config, { logger })).rejects.toMatchObject({ code: 'invalid' });
});
