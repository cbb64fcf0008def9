// What guards tell and hear, and what people do to have sessions stop: over real sockets, a real control store and a real database.

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { call } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { Documentation } from './documented.ts';
import { type EventReader, readEvents } from './event-reader.ts';
import { type Answer, keyNamed, type RunningApi, runApi } from './running-api.ts';

const { ledger } = await openedLedger();
let api: RunningApi;
let documentation: Documentation;
beforeAll(async () => {
  api = await runApi(ledger, {
    nowUs: () => Date.now() * 1000,
    keys: [
      keyNamed('of-acme', ['acme']),
      keyNamed('of-globex', ['globex']),
      keyNamed('app', ['acme'], 'ingest'),
      keyNamed('reader', ['acme'], 'read'),
    ],
  });
  documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
});
afterAll(() => api.stop());

async function ask(route: string, key: string, body?: unknown): Promise<Answer> {
  const [method = '', target = '', template = target] = route.split(' ');
  const answer = await api.send(method, target, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(documentation.faultsOf(method, template, answer)).toEqual([]);
  return answer;
}

interface SessionTold {
  readonly spent?: number;
  readonly reserved?: number;
  readonly leased?: number;
  readonly isOver?: boolean;
  readonly workflow?: string | null;
}

function session(
  session_id: string,
  { spent, reserved, leased, isOver, workflow = 'bounded' }: SessionTold = {},
): object {
  return {
    session_id,
    workflow,
    workflow_version: null,
    spent_nano_usd: spent ?? 0,
    spent_tokens: 0,
    reserved_nano_usd: reserved ?? 0,
    reserved_tokens: 0,
    leased_nano_usd: leased ?? 0,
    leased_tokens: 0,
    is_over: isOver ?? false,
  };
}

let sequence = 0;

function sync(guard_id: string, more: object = {}, key = 'app'): Promise<Answer> {
  const empty = { sessions: [], workflows: [], actions: [] };
  return ask('POST /api/v1/guard/sync', key, { guard_id, sequence: ++sequence, ...empty, ...more });
}

async function listen(key = 'app'): Promise<EventReader> {
  const reader = await readEvents(`${api.url}/api/v1/guard/events`, { authorization: `Bearer ${key}` });
  onTestFinished(() => reader.close());
  return reader;
}

async function putPolicies(policies: readonly object[]): Promise<void> {
  expect((await ask('PUT /api/v1/policies', 'of-acme', { policies })).status).toBe(200);
}

describe('POST /guard/sync', () => {
  it('answers an app with policies, baselines and what the ledger has counted', async () => {
    await putPolicies([{ workflow: 'bounded', usd: { stop: 1 } }]);
    await ledger.insert('session_summaries', [
      {
        tenant: 'acme',
        workflow: 'known',
        day: '2026-11-20',
        session_id: 'p',
        version: 1,
        cost_nano_usd: 7,
        cost_status: 'exact',
      },
    ]);
    await ledger.book([call([1, 2], { session_id: 'counted', workflow: 'bounded', cost_nano_usd: 4000 })]);
    const { body } = await sync('g1', { sessions: [session('counted')], workflows: ['known', 'unknown'] });
    expect(body).toMatchObject({
      policies: [{ tenant: 'acme', workflow: 'bounded', usd: { stop: 1 } }],
      sessions: [{ session_id: 'counted', counted_nano_usd: 4000, counted_tokens: 110, stop: null }],
      stopped_workflows: [],
    });
    const known = body.baselines.filter(({ n }: { readonly n: number }) => n > 0);
    expect(known).toEqual([{ workflow: 'known', version: null, n: 1, mean_nano_usd: 7, sd_nano_usd: null }]);
    expect(body.policy_version).toBeGreaterThan(0);
  });

  it('tells what each version of a workflow costs', async () => {
    const summary = { tenant: 'acme', workflow: 'versioned', day: '2026-11-20', version: 1, cost_status: 'exact' };
    await ledger.insert('session_summaries', [
      { ...summary, session_id: 'v1', workflow_version: '1.0', cost_nano_usd: 100 },
      { ...summary, session_id: 'v2', workflow_version: '2.0', cost_nano_usd: 300 },
      { ...summary, session_id: 'v', cost_nano_usd: 200 },
    ]);
    const { body } = await sync('versions', { workflows: ['versioned'] });
    const means = body.baselines.map(
      ({ version, mean_nano_usd }: { readonly version: string | null; readonly mean_nano_usd: number }) => [
        version,
        mean_nano_usd,
      ],
    );
    expect(means).toEqual([
      [null, 200],
      ['1.0', 100],
      ['2.0', 300],
    ]);
  });

  it('never leases more to all guards of a session together than it may cost', async () => {
    await putPolicies([{ workflow: 'bounded', usd: { stop: 1 } }]);
    const limit = 1e9;
    const guards = ['a', 'b', 'c', 'd'];
    const leased = new Map<string, number>();
    for (let round = 0; round < 5; round++) {
      for (const guard of guards) {
        const own = leased.get(guard) ?? 0;
        const spent = Math.floor(own / 2);
        const { body } = await sync(guard, { sessions: [session('shared', { spent, leased: own })] });
        const [answer] = body.sessions;
        leased.set(guard, answer.leased_nano_usd);
        expect(answer.lease_expires_at).not.toBeNull();
        expect([...leased.values()].reduce((sum, lease) => sum + lease, 0)).toBeLessThanOrEqual(limit);
      }
    }
    expect([...leased.values()].reduce((sum, lease) => sum + lease, 0)).toBeGreaterThan(0);
  });

  it('tells each guard what the others spent', async () => {
    await sync('one', { sessions: [session('both', { spent: 500, reserved: 20 })] });
    const { body } = await sync('two', { sessions: [session('both', { spent: 30 })] });
    expect(body.sessions[0]).toMatchObject({ elsewhere_nano_usd: 520, elsewhere_reserved_nano_usd: 20 });
    const other = await sync('three', { sessions: [session('both')] }, 'of-globex');
    expect(other.body.sessions[0].elsewhere_nano_usd).toBe(0);
  });

  it('leases nothing where there is no limit', async () => {
    const { body } = await sync('free', { sessions: [session('free', { workflow: null })] });
    expect(body.sessions[0]).toMatchObject({ leased_nano_usd: null, leased_tokens: null });
  });

  it('counts what guards did, once, and shows it with the session', async () => {
    await ledger.book([call([1, 2], { session_id: 'acted', workflow: 'bounded' })]);
    const actions = [
      {
        session_id: 'acted',
        workflow: 'bounded',
        action: 'degrade',
        reason: 'shares.critical',
        at: '2026-11-21T12:00:00.000Z',
      },
      { session_id: 'acted', workflow: 'bounded', action: 'stop', reason: 'usd.stop', at: '2026-11-21T12:00:01.000Z' },
    ];
    await sync('actor', { actions });
    await sync('actor', { actions });
    const { body } = await ask('GET /api/v1/sessions/acted /api/v1/sessions/{id}', 'of-acme');
    expect(body.guard).toEqual([
      { at: '2026-11-21T12:00:00.000Z', action: 'degrade', reason: 'shares.critical' },
      { at: '2026-11-21T12:00:01.000Z', action: 'stop', reason: 'usd.stop' },
    ]);
    await ledger.book([call([1, 2], { session_id: 'acted', tenant: 'globex' })]);
    const theirs = await ask('GET /api/v1/sessions/acted /api/v1/sessions/{id}', 'of-globex');
    expect(theirs.body.guard).toEqual([]);
  });

  it('refuses what is not understood by the name of the field, and keys that may not send', async () => {
    const refused = async (body: object): Promise<unknown> => {
      const answer = await ask('POST /api/v1/guard/sync', 'app', body);
      return [answer.status, answer.body.errors?.map(({ parameter }: { readonly parameter: string }) => parameter)];
    };
    const good = { guard_id: 'g', sequence: 1, sessions: [], workflows: [], actions: [] };
    expect(await refused({ ...good, guard_id: '' })).toEqual([400, ['guard_id']]);
    expect(await refused({ ...good, sequence: -1 })).toEqual([400, ['sequence']]);
    expect(await refused({ ...good, sessions: [session('x', { spent: 0.5 })] })).toEqual([
      400,
      ['sessions.0.spent_nano_usd'],
    ]);
    expect(await refused({ ...good, sessions: Array.from({ length: 501 }, () => session('x')) })).toEqual([
      400,
      ['sessions'],
    ]);
    expect(await refused({ ...good, actions: [{ action: 'explode' }] })).toEqual([
      400,
      expect.arrayContaining(['actions.0.action']),
    ]);
    expect((await sync('g', {}, 'reader')).status).toBe(403);
  });
});

describe('stops', () => {
  it('reach a guard that listens at once, and one that asks', async () => {
    const reader = await listen();
    await reader.next(({ event }) => event === 'policies');
    const stopped = await ask('POST /api/v1/sessions/s%2F1/stop /api/v1/sessions/{id}/stop', 'of-acme', {
      reason: 'too dear',
    });
    expect(stopped.body).toMatchObject({ session_id: 's/1', workflow: null, reason: 'too dear', by: 'of-acme' });
    const heard = await reader.next(({ event }) => event === 'stop_session');
    expect(heard.data).toEqual({ session_id: 's/1', reason: 'too dear', by: 'of-acme', at: stopped.body.at });
    const { body } = await sync('stopped', { sessions: [session('s/1')] });
    expect(body.sessions[0].stop).toEqual({ reason: 'too dear', by: 'of-acme', at: stopped.body.at });
    const released = await ask('DELETE /api/v1/sessions/s%2F1/stop /api/v1/sessions/{id}/stop', 'of-acme');
    expect(released.body).toEqual({ released: true });
    expect((await reader.next(({ event }) => event === 'release')).data).toEqual({ session_id: 's/1' });
    expect((await sync('stopped', { sessions: [session('s/1')] })).body.sessions[0].stop).toBeNull();
  });

  it('of a workflow hold for all of its sessions, and are told to whoever comes later', async () => {
    await ask('POST /api/v1/workflows/wild/stop /api/v1/workflows/{name}/stop', 'of-acme');
    const { body } = await sync('wild', { sessions: [session('any', { workflow: 'wild' }), session('other')] });
    expect(
      body.sessions.map(({ stop }: { readonly stop: { readonly reason: string } | null }) => stop?.reason ?? null),
    ).toEqual(['stopped by hand', null]);
    expect(body.stopped_workflows).toMatchObject([{ workflow: 'wild', reason: 'stopped by hand' }]);
    const late = await listen();
    expect((await late.next(({ event }) => event === 'stop_workflow')).data.workflow).toBe('wild');
    expect((await ask('GET /api/v1/stops', 'of-acme')).body.stops).toMatchObject([
      { workflow: 'wild', session_id: null },
    ]);
    await ask('DELETE /api/v1/workflows/wild/stop /api/v1/workflows/{name}/stop', 'of-acme');
    expect((await late.next(({ event }) => event === 'release')).data).toEqual({ workflow: 'wild' });
    expect((await ask('DELETE /api/v1/workflows/wild/stop /api/v1/workflows/{name}/stop', 'of-acme')).status).toBe(404);
  });

  it('stay what they were when somebody stops the same again', async () => {
    const route = 'POST /api/v1/sessions/twice/stop /api/v1/sessions/{id}/stop';
    const first = await ask(route, 'of-acme', { reason: 'first' });
    expect((await ask(route, 'of-acme', { reason: 'second' })).body).toEqual(first.body);
    await ask('DELETE /api/v1/sessions/twice/stop /api/v1/sessions/{id}/stop', 'of-acme');
  });

  it('of other tenants neither happen nor are heard of', async () => {
    const theirs = await listen('of-globex');
    await theirs.next(({ event }) => event === 'policies');
    await ask('POST /api/v1/sessions/same/stop /api/v1/sessions/{id}/stop', 'of-acme');
    await ask('POST /api/v1/workflows/bounded/stop /api/v1/workflows/{name}/stop', 'of-acme');
    const { body } = await sync('theirs', { sessions: [session('same')] }, 'of-globex');
    expect([body.sessions[0].stop, body.stopped_workflows]).toEqual([null, []]);
    expect((await ask('GET /api/v1/stops', 'of-globex')).body.stops).toEqual([]);
    expect((await ask('DELETE /api/v1/sessions/same/stop /api/v1/sessions/{id}/stop', 'of-globex')).status).toBe(404);
    await ask('POST /api/v1/sessions/last/stop /api/v1/sessions/{id}/stop', 'of-globex');
    const heard = await theirs.next(({ event }) => event.startsWith('stop'));
    expect(heard.data.session_id).toBe('last');
    for (const target of ['sessions/same', 'workflows/bounded']) {
      expect(
        (await api.send('DELETE', `/api/v1/${target}/stop`, { headers: { authorization: 'Bearer of-acme' } })).status,
      ).toBe(200);
    }
  });

  it('are ordered by whoever may change something, and by nobody else', async () => {
    for (const key of ['reader', 'app']) {
      for (const method of ['POST', 'DELETE']) {
        const answer = await ask(`${method} /api/v1/sessions/x/stop /api/v1/sessions/{id}/stop`, key);
        expect([key, answer.status]).toEqual([key, 403]);
      }
    }
    expect((await ask('GET /api/v1/stops', 'of-acme')).body.stops).toEqual([]);
  });
});

describe('GET /guard/events', () => {
  it('tells of changed policies', async () => {
    const reader = await listen();
    const before = await reader.next(({ event }) => event === 'policies');
    await putPolicies([{ usd: { stop: 3 } }]);
    const after = await reader.next(({ event }) => event === 'policies');
    expect(after.data.policy_version).toBeGreaterThan(before.data.policy_version);
    expect(reader.headers.get('content-type')).toBe('text/event-stream');
  });

  it('is for apps, and not for those who only read', async () => {
    expect((await listen('reader')).status).toBe(403);
    expect((await readEvents(`${api.url}/api/v1/guard/events`)).status).toBe(401);
  });

  it.for(['/guard/events', '/events', '/sessions/s/events'])('%s is not for other tenants', async (path) => {
    const authorization = 'Bearer of-acme';
    const theirs = await readEvents(`${api.url}/api/v1${path}`, { authorization, 'x-scope-orgid': 'globex' });
    expect(theirs.status).toBe(403);
    const every = await readEvents(`${api.url}/api/v1${path}`, { authorization, 'x-scope-orgid': '*' });
    expect(every.status).toBe(403);
  });

  it.for(['/events', '/sessions/s/events'])('%s is not for those who may only send', async (path) => {
    const reader = await readEvents(`${api.url}/api/v1${path}`, { authorization: 'Bearer app' });
    expect(reader.status).toBe(403);
  });
});
