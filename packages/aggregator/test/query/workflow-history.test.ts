import { afterAll, describe, expect, it } from 'vitest';
import { toldAssessor } from '../assess/told-assessor.ts';
import { call, type EntryRow, NOON_US, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();
const assessor = toldAssessor(ledger.client);
afterAll(() => assessor.stop());

/** Books a session whose turns, of ten seconds each, spend so many tokens; a token costs a nano-dollar. */
async function finalize(
  session_id: string,
  tokens: readonly number[],
  { tenant = 'acme', ...columns }: EntryRow & { readonly tenant?: string },
): Promise<void> {
  const of = { session_id, tenant, ...columns };
  await ledger.book(
    tokens.flatMap((input_tokens, at) => {
      const agent = at % 2 === 0 ? 'planner' : 'writer';
      const from = at * 10;
      return [
        turn(agent, [from, from + 10], of),
        call([from + 1, from + 9], { agent, input_tokens, output_tokens: 0, ...of }),
      ];
    }),
  );
  await assessor.finalize(tenant, session_id);
}

describe('history of a workflow', () => {
  it('has what each finalized session had spent by each turn', async () => {
    await finalize('h1', [100, 20, 3], { workflow: 'history' });
    expect(await queries.workflowHistory('acme', 'history')).toEqual([
      {
        id: 'h1',
        endedMs: NOON_US / 1000 + 30_000,
        entryAgent: 'planner',
        firstPromptTokens: 100,
        costsNanoUsd: [100, 120, 123],
        tokens: [100, 120, 123],
        durationsMs: [10_000, 20_000, 30_000],
        endCostNanoUsd: 123,
      },
    ]);
  });

  it('tells versions of the workflow apart', async () => {
    await finalize('v1', [100], { workflow: 'versions', workflow_version: '1' });
    await finalize('v', [100], { workflow: 'versions' });
    const read = await queries.workflowHistory('acme', 'versions');
    expect(Object.fromEntries(read.map(({ id, version }) => [id, version]))).toEqual({ v1: '1', v: undefined });
  });

  it('gives to turns what none of them spent, in proportion', async () => {
    await ledger.book([
      call([30, 31], {
        session_id: 'p1',
        workflow: 'proportion',
        agent: '',
        purpose: 'speaker_selection',
        input_tokens: 60,
        output_tokens: 0,
      }),
    ]);
    await finalize('p1', [100, 20], { workflow: 'proportion' });
    // 120 of turns and 60 of none: each turn's share is one and a half times its own.
    const [session] = await queries.workflowHistory('acme', 'proportion');
    expect(session).toMatchObject({ costsNanoUsd: [150, 180], tokens: [150, 180], endCostNanoUsd: 180 });
  });

  it('takes the latest, in order of their ends', async () => {
    for (const [at, day] of [3, 1, 2].entries()) {
      const shift = day * 86_400;
      const of = { session_id: `latest-${day}`, workflow: 'latest' };
      await ledger.book([turn('planner', [shift, shift + 10], of), call([shift, shift + 5 + at], of)]);
      await assessor.finalize('acme', `latest-${day}`);
    }
    const latest = await queries.workflowHistory('acme', 'latest', 2);
    expect(latest.map(({ id }) => id)).toEqual(['latest-2', 'latest-3']);
  });

  it('has nothing of other tenants and workflows, of running sessions, and of those that cost more than they say', async () => {
    await finalize('foreign', [1], { workflow: 'bounds', tenant: 'other' });
    await finalize('elsewhere', [1], { workflow: 'bounds-2' });
    await finalize('unpriced', [1], {
      workflow: 'bounds',
      cost_status: 'unpriced',
      cost_nano_usd: 0,
      unpriced_tokens: 1,
    });
    await ledger.book([turn('planner', [0, 10], { session_id: 'running', workflow: 'bounds' })]);
    expect(await queries.workflowHistory('acme', 'bounds')).toEqual([]);
  });
});
