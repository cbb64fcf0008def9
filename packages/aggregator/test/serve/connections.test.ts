// What connections do: slow ones, broken ones, ones that go away, and the end of them all.

import net from 'node:net';
import type { ClickHouseClient, QueryParams } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueries } from '../../src/query/queries.ts';
import { call, type LedgerDatabase, openLedger } from '../query/ledger.ts';
import { runEngine, type RunningEngine, until } from '../save/running-engine.ts';
import { type Answer, NO_REPRICING, type RunningApi, runApi } from './running-api.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  await ledger.book([call([1, 2], { tenant: 'default', session_id: 'chat' })]);
  // Some 200 MB as rows: more than all buffers between here and the database.
  await ledger.client.command({
    query: `
      INSERT INTO entries (seg, writer, ingest_day, ingest_time, sign, tenant, trace_key, record_id, started_at, ended_at, notes)
      SELECT 1, 'test', '2026-11-22', now64(6), 1, 'large', 'trace', toString(number), now64(6), now64(6), [repeat('x', 1000)]
      FROM numbers(100000)`,
  });
});
afterAll(async () => {
  await ledger.close();
  await engine.stop();
});

async function withApi<Result>(
  options: Parameters<typeof runApi>[1],
  use: (api: RunningApi) => Promise<Result>,
): Promise<Result> {
  const api = await runApi(ledger, options);
  try {
    return await use(api);
  } finally {
    await api.stop();
  }
}

interface Wire {
  readonly socket: net.Socket;
  readonly received: () => string;
  readonly closed: Promise<void>;
}

function connect(api: RunningApi, text = ''): Wire {
  const socket = net.connect(api.server.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  if (text !== '') socket.write(text);
  return { socket, received: () => received, closed };
}

interface HeldQueries {
  readonly client: ClickHouseClient;
  /** Of the queries that were asked: aborted once nobody waits for the answer. */
  readonly signals: readonly AbortSignal[];
  readonly release: () => void;
}

/** The same client, whose queries are asked once they are released: none is done before whoever asked goes away. */
function holdQueries(client: ClickHouseClient): HeldQueries {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  const query = async (request: QueryParams): Promise<unknown> => {
    const signal = request.abort_signal;
    if (signal === undefined) throw new Error('Nobody can give up this query');
    signals.push(signal);
    const given = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await Promise.race([released, given]);
    return client.query(request);
  };
  return { client: Object.assign(Object.create(client), { query }), signals, release };
}

async function running(mark: string): Promise<number> {
  const [row] = await engine.rows<{ n: number }>(
    `SELECT count() AS n FROM system.processes WHERE position(query, '${mark}') > 0 AND position(query, 'system.processes') = 0`,
  );
  return row?.n ?? 0;
}

function reprice(api: RunningApi, tenant: string): Promise<Answer> {
  return api.send('POST', '/api/v1/reprice', {
    headers: { 'content-type': 'application/json', 'x-scope-orgid': tenant },
    body: JSON.stringify({ from: '2026-11-01', to: '2026-11-02', dry_run: true }),
  });
}

const GET = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n';
/** Of `system.processes`, the query of an export of entries. */
const EXPORT_MARK = 'entries.charge_quantities';
const LARGE = { 'x-scope-orgid': 'large' };

describe('a request that comes slowly', () => {
  it.for([
    ['its head', GET],
    [
      'its body',
      'POST /api/v1/reprice HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"from":',
    ],
    ['nothing at all', ''],
  ] as const)('with %s is not waited for', ([, text]) =>
    withApi({ limits: { requestTimeoutMs: 300 } }, async (api) => {
      const wire = connect(api, text);
      const drip = setInterval(() => wire.socket.write(text === GET ? 'X-A: 1\r\n' : text === '' ? '' : ' '), 100);
      await wire.closed;
      clearInterval(drip);
      expect(wire.received()).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n.*"code":"request_broken"|$)/s);
    }),
  );
});

describe('what is no HTTP', () => {
  it.for([
    ['GARBAGE\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    [
      'POST /api/v1/flush HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [`${GET}X-Long: ${'x'.repeat(80_000)}\r\n\r\n`, 431],
    [`GET /api/v1/sessions/${'x'.repeat(80_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
  ] as const)('is refused: %j', ([text, status]) =>
    withApi({}, async (api) => {
      const wire = connect(api, text);
      await wire.closed;
      expect(wire.received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect((await api.get('/healthz')).status).toBe(200);
    }),
  );
});

describe('somebody who goes away', () => {
  it('ends the query that was run for them', () =>
    withApi({}, async (api) => {
      const controller = new AbortController();
      const answer = fetch(`${api.url}/api/v1/export?what=entries`, { headers: LARGE, signal: controller.signal });
      const reader = (await answer).body!.getReader();
      await reader.read();
      expect(await running(EXPORT_MARK)).toBe(1);
      controller.abort();
      await until(async () => (await running(EXPORT_MARK)) === 0, 'the query has ended');
      expect(api.log.filter((line) => line.includes('"level":50'))).toEqual([]);
    }));

  it('has no query run for them any more, and whoever stays has it run to the end', async () => {
    const held = holdQueries(ledger.client);
    await withApi({ queries: createQueries(held.client) }, async (api) => {
      for (const path of ['/api/v1/sessions', '/api/v1/check', '/api/v1/totals', '/api/v1/workflows']) {
        const before = held.signals.length;
        const wire = connect(api, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Scope-OrgID: large\r\n\r\n`);
        await until(() => held.signals.length > before, 'it is asked');
        wire.socket.destroy();
        await until(() => held.signals.slice(before).every(({ aborted }) => aborted), 'it is cancelled');
      }
      held.release();
      const before = held.signals.length;
      expect((await api.get('/api/v1/sessions')).status).toBe(200);
      const asked = held.signals.slice(before).map(({ aborted }) => aborted);
      expect(new Set(asked)).toEqual(new Set([false]));
      expect(api.log.filter((line) => line.includes('"level":50'))).toEqual([]);
    });
  });

  it('gives back the places they had', () =>
    withApi({}, async (api) => {
      // Two exports of a tenant at a time; these are broken off one after another.
      for (let at = 0; at < 5; at++) {
        const wire = connect(
          api,
          `GET /api/v1/export?what=entries HTTP/1.1\r\nHost: localhost\r\nX-Scope-OrgID: large\r\n\r\n`,
        );
        await until(() => wire.received().length > 1000, 'rows come');
        wire.socket.destroy();
        await until(
          async () => (await api.get('/api/v1/export?what=workflows', LARGE)).status === 200,
          'there is a place',
        );
      }
      expect((await api.get('/api/v1/export?what=workflows', LARGE)).status).toBe(200);
    }));

  it('by taking nothing any more is cut, and keeps nobody waiting', () =>
    withApi({ limits: { stallTimeoutMs: 3000 } }, async (api) => {
      const wire = connect(
        api,
        `GET /api/v1/export?what=entries HTTP/1.1\r\nHost: localhost\r\nX-Scope-OrgID: large\r\n\r\n`,
      );
      await until(() => wire.received().length > 0, 'rows come');
      wire.socket.pause();
      await until(async () => (await running(EXPORT_MARK)) === 0, 'the query has ended');
      wire.socket.destroy();
      expect((await api.get('/healthz')).status).toBe(200);
    }));
});

describe('an answer that breaks off', () => {
  it('does not look like a whole one', () =>
    withApi({}, async (api) => {
      const answer = await fetch(`${api.url}/api/v1/export?what=entries`, { headers: LARGE });
      const reader = answer.body!.getReader();
      await reader.read();
      // It cannot be done: the rest does not fit into what is between here and the database.
      await engine.send(`KILL QUERY WHERE position(query, '${EXPORT_MARK}') > 0 AND position(query, 'KILL') = 0 ASYNC`);
      const rest = async (): Promise<void> => {
        while (!(await reader.read()).done);
      };
      expect(await rest().catch((error: unknown) => error)).toMatchObject({
        message: expect.stringMatching(/terminated|aborted/),
      });
    }));
});

describe('too many at once', () => {
  it('are told to come back, those of other tenants are not', () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    return withApi({ reprice: async () => held.then(() => NO_REPRICING), flush: () => held }, async (api) => {
      const first = reprice(api, 'acme');
      await until(() => api.asked.repricings.length === 1, 'it runs');
      const second = await reprice(api, 'acme');
      expect(second).toMatchObject({ status: 429, body: { code: 'too_many_at_once' } });
      expect(second.headers.get('retry-after')).toBe('2');
      // One repricing at a time is one for all; what waits for others holds sixteen places of its tenant.
      const flushes = Array.from({ length: 15 }, () =>
        api.send('POST', '/api/v1/flush', { headers: { 'x-scope-orgid': 'acme' } }),
      );
      await until(() => api.asked.flushes === 15, 'they wait');
      expect((await api.get('/api/v1/sessions', { 'x-scope-orgid': 'acme' })).status).toBe(429);
      expect((await api.get('/api/v1/sessions', { 'x-scope-orgid': 'globex' })).status).toBe(200);
      release?.();
      expect((await first).status).toBe(200);
      expect((await Promise.all(flushes)).map(({ status }) => status)).toEqual(Array.from({ length: 15 }, () => 200));
      expect((await api.get('/api/v1/sessions', { 'x-scope-orgid': 'acme' })).status).toBe(200);
    });
  });
});

describe('a server that stops', () => {
  it('answers what was asked, and nothing more', async () => {
    let release: (() => void) | undefined;
    const api = await runApi(ledger, { flush: () => new Promise<void>((resolve) => (release = resolve)) });
    const kept = connect(api, `${GET}\r\n`);
    await until(() => kept.received().includes('{"ok":true}'), 'it is answered');
    const flush = api.send('POST', '/api/v1/flush');
    await until(() => api.asked.flushes === 1, 'it is under way');
    const stopped = api.stop();
    await kept.closed;
    await expect(fetch(`${api.url}/healthz`)).rejects.toThrow('fetch failed');
    release?.();
    expect((await flush).body).toEqual({ flushed: true });
    await stopped;
  });

  it('refuses what comes on a connection that is still at work', async () => {
    let release: (() => void) | undefined;
    const api = await runApi(ledger, { flush: () => new Promise<void>((resolve) => (release = resolve)) });
    const wire = connect(api, `POST /api/v1/flush HTTP/1.1\r\nHost: localhost\r\n\r\n${GET}\r\n`);
    await until(() => api.asked.flushes === 1, 'it is under way');
    const stopped = api.stop();
    release?.();
    await wire.closed;
    await stopped;
    expect(wire.received()).toContain('{"flushed":true}');
    expect(wire.received()).not.toContain('{"ok":true}');
  });

  it('does not wait for ever for those who do not take their answers', async () => {
    const api = await runApi(ledger, { limits: { stopTimeoutMs: 200 } });
    const wire = connect(
      api,
      `GET /api/v1/export?what=entries HTTP/1.1\r\nHost: localhost\r\nX-Scope-OrgID: large\r\n\r\n`,
    );
    await until(() => wire.received().length > 0, 'rows come');
    wire.socket.pause();
    await api.stop();
    wire.socket.destroy();
    await until(async () => (await running(EXPORT_MARK)) === 0, 'the query has ended');
    await expect(fetch(`${api.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});
