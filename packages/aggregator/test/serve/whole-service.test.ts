// Recorded group chats go in as OTLP, and every answer about them is as the OpenAPI document says.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { type RunningService, startService } from '../../src/service.ts';
import { until } from '../save/running-engine.ts';
import { Documentation } from './documented.ts';
import type { Answer } from './running-api.ts';

const RECORDINGS = new URL('../../demo/', import.meta.url);

let dataDir: string;
let service: RunningService;
let documentation: Documentation;
/** A tenant for each recording, as all of them call their sessions the same. */
let tenants: readonly string[];
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-serve-'));
  const flags = {
    data_dir: dataDir,
    trace_quiet_seconds: 0.2,
    'http.port': 0,
    'otlp.http_port': 0,
    'otlp.grpc_port': 0,
  };
  service = await startService(parseConfig({ env: {}, flags }), { logger: pino({ level: 'silent' }) });
  const files = (await readdir(RECORDINGS)).filter((file) => file.endsWith('.json.gz'));
  tenants = files.map((file) => file.replace('.json.gz', ''));
  for (const file of files) {
    const answer = await fetch(`${service.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-scope-orgid': file.replace('.json.gz', '') },
      body: gunzipSync(await readFile(new URL(file, RECORDINGS))),
    });
    if (!answer.ok) throw new Error(`${file} was refused: ${await answer.text()}`);
  }
  documentation = new Documentation((await request('GET', '/api/v1/openapi.json')).body);
  await ask('POST /api/v1/flush', '/api/v1/flush', 'default');
});
afterAll(async () => {
  await service.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Asks for a tenant, and holds the answer against the document. */
async function ask(route: string, target: string, tenant: string, body?: object): Promise<Answer> {
  const [method = '', template = ''] = route.split(' ');
  const answer = await request(method, target, { tenant, body });
  expect(documentation.faultsOf(method, template, answer)).toEqual([]);
  return answer;
}

async function request(
  method: string,
  target: string,
  { tenant = 'default', body }: { readonly tenant?: string; readonly body?: object | undefined } = {},
): Promise<Answer> {
  const answer = await fetch(`${service.apiUrl}${target}`, {
    method,
    headers: { 'x-scope-orgid': tenant, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

interface SessionAnswer {
  readonly session_id: string | null;
  readonly tokens: { readonly input: number };
  readonly cost: { readonly nano_usd: string };
}

async function sessionsOf(tenant: string): Promise<readonly SessionAnswer[]> {
  return (await ask('GET /api/v1/sessions', '/api/v1/sessions?limit=1000', tenant)).body.sessions;
}

describe('the whole service', () => {
  it('answers about every session of every producer, live and final', async () => {
    for (const tenant of tenants) {
      const sessions = await sessionsOf(tenant);
      expect(sessions.length).toBeGreaterThan(0);
      for (const { session_id: id, tokens } of sessions) {
        if (id === null) continue;
        const target = `/api/v1/sessions/${encodeURIComponent(id)}`;
        expect((await ask('GET /api/v1/sessions/{id}', target, tenant)).body).toMatchObject({
          state: 'running',
          tokens,
        });
        const { body } = await ask('POST /api/v1/sessions/{id}/finalize', `${target}/finalize`, tenant);
        expect(body.session_id).toBe(id);
        const final = await ask('GET /api/v1/sessions/{id}', target, tenant);
        expect(final.body).toMatchObject({ state: 'finalized', tokens });
      }
    }
  });

  /** What was asked of each: agents that hand over to each other, or a supervisor that asks them as tools. */
  it.each([
    ['adk-native', true],
    ['ai6-native-chat', true],
    ['ai7-openinference-vercel', true],
    ['strands-native-chat', true],
    ['mastra-native-otelexporter', false],
    ['voltagent-native', false],
  ])('knows handoffs of %s: %s', async (tenant, doesHandOver) => {
    // Planner, Writer, Critic, Writer, Critic.
    const handoffs = [
      { from: 'Writer', to: 'Critic', count: 2 },
      { from: 'Critic', to: 'Writer', count: 1 },
      { from: 'Planner', to: 'Writer', count: 1 },
    ];
    for (const id of ['sess-a', 'sess-b']) {
      const { body } = await ask('GET /api/v1/sessions/{id}', `/api/v1/sessions/${id}`, tenant);
      expect(body.handoffs).toMatchObject(doesHandOver ? handoffs : []);
    }
  });

  it('explains every trace', async () => {
    for (const tenant of tenants) {
      const { text } = await ask('GET /api/v1/export', '/api/v1/export?what=observations', tenant);
      const rows = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly trace_key: string });
      for (const [trace, ofTrace] of Map.groupBy(rows, ({ trace_key }) => trace_key)) {
        const { body } = await ask('GET /api/v1/explain', `/api/v1/explain?trace_id=${trace}`, tenant);
        expect(body.text.split('\n')).toHaveLength(ofTrace.length);
      }
    }
  });

  it('has totals that are those of its sessions', async () => {
    const target = '/api/v1/totals?from=1970-01-01&to=2148-01-01';
    for (const tenant of tenants) {
      const sessions = await sessionsOf(tenant);
      const { total } = (await ask('GET /api/v1/totals', target, tenant)).body;
      expect(total.tokens.input).toBe(sessions.reduce((sum, { tokens }) => sum + tokens.input, 0));
      expect(BigInt(total.cost.nano_usd)).toBe(sessions.reduce((sum, { cost }) => sum + BigInt(cost.nano_usd), 0n));
      expect(total.tokens.input).toBeGreaterThan(0);
    }
  });

  it('names who sent something', async () => {
    for (const tenant of tenants) {
      const { producers } = (await ask('GET /api/v1/producers', '/api/v1/producers?from=1970-01-01', tenant)).body;
      expect(producers.some(({ with_usage }: { readonly with_usage: number }) => with_usage > 0)).toBe(true);
    }
  });

  it('prices again what is priced, to the same', async () => {
    const times = { from: '1970-01-01', to: '2148-01-01', dry_run: false };
    for (const tenant of tenants) {
      const { body } = await ask('POST /api/v1/reprice', '/api/v1/reprice', tenant, times);
      expect(body).toMatchObject({ dry_run: false, changed: 0, difference: { nano_usd: '0' } });
      expect(body.entries).toBeGreaterThan(0);
    }
  });

  it('has averages of its workflows soon after', async () => {
    const tenant = tenants[0] ?? '';
    const list = async (): Promise<readonly { workflow: string }[]> =>
      (await ask('GET /api/v1/workflows', '/api/v1/workflows', tenant)).body.workflows;
    await until(async () => (await list()).length > 0, 'there are averages');
    for (const { workflow } of await list()) {
      const target = `/api/v1/workflows/${encodeURIComponent(workflow)}`;
      expect((await ask('GET /api/v1/workflows/{name}', target, tenant)).body.session_count).toBeGreaterThan(0);
    }
  });

  it('keeps books that stand an audit', async () => {
    const { text } = await request('GET', '/api/v1/check', { tenant: '*' });
    const { ok, checks } = JSON.parse(text) as { ok: boolean; checks: { ok: boolean }[] };
    expect(checks.filter((one) => !one.ok)).toEqual([]);
    expect(ok).toBe(true);
  });
});
