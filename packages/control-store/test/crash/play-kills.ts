// Writers that are killed in the middle of what they do, again and again, and what the ledger says of it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openControlStore, type ControlStoreOptions } from '../../src/index.ts';
import { perform, TENANT, UNIT, type Line, type Operation } from './operation.ts';
import type { WriterOptions } from './writer.ts';

export interface KillsOptions extends ControlStoreOptions {
  /** Answered operations, in all. */
  readonly operations: number;
  /** Kills of each writer. */
  readonly kills: number;
  /** Processes at a time. */
  readonly writers: number;
  readonly accounts: number;
  /** Requests of a writer at a time. */
  readonly atOnce: number;
}

export interface KillsReport {
  readonly answered: number;
  readonly refused: number;
  /** Asked again, as the process was killed before it told the answer. */
  readonly askedAgain: number;
  /** Answered, and not in the ledger, or as another entry. */
  readonly lost: readonly string[];
  /** In the ledger, and neither answered nor asked again. */
  readonly unknown: readonly string[];
  /** What replaying the ledger found. */
  readonly findings: readonly string[];
  readonly negative: number;
  readonly entries: number;
  readonly writingSeconds: number;
  readonly replaySeconds: number;
}

interface Told {
  /** Operations that were asked and not answered. */
  readonly open: Map<string, Operation>;
  /** The account and entry of each that was answered. */
  readonly answered: Map<string, string>;
  refused: number;
}

const WRITER = path.join(import.meta.dirname, 'writer.ts');

export async function playKills(options: KillsOptions): Promise<KillsReport> {
  const { writers, kills, operations } = options;
  const told: Told = { open: new Map(), answered: new Map(), refused: 0 };
  let askedAgain = 0;
  const start = performance.now();
  for (let round = 0; round <= kills; round++) {
    const again = [...told.open.values()];
    askedAgain += again.length;
    const until = Math.ceil(((round + 1) / (kills + 1)) * operations);
    const playing = Array.from({ length: writers }, (_, at) =>
      writeUntilKilled(options, {
        told,
        until,
        writer: `w${round}-${at}`,
        again: again.filter((_operation, index) => index % writers === at),
      }),
    );
    await Promise.all(playing);
  }
  const writingSeconds = (performance.now() - start) / 1000;
  // The last ones to be killed left some open, too.
  askedAgain += told.open.size;
  await finishOpen(options, told);
  return { ...(await compare(options, told)), refused: told.refused, askedAgain, writingSeconds };
}

async function writeUntilKilled(
  { accounts, atOnce, file, url }: KillsOptions,
  {
    told,
    until,
    writer,
    again,
  }: { readonly told: Told; readonly until: number; readonly writer: string; readonly again: readonly Operation[] },
): Promise<void> {
  const place = file === undefined ? { url } : { file };
  const options = { ...place, writer, accounts, atOnce, again } as WriterOptions;
  const child = spawn(process.execPath, [WRITER, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'close');
  for await (const text of createInterface({ input: child.stdout })) {
    hear(told, text);
    if (told.answered.size >= until) child.kill('SIGKILL');
  }
  const [code, signal] = (await exited) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`A writer ended by itself, with ${code ?? signal ?? 'nothing'}.`);
}

/** The last line may be cut: then its answer was not told. */
function hear(told: Told, text: string): void {
  if (!text.endsWith('}')) return;
  const line = JSON.parse(text) as Line;
  const { key } = line;
  if (line.is === 'asked') {
    told.open.set(key, line);
    return;
  }
  const operation = told.open.get(key);
  told.open.delete(key);
  if (line.is === 'refused') told.refused += 1;
  else told.answered.set(key, `${operation?.account ?? ''} ${line.entry}`);
}

async function finishOpen(options: KillsOptions, told: Told): Promise<void> {
  const store = await openControlStore(options.file === undefined ? { url: options.url } : { file: options.file });
  try {
    for (const [key, operation] of told.open) {
      const answer = await perform(store, operation).catch(() => undefined);
      if (answer === undefined) told.refused += 1;
      else told.answered.set(key, `${operation.account} ${answer.entry.sequence}`);
    }
    told.open.clear();
  } finally {
    await store.stop();
  }
}

async function compare(
  { accounts, file, url }: KillsOptions,
  { answered }: Told,
): Promise<Omit<KillsReport, 'refused' | 'askedAgain' | 'writingSeconds'>> {
  const store = await openControlStore(file === undefined ? { url } : { file });
  try {
    const start = performance.now();
    const replay = await store.balances.replay({ tenant: TENANT });
    const replaySeconds = (performance.now() - start) / 1000;
    const missing = new Map(answered);
    const unknown: string[] = [];
    let negative = 0;
    for (let at = 0; at < accounts; at++) {
      const account = `account-${at}`;
      for (let before: number | undefined; ;) {
        const entries = await store.balances.entries({ tenant: TENANT, account, unit: UNIT, before, limit: 1000 });
        for (const { idempotencyKey: key, sequence, freeAfter, reservedAfter, spentAfter } of entries) {
          if (freeAfter < 0n || reservedAfter < 0n || spentAfter < 0n) negative += 1;
          if (key === null) continue;
          if (missing.get(key) === `${account} ${sequence}`) missing.delete(key);
          else unknown.push(key);
        }
        before = entries.at(-1)?.sequence;
        if (entries.length < 1000) break;
      }
    }
    const findings = replay.findings.map(({ account, sequence, detail }) => `${account} ${sequence ?? ''}: ${detail}`);
    const { entries } = replay;
    return { answered: answered.size, lost: [...missing.keys()], unknown, findings, negative, entries, replaySeconds };
  } finally {
    await store.stop();
  }
}
