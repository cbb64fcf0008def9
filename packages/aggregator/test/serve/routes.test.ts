// Every route of the API, as it answers when all is well. Every answer is held against the OpenAPI document.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  dayOf,
  entry,
  type EntryRow,
  type LedgerDatabase,
  NOON_US,
  openLedger,
  timeOf,
  turn,
} from '../query/ledger.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { Documentation } from './documented.ts';
import { type Answer, NO_REPRICING, type RunningApi, runApi } from './running-api.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let api: RunningApi;
let documentation: Documentation;
/** `GET /api/v1/sessions`, for each route that a test has asked. */
const asked = new Set<string>();

beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  api = await runApi(ledger, {
    reprice: async () => ({
      ...NO_REPRICING,
      entries: 12,
      changed: 2,
      beforeNanoUsd: 9_007_199_254_740_993n,
      afterNanoUsd: 9_007_199_254_740_992n,
      models: [{ provider: 'openai', model: 'gpt-5', entries: 2, beforeNanoUsd: 3n, afterNanoUsd: 2n }],
    }),
  });
  documentation = new Documentation((await api.get('/api/v1/openapi.json')).body);
  await fillLedger();
});
afterAll(async () => {
  await api.stop();
  await ledger.close();
  await engine.stop();
});

const TRACE = 'c'.repeat(32);
const TENANT = 'default';
/** Of routes that are asked here; those of cost control have tests of their own. */
const TAGS: ReadonlySet<string> = new Set(['sessions', 'workflows', 'books', 'service']);
const ASKED_ELSEWHERE: ReadonlySet<string> = new Set([
  'GET /api/v1/backups/{id}/pieces/{name}',
  'POST /api/v1/backups',
  'DELETE /api/v1/keys/{name}',
  'GET /api/v1/keys',
  'POST /api/v1/keys',
  'GET /api/v1/sessions/{id}/projection',
  'GET /api/v1/workflows/{name}/history',
]);

function of(session_id: string, workflow = 'research'): EntryRow {
  return { tenant: TENANT, session_id, workflow, user_id: 'ada' };
}

async function fillLedger(): Promise<void> {
  await ledger.book([
    ...chat({ ...of('chat/1'), workflow_version: '7' }),
    ...chat(of('chat-2')),
    ...chat(of('chat-3', 'support')),
    call([1, 2], { ...of(''), user_id: '' }),
  ]);
  await ledger.insert('observations', [
    seen('root', { role: 'agent', operation: 'invoke_agent' }),
    seen('call', {
      parent_id: 'root',
      has_usage: true,
      input_tokens: 100,
      output_tokens: 10,
      cache_read_tokens: -1,
      usage_source: 'provider',
    }),
  ]);
  await ledger.book([
    call([1, 2], {
      ...of('explained', 'explain'),
      trace_key: TRACE,
      record_id: 'call',
      claim_by: 'gateway',
      claim_nano_usd: 120,
    }),
  ]);
}

/** Two agents, a tool, a person, and a witness. */
function chat(columns: EntryRow): readonly EntryRow[] {
  return [
    turn('writer', [0, 4], columns),
    call([1, 2], { ...columns, cache_read_tokens: 40, reasoning_tokens: 3 }),
    entry('tool', [2, 3], {
      ...columns,
      agent: 'writer',
      tool: 'search',
      cost_nano_usd: 1000,
      other_cost_nano_usd: 1000,
      cost_status: 'exact',
    }),
    entry('human_wait', [4, 9], { ...columns, human_wait_us: 5e6 }),
    turn('critic', [9, 12], columns),
    call([10, 11], {
      ...columns,
      agent: 'critic',
      model: 'o3',
      usage_source: 'missing',
      input_tokens: 0,
      output_tokens: 0,
      cost_status: 'unpriced',
      errors: 1,
    }),
    entry('excluded', [1, 2], {
      ...columns,
      reason: 'witness',
      signal: 'metric',
      profile: 'codex',
      excluded_input_tokens: 100,
      excluded_output_tokens: 10,
      notes: ['time_repaired'],
    }),
  ];
}

function seen(record_id: string, columns: EntryRow): EntryRow {
  return {
    ingest_day: dayOf(NOON_US),
    ingest_time: timeOf(NOON_US),
    tenant: TENANT,
    signal: 'span',
    trace_key: TRACE,
    record_id,
    profile: 'openai',
    role: 'inference',
    operation: 'chat',
    started_at: timeOf(NOON_US),
    ended_at: timeOf(NOON_US + 1e6),
    ...columns,
  };
}

/** Asks, and holds the answer against the document. */
async function ask(route: `${'GET' | 'POST'} /${string}`, path: string, options: RequestInit = {}): Promise<Answer> {
  const [method = '', template = ''] = route.split(' ');
  const answer = await api.send(method, path, options);
  expect(documentation.faultsOf(method, template, answer)).toEqual([]);
  asked.add(route);
  return answer;
}

function namesOf(checks: readonly { readonly name: string }[]): readonly string[] {
  return checks.map(({ name }) => name);
}

const JSON_BODY = { 'content-type': 'application/json' };

describe('sessions', () => {
  it('are listed with their figures, calls of no session among them', async () => {
    const { body } = await ask('GET /api/v1/sessions', '/api/v1/sessions');
    expect(body.sessions.map((session: { session_id: string | null }) => session.session_id).toSorted()).toEqual([
      'chat-2',
      'chat-3',
      'chat/1',
      'explained',
      null,
    ]);
    expect(body.next_cursor).toBeNull();
    const lone = body.sessions.find((session: { session_id: string | null }) => session.session_id === null);
    expect(lone).toMatchObject({
      state: null,
      workflow: 'research',
      turn_count: 0,
      tokens: { input: 100, output: 10 },
    });
  });

  it('are found by whatever id they have', async () => {
    const ids = [
      'a/b/',
      '..%2f',
      '%',
      'a b+c?d#e&f=g',
      '__proto__',
      'é🦜',
      '\u0000\n',
      "'; DROP TABLE entries; --",
      'x'.repeat(1024),
    ];
    await ledger.book(
      ids.map((session_id) =>
        call([1, 2], { tenant: 'ids', session_id, workflow: session_id, agent: session_id, model: session_id }),
      ),
    );
    const headers = { 'x-scope-orgid': 'ids' };
    for (const id of ids) {
      const { body } = await ask('GET /api/v1/sessions/{id}', `/api/v1/sessions/${encodeURIComponent(id)}`, {
        headers,
      });
      expect([body.session_id, body.workflow, Object.keys(body.agent_performance), Object.keys(body.models)]).toEqual([
        id,
        id,
        [id],
        [id],
      ]);
      const list = await ask('GET /api/v1/sessions', `/api/v1/sessions?workflow=${encodeURIComponent(id)}`, {
        headers,
      });
      expect(list.body.sessions).toHaveLength(1);
    }
    const pages = await ask('GET /api/v1/sessions', '/api/v1/sessions/?limit=4', { headers });
    const rest = await ask('GET /api/v1/sessions', `/api/v1/sessions?cursor=${pages.body.next_cursor}`, { headers });
    expect(rest.body.sessions).toHaveLength(5);
  });

  it('are listed page by page', async () => {
    const first = await ask('GET /api/v1/sessions', '/api/v1/sessions?limit=2&order=cost');
    const rest = await ask(
      'GET /api/v1/sessions',
      `/api/v1/sessions?limit=100&order=cost&cursor=${first.body.next_cursor}`,
    );
    expect(first.body.sessions).toHaveLength(2);
    expect(rest.body.sessions).toHaveLength(3);
    expect(rest.body.next_cursor).toBeNull();
  });

  it.for([
    ['workflow=support', 1],
    ['version=7', 1],
    ['workflow=research&version=', 1],
    ['state=running', 4],
    ['state=finalized', 0],
    ['from=2026-11-21', 5],
    ['from=2026-11-21T12:00:00.000001Z', 2],
    ['from=2026-11-21T13:00:00%2B01:00', 5],
    ['to=2026-11-21T12:00:00Z', 0],
    ['user=ada', 4],
    ['agent=critic', 3],
    ['model=o3', 3],
    ['min_cost_usd=0.000001', 3],
    ['id_prefix=chat', 3],
    ['id_prefix=chat%2F', 1],
    ['order=tokens&limit=1', 1],
    ['order=duration&limit=1000', 5],
  ] as const)('are narrowed down by %s', async ([query, count]) => {
    expect((await ask('GET /api/v1/sessions', `/api/v1/sessions?${query}`)).body.sessions).toHaveLength(count);
  });

  it('are shown one by one, with all there is to them', async () => {
    const { body } = await ask('GET /api/v1/sessions/{id}', '/api/v1/sessions/chat%2F1');
    expect(body).toMatchObject({
      session_id: 'chat/1',
      tenant: TENANT,
      workflow: 'research',
      workflow_version: '7',
      user: 'ada',
      state: 'running',
      started_at: '2026-11-21T12:00:00.000Z',
      ended_at: '2026-11-21T12:00:12.000Z',
      finalized_at: null,
      session_summary: {
        total_tokens: 110,
        // 110 tokens at a nano-dollar each, and a search for 1000.
        total_cost: 0.00000111,
        session_duration_seconds: 12,
        agents_used: ['critic', 'writer'],
      },
      active_seconds: 7,
      human_wait_seconds: 5,
      tokens: { input: 100, output: 10, cache_read: 40, cache_write: 0, reasoning: 3 },
      inferences: 2,
      tool_calls: 1,
      turn_count: 2,
      errors: 1,
      cost: { usd: 0.00000111, nano_usd: '1110', status: 'partial', other_usd: 0.000001 },
      agent_performance: {
        writer: {
          total_response_time_ms: 4000,
          message_count: 1,
          avg_response_time_ms: 4000,
          tokens_per_message: 110,
          output_per_input: 0.1,
        },
        critic: { total_response_time_ms: 3000, message_count: 1, output_per_input: null, errors: 1 },
      },
      models: { 'gpt-5': { providers: ['openai'], inferences: 1 }, o3: { inferences: 1 } },
      tools: { search: { calls: 1, time_ms: 1000 } },
      usage_sources: { provider: 1, missing: 1 },
      usage_note: '1 of 2 calls without usage',
      turns: [
        { speaker: 'writer', response_time_ms: 4000, tool_steps: 0 },
        { speaker: 'critic', started_at: '2026-11-21T12:00:09.000Z' },
      ],
      handoffs: [{ from: 'writer', to: 'critic', count: 1, avg_gap_ms: 5000 }],
      witnesses: [{ reason: 'witness', signal: 'metric', profile: 'codex', comparison: 'equal' }],
      notes: [{ code: 'time_repaired', records: 1 }],
      // When the test's clock looks.
      timestamp: '2026-11-21T13:00:00.000Z',
    });
  });

  it('are finalized, twice the same, and compared', async () => {
    const first = await ask('POST /api/v1/sessions/{id}/finalize', '/api/v1/sessions/chat%2F1/finalize');
    const again = await ask('POST /api/v1/sessions/{id}/finalize', '/api/v1/sessions/chat%2F1/finalize', {
      headers: JSON_BODY,
      body: '{}',
    });
    expect(again.body).toEqual(first.body);
    const second = await ask('POST /api/v1/sessions/{id}/finalize', '/api/v1/sessions/chat-2/finalize');
    expect(second.body).toMatchObject({
      session_finalized: true,
      session_id: 'chat-2',
      session_summary: { total_tokens: 110, agents_used: ['critic', 'writer'] },
      performance_comparison: {
        sessions_compared: 1,
        confidence: 'low',
        verdict: 'normal',
        metrics: {
          session_duration_seconds: {
            value: 12,
            average: 12,
            difference: 0,
            difference_percent: 0,
            percentile_rank: 50,
          },
        },
      },
      cost_analysis: {
        nano_usd: '1110',
        status: 'partial',
        by_tool: [{ name: 'search', nano_usd: '1000' }],
        cached_share: 0.4,
      },
    });
    const { body } = await ask('GET /api/v1/sessions/{id}', '/api/v1/sessions/chat-2');
    expect(body).toMatchObject({ state: 'finalized', finalized_at: second.body.finalized_at, amendments: 0 });
    expect(body.timestamp).toBe(body.finalized_at);
  });
});

describe('workflows', () => {
  it('are listed and shown with the averages of their finalized sessions', async () => {
    await ledger.refresh();
    const { body } = await ask('GET /api/v1/workflows', '/api/v1/workflows');
    expect(body.workflows).toMatchObject([
      {
        workflow: 'research',
        tenant: TENANT,
        session_count: 2,
        underpriced_sessions: 2,
        performance_averages: {
          avg_session_duration_seconds: 12,
          avg_cost_per_session: 0.00000111,
          avg_tokens_per_session: 110,
          avg_turns_per_session: 2,
          avg_agents_per_session: 2,
        },
        distributions: { tokens: { n: 2, mean: 110, sd: 0, p50: 110, p95: 110, p99: 110 } },
        total_cost: { nano_usd: '2220' },
      },
    ]);
    const one = await ask('GET /api/v1/workflows/{name}', '/api/v1/workflows/research');
    expect(one.body).toMatchObject({
      workflow: 'research',
      agent_performance: {
        writer: { session_count: 2, message_count: 2, avg_response_time_ms: 4000, tokens_per_message: 110 },
        critic: { message_count: 2 },
      },
      versions: [
        { version: null, session_count: 1, compared_with_previous: null },
        { version: '7', session_count: 1, failed_sessions: 1, failed_share: 1, compared_with_previous: null },
      ],
    });
    expect(one.body.last_updated).toMatch(/^\d{4}-.*Z$/);
  });

  it('none of whose sessions is finalized are shown without averages', async () => {
    const { body } = await ask('GET /api/v1/workflows/{name}', '/api/v1/workflows/support');
    expect(body).toMatchObject({
      workflow: 'support',
      session_count: 0,
      last_updated: null,
      performance_averages: { avg_cost_per_session: null },
      distributions: { tokens: { n: 0, mean: null, sd: null } },
      agent_performance: {},
    });
  });
});

describe('books', () => {
  it('explain a trace, and a record of it', async () => {
    const { body } = await ask('GET /api/v1/explain', `/api/v1/explain?trace_id=${TRACE.toUpperCase()}`);
    expect(body).toMatchObject({
      trace_id: TRACE,
      is_truncated: false,
      records: [
        { record_id: 'root', parent_id: null, children: [{ record_id: 'call', parent_id: 'root', children: [] }] },
      ],
    });
    const one = await ask('GET /api/v1/explain', `/api/v1/explain?trace_id=${TRACE}&span_id=call`);
    expect(one.body.records).toMatchObject([
      {
        record_id: 'call',
        seen: { usage: { input: 100, output: 10, cache_read: null } },
        bookings: [
          {
            sign: 1,
            stands: true,
            session_id: 'explained',
            cost: { nano_usd: '110', claim_nano_usd: '120', claim_by: 'gateway' },
          },
        ],
      },
    ]);
    expect(one.body.text.split('\n')).toHaveLength(1);
    expect((await ask('GET /api/v1/explain', '/api/v1/explain?span_id=root')).body.text.split('\n')).toHaveLength(2);
  });

  it('add up over days', async () => {
    const { body } = await ask('GET /api/v1/totals', '/api/v1/totals');
    // Three chats with a call of 110 tokens each, one call of no session, one that is explained.
    expect(body).toMatchObject({
      from: '2026-10-23',
      to: '2026-11-21',
      by: 'day',
      total: { inferences: 8, tokens: { input: 500, output: 50 } },
    });
    for (const by of ['model', 'agent', 'tool', 'workflow']) {
      const { groups } = (await ask('GET /api/v1/totals', `/api/v1/totals?by=${by}&from=2026-11-21&to=2026-11-21`))
        .body;
      expect(groups.length).toBeGreaterThan(1);
    }
    expect((await ask('GET /api/v1/totals', '/api/v1/totals?to=1970-01-05')).body).toMatchObject({
      from: '1970-01-01',
      groups: [],
    });
  });

  it('name producers', async () => {
    const { body } = await ask('GET /api/v1/producers', '/api/v1/producers');
    expect(body).toMatchObject({
      from: '2026-11-14',
      producers: [{ profile: 'openai', recognized: true }, { profile: 'openai' }],
    });
    expect((await ask('GET /api/v1/producers', '/api/v1/producers?from=2026-11-22')).body.producers).toEqual([]);
  });

  it('tell what is wrong with the data that arrived lately', async () => {
    const { body } = await ask('GET /api/v1/data-quality', '/api/v1/data-quality?from=2026-11-21T12:00:00Z');
    expect(body).toMatchObject({ from: '2026-11-21T12:00:00.000Z', to: '2026-11-21T13:00:00.000Z' });
    // Three chats with a call of the critic whose usage is missing, and one call of no session.
    const sum = (name: string): number =>
      body.calls.reduce((total: number, row: Record<string, number>) => total + (row[name] ?? 0), 0);
    expect([sum('calls_without_usage'), sum('calls_without_session')]).toEqual([3, 1]);
    expect(body.one_trace_of).toBe(1);
    expect(body.lineage).toEqual([{ service: '', traces: 1, traces_without_parent: 0 }]);
    expect(body.clocks).toEqual([{ service: '', ahead_seconds: 1, behind_seconds: 0 }]);
    const { body: ofDay } = await ask('GET /api/v1/data-quality', '/api/v1/data-quality');
    expect(ofDay.from).toBe('2026-11-20T13:00:00.000Z');
  });

  it('are audited, all at once or line by line', async () => {
    const { body } = await ask('GET /api/v1/check', '/api/v1/check', { headers: { 'x-scope-orgid': 'in-order' } });
    expect(body.ok).toBe(true);
    const lines = await ask('GET /api/v1/check', '/api/v1/check', {
      headers: { 'x-scope-orgid': 'in-order', accept: 'application/x-ndjson' },
    });
    expect(
      namesOf(
        lines.text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ),
    ).toEqual(namesOf(body.checks));
  });

  it('are exported in every format', async () => {
    const entries = await ask('GET /api/v1/export', '/api/v1/export?what=entries');
    expect(entries.text.trimEnd().split('\n')).toHaveLength(23);
    expect(entries.headers.get('content-disposition')).toBe('attachment; filename="turnmeter-entries.ndjson"');
    const csv = await ask(
      'GET /api/v1/export',
      '/api/v1/export?what=sessions&format=csv&from=2026-11-21&to=2026-11-21',
    );
    expect(csv.text.split('\n')[0]).toMatch(/^"tenant","session_id"/);
    const parquet = await ask('GET /api/v1/export', '/api/v1/export?what=workflows&format=parquet');
    expect(parquet.text.slice(0, 4)).toBe('PAR1');
  });

  it('know prices', async () => {
    const { body } = await ask('GET /api/v1/prices/{model}', '/api/v1/prices/gpt-5?provider=openai&at=2026-11-01');
    expect(body).toMatchObject({
      model: 'gpt-5',
      at: '2026-11-01T00:00:00.000Z',
      provider: 'openai',
      tiers: [{ above_input_tokens: 0, usd_per_million: { input: '1.25', cache_read: '0.125', output: '10' } }],
    });
    const unknown = await ask('GET /api/v1/prices/{model}', '/api/v1/prices/nobody%2Fknows-it');
    expect(unknown.body).toMatchObject({ model: 'nobody/knows-it', listed_model: null, tiers: [] });
  });

  it('are priced again, and money is exact beyond what a number holds', async () => {
    const body = JSON.stringify({ from: '2026-11-01', to: '2026-11-22T12:30:00Z', dry_run: true });
    const answer = await ask('POST /api/v1/reprice', '/api/v1/reprice', { headers: JSON_BODY, body });
    expect(answer.body).toMatchObject({
      dry_run: true,
      entries: 12,
      changed: 2,
      before: { nano_usd: '9007199254740993' },
      difference: { usd: -1e-9, nano_usd: '-1' },
      models: [{ model: 'gpt-5', before: { nano_usd: '3' } }],
    });
    expect(api.asked.repricings).toEqual([
      {
        tenant: TENANT,
        fromUs: Date.UTC(2026, 10, 1) * 1000,
        toUs: Date.UTC(2026, 10, 22, 12, 30) * 1000,
        isDryRun: true,
      },
    ]);
  });
});

describe('the service', () => {
  it('tells whether it runs, is ready, and how it does', async () => {
    expect((await ask('GET /healthz', '/healthz')).body).toEqual({ ok: true });
    expect((await ask('GET /readyz', '/readyz')).body).toEqual({ ready: true, reasons: [] });
    const { text, headers } = await ask('GET /metrics', '/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/turnmeter_api_requests_total\{route="\/api\/v1\/sessions\/:id",code="200"\} \d+/);
    expect(text).toContain('turnmeter_api_request_duration_seconds_bucket{le="10",route="/api/v1/explain"}');
  });

  it('waits until all is in the figures', async () => {
    expect((await ask('POST /api/v1/flush', '/api/v1/flush')).body).toEqual({ flushed: true });
    expect(api.asked.flushes).toBe(1);
  });

  it('answers HEAD as GET, without the body', async () => {
    const answer = await api.send('HEAD', '/api/v1/sessions/chat-3');
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(100);
    for (const path of ['/api/v1/export?what=entries', '/api/v1/check'])
      expect((await api.send('HEAD', path)).status).toBe(405);
  });

  it('marks every answer as one tenant’s own', async () => {
    for (const path of ['/api/v1/sessions', '/api/v1/nothing', '/healthz']) {
      const { headers } = await api.get(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('the OpenAPI document', () => {
  it('names each route that these tests have asked, and no other', () => {
    const routes = Object.entries(documentation.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { tags }]) => tags.some((tag) => TAGS.has(tag)))
        .map(([method]) => `${method.toUpperCase()} ${path}`)
        .filter((route) => !ASKED_ELSEWHERE.has(route)),
    );
    expect(routes.toSorted()).toEqual([...asked].toSorted());
  });
});
