// Without keys a web page must not read what this machine may: pages of other origins, and names that resolve to loopback.

import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerDatabase, openLedger } from '../query/ledger.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { keyNamed, type RunningApi, runApi } from './running-api.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let open: RunningApi;
let closed: RunningApi;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  open = await runApi(ledger);
  closed = await runApi(ledger, { keys: [keyNamed('key', ['acme'])] });
});
afterAll(async () => {
  await open.stop();
  await closed.stop();
  await ledger.close();
  await engine.stop();
});

/** `fetch` chooses the host by itself. */
function ask(
  api: RunningApi,
  headers: http.OutgoingHttpHeaders,
  path = '/api/v1/sessions',
): Promise<{ status: number; code: unknown }> {
  return new Promise((resolve, reject) => {
    const request = http.get({ port: api.server.port, host: '127.0.0.1', path, headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, code: (JSON.parse(text) as { code?: unknown }).code }),
      );
    });
    request.on('error', reject);
  });
}

describe('without keys', () => {
  it.for(['localhost', 'localhost:8318', '127.0.0.1', '127.0.0.1:1', '127.1.2.3', '[::1]:8318', 'LOCALHOST'])(
    'the host %s is this machine',
    async (host) => {
      expect(await ask(open, { host })).toMatchObject({ status: 200 });
    },
  );

  it.for([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:8318',
    'localhost@evil.example',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '192.168.0.1',
  ])('the host %j is another’s, though it leads here', async (host) => {
    for (const path of ['/api/v1/sessions', '/metrics', '/readyz', '/api/v1/openapi.json', '/nothing']) {
      expect(await ask(open, { host }, path)).toEqual({ status: 403, code: 'host_not_allowed' });
    }
  });

  it.for([
    'https://evil.example',
    'http://localhost.evil.example',
    'null',
    'http://localhost:3000@evil.example',
    'file://',
    'http://evil.example/http://localhost',
  ])('a page of %s may not ask', async (origin) => {
    expect(await ask(open, { origin })).toEqual({ status: 403, code: 'origin_not_allowed' });
  });

  it('a page of this machine may, and programs send no origin', async () => {
    expect(await ask(open, { origin: 'http://localhost:3000' })).toMatchObject({ status: 200 });
    expect(await ask(open, { origin: 'http://127.0.0.1:8318', 'sec-fetch-site': 'same-origin' })).toMatchObject({
      status: 200,
    });
    expect(await ask(open, {})).toMatchObject({ status: 200 });
  });

  it('what a page loads without an origin is refused too', async () => {
    expect(await ask(open, { 'sec-fetch-site': 'cross-site' }, '/api/v1/check')).toEqual({
      status: 403,
      code: 'origin_not_allowed',
    });
  });

  it('nobody is answered a preflight', async () => {
    const answer = await open.send('OPTIONS', '/api/v1/flush', {
      headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(405);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('nothing but loopback is listened on', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
      await expect(runApi(ledger, { host })).rejects.toMatchObject({
        name: 'ServeError',
        code: 'exposed_without_keys',
        retryable: false,
      });
    }
  });
});

describe('with keys', () => {
  it('the key says who may ask, by whatever name the service is reached', async () => {
    const authorization = 'Bearer key';
    expect(await ask(closed, { authorization, host: 'turnmeter.example' })).toMatchObject({ status: 200 });
    expect(await ask(closed, { authorization, origin: 'https://grafana.example' })).toMatchObject({ status: 200 });
    expect(await ask(closed, { host: 'turnmeter.example' })).toMatchObject({ status: 401 });
  });

  it('a port that is taken is an error with a name', async () => {
    await expect(runApi(ledger, { port: closed.server.port })).rejects.toMatchObject({
      name: 'ServeError',
      code: 'port_unavailable',
    });
  });
});
