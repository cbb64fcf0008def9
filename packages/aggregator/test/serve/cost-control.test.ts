// Policies and checks over a real database, a real control store and real sockets. Every answer is held against the OpenAPI document.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { Documentation } from './documented.ts';
import { type Answer, keyNamed, type RunningApi, runApi } from './running-api.ts';

const { ledger } = await openedLedger();
let api: RunningApi;
let documentation: Documentation;
beforeAll(async () => {
  api = await runApi(ledger, {
    keys: [
      keyNamed('of-acme', ['acme']),
      keyNamed('of-globex', ['globex']),
      keyNamed('reader', ['acme'], 'read'),
      keyNamed('app', ['acme'], 'ingest'),
      keyNamed('of-operator', '*'),
    ],
  });
  documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
  await ledger.insert('session_summaries', finalized());
});
afterAll(() => api.stop());

/** Twelve sessions of `research` at 2 US dollars each. */
function finalized(): readonly object[] {
  return Array.from({ length: 12 }, (_, at) => ({
    tenant: 'acme',
    workflow: 'research',
    day: '2026-11-20',
    session_id: `past-${at}`,
    version: 1,
    is_deleted: 0,
    cost_nano_usd: 2e9,
    cost_status: 'exact',
  }));
}

interface Asking {
  readonly key?: string;
  readonly tenant?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(route: string, { key = 'of-acme', tenant, body, headers }: Asking = {}): Promise<Answer> {
  const [method = '', target = ''] = route.split(' ');
  const answer = await api.send(method, target, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(documentation.faultsOf(method, target.split('?')[0] ?? '', answer)).toEqual([]);
  return answer;
}

function check(body: object, asking: Asking = {}): Promise<Answer> {
  return ask('POST /api/v1/cost/check', { ...asking, body: { current_tokens: 1000, ...body } });
}

function fieldsOf({ body }: Answer): readonly string[] {
  return body.errors.map(({ parameter }: { readonly parameter: string }) => parameter);
}

describe('POST /cost/check', () => {
  it.for([
    // Of 2 US dollars: below 75 %, from 75 %, from 90 %, from 150 %.
    [1.49, 'within_limits', 'ok'],
    [1.5, 'approaching_limit', 'warning'],
    [1.8, 'approaching_limit', 'critical'],
    [3, 'exceeded_limit', 'stop'],
  ] as const)('says of %d US dollars that they are %s (%s)', async ([cost, status, level]) => {
    const { body } = await check({ workflow: 'research', current_cost: cost });
    expect(body).toMatchObject({
      status,
      threshold_analysis: {
        level,
        current_cost: cost,
        expected_cost: 2,
        percent_of_expected: (cost / 2) * 100,
        confidence: 'fair',
        sessions: 12,
        counted_by: 'caller',
        hint: null,
      },
    });
    expect(body.recommendations).toHaveLength(body.threshold_analysis.recommendation_codes.length);
    expect(body.recommendations.length > 0).toBe(level !== 'ok');
  });

  it('takes the figures of the ledger where they are higher, and never lower ones', async () => {
    // A call of 3 US dollars and 110 tokens.
    await ledger.book([call([1, 2], { session_id: 'dear', cost_nano_usd: 3e9 })]);
    const less = await check({ workflow: 'research', session_id: 'dear', current_cost: 0.1, current_tokens: 5 });
    expect(less.body).toMatchObject({
      status: 'exceeded_limit',
      threshold_analysis: { current_cost: 3, current_tokens: 110, counted_by: 'ledger' },
    });
    const more = await check({ workflow: 'research', session_id: 'dear', current_cost: 4 });
    expect(more.body.threshold_analysis).toMatchObject({ current_cost: 4, current_tokens: 1000, counted_by: 'caller' });
    const alone = await ask('POST /api/v1/cost/check', { body: { workflow: 'research', session_id: 'dear' } });
    expect(alone.body.threshold_analysis.current_cost).toBe(3);
  });

  it('says why too few finished sessions stop none, and what a declared expectation changes', async () => {
    const summary = { tenant: 'acme', workflow: 'young', day: '2026-11-20', version: 1, cost_status: 'exact' };
    await ledger.insert('session_summaries', [{ ...summary, session_id: 'only', cost_nano_usd: 1e9 }]);
    const { body } = await check({ workflow: 'young', current_cost: 2 });
    expect(body).toMatchObject({
      status: 'exceeded_limit',
      threshold_analysis: { level: 'stop', action: 'notify', sessions: 1, confidence: 'low', is_unlimited: true },
    });
    expect(body.threshold_analysis.not_enforced).toMatch(/^1 finished session tells what to expect: from 3 on/);
    expect(body.threshold_analysis.recommendation_codes).toContain('no_limit');
    const known = await check({ workflow: 'research', current_cost: 3 });
    expect(known.body.threshold_analysis).toMatchObject({ action: 'stop', not_enforced: null });
  });

  it('does not look into sessions of other tenants', async () => {
    await ledger.book([call([1, 2], { session_id: 'theirs', tenant: 'globex', cost_nano_usd: 9e9 })]);
    const { body } = await check({ workflow: 'research', session_id: 'theirs', current_cost: 0.1 });
    expect(body.threshold_analysis.current_cost).toBe(0.1);
    const elsewhere = await check({ workflow: 'research', current_cost: 1 }, { key: 'of-globex' });
    expect(elsewhere.body.threshold_analysis).toMatchObject({ expected_cost: null, sessions: 0 });
  });

  it('says of an unknown workflow that nothing is known, and that nothing would stop it', async () => {
    const { body } = await check({ workflow: 'reserch', current_cost: 1000 });
    expect(body).toMatchObject({
      status: 'within_limits',
      threshold_analysis: { expected_cost: null, confidence: 'none', is_unlimited: true, projected_cost: null },
    });
    expect(body.threshold_analysis.hint).toMatch(/No session of the workflow reserch has ended/);
    expect(body.threshold_analysis.recommendation_codes).toContain('no_limit');
  });

  it.for([
    [{ workflow: 'research', current_cost: '1' }, ['current_cost']],
    [{ workflow: 'research', current_cost: null }, ['current_cost']],
    [{ workflow: 'research', current_cost: -0.01 }, ['current_cost']],
    [{ workflow: 'research', current_cost: 1e12 }, ['current_cost']],
    [{ workflow: 'research' }, ['current_cost']],
    [{ workflow: 'research', current_cost: 1, current_tokens: 1.5 }, ['current_tokens']],
    [{ workflow: 'research', current_cost: 1, current_tokens: -1 }, ['current_tokens']],
    [{ workflow: '', current_cost: 1 }, ['workflow']],
    [{ current_cost: 1 }, ['workflow']],
    [{ workflow: 7, current_cost: 1 }, ['workflow']],
    [{ workflow: 'w'.repeat(513), current_cost: 1 }, ['workflow']],
    [{ workflow: 'research', current_cost: 1, sesion_id: 'x' }, ['sesion_id']],
    [{ workflow: 'research', current_cost: true, current_tokens: 'many' }, ['current_cost', 'current_tokens']],
  ] as const)('refuses %j by the name of the field', async ([body, fields]) => {
    const answer = await check(body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
  });

  it('refuses what is no JSON: NaN and infinity are none', async () => {
    for (const cost of ['NaN', 'Infinity', '-1e999x']) {
      const answer = await api.send('POST', '/api/v1/cost/check', {
        headers: { authorization: 'Bearer of-acme', 'content-type': 'application/json' },
        body: `{"workflow":"research","current_cost":${cost},"current_tokens":0}`,
      });
      expect(answer.status).toBe(400);
    }
    const infinite = await api.send('POST', '/api/v1/cost/check', {
      headers: { authorization: 'Bearer of-acme', 'content-type': 'application/json' },
      body: '{"workflow":"research","current_cost":1e999,"current_tokens":0}',
    });
    expect([infinite.status, fieldsOf(infinite)]).toEqual([400, ['current_cost']]);
  });

  it('answers apps, which have a key to send with', async () => {
    expect((await check({ workflow: 'research', current_cost: 1 }, { key: 'app' })).status).toBe(200);
  });
});

describe('policies', () => {
  it('are none at first, and hold from the moment they are written', async () => {
    const first = await ask('GET /api/v1/policies');
    expect([first.headers.get('etag'), first.body.policies]).toEqual(['"0"', []]);
    const policies = [{ workflow: 'review', usd: { warning: 1, stop: 5 }, expected_usd: 2 }];
    const written = await ask('PUT /api/v1/policies', { body: { policies }, headers: { 'if-match': '"0"' } });
    expect(written.status).toBe(200);
    expect(written.headers.get('etag')).toBe('"1"');
    expect(written.body).toMatchObject({ tenant: 'acme', version: 1, updated_by: 'of-acme', policies });
    const { body } = await check({ workflow: 'review', current_cost: 4.9 });
    // Expected are 2 US dollars: three of them, 150 %, come before 5.
    expect(body.threshold_analysis).toMatchObject({ level: 'stop', expected_cost: 2, expected_from: 'declared' });
  });

  it('are not written over by somebody who has not seen the latest', async () => {
    const { version } = (await ask('GET /api/v1/policies')).body;
    const stale = await ask('PUT /api/v1/policies', {
      body: { policies: [] },
      headers: { 'if-match': `"${version - 1}"` },
    });
    expect([stale.status, stale.body.code]).toEqual([412, 'version_conflict']);
    const senseless = await ask('PUT /api/v1/policies', { body: { policies: [] }, headers: { 'if-match': 'W/"x"' } });
    expect([senseless.status, fieldsOf(senseless)]).toEqual([400, ['If-Match']]);
    expect((await ask('GET /api/v1/policies')).body.version).toBe(version);
  });

  it.for([
    [[{ usd: { warning: 10, stop: 5 } }], 'policies.0.usd.warning'],
    [[{ shares: { stop: -1 } }], 'policies.0.shares.stop'],
    [[{ tokens: { stop: 1.5 } }], 'policies.0.tokens.stop'],
    [[{ expected_usd: 'two' }], 'policies.0.expected_usd'],
    [[{ pause_share: 2 }], 'policies.0.pause_share'],
    [[{ usd: { stop: 1 } }, { usdd: { stop: 1 } }], 'policies.1.usdd'],
    [['none'], 'policies.0'],
    [
      [
        { workflow: 'a', usd: { stop: 1 } },
        { workflow: 'a', usd: { stop: 2 } },
      ],
      'policies.1',
    ],
    [[{ tenant: 'globex', usd: { stop: 1 } }], 'policies.0.tenant'],
    [[{ tenant: '*', usd: { stop: 1 } }], 'policies.0.tenant'],
    [[{ usd: { stop: 1 } }, { workflow: 'a', usd: { warning: 2 } }], 'policies.1.usd.warning'],
  ] as const)('refuse %j by the name of the field', async ([policies, field]) => {
    const before = (await ask('GET /api/v1/policies')).body;
    const answer = await ask('PUT /api/v1/policies', { body: { policies } });
    expect([answer.status, answer.body.code, fieldsOf(answer)]).toEqual([400, 'policy_invalid', [field]]);
    expect((await ask('GET /api/v1/policies')).body).toEqual(before);
  });

  it('of other tenants can neither be seen nor written', async () => {
    expect((await ask('PUT /api/v1/policies', { tenant: 'globex', body: { policies: [] } })).status).toBe(403);
    expect((await ask('GET /api/v1/policies', { tenant: 'globex' })).status).toBe(403);
    expect((await ask('GET /api/v1/policies/history', { tenant: 'globex' })).status).toBe(403);
    expect((await ask('PUT /api/v1/policies', { tenant: '*', body: { policies: [] } })).status).toBe(403);
    expect((await ask('GET /api/v1/policies', { key: 'of-globex' })).body.policies).toEqual([]);
    expect((await ask('PUT /api/v1/policies', { key: 'reader', body: { policies: [] } })).status).toBe(403);
    expect((await ask('PUT /api/v1/policies', { key: 'app', body: { policies: [] } })).status).toBe(403);
  });

  it('for all tenants are an operator’s, and hold where a tenant says nothing', async () => {
    const operator = { key: 'of-operator', tenant: '*' };
    const policies = [{ usd: { stop: 50 }, on_unavailable: 'deny' }];
    const written = await ask('PUT /api/v1/policies', { ...operator, body: { policies } });
    expect(written.body).toMatchObject({ tenant: null, inherited: null, policies });
    expect((await ask('GET /api/v1/policies')).body.inherited.policies).toMatchObject(policies);
    const { body } = await ask('GET /api/v1/policies/resolved?workflow=review');
    expect(body).toMatchObject({
      scope: { tenant: 'acme', workflow: 'review' },
      usd: {
        stop: { value: 5, from: { tenant: 'acme', workflow: 'review', agent: null, model: null } },
        critical: null,
      },
      shares: { stop: { value: 1.5, from: null } },
      on_unavailable: { value: 'deny', from: { tenant: null, workflow: null } },
    });
    const other = await ask('GET /api/v1/policies/resolved?workflow=other', { key: 'of-globex' });
    expect(other.body.usd.stop).toMatchObject({ value: 50, from: { tenant: null } });
    await ask('PUT /api/v1/policies', { ...operator, body: { policies: [] } });
  });

  it('remember who wrote what', async () => {
    await ask('PUT /api/v1/policies', { body: { policies: [] } });
    const page = await ask('GET /api/v1/policies/history?limit=1');
    expect(page.body.versions).toMatchObject([{ version: 2, updated_by: 'of-acme', policies: [] }]);
    const rest = await ask(`GET /api/v1/policies/history?before=${page.body.next_before}`);
    expect(rest.body).toMatchObject({
      versions: [{ version: 1, policies: [{ workflow: 'review' }] }],
      next_before: null,
    });
    expect((await ask('GET /api/v1/policies/history?limit=0')).status).toBe(400);
  });
});

describe('POST /sessions/{id}/finalize', () => {
  it('says how the session stood by the law that holds while it runs, beside the others and not itself', async () => {
    // Twelve others cost 2 US dollars each, and this one 4.
    await ledger.book([call([1, 2], { session_id: 'twice', cost_nano_usd: 4e9 })]);
    const first = await finalize('twice');
    expect(first.body.budget).toMatchObject({
      status: 'exceeded_limit',
      level: 'stop',
      expected_cost: 2,
      percent_of_expected: 200,
      sessions: 12,
      // 200 % of the expectation is a third more than 150 %.
      binding_limit: { limit: 'shares.stop', value: 1.5, percent_used: (200 / 150) * 100, from: 'default' },
    });
    expect(first.body.budget.recommendations.length).toBeGreaterThan(0);
    expect((await finalize('twice')).body.budget).toEqual(first.body.budget);
  });

  it('says nothing is known of the first session of a workflow', async () => {
    await ledger.book([call([1, 2], { session_id: 'first', workflow: 'new', cost_nano_usd: 4e9 })]);
    expect((await finalize('first')).body.budget).toMatchObject({
      expected_cost: null,
      confidence: 'none',
      sessions: 0,
    });
  });
});

async function finalize(id: string): Promise<Answer> {
  const headers = { authorization: 'Bearer of-acme' };
  const answer = await api.send('POST', `/api/v1/sessions/${id}/finalize`, { headers });
  expect(documentation.faultsOf('POST', '/api/v1/sessions/{id}/finalize', answer)).toEqual([]);
  return answer;
}
