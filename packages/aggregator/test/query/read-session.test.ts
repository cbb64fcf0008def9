import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueries, type Queries } from '../../src/query/queries.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { call, entry, type LedgerDatabase, NOON_US, openLedger, turn } from './ledger.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let queries: Queries;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  queries = createQueries(ledger.client);
});
afterAll(async () => {
  await ledger.close();
  await engine.stop();
});

describe('a session', () => {
  it('is what stands in the ledger', async () => {
    const session_id = 'stands';
    const first = call([1, 2], { session_id, input_tokens: 100 });
    await ledger.book([turn('writer', [0, 5], { session_id }), first, call([3, 4], { session_id, input_tokens: 50 })]);
    await ledger.takeBack([first], 'copy');
    const session = await queries.session('acme', session_id);
    console.log(JSON.stringify(session, (_, v) => (typeof v === 'bigint' ? `${v}` : v), 1));
    expect(session?.figures.beganUs).toBe(NOON_US);
    const page = await queries.sessions('acme', { filter: {}, limit: 10 });
    console.log(page.sessions.length);
  });
});
void entry;
