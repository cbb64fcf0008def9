// Alert rules over the API: a real control store and real sockets. Every answer is held against the OpenAPI document.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, runReceiver, SECRET } from '../alert/receiver.ts';
import { type LedgerDatabase, openLedger } from '../query/ledger.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { Documentation } from './documented.ts';
import { type Answer, keyNamed, type RunningApi, runApi } from './running-api.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let api: RunningApi;
let documentation: Documentation;
let receiver: Receiver;
const KEYS = [
  keyNamed('of-acme', ['acme']),
  keyNamed('of-globex', ['globex']),
  keyNamed('reader', ['acme'], 'read'),
  keyNamed('app', ['acme'], 'ingest'),
];
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  api = await runApi(ledger, { keys: KEYS });
  documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
  receiver = await runReceiver();
});
afterAll(async () => {
  await api.stop();
  await receiver.stop();
  await ledger.close();
  await engine.stop();
});

interface Asking {
  readonly key?: string;
  readonly body?: unknown;
  readonly service?: RunningApi;
}

/** `GET /api/v1/alerts/{id}` with the id: the route and the target in one. */
async function ask(route: string, id = '', { key = 'of-acme', body, service = api }: Asking = {}): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const answer = await service.send(method, path.replace('{id}', encodeURIComponent(id)), {
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(documentation.faultsOf(method, path, answer)).toEqual([]);
  return answer;
}

function draft(changes: object = {}): object {
  return {
    name: 'dear session',
    what: 'session_cost_usd',
    threshold: 5,
    webhook: { url: `${receiver.url}/secret-path`, secret: SECRET },
    ...changes,
  };
}

async function newRule(changes: object = {}, asking: Asking = {}): Promise<string> {
  const { status, body } = await ask('POST /api/v1/alerts', '', { ...asking, body: draft(changes) });
  expect(status).toBe(200);
  return body.id;
}

describe('a rule', () => {
  it('is written, read, changed and removed, and its secret is in no answer', async () => {
    const { body: created, text } = await ask('POST /api/v1/alerts', '', { body: draft() });
    expect(created).toMatchObject({
      ...{
        name: 'dear session',
        tenant: 'acme',
        what: 'session_cost_usd',
        unit: 'USD',
        comparison: 'above',
        threshold: 5,
      },
      ...{
        window: null,
        for: '0s',
        repeat_interval: '4h',
        is_enabled: true,
        disabled_because: null,
        updated_by: 'of-acme',
      },
      where: { workflow: null, agent: null, model: null },
    });
    const { id } = created;
    const body = draft({
      name: 'dearer',
      where: { agent: 'Critic' },
      for: '90s',
      repeat_interval: '1d',
      webhook: { url: receiver.url },
    });
    const changed = await ask('PUT /api/v1/alerts/{id}', id, { body });
    expect(changed.body).toMatchObject({
      id,
      name: 'dearer',
      for: '90s',
      repeat_interval: '1d',
      where: { agent: 'Critic' },
    });
    const read = await ask('GET /api/v1/alerts/{id}', id);
    const list = await ask('GET /api/v1/alerts');
    expect(list.body.alerts).toContainEqual(read.body);
    for (const answer of [text, changed.text, read.text, list.text]) expect(answer).not.toContain('whsec_');
    expect((await ask('DELETE /api/v1/alerts/{id}', id)).body).toEqual({ id, is_removed: true });
    for (const method of ['GET', 'DELETE']) expect((await ask(`${method} /api/v1/alerts/{id}`, id)).status).toBe(404);
    expect((await ask('PUT /api/v1/alerts/{id}', id, { body })).status).toBe(404);
  });

  it.for([
    [{ what: 'everything' }, 'what'],
    [{ name: '  ' }, 'name'],
    [{ threshold: 'five' }, 'threshold'],
    [{ threshold: 1e300 }, 'threshold'],
    [{ comparison: 'equal' }, 'comparison'],
    [{ window: '1h' }, 'window'],
    [{ what: 'tenant_cost_usd' }, 'window'],
    [{ what: 'tenant_cost_usd', window: '2h' }, 'window'],
    [{ what: 'tenant_sessions', window: '1h', where: { agent: 'Critic' } }, 'where.agent'],
    [{ what: 'balance_remaining_usd', where: { workflow: 'support' } }, 'where.workflow'],
    [{ where: { session: 's1' } }, 'session'],
    [{ for: '5 minutes' }, 'for'],
    [{ for: '8d' }, 'for'],
    [{ repeat_interval: '1s' }, 'repeat_interval'],
    [{ is_enabled: 'yes' }, 'is_enabled'],
    [{ thresold: 5 }, 'thresold'],
    [{ webhook: { url: 'https://example.com' } }, 'webhook.secret'],
    [{ webhook: { url: 'https://example.com', secret: 'hunter2' } }, 'webhook.secret'],
    [{ webhook: { url: 'javascript:alert(1)', secret: SECRET } }, 'webhook.url'],
    [{ webhook: { url: 'https://a:b@example.com', secret: SECRET } }, 'webhook.url'],
  ] as const)('that is wrong is refused by the name of the field: %j', async ([changes, field]) => {
    const { status, body, text } = await ask('POST /api/v1/alerts', '', { body: draft(changes) });
    expect({ status, fields: body.errors?.map(({ parameter }: { parameter: string }) => parameter) }).toEqual({
      status: 400,
      fields: [field],
    });
    expect(text).not.toContain('hunter2');
  });

  it('is one tenant’s: another finds, changes, tests and removes nothing of it', async () => {
    const id = await newRule();
    const key = 'of-globex';
    expect((await ask('GET /api/v1/alerts', '', { key })).body.alerts).toEqual([]);
    for (const route of [
      'GET /api/v1/alerts/{id}',
      'DELETE /api/v1/alerts/{id}',
      'POST /api/v1/alerts/{id}/test',
      'GET /api/v1/alerts/{id}/deliveries',
    ]) {
      expect((await ask(route, id, { key })).status).toBe(404);
    }
    expect((await ask('PUT /api/v1/alerts/{id}', id, { key, body: draft() })).status).toBe(404);
    expect((await ask('GET /api/v1/alerts/{id}', id)).status).toBe(200);
  });

  it('is read by those who may read, without the path of its webhook, and changed only by those who may change', async () => {
    const id = await newRule();
    const key = 'reader';
    const { body } = await ask('GET /api/v1/alerts/{id}', id, { key });
    expect(body.webhook.url).toBe(`http://127.0.0.1:${receiver.port}/…`);
    const refused = [
      await ask('POST /api/v1/alerts', '', { key, body: draft() }),
      await ask('PUT /api/v1/alerts/{id}', id, { key, body: draft() }),
      await ask('DELETE /api/v1/alerts/{id}', id, { key }),
      await ask('POST /api/v1/alerts/{id}/test', id, { key }),
    ];
    expect(refused.map((answer) => answer.body.code)).toEqual(Array.from({ length: 4 }, () => 'key_may_only_read'));
    expect((await ask('GET /api/v1/alerts', '', { key: 'app' })).status).toBe(403);
  });
});

describe('a test', () => {
  it('sends a message that is marked as one, and tells what the receiver said', async () => {
    const id = await newRule();
    receiver.answer = () => ({ status: 201, body: 'thanks' });
    const { body } = await ask('POST /api/v1/alerts/{id}/test', id);
    expect(body).toMatchObject({ outcome: 'delivered', status: 201, answer: 'thanks', error: null });
    expect(receiver.received.at(-1)).toMatchObject({
      path: '/hook/secret-path',
      message: {
        type: 'alert.test',
        data: { alert_id: id, name: 'dear session', subject: { kind: 'session', name: 'test' } },
      },
    });
    receiver.answer = () => ({ status: 500, body: 'no' });
    expect((await ask('POST /api/v1/alerts/{id}/test', id)).body).toMatchObject({ outcome: 'refused', status: 500 });
    expect((await ask('GET /api/v1/alerts/{id}/deliveries', id)).body).toEqual({ deliveries: [] });
    expect((await ask('GET /api/v1/alerts/firing')).body).toEqual({ firing: [] });
  });
});

describe('without the operator’s leave', () => {
  it.for([
    'http://127.0.0.1:9/',
    'https://127.0.0.1/',
    'https://0177.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://localhost/',
    'https://metadata.example/',
  ])('no rule leads to %s', async (url) => {
    const resolve = async (): Promise<{ address: string; family: number }[]> => [
      { address: '169.254.169.254', family: 4 },
    ];
    const strict = await runApi(ledger, { keys: KEYS, webhooks: { allowPrivate: false, resolve } });
    const body = draft({ webhook: { url, secret: SECRET } });
    const answer = await ask('POST /api/v1/alerts', '', { body, service: strict });
    expect([answer.status, answer.body.errors[0].parameter]).toEqual([400, 'webhook.url']);
    expect(['private_target', 'https_required']).toContain(answer.body.code);
    await strict.stop();
  });
});
