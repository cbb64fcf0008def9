import { beforeEach, describe, expect, it } from 'vitest';
import type { Queries } from '../../src/query/queries.ts';
import { call, type LedgerDatabase, turn } from './ledger.ts';
import { freshLedgers } from './opened-ledger.ts';

const openFresh = await freshLedgers();
let ledger: LedgerDatabase;
let queries: Queries;
beforeEach(async () => {
  ({ ledger, queries } = await openFresh());
});

/** A summary as it is written when a session is finalized, with the columns that matter here. */
function summary(sessionId: string, columns: Readonly<Record<string, unknown>>): object {
  return {
    tenant: 'acme',
    workflow: 'research',
    day: '2026-11-21',
    session_id: sessionId,
    version: 1,
    is_deleted: 0,
    cost_status: 'exact',
    ...columns,
  };
}

describe('sessionCosts', () => {
  it('adds up what stands for a session, and nothing of other tenants', async () => {
    const taken = call([3, 4], { session_id: 's1' });
    await ledger.book([
      call([1, 2], { session_id: 's1' }),
      turn('writer', [1, 2], { session_id: 's1' }),
      taken,
      call([1, 2], { session_id: 's1', tenant: 'globex', input_tokens: 5000 }),
    ]);
    await ledger.takeBack([taken]);
    const costs = await queries.sessionCosts('acme', ['s1', 'nobody']);
    // A call is 100 + 10 tokens, each for a nano-dollar.
    expect([...costs.keys()]).toEqual(['s1']);
    expect(costs.get('s1')).toMatchObject({
      workflow: 'research',
      costNanoUsd: 110n,
      tokens: 110,
      turns: 1,
      inferences: 1,
      errors: 0,
    });
  });

  it('names the workflow that became known late', async () => {
    const early = call([1, 2], { session_id: 's1', workflow: 'zebra' });
    await ledger.book([early]);
    await ledger.takeBack([early]);
    await ledger.book([{ ...early, workflow: 'ants' }, call([2, 3], { session_id: 's1', workflow: '' })]);
    expect((await queries.sessionCosts('acme', ['s1'])).get('s1')?.workflow).toBe('ants');
  });

  it('names the version of the workflow that was used last, also one that became known late', async () => {
    const early = call([1, 2], { session_id: 's1' });
    await ledger.book([early, call([1, 2], { session_id: 's2', workflow_version: '9' })]);
    await ledger.takeBack([early]);
    await ledger.book([
      { ...early, workflow_version: '7' },
      call([5, 6], { session_id: 's2', workflow_version: '10' }),
      call([8, 9], { session_id: 's2' }),
    ]);
    const costs = await queries.sessionCosts('acme', ['s1', 's2']);
    expect(costs.get('s1')).toMatchObject({ workflowVersion: '7', tokens: 110 });
    expect(costs.get('s2')).toMatchObject({ workflowVersion: '10', tokens: 330 });
  });

  it('knows nothing of a session all of which was taken back', async () => {
    const only = call([1, 2], { session_id: 's1' });
    await ledger.book([only]);
    await ledger.takeBack([only]);
    expect(await queries.sessionCosts('acme', ['s1'])).toEqual(new Map());
  });
});

describe('movedSessions', () => {
  it('finds what was booked to since, with all that stands for it', async () => {
    await ledger.book([call([1, 2], { session_id: 'early' }), call([1, 2], { session_id: 'both' })]);
    const [before] = [...(await queries.sessionCosts('acme', ['early'])).values()];
    await ledger.book([call([2, 3], { session_id: 'both' }), call([2, 3], { session_id: '' })]);
    const moved = await queries.movedSessions('acme', before?.bookedUs ?? 0, 100);
    expect([...moved.keys()]).toEqual(['both']);
    expect(moved.get('both')?.costNanoUsd).toBe(220n);
    expect(await queries.movedSessions('globex', 0, 100)).toEqual(new Map());
  });
});

describe('runningCosts', () => {
  it('leaves out what is finalized', async () => {
    await ledger.book([call([1, 2], { session_id: 'runs' }), call([1, 2], { session_id: 'over' })]);
    await ledger.insert('session_summaries', [summary('over', {})]);
    expect([...(await queries.runningCosts('acme', 100)).keys()]).toEqual(['runs']);
  });
});

describe('finalizedCosts', () => {
  it('lists the latest sessions of a workflow of which the whole cost is known', async () => {
    await ledger.insert('session_summaries', [
      summary('a', { cost_nano_usd: 100, tokens: 10 }),
      summary('b', { cost_nano_usd: 300, day: '2026-11-22', workflow_version: '2' }),
      summary('unpriced', { cost_nano_usd: 0, cost_status: 'unpriced' }),
      summary('partly', { cost_nano_usd: 1, cost_status: 'partial' }),
      summary('amended', { cost_nano_usd: 1, day: '2026-11-20' }),
      summary('moved', { cost_nano_usd: 7 }),
      summary('elsewhere', { cost_nano_usd: 9, workflow: 'review' }),
      summary('theirs', { cost_nano_usd: 9, tenant: 'globex' }),
    ]);
    await ledger.insert('session_summaries', [
      summary('amended', { cost_nano_usd: 200, day: '2026-11-20', version: 2 }),
      summary('moved', { version: 2, is_deleted: 1 }),
    ]);
    const costs = await queries.finalizedCosts('acme', 'research', 100);
    expect(
      costs.map(({ sessionId, costNanoUsd, workflowVersion }) => [sessionId, costNanoUsd, workflowVersion]),
    ).toEqual([
      ['b', 300, '2'],
      ['a', 100, ''],
      ['amended', 200, ''],
    ]);
    expect(await queries.finalizedCosts('acme', 'research', 1)).toHaveLength(1);
  });
});

describe('finalizedSince', () => {
  it('finds what was written after a time', async () => {
    await ledger.insert('session_summaries', [
      summary('old', { version: 5 }),
      summary('new', { version: 9 }),
      summary('moved', { version: 9, is_deleted: 1 }),
      summary('theirs', { version: 9, tenant: 'globex' }),
    ]);
    expect(await queries.finalizedSince('acme', 5, 100)).toEqual(new Map([['new', 9]]));
  });
});

describe('finalizedAmong', () => {
  it('knows which of some sessions are finalized', async () => {
    await ledger.insert('session_summaries', [
      summary('over', {}),
      summary('gone', {}),
      summary('theirs', { tenant: 'globex' }),
    ]);
    await ledger.insert('session_summaries', [summary('gone', { version: 2, is_deleted: 1 })]);
    expect(await queries.finalizedAmong('acme', ['over', 'gone', 'theirs', 'runs'])).toEqual(new Set(['over']));
    expect(await queries.finalizedAmong('acme', [])).toEqual(new Set());
  });
});
