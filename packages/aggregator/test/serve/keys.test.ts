// Keys that are made and revoked while the service runs.

import { describe, expect, it, onTestFinished } from 'vitest';
import { openedLedger } from '../query/opened-ledger.ts';
import { Documentation } from './documented.ts';
import { type Answer, type ApiTestOptions, keyNamed, type RunningApi, runApi } from './running-api.ts';

const { ledger } = await openedLedger();

async function start(options: ApiTestOptions = {}): Promise<RunningApi> {
  const api = await runApi(ledger, options);
  onTestFinished(() => api.stop());
  return api;
}

const OPERATOR = { authorization: 'Bearer of-operator', 'x-scope-orgid': '*' };

async function add(
  api: RunningApi,
  key: object,
  headers: Readonly<Record<string, string>> = OPERATOR,
): Promise<Answer> {
  const documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
  const body = JSON.stringify(key);
  const answer = await api.send('POST', '/api/v1/keys', {
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  expect(documentation.faultsOf('POST', '/api/v1/keys', answer)).toEqual([]);
  return answer;
}

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

describe('keys', () => {
  it('open from the moment they are made until they are revoked', async () => {
    const api = await start({ keys: [keyNamed('of-operator', '*')] });
    const made = await add(api, { name: 'ci', tenants: ['acme'], scope: 'read' });
    expect(made.body).toMatchObject({ name: 'ci', tenants: ['acme'], scope: 'read', created_by: 'of-operator' });
    const { key } = made.body;
    expect(key).toMatch(/^tm_[\w-]{43}$/);
    expect((await api.get('/api/v1/sessions', bearer(key))).status).toBe(200);
    expect((await api.get('/api/v1/sessions', { ...bearer(key), 'x-scope-orgid': 'globex' })).status).toBe(403);
    expect((await api.send('POST', '/api/v1/sessions/x/stop', { headers: bearer(key) })).status).toBe(403);
    const revoked = await api.send('DELETE', '/api/v1/keys/ci', { headers: OPERATOR });
    expect(revoked.body).toEqual({ revoked: true });
    expect((await api.get('/api/v1/sessions', bearer(key))).status).toBe(401);
    expect((await api.send('DELETE', '/api/v1/keys/ci', { headers: OPERATOR })).status).toBe(404);
    expect((await add(api, { name: 'ci', tenants: ['acme'] })).status).toBe(409);
  });

  it('are listed without what opens', async () => {
    const api = await start({ keys: [keyNamed('of-operator', '*')] });
    const { key } = (await add(api, { name: 'listed', tenants: '*', scope: 'all' })).body;
    const { text, body } = await api.get('/api/v1/keys', OPERATOR);
    expect(body.keys).toMatchObject([{ name: 'listed', tenants: '*', scope: 'all', revoked_at: null }]);
    expect(text).not.toContain(key);
    expect(text).not.toMatch(/[0-9a-f]{64}/);
  });

  it('are made, listed and revoked by operators alone', async () => {
    const api = await start({
      keys: [keyNamed('of-operator', '*'), keyNamed('of-acme', ['acme']), keyNamed('watcher', '*', 'read')],
    });
    for (const headers of [bearer('of-acme'), { ...bearer('watcher'), 'x-scope-orgid': '*' }, {}]) {
      expect([401, 403]).toContain((await api.get('/api/v1/keys', headers)).status);
      expect([401, 403]).toContain((await add(api, { name: 'mine', tenants: '*' }, headers)).status);
      expect([401, 403]).toContain((await api.send('DELETE', '/api/v1/keys/of-acme', { headers })).status);
    }
    expect((await api.get('/api/v1/keys', OPERATOR)).body.keys).toEqual([]);
  });

  it('close a service that was open, with the first that is made, for good', async () => {
    const api = await start();
    const locksOut = await add(api, { name: 'reader', tenants: ['acme'], scope: 'read' }, {});
    expect([locksOut.status, locksOut.body.code]).toEqual([409, 'first_key_must_operate']);
    expect((await api.get('/api/v1/sessions')).status).toBe(200);
    const { key } = (await add(api, { name: 'first', tenants: '*' }, {})).body;
    expect((await api.get('/api/v1/sessions')).status).toBe(401);
    const operator = { ...bearer(key), 'x-scope-orgid': '*' };
    expect((await api.get('/api/v1/workflows', operator)).status).toBe(200);
    await api.send('DELETE', '/api/v1/keys/first', { headers: operator });
    expect((await api.get('/api/v1/sessions')).status).toBe(401);
  });

  it.for([
    [{ tenants: '*' }, ['name']],
    [{ name: '../x', tenants: '*' }, ['name']],
    [{ name: 'x', tenants: [] }, ['tenants']],
    [{ name: 'x', tenants: ['a b'] }, ['tenants']],
    [{ name: 'x', tenants: '*', scope: 'root' }, ['scope']],
    [{ name: 'x', tenants: '*', key: 'mine' }, ['key']],
  ] as const)('refuse %j by the name of the field', async ([body, fields]) => {
    const api = await start({ keys: [keyNamed('of-operator', '*')] });
    const answer = await add(api, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ parameter }: { readonly parameter: string }) => parameter.split('.')[0])).toEqual(
      fields,
    );
  });
});
