// Two aggregators with their policies, stops and keys in one PostgreSQL, which goes away in between.

import { type ControlStore, openControlStore } from '@turnmeter/control-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerDatabase, openLedger } from '../../packages/aggregator/test/query/ledger.ts';
import { runEngine, type RunningEngine, until } from '../../packages/aggregator/test/save/running-engine.ts';
import { readEvents } from '../../packages/aggregator/test/serve/event-reader.ts';
import { type Answer, type RunningApi, runApi } from '../../packages/aggregator/test/serve/running-api.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

let postgres: PostgresServer;
let engine: RunningEngine;
let ledger: LedgerDatabase;
let stores: readonly ControlStore[];
let one: RunningApi;
let other: RunningApi;
beforeAll(async () => {
  postgres = await startPostgres();
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  stores = await Promise.all([openControlStore({ url: postgres.url }), openControlStore({ url: postgres.url })]);
  const nowUs = (): number => Date.now() * 1000;
  [one, other] = await Promise.all([open(stores[0], nowUs), open(stores[1], nowUs)]);
});
afterAll(async () => {
  await one.stop();
  await other.stop();
  await Promise.all(stores.map((store) => store.stop()));
  await ledger.close();
  await engine.stop();
  await postgres.stop();
});

function open(store: ControlStore | undefined, nowUs: () => number): Promise<RunningApi> {
  if (store === undefined) throw new Error('there is no store');
  return runApi(ledger, { store, nowUs });
}

function send(api: RunningApi, method: string, target: string, body: object): Promise<Answer> {
  return api.send(method, `/api/v1${target}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function statusOf(api: RunningApi, usd: number): Promise<string> {
  const check = { workflow: 'w', current_cost: usd, current_tokens: 0 };
  return (await send(api, 'POST', '/cost/check', check)).body.status;
}

let sequence = 0;

/** What a guard is leased of a session by an aggregator. */
async function lease(api: RunningApi, guard: string): Promise<number> {
  const nothing = { spent_nano_usd: 0, spent_tokens: 0, reserved_nano_usd: 0, reserved_tokens: 0 };
  const session = {
    ...{ session_id: 's', workflow: 'w', workflow_version: null, is_over: false },
    ...{ ...nothing, leased_nano_usd: 0, leased_tokens: 0 },
  };
  const request = { guard_id: guard, sequence: ++sequence, sessions: [session], workflows: [], actions: [] };
  return (await send(api, 'POST', '/guard/sync', request)).body.sessions[0].leased_nano_usd;
}

describe('two aggregators on one PostgreSQL', () => {
  it('go by what either of them is told', async () => {
    expect(await statusOf(other, 2)).toBe('within_limits');
    expect((await send(one, 'PUT', '/policies', { policies: [{ workflow: 'w', usd: { stop: 1 } }] })).status).toBe(200);
    await until(async () => (await statusOf(other, 2)) === 'exceeded_limit', 'the policy');
    const reader = await readEvents(`${other.url}/api/v1/guard/events`);
    await one.send('POST', '/api/v1/workflows/w/stop');
    expect((await reader.next(({ event }) => event === 'stop_workflow')).data.workflow).toBe('w');
    await one.send('DELETE', '/api/v1/workflows/w/stop');
    expect((await reader.next(({ event }) => event === 'release')).data).toEqual({ workflow: 'w' });
    reader.close();
  });

  it('lease a session’s limit once', async () => {
    const leases = await Promise.all([lease(one, 'a'), lease(other, 'b'), lease(one, 'c'), lease(other, 'd')]);
    expect(leases.reduce((sum, nanoUsd) => sum + nanoUsd, 0)).toBeLessThanOrEqual(1e9);
    expect(Math.max(...leases)).toBeGreaterThan(0);
  });

  it('refuse policies that were written over by the other meanwhile', async () => {
    const { version } = (await one.get('/api/v1/policies')).body;
    const put = (api: RunningApi): Promise<Answer> =>
      api.send('PUT', '/api/v1/policies', {
        headers: { 'content-type': 'application/json', 'if-match': `"${version}"` },
        body: JSON.stringify({ policies: [{ workflow: 'w', usd: { stop: 1 } }] }),
      });
    const answers = await Promise.all([put(one), put(other)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
  });

  // The last: there is no PostgreSQL afterwards.
  it('go on by what was read last while it is away', async () => {
    await postgres.stop();
    await until(() => one.control.trouble !== '' && other.control.trouble !== '', 'the trouble');
    expect([await statusOf(one, 2), await statusOf(other, 2)]).toEqual(['exceeded_limit', 'exceeded_limit']);
    const refused = await send(one, 'PUT', '/policies', { policies: [] });
    expect([refused.status, refused.body.code]).toEqual([503, 'control_store_unavailable']);
    expect((await one.send('POST', '/api/v1/sessions/s/stop')).status).toBe(503);
  });
});
