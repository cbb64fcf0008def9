import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ControlStore, openControlStore } from '../src/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'turnmeter-control-copy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ACCOUNT = { tenant: 'acme', account: 'trial', unit: 'tokens', by: 'test' } as const;

function grant(store: ControlStore, key: number): Promise<unknown> {
  return store.balances.grant({ ...ACCOUNT, amount: 1n, idempotencyKey: `grant-${key}`, nowMs: 1_000 + key });
}

async function granted(store: ControlStore): Promise<bigint> {
  const { findings } = await store.balances.replay({});
  expect(findings).toEqual([]);
  const [balance] = await store.balances.list({ tenant: 'acme', nowMs: 10_000 });
  return balance?.granted ?? 0n;
}

describe('a copy of a control store', () => {
  it('has what was done before, all or nothing of what is done meanwhile, and is a store itself', async () => {
    const store = await openControlStore({ file: path.join(folder, 'control.sqlite') });
    for (let key = 0; key < 20; key++) await grant(store, key);
    const file = path.join(folder, 'copy.sqlite');
    const [, ...meanwhile] = await Promise.all([
      store.copyTo(file),
      ...Array.from({ length: 50 }, (_, at) => grant(store, 100 + at)),
    ]);
    expect(meanwhile).toHaveLength(50);
    const copy = await openControlStore({ file });
    const inCopy = await granted(copy);
    expect(inCopy).toBeGreaterThanOrEqual(20n);
    expect(inCopy).toBeLessThanOrEqual(70n);
    // What is done in one is not done in the other.
    await grant(copy, 500);
    expect(await granted(store)).toBe(70n);
    await copy.stop();
    await store.stop();
  });

  it('overwrites nothing', async () => {
    const store = await openControlStore({ file: path.join(folder, 'kept.sqlite') });
    await grant(store, 1);
    await expect(store.copyTo(path.join(folder, 'kept.sqlite'))).rejects.toThrow(/already exists/);
    expect(await granted(store)).toBe(1n);
    await store.stop();
  });
});
