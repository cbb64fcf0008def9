import { afterAll } from 'vitest';
import { createQueries, type Queries } from '../../src/query/queries.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { type LedgerDatabase, openLedger } from './ledger.ts';

/** An engine with a ledger, and what reads it, for all tests of the calling file; closed after the last of them. */
export async function openedLedger(): Promise<{
  readonly engine: RunningEngine;
  readonly ledger: LedgerDatabase;
  readonly queries: Queries;
}> {
  const engine = await runEngine();
  const ledger = await openLedger(engine.url);
  afterAll(async () => {
    await ledger.close();
    await engine.stop();
  });
  return { engine, ledger, queries: createQueries(ledger.client) };
}
