import { afterAll } from 'vitest';
import { createQueries, type Queries } from '../../src/query/queries.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { type LedgerDatabase, openLedger } from './ledger.ts';

export interface OpenedLedger {
  readonly ledger: LedgerDatabase;
  readonly queries: Queries;
}

/** An engine in which each test of the calling file opens a ledger of its own, with what reads it; closed after the last of them. */
export async function freshLedgers(): Promise<() => Promise<OpenedLedger>> {
  const engine = await runEngine();
  const opened: LedgerDatabase[] = [];
  afterAll(async () => {
    for (const ledger of opened) await ledger.close();
    await engine.stop();
  });
  return async () => {
    const ledger = await openLedger(engine.url);
    opened.push(ledger);
    return { ledger, queries: createQueries(ledger.client) };
  };
}

/** An engine with a ledger, and what reads it, for all tests of the calling file; closed after the last of them. */
export async function openedLedger(): Promise<OpenedLedger & { readonly engine: RunningEngine }> {
  const engine = await runEngine();
  const ledger = await openLedger(engine.url);
  afterAll(async () => {
    await ledger.close();
    await engine.stop();
  });
  return { engine, ledger, queries: createQueries(ledger.client) };
}
