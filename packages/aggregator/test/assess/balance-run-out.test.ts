// When balances run out, by their own ledger in a real store.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Balance, type ControlStore, openControlStore } from '@turnmeter/control-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBalanceForecasts, daysLeftOf } from '../../src/assess/balance-run-out.ts';

const DAY_MS = 86_400_000;
/** Noon of a day: half of it is over. */
const NOW_MS = 20_000 * DAY_MS + DAY_MS / 2;

let folder: string;
let store: ControlStore;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-run-out-'));
  store = await openControlStore({ file: path.join(folder, 'control.sqlite') });
});
afterAll(async () => {
  await store.stop();
  await rm(folder, { recursive: true });
});

/** An account that was granted `amount` and spent 100 at 6 o'clock each day, up to today. */
async function account(name: string, amount: bigint, days: number, expiresAtMs?: number): Promise<Balance> {
  const request = { tenant: 'acme', account: name, unit: 'tokens', by: 'ada' } as const;
  const { balances } = store;
  const opened = NOW_MS - days * DAY_MS;
  const expiry = expiresAtMs === undefined ? {} : { expiresAtMs };
  await balances.grant({ ...request, amount, nowMs: opened - DAY_MS, idempotencyKey: `${name} grant`, ...expiry });
  for (let day = days; day >= 0; day--) {
    const nowMs = NOW_MS - day * DAY_MS - DAY_MS / 4;
    await balances.deduct({ ...request, amount: 100n, nowMs, idempotencyKey: `${name} ${day}` });
  }
  const balance = await balances.find({ ...request, nowMs: NOW_MS });
  if (balance === undefined) throw new Error(`there is no account ${name}`);
  return balance;
}

/** How often others come to their turn while something is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

describe('the day a balance runs out', () => {
  it('is forecast while others come to their turn', async () => {
    const balance = await account('patient', 20_000n, 90);
    const spent = await store.balances.spentByDay({ tenant: 'acme', account: 'patient', unit: 'tokens', fromDay: 0 });
    // At once, but for the forecast itself.
    const forecasts = createBalanceForecasts({ spentByDay: () => Promise.resolve(spent) });
    expect(await turnsDuring(() => forecasts.of(balance, NOW_MS))).toBeGreaterThan(40);
    expect(await turnsDuring(() => forecasts.of(balance, NOW_MS))).toBeLessThan(3);
  });

  it('is told with an interval, from what the account spent', async () => {
    // 31 days of 100 are spent, and 1,000 are left: today's share is spent already, so ten days from midnight.
    const runOut = await createBalanceForecasts(store.balances).of(await account('steady', 4100n, 30), NOW_MS);
    const midnight = 20_001 * DAY_MS;
    expect(runOut.status).toBe('runs_out');
    expect(runOut.days).toBe(30);
    expect((runOut.midMs ?? 0) - midnight).toBeGreaterThan(9 * DAY_MS);
    expect((runOut.midMs ?? 0) - midnight).toBeLessThan(11 * DAY_MS);
    expect(runOut.lowMs).toBeLessThan(runOut.midMs ?? 0);
    expect(runOut.highMs).toBeGreaterThan(runOut.midMs ?? Infinity);
    expect(runOut.lowMs).toBeGreaterThan(NOW_MS);
  });

  it('is at the latest when all of it expires', async () => {
    const expiresAtMs = NOW_MS + 3 * DAY_MS;
    const runOut = await createBalanceForecasts(store.balances).of(
      await account('expiring', 90_000n, 20, expiresAtMs),
      NOW_MS,
    );
    expect(runOut).toMatchObject({ status: 'runs_out', midMs: expiresAtMs, highMs: expiresAtMs });
    expect(daysLeftOf(runOut, NOW_MS)).toBe(3);
  });

  it('is beyond a year where much is left, and unknown where little was spent', async () => {
    const forecasts = createBalanceForecasts(store.balances);
    const plenty = await forecasts.of(await account('plenty', 10_000_000n, 20), NOW_MS);
    expect(plenty).toMatchObject({ status: 'not_within_horizon', midMs: undefined });
    const young = await forecasts.of(await account('young', 1000n, 2), NOW_MS);
    expect(young).toEqual({
      status: 'not_enough_history',
      lowMs: undefined,
      midMs: undefined,
      highMs: undefined,
      days: 2,
    });
    const empty = await forecasts.of(await account('empty', 500n, 4), NOW_MS);
    expect(empty.status).toBe('used_up');
    expect([plenty, young, empty].map((runOut) => daysLeftOf(runOut, NOW_MS))).toEqual([undefined, undefined, 0]);
  });

  it('is told anew when something is granted', async () => {
    const forecasts = createBalanceForecasts(store.balances);
    const before = await account('granted', 3100n, 20);
    const first = await forecasts.of(before, NOW_MS);
    await store.balances.grant({ ...before, amount: 2000n, by: 'ada', nowMs: NOW_MS, idempotencyKey: 'more' });
    const after = await store.balances.find({ ...before, nowMs: NOW_MS });
    if (after === undefined) throw new Error('the account is gone');
    const second = await forecasts.of(after, NOW_MS + 1000);
    expect((second.midMs ?? 0) - (first.midMs ?? 0)).toBeGreaterThan(15 * DAY_MS);
    expect(await forecasts.of(after, NOW_MS + 2000)).toBe(second);
  });
});
