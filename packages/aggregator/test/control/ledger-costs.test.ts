import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LedgerCosts } from '../../src/control/ledger-costs.ts';
import { createQueries, type Queries } from '../../src/query/queries.ts';
import { call, type LedgerDatabase, openLedger } from '../query/ledger.ts';
import { runEngine, type RunningEngine, until } from '../save/running-engine.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  await ledger.book([call([1, 2], { session_id: 'a' }), call([1, 2], { session_id: 'b' })]);
});
afterAll(async () => {
  await ledger.close();
  await engine.stop();
});

interface Watched {
  readonly costs: LedgerCosts;
  /** Sessions of each question to the database. */
  readonly asked: (readonly string[])[];
  readonly failures: unknown[];
  readonly clock: { ms: number };
}

/** Over the real ledger, counting what it is asked. */
function watched(queries: Pick<Queries, 'sessionCosts'> = createQueries(ledger.client)): Watched {
  const asked: (readonly string[])[] = [];
  const failures: unknown[] = [];
  const clock = { ms: 0 };
  const costs = new LedgerCosts({
    queries: {
      sessionCosts: (tenant, sessionIds) => {
        asked.push(sessionIds);
        return queries.sessionCosts(tenant, sessionIds);
      },
    },
    onFailure: (error) => failures.push(error),
    nowMs: () => clock.ms,
  });
  return { costs, asked, failures, clock };
}

describe('LedgerCosts', () => {
  it('reads all that is asked for at once by one question', async () => {
    const { costs, asked } = watched();
    const found = await Promise.all(['a', 'b', 'a', 'nobody'].map((id) => costs.of('acme', id)));
    expect(found.map((cost) => cost?.costNanoUsd)).toEqual([110n, 110n, 110n, undefined]);
    expect(asked).toEqual([['a', 'b', 'nobody']]);
  });

  it('answers from memory within a second, and then while it reads anew', async () => {
    const { costs, asked, clock } = watched();
    await costs.of('acme', 'a');
    await costs.of('acme', 'a');
    expect(asked).toHaveLength(1);
    await ledger.book([call([2, 3], { session_id: 'a' })]);
    clock.ms = 1500;
    expect((await costs.of('acme', 'a'))?.costNanoUsd).toBe(110n);
    await until(async () => (await costs.of('acme', 'a'))?.costNanoUsd === 220n, 'the newer figures');
    expect(asked).toHaveLength(2);
  });

  it('has somebody wait for figures that nobody has asked for in a while', async () => {
    const { costs, asked, clock } = watched();
    await costs.of('acme', 'b');
    await ledger.book([call([2, 3], { session_id: 'b' })]);
    clock.ms = 60_000;
    expect((await costs.of('acme', 'b'))?.costNanoUsd).toBe(220n);
    expect(asked).toHaveLength(2);
  });

  it('tells tenants apart', async () => {
    const { costs } = watched();
    expect(await costs.of('globex', 'a')).toBeUndefined();
  });

  it('answers what it knew while the database is away, and says that it is', async () => {
    const queries = createQueries(ledger.client);
    let isAway = false;
    const { costs, failures, clock } = watched({
      sessionCosts: (tenant, ids) => (isAway ? Promise.reject(new Error('away')) : queries.sessionCosts(tenant, ids)),
    });
    const before = await costs.of('acme', 'a');
    isAway = true;
    clock.ms = 60_000;
    expect(await costs.of('acme', 'a')).toEqual(before);
    expect(failures).toEqual([new Error('away')]);
  });
});
