// What is answered when something is wrong, as problem details (RFC 9457) that say what.

import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueries } from '../../src/query/queries.ts';
import { call, type LedgerDatabase, openLedger } from '../query/ledger.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { type Answer, type RunningApi, runApi } from './running-api.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let api: RunningApi;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  api = await runApi(ledger);
  await ledger.book([call([1, 2], { tenant: 'default', session_id: 'chat-1' })]);
});
afterAll(async () => {
  await api.stop();
  await ledger.close();
  await engine.stop();
});

function post(path: string, body: string, contentType = 'application/json', to: RunningApi = api): Promise<Answer> {
  return to.send('POST', path, { body, headers: { 'content-type': contentType } });
}

/** Every problem has these, and no more than it may say. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.body?.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ type: `urn:turnmeter:problem:${code}`, status, title: expect.any(String) });
  expect(answer.body.detail).toMatch(/^\S.*\S$/);
  expect(answer.text).not.toMatch(/SELECT|ClickHouse|node_modules|\.ts/);
}

describe('what is not there', () => {
  it('is not found, with what may have been meant', async () => {
    const session = await api.get('/api/v1/sessions/chat-2');
    expectProblem(session, 404, 'not_found');
    expect(session.body).toMatchObject({
      detail: 'Nothing is known of the session chat-2. Did you mean chat-1?',
      suggestions: ['chat-1'],
    });
    expectProblem(await api.send('POST', '/api/v1/sessions/chat-2/finalize'), 404, 'not_found');
    expectProblem(await api.get('/api/v1/workflows/unheard-of'), 404, 'not_found');
    expectProblem(await api.get(`/api/v1/explain?trace_id=${'0'.repeat(32)}`), 404, 'not_found');
    expectProblem(await api.get('/api/v1/explain?span_id=none'), 404, 'not_found');
  });

  it('is no path, with those that are nearly it', async () => {
    const answer = await api.get('/api/v1/session?limit=1');
    expectProblem(answer, 404, 'path_unknown');
    expect(answer.body.suggestions).toContain('/api/v1/sessions');
    expect(answer.body.detail).toContain('/api/v1/openapi.json lists all there is.');
    for (const path of ['/', '/api/v1', '/api/v1/', '/api/v1/sessions/a/b', '/..%2f..%2fetc%2fpasswd', '//']) {
      expectProblem(await api.get(path), 404, 'path_unknown');
    }
  });

  it('is shown in one line and short, whatever was asked for', async () => {
    const { body } = await api.get(`/api/v1/sessions/${encodeURIComponent(`a\r\nb\u0000\u2028${'x'.repeat(1000)}`)}`);
    expect(body.detail.length).toBeLessThan(300);
    expect(body.detail).toMatch(/^Nothing is known of the session a b x+….$/);
  });
});

describe('a method that a path does not have', () => {
  it.for([
    ['DELETE', '/api/v1/sessions/chat-1', 'GET, HEAD'],
    ['POST', '/api/v1/sessions', 'GET, HEAD'],
    ['GET', '/api/v1/sessions/chat-1/finalize', 'POST'],
    ['PUT', '/api/v1/reprice', 'POST'],
    ['OPTIONS', '/api/v1/workflows', 'GET, HEAD'],
    ['PATCH', '/healthz', 'GET, HEAD'],
  ] as const)('%s %s is refused, with those it has', async ([method, path, allow]) => {
    const answer = await api.send(method, path);
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.body.detail).toContain(`expected ${allow}`);
  });
});

describe('parameters that are wrong', () => {
  it('are listed one by one, with what was expected and received', async () => {
    const answer = await api.get(
      '/api/v1/sessions?limit=0&state=paused&from=yesterday&order=name&min_cost_usd=-1&workflw=x&user=a&user=b',
    );
    expectProblem(answer, 400, 'parameter_invalid');
    expect(answer.body.errors).toEqual([
      { parameter: 'state', detail: 'expected running or finalized, received "paused"' },
      {
        parameter: 'from',
        detail:
          'expected a time like 2026-11-21T12:00:00Z or a day like 2026-11-21, from 1970 to 2149, received "yesterday"',
      },
      { parameter: 'user', detail: 'expected one value, received ["a","b"]' },
      { parameter: 'min_cost_usd', detail: 'expected an amount of at least 0, received -1' },
      { parameter: 'order', detail: 'expected start, cost, tokens, duration, received "name"' },
      { parameter: 'limit', detail: 'expected at least 1, received 0' },
      { parameter: 'workflw', detail: 'there is no such parameter' },
    ]);
  });

  it.for([
    '/api/v1/sessions?limit=1001',
    '/api/v1/sessions?limit=1.5',
    '/api/v1/sessions?limit=ten',
    '/api/v1/sessions?limit=',
    '/api/v1/sessions?min_cost_usd=Infinity',
    '/api/v1/sessions?min_cost_usd=1e99',
    '/api/v1/sessions?from=1969-12-31',
    '/api/v1/sessions?from=9999-12-31T00:00:00Z',
    '/api/v1/sessions?from=2026-02-30',
    '/api/v1/sessions?to=2026-11-21T12:00:00',
    '/api/v1/sessions?to=1795244870',
    '/api/v1/sessions?__proto__=x',
    '/api/v1/sessions?constructor=x',
    '/api/v1/sessions/chat-1?fields=all',
    '/api/v1/workflows?limit=5',
    '/api/v1/workflows/research?x=1',
    '/api/v1/explain',
    '/api/v1/explain?trace_id=abc',
    `/api/v1/explain?trace_id=${'g'.repeat(32)}`,
    '/api/v1/explain?span_id=',
    '/api/v1/totals?by=user',
    '/api/v1/totals?from=2026-11-21T00:00:00Z',
    '/api/v1/producers?from=1900-01-01',
    '/api/v1/data-quality?from=1900-01-01',
    '/api/v1/export',
    '/api/v1/export?what=users',
    '/api/v1/export?what=entries&format=xml',
    '/api/v1/export?what=entries&to=2150-01-01',
    '/api/v1/prices/gpt-5?at=soon',
    '/api/v1/check?all=true',
  ])('are refused: %s', async (path) => {
    const answer = await api.get(path);
    expectProblem(answer, 400, 'parameter_invalid');
    expect(answer.body.errors.length).toBeGreaterThan(0);
  });

  it('are refused when they are a cursor that was not made here, or elsewhere', async () => {
    const other = await api.get('/api/v1/sessions?limit=1&order=cost');
    await ledger.book([call([1, 2], { tenant: 'default', session_id: 'chat-1b' })]);
    const { next_cursor: cursor } = (await api.get('/api/v1/sessions?limit=1&order=cost')).body;
    expect(other.status).toBe(200);
    for (const wrong of ['x', 'W10', 'bnVsbA', cursor]) {
      const answer = await api.get(`/api/v1/sessions?cursor=${wrong}`);
      expectProblem(answer, 400, 'cursor_invalid');
      expect(answer.body.errors).toMatchObject([{ parameter: 'cursor' }]);
    }
  });
});

describe('a body that is wrong', () => {
  it('is refused with what is wrong in it', async () => {
    const answer = await post('/api/v1/reprice', '{"from":"2026-01-01","to":5,"dry_run":"yes","force":true}');
    expectProblem(answer, 400, 'parameter_invalid');
    expect(answer.body.errors).toMatchObject([
      { parameter: 'to' },
      { parameter: 'dry_run', detail: 'expected true or false, received "yes"' },
      { parameter: 'force', detail: 'there is no such parameter' },
    ]);
    for (const body of ['null', '[]', '"x"', '5', '{}'])
      expectProblem(await post('/api/v1/reprice', body), 400, 'parameter_invalid');
    expectProblem(await api.send('POST', '/api/v1/reprice'), 400, 'parameter_invalid');
    const reversed = JSON.stringify({ from: '2026-01-02', to: '2026-01-01', dry_run: true });
    expectProblem(await post('/api/v1/reprice', reversed), 400, 'parameter_invalid');
    expect(api.asked.repricings).toEqual([]);
  });

  it('is refused where it is no JSON, or not said to be', async () => {
    for (const body of ['{', '', 'from=2026', '{"__proto__":{}}', '\u0000']) {
      expectProblem(await post('/api/v1/reprice', body), 400, 'request_invalid');
    }
    expectProblem(await post('/api/v1/reprice', '{}', 'text/plain'), 415, 'media_type_unsupported');
    expect(api.asked.repricings).toEqual([]);
    expectProblem(
      await post('/api/v1/sessions/chat-1/finalize', 'a=b', 'application/x-www-form-urlencoded'),
      415,
      'media_type_unsupported',
    );
  });

  it('is not read beyond what it may be', async () => {
    const answer = await post('/api/v1/reprice', JSON.stringify({ from: 'x'.repeat(70_000) }));
    expectProblem(answer, 413, 'body_too_large');
    expect(answer.headers.get('connection')).toBe('close');
  });
});

describe('a path that cannot be read', () => {
  it('is refused', async () => {
    for (const path of ['/api/v1/sessions/%', '/api/v1/sessions/%zz', '/api/v1/sessions/%c3%28']) {
      const answer = await api.get(path);
      expectProblem(answer, 400, 'request_invalid');
      expect(answer.body.detail).toContain('not a valid url');
    }
  });
});

describe('what the database cannot answer', () => {
  it('in time may be asked again later', async () => {
    const slow = await runApi(ledger, { queries: createQueries(ledger.client, { limits: { secondsMax: 0.000_001 } }) });
    const answer = await slow.get('/api/v1/sessions');
    expectProblem(answer, 503, 'too_slow');
    expect(answer.headers.get('retry-after')).toBe('5');
    await slow.stop();
  });

  it('within its memory is more than one answer can hold', async () => {
    await ledger.book([
      call([1, 2], { tenant: 'default', session_id: 'wide', model: 'o3' }),
      call([1, 2], { tenant: 'default', session_id: 'wide' }),
    ]);
    const small = await runApi(ledger, { queries: createQueries(ledger.client, { limits: { rowsMax: 1 } }) });
    const answer = await small.get('/api/v1/sessions/wide');
    expectProblem(answer, 422, 'too_large');
    expect(answer.body.detail).toContain('Ask for fewer days');
    await small.stop();
  });

  it('because it is away may be asked again later, and is in the log', async () => {
    const gone = await openLedger(engine.url);
    const broken = await runApi(gone);
    await gone.client.command({ query: 'DROP TABLE entries SYNC' });
    const answer = await broken.get('/api/v1/sessions');
    expectProblem(answer, 500, 'database_refused');
    expect(
      broken.log.some(
        (line) => line.includes('a request could not be answered') && line.includes('"route":"/api/v1/sessions"'),
      ),
    ).toBe(true);
    await broken.stop();
    await gone.close();
    const nowhere = createClient({ url: 'http://127.0.0.1:1', log: { level: ClickHouseLogLevel.OFF } });
    const away = await runApi({ ...ledger, client: nowhere });
    const unavailable = await away.get('/api/v1/workflows');
    expectProblem(unavailable, 503, 'database_unavailable');
    expect(unavailable.headers.get('retry-after')).toBe('5');
    await away.stop();
    await nowhere.close();
  });
});

describe('what goes wrong in the service itself', () => {
  it('says no more than that, and the log says what', async () => {
    const failing = await runApi(ledger, {
      flush: () => Promise.reject(new Error('secret path /srv/data')),
      reprice: () => Promise.reject(Object.assign(new Error('The store is still starting.'), { retryable: true })),
      readiness: () => ({ isReady: false, reasons: ['the database is away'] }),
    });
    const flush = await failing.send('POST', '/api/v1/flush');
    expectProblem(flush, 500, 'internal_error');
    expect(flush.text).not.toContain('secret');
    expect(failing.log.join('')).toContain('secret path');
    const body = JSON.stringify({ from: '2026-01-01', to: '2026-01-02', dry_run: false });
    const reprice = await post('/api/v1/reprice', body, 'application/json', failing);
    expectProblem(reprice, 503, 'not_ready');
    expect(reprice.headers.get('retry-after')).toBe('5');
    expect(await failing.get('/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, reasons: ['the database is away'] },
    });
    await failing.stop();
  });
});
