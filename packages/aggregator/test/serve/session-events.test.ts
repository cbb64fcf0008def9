// Streams of sessions as they run: over real sockets and a real database.

import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call, turn } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { until } from '../save/running-engine.ts';
import { type EventReader, readEvents } from './event-reader.ts';
import { keyNamed, type ApiTestOptions, type RunningApi, runApi } from './running-api.ts';

const { ledger, queries } = await openedLedger();

let count = 0;

/** An API of its own, and a tenant of its own. */
async function start(options: ApiTestOptions = {}): Promise<{ readonly api: RunningApi; readonly tenant: string }> {
  const api = await runApi(ledger, { nowUs: () => Date.now() * 1000, ...options });
  onTestFinished(() => api.stop());
  return { api, tenant: `tenant-${++count}` };
}

async function listen(api: RunningApi, path: string, headers: Readonly<Record<string, string>>): Promise<EventReader> {
  const reader = await readEvents(`${api.url}/api/v1${path}`, headers);
  onTestFinished(() => reader.close());
  return reader;
}

describe('GET /events', () => {
  it('begins with what runs, and goes on with what moves', async () => {
    const { api, tenant } = await start();
    await ledger.book([call([1, 2], { tenant, session_id: 'a' }), turn('writer', [1, 2], { tenant, session_id: 'a' })]);
    const reader = await listen(api, '/events', { 'x-scope-orgid': tenant });
    const first = await reader.next(({ event }) => event === 'session');
    // A call is 110 tokens, each for a nano-dollar.
    expect(first.data).toMatchObject({
      session_id: 'a',
      workflow: 'research',
      state: 'running',
      cost: { nano_usd: '110' },
      tokens: 110,
      turns: 1,
      status: 'within_limits',
      level: 'ok',
      expected_cost: null,
      is_stopped: false,
    });
    expect((await reader.next(({ event }) => event === 'ready')).data).toEqual({ sessions: 1 });
    await ledger.book([
      call([2, 3], { tenant, session_id: 'a' }),
      call([2, 3], { tenant, session_id: 'b', workflow: 'review' }),
    ]);
    expect((await reader.next(({ data }) => data.session_id === 'a')).data.cost.nano_usd).toBe('220');
    const seen = reader.events().filter(({ data }) => data.session_id === 'b');
    expect(seen.length).toBeLessThanOrEqual(1);
    await until(() => reader.events().some(({ data }) => data.session_id === 'b'), 'the other session');
  });

  it('tells only of the workflow that was asked for, and of no other tenant', async () => {
    const { api, tenant } = await start();
    const reader = await listen(api, '/events?workflow=review', { 'x-scope-orgid': tenant });
    await reader.next(({ event }) => event === 'ready');
    await ledger.book([
      call([1, 2], { tenant, session_id: 'x', workflow: 'research' }),
      call([1, 2], { tenant: 'somebody', session_id: 'y', workflow: 'review' }),
      call([1, 2], { tenant, session_id: 'z', workflow: 'review' }),
    ]);
    expect((await reader.next(({ event }) => event === 'session')).data.session_id).toBe('z');
    expect(new Set(reader.events().flatMap(({ data }) => data.session_id ?? []))).toEqual(new Set(['z']));
  });

  it('tells of what is finalized, of what guards do, and of stops', async () => {
    const { api, tenant } = await start();
    await ledger.book([call([1, 2], { tenant, session_id: 'a' })]);
    const headers = { 'x-scope-orgid': tenant };
    const reader = await listen(api, '/events', headers);
    await reader.next(({ event }) => event === 'ready');
    await api.send('POST', '/api/v1/sessions/a/stop', { headers });
    expect((await reader.next(({ event }) => event === 'stop')).data).toMatchObject({
      session_id: 'a',
      workflow: null,
    });
    const action = {
      session_id: 'a',
      workflow: 'research',
      action: 'stop',
      reason: 'kill_switch',
      at: '2026-11-21T12:00:00Z',
    };
    await api.send('POST', '/api/v1/guard/sync', {
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ guard_id: 'g', sequence: 1, sessions: [], workflows: [], actions: [action] }),
    });
    expect((await reader.next(({ event }) => event === 'guard')).data).toEqual(action);
    await api.send('DELETE', '/api/v1/sessions/a/stop', { headers });
    expect((await reader.next(({ event }) => event === 'release')).data).toEqual({ session_id: 'a', workflow: null });
    await api.assessor.finalize(tenant, 'a');
    const finalized = await reader.next(({ event }) => event === 'finalized');
    expect(finalized.data).toMatchObject({
      session_id: 'a',
      state: 'finalized',
      cost: { nano_usd: '110' },
      is_stopped: false,
    });
  });

  it('tells a client that comes back what was finalized meanwhile', async () => {
    const { api, tenant } = await start();
    const headers = { 'x-scope-orgid': tenant };
    await ledger.book([call([1, 2], { tenant, session_id: 'early' }), call([1, 2], { tenant, session_id: 'late' })]);
    await api.assessor.finalize(tenant, 'early');
    const before = await listen(api, '/events', headers);
    const { id = '' } = await before.next(({ event }) => event === 'ready');
    before.close();
    await api.assessor.finalize(tenant, 'late');
    const after = await listen(api, '/events', { ...headers, 'last-event-id': id });
    await after.next(({ event }) => event === 'ready');
    // Others who listen for the tenant are told of the end only now, and so is whoever came back: it has heard of that.
    const [late] = [...(await queries.sessionCosts(tenant, ['late'])).values()];
    if (late === undefined) throw new Error('the ledger has lost a session');
    api.control.sessionNews.publish(tenant, { is: 'finalized', cost: late });
    // An amendment is news.
    api.control.sessionNews.publish(tenant, { is: 'finalized', cost: { ...late, tokens: late.tokens + 1 } });
    const amended = await after.next(({ event }) => event === 'finalized');
    expect(amended.data).toMatchObject({ session_id: 'late', tokens: 111 });
    // What moves afterwards shows that nothing else was told of those that are over, whose calls were booked a moment ago.
    await ledger.book([call([1, 2], { tenant, session_id: 'runs' })]);
    await after.next(({ data }) => data.session_id === 'runs');
    expect(after.events().map(({ event, data }) => [event, data.session_id])).toEqual([
      ['finalized', 'late'],
      ['ready', undefined],
      ['finalized', 'late'],
      ['session', 'runs'],
    ]);
  });
});

describe('GET /sessions/{id}/events', () => {
  it('tells of one session, which may begin later', async () => {
    const { api, tenant } = await start();
    const reader = await listen(api, '/sessions/a%2Fb/events', { 'x-scope-orgid': tenant });
    expect((await reader.next(({ event }) => event === 'ready')).data).toEqual({ sessions: 0 });
    await ledger.book([call([1, 2], { tenant, session_id: 'a/b' }), call([1, 2], { tenant, session_id: 'other' })]);
    expect((await reader.next(({ event }) => event === 'session')).data.session_id).toBe('a/b');
    expect(new Set(reader.events().flatMap(({ data }) => data.session_id ?? []))).toEqual(new Set(['a/b']));
  });

  it('says of a finalized one that it is', async () => {
    const { api, tenant } = await start();
    await ledger.book([call([1, 2], { tenant, session_id: 'over' })]);
    await api.assessor.finalize(tenant, 'over');
    const reader = await listen(api, '/sessions/over/events', { 'x-scope-orgid': tenant });
    await reader.next(({ event }) => event === 'ready');
    expect(reader.events().map(({ event }) => event)).toEqual(['finalized', 'ready']);
  });
});

describe('streams', () => {
  it('say that they are alive while nothing happens', async () => {
    const { api, tenant } = await start({ limits: { heartbeatMs: 100 } });
    const reader = await listen(api, '/events', { 'x-scope-orgid': tenant });
    await reader.next(({ event }) => event === 'ready');
    await until(() => reader.text().endsWith(':\n\n'), 'a sign of life');
    expect(reader.events().map(({ event }) => event)).toEqual(['ready']);
  });

  it('are as many for a tenant as it may have, and others have theirs', async () => {
    const { api, tenant } = await start();
    const headers = { 'x-scope-orgid': tenant };
    const open = await Promise.all(Array.from({ length: 40 }, () => listen(api, '/events', headers)));
    expect(open.every(({ status }) => status === 200)).toBe(true);
    const refused = await listen(api, '/events', headers);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
    expect((await listen(api, '/events', { 'x-scope-orgid': `${tenant}-other` })).status).toBe(200);
    // Those who ask for something else are not kept out by those who listen.
    expect((await api.get('/api/v1/sessions', headers)).status).toBe(200);
    open[0]?.close();
    await until(async () => (await listen(api, '/events', headers)).status === 200, 'a place that is free again');
  });

  it('end when the key is taken away', async () => {
    const { api } = await start({ keys: [keyNamed('of-operator', '*')] });
    await api.control.store.keys.add({ ...keyNamed('guest', ['acme']), by: 'test', atMs: 1 });
    await api.control.catchUp();
    const reader = await listen(api, '/events', { authorization: 'Bearer guest' });
    await reader.next(({ event }) => event === 'ready');
    await api.control.store.keys.revoke({ name: 'guest', by: 'test', atMs: 2 });
    await reader.ended;
    expect((await api.get('/api/v1/sessions', { authorization: 'Bearer guest' })).status).toBe(401);
  });

  it('are cut when nobody reads them', async () => {
    const { api, tenant } = await start({ limits: { behindBytesMax: 20_000 } });
    const socket = await sleepyReader(api, tenant);
    const action = {
      workflow: null,
      action: 'notify',
      reason: 'r'.repeat(500),
      at: '2026-11-21T12:00:00Z',
    } as const;
    let sent = 0;
    await until(async () => {
      const actions = Array.from({ length: 500 }, () => ({ ...action, session_id: `s${++sent}` }));
      await api.control.sync(
        tenant,
        { guard_id: 'g', sequence: sent, sessions: [], workflows: [], actions },
        Date.now(),
      );
      return /turnmeter_streams_cut_total\{reason="slow"\} 1/.test((await api.get('/metrics')).text);
    }, 'a stream that is cut');
    socket.destroy();
    expect((await api.get('/metrics')).text).toMatch(/turnmeter_streams 0/);
  });

  it('end when the service stops, which does not wait for them', async () => {
    const { api, tenant } = await start();
    const reader = await listen(api, '/events', { 'x-scope-orgid': tenant });
    await reader.next(({ event }) => event === 'ready');
    await api.server.stop();
    await reader.ended;
    expect(reader.events().at(-1)?.event).toBe('ready');
  });
});

/** Asks for a stream and takes nothing of it. */
async function sleepyReader(api: RunningApi, tenant: string): Promise<Socket> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Scope-OrgID: ${tenant}\r\n\r\n`);
  await until(async () => /turnmeter_streams 1/.test((await api.get('/metrics')).text), 'a stream');
  return socket;
}
