// What prepaid balances cost, on disk with each answer; and whether any operation is lost or done twice when writers are killed in the middle.

import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openControlStore, type ControlStore, type ControlStoreOptions } from '@turnmeter/control-store';
import { playKills } from '../packages/control-store/test/crash/play-kills.ts';
import { format, median, printTable } from './figures.ts';

export interface BalancesOptions {
  readonly operations: number;
  readonly kills: number;
  readonly writers: number;
  readonly rounds: number;
  /** PostgreSQL instead of a file. */
  readonly url?: string;
}

/** Of one round, for each number of requests at a time. */
const MEASURED = 2000;
const AT_ONCE: readonly number[] = [1, 16, 256];
const ACCOUNTS = 20;

export async function run({ operations, kills, writers, rounds, url }: BalancesOptions): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'turnmeter-bench-balances-'));
  const place = url === undefined ? { file: path.join(folder, 'control.sqlite') } : { url };
  try {
    await measureSpeed(place, rounds, path.join(folder, 'bare.sqlite'));
    await measureKills(place, { operations, kills, writers });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureSpeed(place: ControlStoreOptions, rounds: number, bareFile: string): Promise<void> {
  const store = await openControlStore(place);
  const speeds = new Map<string, number[]>();
  const add = (name: string, perSecond: number): void =>
    void speeds.set(name, [...(speeds.get(name) ?? []), perSecond]);
  for (let round = 0; round < rounds; round++) {
    for (const atOnce of AT_ONCE)
      add(`reserve and settle, ${atOnce} at once`, await speedOf(store, `${round}-${atOnce}`, atOnce));
    add('baseline: a row inserted and committed in SQLite', bareSpeed(bareFile));
  }
  await store.stop();
  const rows = [...speeds].map(([name, values]) => [
    name,
    format(median(values)),
    `${format(Math.min(...values))} to ${format(Math.max(...values))}`,
  ]);
  printTable(['each on disk when it is answered', 'a second', `of ${rounds} rounds`], rows);
}

/** Operations a second: half of them reserve, half settle. */
async function speedOf({ balances }: ControlStore, round: string, atOnce: number): Promise<number> {
  const request = { tenant: 'bench', unit: 'tokens', by: 'bench', nowMs: Date.now() } as const;
  const accountOf = (client: number): string => `speed-${client % ACCOUNTS}`;
  for (let at = 0; at < ACCOUNTS; at++) {
    const grant = {
      ...request,
      account: accountOf(at),
      amount: BigInt(MEASURED),
      idempotencyKey: `grant-${round}-${at}`,
    };
    await balances.grant(grant);
  }
  const startedAt = performance.now();
  const client = async (of: number): Promise<void> => {
    for (let at = of; at < MEASURED / 2; at += atOnce) {
      const asked = { ...request, account: accountOf(of) };
      const { entry } = await balances.reserve({ ...asked, amount: 10n, idempotencyKey: `r-${round}-${at}` });
      await balances.settle({ ...asked, amount: 1n, reservation: entry.sequence, idempotencyKey: `s-${round}-${at}` });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, of) => client(of)));
  return MEASURED / ((performance.now() - startedAt) / 1000);
}

/** What the disk allows one writer that waits for it. */
function bareSpeed(file: string): number {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS rows (amount INTEGER) STRICT',
  );
  const insert = database.prepare('INSERT INTO rows VALUES (?)');
  const startedAt = performance.now();
  for (let at = 0; at < MEASURED / 4; at++) insert.run(at);
  const perSecond = MEASURED / 4 / ((performance.now() - startedAt) / 1000);
  database.close();
  return perSecond;
}

async function measureKills(
  place: ControlStoreOptions,
  options: Pick<BalancesOptions, 'operations' | 'kills' | 'writers'>,
): Promise<void> {
  const report = await playKills({ ...place, ...options, accounts: ACCOUNTS, atOnce: 128 });
  const { answered, refused, askedAgain, entries, writingSeconds, replaySeconds } = report;
  console.log('');
  printTable(
    [`${options.writers} writers, each killed ${options.kills} times with kill -9`, ''],
    [
      ['answered', format(answered)],
      ['refused, as there was too little', format(refused)],
      ['asked again, as the answer was cut off', format(askedAgain)],
      ['answered a second, with new starts', format(answered / writingSeconds)],
      ['lost', format(report.lost.length)],
      ['twice, or never asked', format(report.unknown.length)],
      ['negative balances', format(report.negative)],
      [`found by replaying ${format(entries)} entries`, format(report.findings.length)],
      ['entries replayed a second', format(entries / replaySeconds)],
    ],
  );
  const wrong = report.lost.length + report.unknown.length + report.negative + report.findings.length;
  if (wrong > 0) throw new Error(`The ledger is wrong: ${JSON.stringify(report).slice(0, 2000)}`);
}
