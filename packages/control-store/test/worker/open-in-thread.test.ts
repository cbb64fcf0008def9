import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlStore, openControlStore } from '../../src/index.ts';

const run = promisify(execFile);
const INDEX = path.join(import.meta.dirname, '../../src/index.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'turnmeter-control-thread-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a store in an SQLite file', () => {
  it('takes nothing more when it was stopped, and finishes what was asked before', async () => {
    const store = await openControlStore({ file: path.join(folder, 'a.sqlite') });
    const put = { tenant: 't', documents: [], by: 'ada', atMs: 1 };
    const asked = Array.from({ length: 20 }, () => store.policies.put(put));
    const stopping = Promise.all([store.stop(), store.stop()]);
    await expect(store.policies.list('t')).rejects.toMatchObject({ code: 'stopped' });
    expect((await Promise.all(asked)).map(({ version }) => version)).toHaveLength(20);
    await stopping;
  });

  it('is refused where there can be none, or where there is something else', async () => {
    await expect(openControlStore({ file: path.join(folder, 'none', 'a.sqlite') })).rejects.toMatchObject({
      code: 'unavailable',
    });
    const file = path.join(folder, 'text.sqlite');
    writeFileSync(file, 'This is no database, and long enough for SQLite to see that it is none.'.repeat(20));
    await expect(openControlStore({ file })).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect(openControlStore({})).rejects.toMatchObject({ code: 'invalid', field: 'url' });
    await expect(openControlStore({ url: 'mysql://ada:secret@host/db' })).rejects.not.toThrow(/secret/);
  });

  it('is refused when a newer version has written it', async () => {
    const file = path.join(folder, 'a.sqlite');
    await (await openControlStore({ file })).stop();
    const database = new DatabaseSync(file);
    database.exec(`INSERT INTO control_migrations (name, timestamp) VALUES ('9999-later', '2030-01-01T00:00:00.000Z')`);
    database.close();
    await expect(openControlStore({ file })).rejects.toThrow(/another version of this program/);
  });

  it('refuses what is no data', async () => {
    const store = await openControlStore({ file: path.join(folder, 'a.sqlite') });
    const documents = [{ when: (() => 1) as never }];
    const putting = store.policies.put({ tenant: 't', documents, by: 'ada', atMs: 1 });
    await expect(putting).rejects.toMatchObject({ code: 'invalid' });
    await store.stop();
  });

  it('lets nobody change or delete an entry of the ledger, nor make a balance negative', async () => {
    const file = path.join(folder, 'a.sqlite');
    const store = await openControlStore({ file });
    const grant = {
      tenant: 't',
      account: 'a',
      unit: 'tokens',
      by: 'ada',
      nowMs: 1,
      amount: 5n,
      idempotencyKey: 'k',
    } as const;
    await store.balances.grant(grant);
    await store.stop();
    const database = new DatabaseSync(file);
    expect(() => database.exec('UPDATE balance_entries SET amount = 6')).toThrow(/never changed/);
    expect(() => database.exec('DELETE FROM balance_entries')).toThrow(/never deleted/);
    expect(() => database.exec('UPDATE balance_accounts SET free = -1, spent = 6')).toThrow(/CHECK/);
    database.exec('UPDATE balance_accounts SET free = 4, spent = 1');
    database.close();
    const again = await openControlStore({ file });
    expect((await again.balances.replay()).findings).toMatchObject([
      { account: 'a', detail: 'free is 4, by the ledger 5' },
    ]);
    await again.stop();
  });

  it('neither keeps a process from ending nor warns of what Node calls experimental', async () => {
    const file = JSON.stringify(path.join(folder, 'a.sqlite'));
    const program = `const { openControlStore } = await import(${JSON.stringify(INDEX)});
      const store = await openControlStore({ file: ${file} });
      console.log((await store.policies.list('t')).version);`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program]);
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });
});

/** Ends the thread of a store as a mistake in it would: it is asked for something that no repository has. */
async function endThreadOf(store: ControlStore): Promise<void> {
  const { noSuchMethod } = store.policies as unknown as Record<'noSuchMethod', () => Promise<unknown>>;
  await expect(noSuchMethod()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
}

describe('a store whose thread ends', () => {
  it('goes on in another thread, and refuses meanwhile what may be asked again', async () => {
    const ends: Error[] = [];
    const store = await openControlStore({
      file: path.join(folder, 'a.sqlite'),
      onThreadEnd: (why) => ends.push(why),
    });
    const put = { tenant: 't', documents: [], by: 'ada', atMs: 1 };
    await store.policies.put(put);
    for (const times of [1, 2]) {
      await endThreadOf(store);
      await expect(store.policies.list('t')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
      await expect.poll(() => store.policies.list('t').catch(() => undefined)).toMatchObject({ version: times });
      expect(await store.policies.put(put)).toMatchObject({ version: times + 1 });
      expect(ends).toHaveLength(times);
    }
    expect(ends[0]?.cause).toMatchObject({ message: expect.stringContaining('policies.noSuchMethod') });
    await store.stop();
  });

  it('begins none after it was stopped', async () => {
    const ends: Error[] = [];
    const file = path.join(folder, 'a.sqlite');
    const store = await openControlStore({ file, onThreadEnd: (why) => ends.push(why) });
    await endThreadOf(store);
    await expect.poll(() => ends.length).toBe(1);
    await store.stop();
    await expect(store.policies.list('t')).rejects.toMatchObject({ code: 'stopped' });
    // Nobody has the file open: it can be moved away and made anew.
    rmSync(file);
    await (await openControlStore({ file })).stop();
    expect(ends).toHaveLength(1);
  });
});
