// Prepaid balances by the API: once per key, never below zero, each tenant its own.

import { describe, expect, it, onTestFinished } from 'vitest';
import { NOON_US } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { Documentation } from './documented.ts';
import { type Answer, type ApiTestOptions, keyNamed, type RunningApi, runApi } from './running-api.ts';

const { ledger } = await openedLedger();

async function start(options: ApiTestOptions = {}): Promise<RunningApi> {
  const api = await runApi(ledger, options);
  onTestFinished(() => api.stop());
  return api;
}

interface Post {
  readonly account?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let keys = 0;

/** Each answer is looked up in the OpenAPI document. */
async function post(
  api: RunningApi,
  operation: string,
  body: object,
  { account = 'trial', key = `key-${++keys}`, headers = {} }: Post = {},
): Promise<Answer> {
  const documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
  const answer = await api.send('POST', `/api/v1/balances/${encodeURIComponent(account)}/${operation}`, {
    headers: { 'content-type': 'application/json', ...(key === '' ? {} : { 'idempotency-key': key }), ...headers },
    body: JSON.stringify(body),
  });
  expect(documentation.faultsOf('POST', `/api/v1/balances/{account}/${operation}`, answer)).toEqual([]);
  return answer;
}

describe('balances', () => {
  it('are granted, reserved, settled, deducted and refunded, entry by entry', async () => {
    const api = await start();
    expect((await post(api, 'grant', { amount: 100, note: 'trial' })).body).toMatchObject({
      account: 'trial',
      unit: 'tokens',
      entry: 1,
      kind: 'grant',
      amount: '100',
      free_after: '100',
      note: 'trial',
    });
    expect((await post(api, 'reserve', { amount: 60 })).body).toMatchObject({ entry: 2, reserved_after: '60' });
    expect((await post(api, 'settle', { reservation: 2, amount: 25 })).body).toMatchObject({ free_after: '75' });
    await post(api, 'reserve', { amount: 5 });
    await post(api, 'release', { reservation: 4 });
    await post(api, 'deduct', { amount: 5 });
    expect((await post(api, 'refund', { spending: 6, amount: 2 })).body).toMatchObject({ entry: 7, refers_to: 6 });

    const documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
    const one = await api.get('/api/v1/balances/trial?limit=2');
    expect(documentation.faultsOf('GET', '/api/v1/balances/{account}', one)).toEqual([]);
    expect(one.body.balance).toMatchObject({ free: '72', reserved: '0', spent: '30', granted: '100', refunded: '2' });
    expect(one.body.ledger.map(({ kind }: { kind: string }) => kind)).toEqual(['refund', 'deduct']);
    const next = await api.get(`/api/v1/balances/trial?before=${one.body.next_before}`);
    expect(next.body).toMatchObject({ next_before: null, ledger: { length: 5 } });
  });

  it('happen once for a key, are answered the same again, and other requests with the key are refused', async () => {
    const api = await start();
    const first = await post(api, 'grant', { amount: 100 }, { key: 'once' });
    const again = await post(api, 'grant', { amount: '100' }, { key: 'once' });
    expect(again.body).toEqual(first.body);
    expect([first.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ]);
    const other = await post(api, 'grant', { amount: 101 }, { key: 'once' });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
    const elsewhere = await post(api, 'grant', { amount: 100 }, { key: 'once', account: 'other' });
    expect(elsewhere.status).toBe(409);
    expect((await api.get('/api/v1/balances')).body.balances).toMatchObject([{ account: 'trial', granted: '100' }]);
  });

  it('refuse what they do not have with 402, and what is over with 409', async () => {
    const api = await start();
    await post(api, 'grant', { amount: 10 });
    for (const operation of ['deduct', 'reserve']) {
      const refused = await post(api, operation, { amount: 11 });
      expect([refused.status, refused.body.code]).toEqual([402, 'insufficient_balance']);
    }
    await post(api, 'reserve', { amount: 10 });
    expect((await post(api, 'settle', { reservation: 2, amount: 12 })).body).toMatchObject({ uncovered: '2' });
    const closed = await post(api, 'release', { reservation: 2 });
    expect([closed.status, closed.body.code]).toEqual([409, 'reservation_closed']);
    expect((await post(api, 'deduct', { amount: 1 }, { account: 'nobody' })).status).toBe(404);
    expect((await api.get('/api/v1/balances/nobody')).status).toBe(404);
    expect((await api.get('/api/v1/balances/trial?unit=nano_usd')).status).toBe(404);
  });

  it('never spend more than there is when a hundred ask at once, of whom none is kept out', async () => {
    const api = await start();
    await post(api, 'grant', { amount: 10 });
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async () => (await post(api, 'deduct', { amount: 1 })).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 402)).toHaveLength(90);
    expect((await api.get('/api/v1/balances/trial')).body.balance).toMatchObject({ free: '0', spent: '10' });
  });

  it('are exact beyond the numbers of JSON', async () => {
    const api = await start();
    const amount = '9007199254740993';
    await post(api, 'grant', { amount, unit: 'nano_usd' }, { account: 'a/b c' });
    expect((await api.get('/api/v1/balances/a%2Fb%20c?unit=nano_usd')).body.balance).toMatchObject({ free: amount });
  });

  it.for([
    ['grant', { amount: 0 }, 'amount'],
    ['grant', { amount: 1.5 }, 'amount'],
    ['grant', { amount: '9223372036854775808' }, 'amount'],
    ['grant', { amount: 2 ** 53 }, 'amount'],
    ['grant', { amount: '1.5' }, 'amount'],
    ['grant', { amount: '1e18' }, 'amount'],
    ['grant', { amount: 'many' }, 'amount'],
    ['grant', {}, 'amount'],
    ['grant', { amount: 1, unit: 'usd' }, 'unit'],
    ['grant', { amount: 1, expires_at: 'tomorrow' }, 'expires_at'],
    ['grant', { amount: 1, expires: '2027-01-01T00:00:00Z' }, 'expires'],
    ['settle', { amount: 1 }, 'reservation'],
    ['refund', { amount: 1, spending: 0 }, 'spending'],
  ] as const)('refuse %s of %j by the name of the field', async ([operation, body, field]) => {
    const api = await start();
    const { status, body: problem } = await post(api, operation, body);
    expect([status, problem.errors[0].parameter]).toEqual([400, field]);
  });

  it('refuse a grant that has expired, and requests without a key of their own', async () => {
    const api = await start();
    const past = await post(api, 'grant', { amount: 1, expires_at: '2020-01-01T00:00:00Z' });
    expect([past.status, past.body.errors[0].parameter]).toEqual([400, 'expires_at']);
    const keyless = await post(api, 'grant', { amount: 1 }, { key: '' });
    expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency_key_missing']);
    expect((await post(api, 'grant', { amount: 1 }, { key: 'k'.repeat(256) })).status).toBe(400);
  });

  it('are the tenant’s own, and changed only with a key that may', async () => {
    const api = await start({
      keys: [keyNamed('acme', ['acme']), keyNamed('globex', ['globex']), keyNamed('eye', ['acme'], 'read')],
    });
    const as = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
    const granted = await post(api, 'grant', { amount: 5 }, { headers: as('acme'), key: 'k' });
    expect(granted.body).toMatchObject({ by: 'acme' });
    expect((await post(api, 'deduct', { amount: 1 }, { headers: as('eye') })).status).toBe(403);
    expect((await api.get('/api/v1/balances/trial', as('eye'))).status).toBe(200);
    expect((await api.get('/api/v1/balances/trial', as('globex'))).status).toBe(404);
    expect((await post(api, 'deduct', { amount: 1 }, { headers: as('globex') })).status).toBe(404);
    // A key of a request is the tenant's.
    expect((await post(api, 'grant', { amount: 7 }, { headers: as('globex'), key: 'k' })).status).toBe(200);
    expect((await api.get('/api/v1/balances')).status).toBe(401);
  });

  it('tell when they will run out, from the days on which they were spent', async () => {
    const DAY_US = 86_400_000_000;
    const clock = { us: NOON_US };
    const api = await start({ nowUs: () => clock.us });
    const documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
    const runOut = async (): Promise<Answer['body']> => {
      const answer = await api.get('/api/v1/balances/trial');
      expect(documentation.faultsOf('GET', '/api/v1/balances/{account}', answer)).toEqual([]);
      return answer.body.run_out;
    };
    await post(api, 'grant', { amount: 1000 });
    expect(await runOut()).toMatchObject({ status: 'not_enough_history', low: null, mid: null, high: null });
    for (let day = 0; day < 6; day++) {
      await post(api, 'deduct', { amount: 100 });
      clock.us += DAY_US;
    }
    // 400 are left at 100 a day, the running one included: from the noon of the 27th until about midnight after the 30th.
    const told = await runOut();
    expect(told).toMatchObject({ status: 'runs_out', history_days: 6, interval_coverage: 0.9 });
    expect(Date.parse(told.mid)).toBeGreaterThan(Date.parse('2026-11-29T12:00:00Z'));
    expect(Date.parse(told.mid)).toBeLessThan(Date.parse('2026-12-02T12:00:00Z'));
    expect(Date.parse(told.low)).toBeLessThan(Date.parse(told.mid));
    expect(Date.parse(told.high)).toBeGreaterThan(Date.parse(told.mid));
    await post(api, 'deduct', { amount: 400 });
    expect(await runOut()).toMatchObject({ status: 'used_up', mid: null });
  });

  it('are audited with the books', async () => {
    const api = await start();
    await post(api, 'grant', { amount: 1 });
    const { body } = await api.get('/api/v1/check');
    expect(body.checks.at(-1)).toMatchObject({ name: 'balances_follow_from_ledger', ok: true, found: '0' });
  });

  it('are listed page by page', async () => {
    const api = await start();
    for (const account of ['c', 'a', 'b']) await post(api, 'grant', { amount: 1 }, { account });
    const first = (await api.get('/api/v1/balances?limit=2')).body;
    const second = (await api.get(`/api/v1/balances?limit=2&cursor=${first.next_cursor}`)).body;
    const names = [...first.balances, ...second.balances].map(({ account }: { account: string }) => account);
    expect([names, second.next_cursor]).toEqual([['a', 'b', 'c'], null]);
    expect((await api.get('/api/v1/balances?cursor=x')).body.code).toBe('cursor_invalid');
  });
});
