// What real producers sent, in a ledger that the real service has filled: for two tenants, and for one of them alone.

import path from 'node:path';
import { parseConfig, startService } from '@turnmeter/aggregator';
import { pino } from 'pino';
import { readCaptures } from '../../../test/captured/captures.ts';
import { type Engine, startEngine } from './engine.ts';
import { hostileSpans, plainSpans } from './spans.ts';

export const FILLED = 'turnmeter';
/** Has the rows of one tenant only, as if the others had never been. */
export const ALONE = 'alone';
export const EMPTY = 'empty';

export const TENANT = 'acme';
const OTHER_TENANT = 'globex';

export interface FilledLedger {
  readonly engine: Engine;
  /** Of all entries. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What the service printed on /metrics when all was in. */
  readonly metrics: string;
}

/** Of the captures some that are unlike each other: spans, logs and metrics, tools, caches, handoffs. */
const PRODUCERS: ReadonlySet<string> = new Set([
  'adk-native',
  'ag2-groupchat-native',
  'claude-code-cli',
  'gemini-cli',
  'langgraph-swarm-openinference',
  'mastra-native-otelexporter',
  'openai-agents-openinference',
  'strands-native-chat',
]);

/** Sessions that are not over. */
const RUNNING = /-support-3[789]$/;
/** What dashboards open with. */
const RANGE_MS = 24 * 3_600_000;

const PATHS = { span: 'traces', log: 'logs', metric: 'metrics' } as const;

export async function fillLedger(): Promise<FilledLedger> {
  const engine = await startEngine();
  const metrics = await fill(engine);
  await engine.migrate(ALONE);
  await engine.migrate(EMPTY);
  const tables = await engine.ask(
    FILLED,
    `SELECT name FROM system.tables WHERE database = '${FILLED}' AND engine LIKE '%MergeTree'`,
  );
  for (const [table] of tables.rows as [string][]) {
    if (!(await hasTenants(engine, table))) continue;
    await engine.run(
      ALONE,
      `INSERT INTO ${ALONE}.${table} SELECT * FROM ${FILLED}.${table} WHERE tenant = '${TENANT}'`,
    );
  }
  const [newest] = (await engine.ask(FILLED, 'SELECT toUnixTimestamp(max(ended_at)) FROM entries')).rows[0] as [number];
  const toMs = (newest + 1) * 1000;
  return { engine, metrics, fromMs: toMs - RANGE_MS, toMs };
}

async function hasTenants(engine: Engine, table: string): Promise<boolean> {
  const found = await engine.ask(
    FILLED,
    `SELECT count() FROM system.columns WHERE database = '${FILLED}' AND table = '${table}' AND name = 'tenant'`,
  );
  return Number(found.rows[0]?.[0]) > 0;
}

/** Sends everything to a service of its own, finalizes every session, and ends the service. */
async function fill(engine: Engine): Promise<string> {
  const budgets = [
    { tenant: TENANT, period: 'month', usd: 10 },
    { tenant: TENANT, workflow: 'support', period: 'day', usd: 0.001 },
  ];
  const config = parseConfig({
    env: {},
    flags: {
      data_dir: path.join(engine.directory, 'service'),
      'clickhouse.url': engine.url,
      'clickhouse.database': FILLED,
      'otlp.http_port': 0,
      'otlp.grpc_port': 0,
      'http.port': 0,
      trace_quiet_seconds: 0,
      'metrics.refresh_seconds': 1,
      budgets,
    },
  });
  const service = await startService(config, { logger: pino({ level: 'silent' }) });
  try {
    for (const tenant of [TENANT, OTHER_TENANT]) {
      for (const { signal, body } of readCaptures()
        .filter(({ name }) => PRODUCERS.has(name))
        .flatMap(({ json }) => moved(json))) {
        await send(`${service.otlpUrl}/v1/${PATHS[signal]}`, tenant, body, 'application/json');
      }
      for (const spans of [plainSpans(tenant), hostileSpans(tenant)]) {
        await send(`${service.otlpUrl}/v1/traces`, tenant, JSON.stringify(spans), 'application/json');
      }
    }
    await service.flush();
    return await settle(engine, service.apiUrl);
  } finally {
    await service.stop();
  }
}

type Captured = ReturnType<typeof readCaptures>[number]['json'];

/** Requests as if they had been sent an hour ago: what is captured grows old. */
function moved(requests: Captured): readonly { readonly signal: keyof typeof PATHS; readonly body: string }[] {
  const bodies = requests.map(({ signal, body }) => ({ signal, body: JSON.stringify(body) }));
  const newest = bodies.flatMap(({ body }) => [...body.matchAll(TIMES)].map(([, , time]) => BigInt(time ?? 0)));
  const shift =
    BigInt(Date.now() - 3_600_000) * 1_000_000n - newest.reduce((most, time) => (time > most ? time : most), 0n);
  return bodies.map(({ signal, body }) => ({
    signal,
    body: body.replaceAll(TIMES, (_, key: string, time: string) => `${key}"${BigInt(time) + shift}"`),
  }));
}

/** Nanoseconds since 1970. */
const TIMES = /("\w*[tT]imeUnixNano":)"?([1-9]\d{15,})"?/g;

async function send(url: string, tenant: string, body: Buffer | string, contentType: string): Promise<void> {
  const headers = { 'content-type': contentType, 'x-scope-orgid': tenant };
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  if (!response.ok) throw new Error(`${url} refused with ${response.status}: ${await response.text()}`);
}

async function settle(engine: Engine, apiUrl: string): Promise<string> {
  const sessions = await engine.ask(FILLED, "SELECT DISTINCT tenant, session_id FROM entries WHERE session_id != ''");
  const over = (sessions.rows as [string, string][]).filter(([, session]) => !RUNNING.test(session));
  for (let at = 0; at < over.length; at += AT_A_TIME) {
    await Promise.all(over.slice(at, at + AT_A_TIME).map(([tenant, session]) => finalize(apiUrl, tenant, session)));
  }
  for (const view of ['workflow_days', 'workflow_agent_days', 'workflow_averages', 'workflow_agent_averages']) {
    await engine.run(FILLED, `SYSTEM REFRESH VIEW ${view}_refresh`);
    await engine.run(FILLED, `SYSTEM WAIT VIEW ${view}_refresh`);
  }
  return (await fetch(`${apiUrl}/metrics`)).text();
}

const AT_A_TIME = 8;

async function finalize(apiUrl: string, tenant: string, session: string): Promise<void> {
  const url = `${apiUrl}/api/v1/sessions/${encodeURIComponent(session)}/finalize`;
  const response = await fetch(url, { method: 'POST', headers: { 'x-scope-orgid': tenant } });
  const text = await response.text();
  if (!response.ok && response.status !== 404) throw new Error(`${url} answered ${response.status}: ${text}`);
}
