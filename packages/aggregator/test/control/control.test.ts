// What several aggregators on one control store know of each other, what is left after a restart, and what goes on while the store is away.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type ControlStore, openControlStore } from '@turnmeter/control-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openedLedger } from '../query/opened-ledger.ts';
import { until } from '../save/running-engine.ts';
import { readEvents } from '../serve/event-reader.ts';
import { type Answer, type ApiTestOptions, keyNamed, type RunningApi, runApi } from '../serve/running-api.ts';

const { ledger } = await openedLedger();

async function temporaryFile(): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-control-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return path.join(directory, 'control.sqlite');
}

/** An aggregator's API on a store that stays the test's. */
async function start(store: ControlStore, options: ApiTestOptions = {}): Promise<RunningApi> {
  return runApi(ledger, { store, nowUs: () => Date.now() * 1000, ...options });
}

function put(api: RunningApi, policies: readonly object[]): Promise<Answer> {
  return sendJson(api, 'PUT', '/api/v1/policies', { policies });
}

function sendJson(api: RunningApi, method: string, target: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return api.send(method, target, { headers, body: JSON.stringify(body) });
}

function check(api: RunningApi, usd: number): Promise<Answer> {
  return sendJson(api, 'POST', '/api/v1/cost/check', { workflow: 'w', current_cost: usd, current_tokens: 0 });
}

let sequence = 0;

async function sync(
  api: RunningApi,
  guard: string,
  told: { readonly spent: number; readonly leased: number },
): Promise<Answer> {
  const session = {
    session_id: 's',
    workflow: 'w',
    workflow_version: null,
    spent_nano_usd: told.spent,
    spent_tokens: 0,
    reserved_nano_usd: 0,
    reserved_tokens: 0,
    leased_nano_usd: told.leased,
    leased_tokens: 0,
    is_over: false,
  };
  const body = { guard_id: guard, sequence: ++sequence, sessions: [session], workflows: [], actions: [] };
  return sendJson(api, 'POST', '/api/v1/guard/sync', body);
}

describe('several aggregators on one store', () => {
  it('see each other’s policies, stops and keys', async () => {
    const store = await openControlStore({ file: await temporaryFile() });
    onTestFinished(() => store.stop());
    const keys = [keyNamed('of-operator', '*')];
    const [one, other] = [await start(store, { keys }), await start(store, { keys })];
    onTestFinished(async () => void (await Promise.all([one.stop(), other.stop()])));
    const headers = { authorization: 'Bearer of-operator', 'x-scope-orgid': 'default' };
    const reader = await readEvents(`${other.url}/api/v1/guard/events`, headers);
    onTestFinished(() => reader.close());
    await reader.next(({ event }) => event === 'policies');
    // Policies are known to the other before they change.
    expect((await other.get('/api/v1/policies', headers)).body.policies).toEqual([]);
    const json = { ...headers, 'content-type': 'application/json' };
    const body = JSON.stringify({ policies: [{ workflow: 'w', usd: { stop: 1 } }] });
    expect((await one.send('PUT', '/api/v1/policies', { headers: json, body })).status).toBe(200);
    await reader.next(({ event }) => event === 'policies');
    expect((await other.get('/api/v1/policies', headers)).body.policies).toMatchObject([{ usd: { stop: 1 } }]);
    await one.send('POST', '/api/v1/sessions/s/stop', { headers });
    expect((await reader.next(({ event }) => event === 'stop_session')).data.session_id).toBe('s');
    await one.send('DELETE', '/api/v1/sessions/s/stop', { headers });
    expect((await reader.next(({ event }) => event === 'release')).data.session_id).toBe('s');
    const made = await one.send('POST', '/api/v1/keys', {
      headers: json,
      body: JSON.stringify({ name: 'k', tenants: ['default'] }),
    });
    const own = { authorization: `Bearer ${made.body.key}` };
    await until(async () => (await other.get('/api/v1/stops', own)).status === 200, 'the key');
    await one.send('DELETE', '/api/v1/keys/k', { headers });
    await until(async () => (await other.get('/api/v1/stops', own)).status === 401, 'a key that is revoked');
  });

  it('lease one session’s limit once', async () => {
    const store = await openControlStore({ file: await temporaryFile() });
    onTestFinished(() => store.stop());
    const [one, other] = [await start(store), await start(store)];
    onTestFinished(async () => void (await Promise.all([one.stop(), other.stop()])));
    await put(one, [{ workflow: 'w', usd: { stop: 1 } }]);
    await other.control.catchUp();
    const first = (await sync(one, 'a', { spent: 0, leased: 0 })).body.sessions[0].leased_nano_usd;
    const second = (await sync(other, 'b', { spent: 0, leased: 0 })).body.sessions[0].leased_nano_usd;
    expect(first).toBeGreaterThan(0);
    expect(first + second).toBeLessThanOrEqual(1e9);
  });
});

describe('a restart', () => {
  it('keeps policies, stops and leases', async () => {
    const file = await temporaryFile();
    const before = await openControlStore({ file });
    const old = await start(before);
    await put(old, [{ workflow: 'w', usd: { stop: 1 } }]);
    await old.send('POST', '/api/v1/workflows/w/stop');
    const first = (await sync(old, 'a', { spent: 0, leased: 0 })).body.sessions[0].leased_nano_usd;
    await old.stop();
    await before.stop();

    const after = await openControlStore({ file });
    onTestFinished(() => after.stop());
    const young = await start(after);
    onTestFinished(() => young.stop());
    expect((await young.get('/api/v1/policies')).body).toMatchObject({ version: 1, policies: [{ usd: { stop: 1 } }] });
    expect((await young.get('/api/v1/stops')).body.stops).toMatchObject([{ workflow: 'w' }]);
    const { body } = await sync(young, 'b', { spent: 0, leased: 0 });
    expect(body.sessions[0].leased_nano_usd + first).toBeLessThanOrEqual(1e9);
    expect(body.sessions[0].stop.reason).toBe('stopped by hand');
  });
});

describe('while the control store is away', () => {
  it('checks go on by the policies that were read last, writing is refused, and readiness says so', async () => {
    const store = await openControlStore({ file: await temporaryFile() });
    const api = await start(store);
    onTestFinished(() => api.stop());
    await put(api, [{ workflow: 'w', usd: { stop: 1 } }]);
    await api.send('POST', '/api/v1/sessions/s/stop');
    expect((await check(api, 2)).body.status).toBe('exceeded_limit');
    await store.stop();
    await until(() => api.control.trouble !== '', 'the trouble');
    expect((await check(api, 2)).body.status).toBe('exceeded_limit');
    expect((await api.get('/api/v1/stops')).body.stops).toMatchObject([{ session_id: 's' }]);
    const refused = await put(api, []);
    expect([refused.status, refused.body.code]).toEqual([503, 'control_store_unavailable']);
    expect((await sync(api, 'a', { spent: 0, leased: 0 })).status).toBe(503);
    // Nobody is let off because nobody can be asked.
    const headers = { 'content-type': 'application/json', 'x-scope-orgid': 'never-asked' };
    const body = JSON.stringify({ workflow: 'w', current_cost: 2, current_tokens: 0 });
    expect((await api.send('POST', '/api/v1/cost/check', { headers, body })).status).toBe(503);
  });
});
