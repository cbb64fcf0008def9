// Backups by those who may do everything for all tenants, and by nobody else.

import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call, NOON_US } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { Documentation } from './documented.ts';
import { type ApiTestOptions, keyNamed, type RunningApi, runApi } from './running-api.ts';

const { ledger } = await openedLedger();
await ledger.book([call([0, 1]), call([1, 2], { tenant: 'globex' })]);

const OPERATOR = { authorization: 'Bearer of-operator', 'x-scope-orgid': '*' };

async function start(options: ApiTestOptions = {}): Promise<RunningApi> {
  const api = await runApi(ledger, { keys: [keyNamed('of-operator', '*')], ...options });
  onTestFinished(() => api.stop());
  return api;
}

async function bytesOf(api: RunningApi, id: string, name: string): Promise<Buffer> {
  const answer = await fetch(`${api.url}/api/v1/backups/${id}/pieces/${name}`, { headers: OPERATOR });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zstd']);
  return zstdDecompressSync(Buffer.from(await answer.arrayBuffer()));
}

describe('a backup', () => {
  it('says what it consists of when all that was accepted is in the database, and gives it piece by piece', async () => {
    const api = await start();
    const documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
    const begun = await api.send('POST', '/api/v1/backups', { headers: OPERATOR });
    expect(documentation.faultsOf('POST', '/api/v1/backups', begun)).toEqual([]);
    expect(api.asked.flushes).toBe(1);
    const [entries, control, ...others] = begun.body.pieces;
    expect(entries).toMatchObject({ table: 'entries', rows: 2 });
    expect(control).toEqual({ name: 'control.sqlite', table: null, rows: null });
    expect(others).toEqual([]);
    const rows = await bytesOf(api, begun.body.id, entries.name);
    expect(rows.includes('acme')).toBe(true);
    expect(rows.includes('globex')).toBe(true);
    expect((await bytesOf(api, begun.body.id, 'control.sqlite')).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it('waits for the database as long as it was told to, and says what it waited for', async () => {
    const unsaved = {
      pendingSegments: 3,
      pendingBytes: 12_345,
      unsavedSinceUs: NOON_US - 95_000_000,
      lastFailure: { code: 'database_unavailable' },
    };
    const api = await start({ flush: () => new Promise<void>(() => undefined), unsaved, nowUs: () => NOON_US });
    const beganMs = performance.now();
    const late = await api.send('POST', '/api/v1/backups?wait_seconds=1', { headers: OPERATOR });
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(990);
    expect(late.status).toBe(503);
    expect(late.body).toMatchObject({
      code: 'not_flushed',
      detail:
        'Not everything is in the database yet, which is slow or away: 3 closed segments of 12345 bytes wait, and the oldest row has ' +
        'waited for 95 s; the last insert failed with database_unavailable. What was accepted is safe on disk.',
    });
    const longer = await api.send('POST', '/api/v1/backups?wait_seconds=241', { headers: OPERATOR });
    expect([longer.status, longer.body.errors]).toEqual([
      400,
      [{ parameter: 'wait_seconds', detail: 'expected a whole number of seconds from 0 to 240, received 241' }],
    ]);
  });

  it('is ended by the next one, and has no other pieces', async () => {
    const api = await start();
    const ids: string[] = [];
    for (let count = 0; count < 2; count++) {
      ids.push((await api.send('POST', '/api/v1/backups', { headers: OPERATOR })).body.id);
    }
    const statusOf = async (id = '', name = 'control.sqlite'): Promise<number> =>
      (await api.get(`/api/v1/backups/${id}/pieces/${name}`, OPERATOR)).status;
    expect(await statusOf(ids[0])).toBe(404);
    expect(await statusOf(ids[1], 'migrations')).toBe(404);
    expect(await statusOf(ids[1], encodeURIComponent('../control.sqlite'))).toBe(404);
    expect(await statusOf(ids[1])).toBe(200);
  });

  it('is made and read by operators alone', async () => {
    const keys = [keyNamed('of-operator', '*'), keyNamed('of-acme', ['acme']), keyNamed('watcher', '*', 'read')];
    const api = await start({ keys: [...keys, keyNamed('app', '*', 'ingest')] });
    const { id } = (await api.send('POST', '/api/v1/backups', { headers: OPERATOR })).body;
    for (const name of ['of-acme', 'watcher', 'app', 'nobody']) {
      const tenant = name === 'of-acme' ? 'acme' : '*';
      const headers = { authorization: `Bearer ${name}`, 'x-scope-orgid': tenant };
      expect([401, 403]).toContain((await api.send('POST', '/api/v1/backups', { headers })).status);
      expect([401, 403]).toContain((await api.get(`/api/v1/backups/${id}/pieces/control.sqlite`, headers)).status);
    }
  });
});
