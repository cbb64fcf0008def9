// `turnmeter backup`, then pg_dump, of a service that goes on; then all that came later is lost, and the service goes on from there.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, runService } from '../../packages/aggregator/test/cli/running-service.ts';
import { runTurnmeter } from '../../packages/aggregator/test/cli/run-turnmeter.ts';
import { until } from '../../packages/aggregator/test/save/running-engine.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** As far as these tests read it. */
interface Answer {
  readonly entry: number;
  readonly free_after: string;
  readonly reserved_after: string;
  readonly spent_after: string;
}

interface Balance {
  readonly free: string;
  readonly reserved: string;
  readonly spent: string;
  readonly entries: number;
}

const ACCOUNTS = ['acme', 'globex', 'initech'] as const;
const GRANTED = 1_000_000;
const RESERVED = 500;
/** Who spends of each account at the same time. */
const SPENDERS = 3;

let folder: string;
let postgres: PostgresServer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-dump-'));
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** @returns the answer, and whether the request had been answered before. */
async function operate(
  { apiUrl }: RunningService,
  target: string,
  { key, ...body }: { readonly key: string } & Readonly<Record<string, unknown>>,
): Promise<Answer & { readonly isRepeated: boolean }> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const url = `${apiUrl}/api/v1/balances/${target}`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${target} was answered with ${answer.status}: ${await answer.text()}`);
  const isRepeated = answer.headers.get('idempotent-replayed') === 'true';
  return { ...((await answer.json()) as Answer), isRepeated };
}

async function balanceOf(service: RunningService, account: string): Promise<Balance> {
  return (await service.json<{ readonly balance: Balance }>('balance', 'show', account)).balance;
}

/** What was answered of one account, by the number of the entry. */
type Answered = Map<number, Answer & { readonly key: string; readonly amount: number }>;

/** Spends of all accounts, each spender one amount after the other, until it is told to stop. */
function spendOn(service: RunningService): {
  readonly answered: ReadonlyMap<string, Answered>;
  stop(): Promise<void>;
} {
  let isStopped = false;
  const answered = new Map(ACCOUNTS.map((account) => [account as string, new Map() as Answered]));
  const spend = async (account: string, spender: number): Promise<void> => {
    for (let count = 1; !isStopped; count++) {
      const key = `${account}-${spender}-${count}`;
      const amount = (count % 7) + 1;
      const answer = await operate(service, `${account}/deduct`, { key, unit: 'tokens', amount });
      answered.get(account)?.set(answer.entry, { ...answer, key, amount });
      // All of them are done again in the end.
      await wait(10);
    }
  };
  const spending = ACCOUNTS.flatMap((account) =>
    Array.from({ length: SPENDERS }, (_, spender) => spend(account, spender)),
  );
  return {
    answered,
    stop: async () => {
      isStopped = true;
      await Promise.all(spending);
    },
  };
}

function lastOf(answered: Answered | undefined): number {
  return Math.max(0, ...(answered?.keys() ?? []));
}

/** The URL of another database of the same server. */
function databaseUrl(name: string): string {
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return url.href;
}

describe('a control store in PostgreSQL', () => {
  it('is dumped while balances change, and goes on from there in a new database to the last token', async () => {
    const service = await runService({ TURNMETER_CONTROL_URL: postgres.url });
    for (const account of ACCOUNTS) {
      await operate(service, `${account}/grant`, { key: `grant-${account}`, unit: 'tokens', amount: GRANTED });
      await operate(service, `${account}/reserve`, { key: `reserve-${account}`, unit: 'tokens', amount: RESERVED });
    }
    const spending = spendOn(service);
    await until(() => ACCOUNTS.every((account) => lastOf(spending.answered.get(account)) > 20), 'spending');

    const backup = path.join(folder, 'backup');
    const { code, stderr } = await service.turnmeter('backup', backup);
    expect([code, stderr]).toEqual([0, expect.stringContaining('save those with pg_dump')]);
    const before = new Map(ACCOUNTS.map((account) => [account, lastOf(spending.answered.get(account))]));
    const dump = path.join(folder, 'control.dump');
    await postgres.run('pg_dump', '--format=custom', '--schema=turnmeter', `--file=${dump}`, postgres.url);
    const after = new Map(ACCOUNTS.map((account) => [account, lastOf(spending.answered.get(account))]));
    const goneOn = (account: (typeof ACCOUNTS)[number]): boolean =>
      lastOf(spending.answered.get(account)) > (after.get(account) ?? 0) + 20;
    await until(() => ACCOUNTS.every(goneOn), 'what is lost');
    await spending.stop();
    const ends = new Map<string, Balance>();
    for (const account of ACCOUNTS) ends.set(account, await balanceOf(service, account));
    await service.stop();

    await postgres.run('createdb', `--maintenance-db=${postgres.url}`, 'restored');
    const url = databaseUrl('restored');
    await postgres.run('pg_restore', '--exit-on-error', '--single-transaction', '--no-owner', `--dbname=${url}`, dump);
    const dataDir = path.join(folder, 'restored');
    expect((await runTurnmeter(['restore', backup, '--data-dir', dataDir])).code).toBe(0);
    const restored = await runService({ TURNMETER_CONTROL_URL: url }, { dataDir });
    try {
      for (const account of ACCOUNTS) {
        const answered = spending.answered.get(account) ?? new Map<never, never>();
        const found = await balanceOf(restored, account);
        // All that was answered before it began, and of what came meanwhile a beginning: the balance is what was answered then.
        expect(found.entries).toBeGreaterThanOrEqual(before.get(account) ?? 0);
        expect(found.entries).toBeLessThanOrEqual((after.get(account) ?? 0) + SPENDERS);
        const answer = answered.get(found.entries);
        expect({ free: answer?.free_after, reserved: answer?.reserved_after, spent: answer?.spent_after }).toEqual({
          free: found.free,
          reserved: `${RESERVED}`,
          spent: found.spent,
        });
        // Who repeats what was answered finds it done or does it now.
        for (const { key, amount, entry } of answered.values()) {
          const { isRepeated } = await operate(restored, `${account}/deduct`, { key, unit: 'tokens', amount });
          expect([key, isRepeated]).toEqual([key, entry <= found.entries]);
        }
        const { free, spent, entries } = ends.get(account) ?? found;
        expect(await balanceOf(restored, account)).toMatchObject({ free, spent, entries, reserved: `${RESERVED}` });
        const settled = { key: `settle-${account}`, unit: 'tokens', reservation: 2, amount: RESERVED - 100 };
        const { free_after: freeAfter } = await operate(restored, `${account}/settle`, settled);
        expect(freeAfter).toBe(`${Number(free) + 100}`);
      }
      expect(await restored.json('check')).toMatchObject({ ok: true });
    } finally {
      await restored.stop();
    }
  }, 300_000);

  it('is not restored over one that is there, of which nothing is lost', async () => {
    const dump = path.join(folder, 'control.dump');
    expect((await readFile(dump)).length).toBeGreaterThan(0);
    const count = async (): Promise<string> =>
      postgres.run('psql', '--tuples-only', '--command=SELECT count(*) FROM turnmeter.balance_entries', postgres.url);
    const before = await count();
    await expect(
      postgres.run('pg_restore', '--exit-on-error', '--single-transaction', `--dbname=${postgres.url}`, dump),
    ).rejects.toThrow(/schema "turnmeter" already exists/);
    expect(await count()).toBe(before);
  });
});
