// Whose figures somebody may see: with keys those of their tenants, without keys whatever this machine asks for.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, dayOf, type LedgerDatabase, NOON_US, openLedger, timeOf } from '../query/ledger.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { type Answer, keyNamed, type RunningApi, runApi } from './running-api.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let open: RunningApi;
let closed: RunningApi;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  open = await runApi(ledger);
  closed = await runApi(ledger, {
    keys: [
      keyNamed('of-acme', ['acme']),
      keyNamed('of-globex', ['globex']),
      keyNamed('of-both', ['acme', 'globex']),
      keyNamed('of-operator', '*'),
      keyNamed('reader', ['acme'], 'read'),
      keyNamed('sender', ['acme'], 'ingest'),
    ],
  });
  for (const tenant of TENANTS) await fill(tenant);
  await ledger.refresh();
});
afterAll(async () => {
  await open.stop();
  await closed.stop();
  await ledger.close();
  await engine.stop();
});

const TENANTS = ['acme', 'globex', 'default'];
const TRACE = 'd'.repeat(32);

/** The same names for every tenant, and the tenant's own in everything that can be read. */
async function fill(tenant: string): Promise<void> {
  const own = {
    tenant,
    session_id: 'chat',
    workflow: 'research',
    user_id: `user-of-${tenant}`,
    agent: `agent-of-${tenant}`,
    service: `service-of-${tenant}`,
  };
  const record = call([1, 2], { ...own, trace_key: TRACE, record_id: 'record', model: `model-of-${tenant}` });
  await ledger.book([
    record,
    call([1, 2], { ...own, session_id: `only-${tenant}`, workflow: `only-${tenant}` }),
    call([1, 2], { ...own, session_id: '' }),
  ]);
  await ledger.insert('observations', [
    {
      tenant,
      signal: 'span',
      trace_key: TRACE,
      record_id: 'record',
      service: `service-of-${tenant}`,
      ingest_day: dayOf(NOON_US),
      started_at: timeOf(NOON_US),
      ended_at: timeOf(NOON_US + 1e6),
    },
  ]);
  await open.assessor.finalize(tenant, `only-${tenant}`);
}

function bearer(key: string, tenant?: string): Record<string, string> {
  return { authorization: `Bearer ${key}`, ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }) };
}

/** Everything that a tenant can read. */
const READS = [
  '/api/v1/sessions',
  '/api/v1/sessions/chat',
  '/api/v1/workflows',
  '/api/v1/workflows/research',
  `/api/v1/explain?trace_id=${TRACE}`,
  '/api/v1/explain?span_id=record',
  '/api/v1/totals?by=model&from=2026-11-01',
  '/api/v1/producers?from=2026-11-01',
  '/api/v1/data-quality?from=2026-11-01',
  '/api/v1/export?what=sessions',
  '/api/v1/export?what=entries&format=csv',
  '/api/v1/export?what=observations',
  '/api/v1/export?what=workflows',
];

/** Tenants that an answer is of: its own alone, where it is well. */
function tenantsIn({ status, text }: Answer): readonly (number | string)[] {
  if (status !== 200) return [status];
  return TENANTS.filter((tenant) => text.includes(`-${tenant}`) || text.includes(`"${tenant}"`));
}

describe('without keys', () => {
  it.for(READS)('the header alone names the tenant: %s', async (path) => {
    for (const tenant of TENANTS)
      expect(tenantsIn(await open.get(path, { 'x-scope-orgid': tenant }))).toEqual([tenant]);
    expect(tenantsIn(await open.get(path))).toEqual(['default']);
  });

  it('a tenant of whom nothing is known has nothing', async () => {
    const nobody = { 'x-scope-orgid': 'nobody' };
    expect((await open.get('/api/v1/sessions', nobody)).body).toEqual({ sessions: [], next_cursor: null });
    expect((await open.get('/api/v1/sessions/chat', nobody)).status).toBe(404);
    expect((await open.get('/api/v1/sessions/only-acm', nobody)).body.suggestions).toBeUndefined();
    expect((await open.get('/api/v1/workflows/only-acm', nobody)).body.suggestions).toBeUndefined();
    expect((await open.get(`/api/v1/explain?trace_id=${TRACE}`, nobody)).status).toBe(404);
    expect((await open.send('POST', '/api/v1/sessions/chat/finalize', { headers: nobody })).status).toBe(404);
  });

  it.for(['', 'a b', '../acme', "acme' OR '1'='1", 'a'.repeat(129), 'acme, globex', '-', 'é'])(
    '%j is no tenant',
    async (tenant) => {
      const answer = await open.get('/api/v1/sessions', {
        'x-scope-orgid': encodeURIComponent(tenant) === tenant ? tenant : Buffer.from(tenant).toString('latin1'),
      });
      expect([answer.status, answer.body.code]).toEqual([400, 'tenant_invalid']);
    },
  );
});

describe('with keys', () => {
  it('nobody without a known one gets in', async () => {
    for (const path of [...READS, '/api/v1/check', '/api/v1/prices/gpt-5', '/metrics']) {
      expect((await closed.get(path)).body).toMatchObject({ status: 401, code: 'key_missing' });
      for (const authorization of [
        'Bearer wrong',
        'Bearer of-acmE',
        'Bearer',
        'Basic b2YtYWNtZTo=',
        'of-acme',
        'Bearer of-acme of-acme',
        `Bearer ${'x'.repeat(2000)}`,
      ]) {
        const answer = await closed.get(path, { authorization });
        expect([answer.status, answer.body.code, answer.headers.get('www-authenticate')]).toEqual([
          401,
          'key_unknown',
          'Bearer',
        ]);
      }
    }
    for (const path of ['/api/v1/reprice', '/api/v1/flush', '/api/v1/sessions/chat/finalize']) {
      expect((await closed.send('POST', path)).status).toBe(401);
    }
  });

  it('nobody gets to know which paths there are, but those that the OpenAPI document names', async () => {
    expect((await closed.get('/api/v1/nothing')).status).toBe(404);
    expect((await closed.send('DELETE', '/api/v1/sessions')).status).toBe(405);
  });

  it.for(READS)('a key of one tenant reads that one, named or not: %s', async (path) => {
    expect(tenantsIn(await closed.get(path, bearer('of-acme')))).toEqual(['acme']);
    expect(tenantsIn(await closed.get(path, bearer('of-globex', 'globex')))).toEqual(['globex']);
  });

  it.for([...READS, '/api/v1/check', '/api/v1/prices/gpt-5'])(
    'no key reads a tenant that is not its own: %s',
    async (path) => {
      for (const other of ['globex', 'default', '*', 'nobody']) {
        const { status, body } = await closed.get(path, bearer('of-acme', other));
        expect([status, body.code]).toEqual([403, 'tenant_not_allowed']);
      }
    },
  );

  it('a key of several tenants has to name one of them', async () => {
    expect((await closed.get('/api/v1/sessions', bearer('of-both'))).body).toMatchObject({
      status: 400,
      code: 'tenant_missing',
    });
    for (const tenant of ['acme', 'globex'])
      expect(tenantsIn(await closed.get('/api/v1/sessions', bearer('of-both', tenant)))).toEqual([tenant]);
    expect((await closed.get('/api/v1/sessions', bearer('of-both', '*'))).status).toBe(403);
    expect((await closed.get('/api/v1/sessions', bearer('of-both', 'acme,globex'))).status).toBe(400);
  });

  it('an operator’s key reads any tenant, and all where all can be read', async () => {
    for (const tenant of TENANTS)
      expect(tenantsIn(await closed.get('/api/v1/sessions', bearer('of-operator', tenant)))).toEqual([tenant]);
    const { body } = await closed.get('/api/v1/workflows', bearer('of-operator', '*'));
    expect(new Set(body.workflows.map((workflow: { tenant: string }) => workflow.tenant))).toEqual(new Set(TENANTS));
    expect((await closed.get('/api/v1/sessions', bearer('of-operator', '*'))).body).toMatchObject({
      status: 400,
      code: 'tenant_missing',
    });
    expect((await closed.get('/api/v1/sessions', bearer('of-operator'))).body).toMatchObject({
      status: 400,
      code: 'tenant_missing',
    });
    const checked = await closed.get('/api/v1/check', {
      ...bearer('of-operator', '*'),
      accept: 'application/x-ndjson',
    });
    expect(checked.status).toBe(200);
  });

  it('a key that may only send reads nothing, and one that may only read changes nothing', async () => {
    expect((await closed.get('/api/v1/sessions', bearer('sender'))).body).toMatchObject({
      status: 403,
      code: 'key_may_not_read',
    });
    expect((await closed.get('/api/v1/sessions', bearer('reader'))).status).toBe(200);
    for (const path of ['/api/v1/sessions/chat/finalize', '/api/v1/flush']) {
      expect((await closed.send('POST', path, { headers: bearer('reader') })).body).toMatchObject({
        status: 403,
        code: 'key_may_only_read',
      });
    }
    const reprice = (dry_run: boolean): Promise<Answer> =>
      closed.send('POST', '/api/v1/reprice', {
        headers: { ...bearer('reader'), 'content-type': 'application/json' },
        body: JSON.stringify({ from: '2026-11-01', to: '2026-11-02', dry_run }),
      });
    expect((await reprice(false)).body).toMatchObject({ status: 403, code: 'key_may_only_read' });
    expect((await reprice(true)).status).toBe(200);
    expect((await open.get('/api/v1/sessions/chat', { 'x-scope-orgid': 'acme' })).body.state).toBe('running');
    expect(closed.asked).toEqual({
      flushes: 0,
      repricings: [expect.objectContaining({ tenant: 'acme', isDryRun: true })],
    });
  });

  it('finalizing is of one’s own session, though others have one of that name', async () => {
    expect(
      (await closed.send('POST', '/api/v1/sessions/chat/finalize', { headers: bearer('of-globex') })).body,
    ).toMatchObject({ tenant: 'globex' });
    expect(
      (await closed.send('POST', '/api/v1/sessions/only-acme/finalize', { headers: bearer('of-globex') })).status,
    ).toBe(404);
    expect((await closed.get('/api/v1/sessions/chat', bearer('of-acme'))).body.state).toBe('running');
    expect((await closed.get('/api/v1/sessions/chat', bearer('of-globex'))).body.state).toBe('finalized');
  });

  it('figures of the service are for operators, and whether it runs is for all', async () => {
    expect((await closed.get('/metrics', bearer('of-acme'))).body).toMatchObject({
      status: 403,
      code: 'key_may_not_read',
    });
    expect((await closed.get('/metrics', bearer('of-operator'))).status).toBe(200);
    expect((await closed.get('/healthz')).status).toBe(200);
    const unready = await runApi(ledger, {
      keys: [keyNamed('of-operator', '*')],
      readiness: () => ({ isReady: false, reasons: ['http://db.internal is away'] }),
    });
    expect(await unready.get('/readyz')).toMatchObject({ status: 503, body: { ready: false, reasons: [] } });
    expect((await unready.get('/readyz', bearer('of-operator'))).body.reasons).toEqual(['http://db.internal is away']);
    await unready.stop();
  });

  it('the suggestions of one tenant are never the names of another', async () => {
    const { body } = await closed.get('/api/v1/sessions/only-acmee', bearer('of-globex'));
    expect(body.suggestions).toEqual(['only-globex']);
    expect((await closed.get('/api/v1/workflows/only-acmee', bearer('of-globex'))).body.suggestions).toEqual([
      'only-globex',
    ]);
  });

  it('the cursor of one tenant gives another only its own', async () => {
    const { next_cursor: cursor } = (await closed.get('/api/v1/sessions?limit=1', bearer('of-acme'))).body;
    expect(tenantsIn(await closed.get(`/api/v1/sessions?cursor=${cursor}`, bearer('of-globex')))).toEqual(['globex']);
  });
});
