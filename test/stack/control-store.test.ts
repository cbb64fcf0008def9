// The control store in PostgreSQL does what it does in SQLite, also for several aggregators.

import { openControlStore } from '@turnmeter/control-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playKills } from '../../packages/control-store/test/crash/play-kills.ts';
import { describeControlStore } from '../../packages/control-store/test/suite/describe-control-store.ts';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

describe('a control store in PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('is made by several that start at once, and found by those that come later', async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => openControlStore({ url: server.url })));
    const [first] = opened;
    await first?.policies.put({ tenant: 'first', documents: [{}], by: 'ada', atMs: 1 });
    await Promise.all(opened.map((store) => store.stop()));
    const later = await openControlStore({ url: server.url });
    expect(await later.policies.list('first')).toMatchObject({ version: 1 });
    await later.stop();
  });

  it('tells that the server is not there, without the password of its URL', async () => {
    const opening = openControlStore({ url: 'postgres://ada:secret@127.0.0.1:1/none' });
    await expect(opening).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect(opening).rejects.not.toThrow(/secret/);
  });

  it('keeps each balance operation that was answered, once, when its writers are killed again and again', async () => {
    const report = await playKills({
      url: server.url,
      operations: 1500,
      kills: 5,
      writers: 2,
      accounts: 5,
      atOnce: 16,
    });
    expect(report).toMatchObject({ lost: [], unknown: [], findings: [], negative: 0 });
    expect(report.askedAgain).toBeGreaterThan(0);
  });

  describeControlStore({ open: () => openControlStore({ url: server.url }) }, { runs: 50 });
});
