import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createQueries } from '../../src/query/queries.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { type LedgerDatabase, openLedger } from './ledger.ts';

let engine: RunningEngine;
beforeAll(async () => (engine = await runEngine()));
afterAll(() => engine.stop());

let ledger: LedgerDatabase;
beforeEach(async () => (ledger = await openLedger(engine.url)));
afterEach(() => ledger.close());

/** The n-th session of a workflow; the last of a day began last. */
function summary(tenant: string, workflow: string, session: number, more: object = {}): object {
  return {
    tenant,
    workflow,
    day: '2026-11-21',
    session_id: `${workflow}-${session}`,
    version: 1,
    began_at: `2026-11-21 10:00:${String(session).padStart(2, '0')}.000000`,
    cost_nano_usd: 100 + session,
    cost_status: 'exact',
    ...more,
  };
}

describe('what finalized sessions of many workflows cost', () => {
  it('is what each of them is told alone', async () => {
    const names = [
      { tenant: 'acme', workflow: 'research' },
      { tenant: 'acme', workflow: 'line\nend "quote" \\' },
      { tenant: 'globex', workflow: 'research' },
      { tenant: 'globex', workflow: 'never' },
    ];
    await ledger.insert('session_summaries', [
      ...names
        .slice(0, 3)
        .flatMap(({ tenant, workflow }, at) =>
          Array.from({ length: 5 + at }, (_, session) => summary(tenant, workflow, session)),
        ),
      // Of nobody who asks, of an unknown price, amended, and taken back.
      summary('acme', 'other', 1),
      summary('acme', 'research', 20, { cost_status: 'unpriced' }),
      summary('acme', 'research', 1, { version: 2, cost_nano_usd: 5000 }),
      summary('globex', 'research', 2, { version: 2, is_deleted: 1 }),
    ]);
    const queries = createQueries(ledger.client);
    const together = await queries.finalizedCostsOf(names, 4);
    for (const { tenant, workflow } of names) {
      const alone = (await queries.finalizedCosts(tenant, workflow, 4)).map(({ costNanoUsd }) => costNanoUsd);
      const found = together.find((one) => one.tenant === tenant && one.workflow === workflow);
      expect((found?.costsNanoUsd ?? []).toSorted((a, b) => a - b)).toEqual(alone.toSorted((a, b) => a - b));
    }
    expect(together).toHaveLength(3);
  });
});
