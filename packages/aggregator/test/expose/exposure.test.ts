// The page of metrics over a real database and a real control store, as the service puts them together.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { type ControlStore, openControlStore } from '@turnmeter/control-store';
import { createPriceBook } from '@turnmeter/pricing';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { Control } from '../../src/control/control.ts';
import { type Exposed, Exposure } from '../../src/expose/exposure.ts';
import { Keyring } from '../../src/keyring.ts';
import { createQueries, type Queries } from '../../src/query/queries.ts';
import { PrometheusTelemetry } from '../../src/telemetry.ts';
import { call, type LedgerDatabase, NOON_US, openLedger } from '../query/ledger.ts';
import { readProtobuf } from './formats/written-page.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';

let engine: RunningEngine;
let directory: string;
let store: ControlStore;
beforeAll(async () => {
  engine = await runEngine();
  directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-expose-'));
  store = await openControlStore({ file: path.join(directory, 'control.sqlite') });
});
afterAll(async () => {
  await store.stop();
  await engine.stop();
  await rm(directory, { recursive: true, force: true });
});

let ledger: LedgerDatabase;
let control: Control;
let exposed: Exposed | undefined;
const telemetry = new PrometheusTelemetry();
const logger = pino({ level: 'silent' });
beforeEach(async () => {
  ledger = await openLedger(engine.url);
});
afterEach(async () => {
  await exposed?.stop();
  await control.stop();
  await ledger.close();
  exposed = undefined;
});

/** Settings as a file would give them. */
interface Settings {
  readonly budgets?: readonly object[];
  readonly metrics?: object;
}

/** Lines of a scrape, without comments. */
async function scrape(
  settings: Settings = {},
  queries?: Pick<Queries, 'periodCosts' | 'activeSessions' | 'finalizedCostsOf'>,
): Promise<string[]> {
  const ownQueries = createQueries(ledger.client);
  control = new Control({ store, queries: ownQueries, keyring: new Keyring([]), telemetry, logger });
  await control.start();
  const base = parseConfig({ env: {}, flags: {} });
  const config = { ...base, ...(settings as object), metrics: { ...base.metrics, ...settings.metrics } };
  const exposure = new Exposure(config, { nowMs: () => NOON_US / 1000 });
  exposed = await exposure.start({
    telemetry,
    queries: queries ?? ownQueries,
    balances: store.balances,
    policies: control.policies,
    prices: createPriceBook(),
    logger,
  });
  return (await pageText(exposed)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the page of metrics', () => {
  it('shows exact sums of the day and the month by tenant and workflow', async () => {
    // One nano-dollar a token: 1.5 USD today, 0.5 USD some days ago.
    await ledger.book([
      call([0, 1], { input_tokens: 1_500_000_000, output_tokens: 0 }),
      call([-864_001, -864_000], { input_tokens: 500_000_000, output_tokens: 0 }),
    ]);
    const lines = await scrape();
    expect(lines).toContain('turnmeter_period_cost_usd{tenant="acme",workflow="research",period="day"} 1.5');
    expect(lines).toContain('turnmeter_period_cost_usd{tenant="acme",workflow="research",period="month"} 2');
    expect(lines).toContain('turnmeter_period_cost_usd{tenant="_other",workflow="_other",period="month"} 0');
    expect(lines).toContain(`turnmeter_figures_timestamp_seconds ${NOON_US / 1e6}`);
  });

  it('shows budgets beside what is spent of them, whether or not the workflow has series', async () => {
    await ledger.book([
      call([0, 1], { input_tokens: 3_000_000_000, output_tokens: 0 }),
      call([0, 1], { workflow: 'cheap', input_tokens: 1_000_000_000, output_tokens: 0 }),
    ]);
    const lines = await scrape({
      budgets: [
        { tenant: 'acme', period: 'month', usd: 100 },
        { tenant: 'acme', workflow: 'cheap', period: 'day', usd: 2 },
      ],
      metrics: { refresh_seconds: 15, workflows_max: 1, histograms_max: 0 },
    });
    expect(lines).toContain('turnmeter_budget_usd{tenant="acme",scope="tenant",period="month"} 100');
    expect(lines).toContain('turnmeter_budget_spent_usd{tenant="acme",scope="tenant",period="month"} 4');
    expect(lines).toContain(
      'turnmeter_budget_spent_usd{tenant="acme",workflow="cheap",scope="workflow",period="day"} 1',
    );
    expect(lines).toContain('turnmeter_period_cost_usd{tenant="_other",workflow="_other",period="month"} 1');
    // November has 30 days, and ends on 1 December.
    expect(lines).toContain('turnmeter_budget_period_seconds{period="month"} 2592000');
    expect(lines).toContain(
      `turnmeter_budget_period_end_timestamp_seconds{period="month"} ${Date.UTC(2026, 11, 1) / 1000}`,
    );
  });

  it('shows what sessions are expected to cost, what policies allow, and who is over it', async () => {
    await declarePolicy();
    await ledger.book([
      call([0, 1], { session_id: 's1', input_tokens: 160_000_000, output_tokens: 0 }),
      call([0, 1], { session_id: 's2', input_tokens: 95_000_000, output_tokens: 0 }),
      call([0, 1], { session_id: 's3', input_tokens: 1_000_000, output_tokens: 0 }),
    ]);
    const lines = await scrape();
    // Expected 0.1 USD: 90 % are passed by two, 150 % by one.
    expect(lines).toContain('turnmeter_workflow_expected_cost_usd{tenant="acme",workflow="research"} 0.1');
    expect(lines).toContain('turnmeter_sessions_active{tenant="acme",workflow="research"} 3');
    expect(lines).toContain('turnmeter_sessions_over_threshold{tenant="acme",workflow="research",level="critical"} 2');
    expect(lines).toContain('turnmeter_sessions_over_threshold{tenant="acme",workflow="research",level="stop"} 1');
    expect(lines).toContain('turnmeter_session_limit_usd{tenant="acme",workflow="research",level="stop"} 5');
  });

  it('shows balances of all tenants, also of those that spend nothing', async () => {
    const nowMs = NOON_US / 1000;
    const of = { tenant: 'acme', account: 'main', unit: 'nano_usd', by: 'test', nowMs } as const;
    await store.balances.grant({ ...of, amount: 10_000_000_000n, idempotencyKey: 'g1' });
    await store.balances.deduct({ ...of, amount: 2_500_000_000n, idempotencyKey: 'd1' });
    const lines = await scrape();
    expect(lines).toContain('turnmeter_balance_free_usd{tenant="acme",account="main"} 7.5');
    expect(lines).toContain('turnmeter_balance_spent_usd{tenant="acme",account="main"} 2.5');
    expect(lines).toContain('turnmeter_balance_accounts{state="max"} 10000');
  });

  it('says what runs, and by which prices', async () => {
    const lines = await scrape();
    expect(lines.find((line) => line.startsWith('turnmeter_build_info'))).toMatch(
      /\{version="[^"]+",node="v2\d\..*"\} 1$/,
    );
    const { version } = createPriceBook();
    expect(lines).toContain(`turnmeter_price_book_info{version="${version}"} 1`);
    const newest = lines.find((line) => line.startsWith('turnmeter_price_book_timestamp_seconds'));
    // Some price of the list is of this decade; those that are yet to come say nothing of its age.
    const newestSeconds = Number(newest?.split(' ').at(-1));
    expect(newestSeconds).toBeGreaterThan(Date.UTC(2025, 0) / 1000);
    expect(newestSeconds).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('says how much memory it has', async () => {
    const resident = (await scrape()).find((line) => line.startsWith('turnmeter_memory_resident_bytes '));
    // No Node.js runs in less than 20 MB.
    expect(Number(resident?.split(' ').at(-1))).toBeGreaterThan(20e6);
  });

  it('says that the database is away when what sessions cost cannot be read, and not that the control store is', async () => {
    await ledger.book([call([0, 1])]);
    const queries = createQueries(ledger.client);
    const lines = await scrape({}, { ...queries, finalizedCostsOf: () => Promise.reject(new Error('away')) });
    expect(lines).toContain('turnmeter_up{part="clickhouse"} 0');
    expect(lines).toContain('turnmeter_up{part="control_store"} 1');
    expect(lines.some((line) => line.startsWith('turnmeter_period_cost_usd{tenant="acme"'))).toBe(true);
  });

  it('says that the database is away, and shows what was counted', async () => {
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    const lines = await scrape({}, { periodCosts: away, activeSessions: away, finalizedCostsOf: away });
    expect(lines).toContain('turnmeter_up{part="clickhouse"} 0');
    expect(lines).toContain('turnmeter_up{part="control_store"} 1');
    expect(lines).toContain('turnmeter_figures_timestamp_seconds 0');
    expect(lines.some((line) => line.startsWith('turnmeter_cost_usd_total'))).toBe(true);
    expect(lines.some((line) => line.startsWith('turnmeter_period_cost_usd'))).toBe(false);
  });

  it('is written as it is asked for, and compressed the same', async () => {
    await scrape();
    const page = async (accept?: string, acceptEncoding?: string): Promise<[string, Buffer]> => {
      const { contentType, contentEncoding, body } = await exposed!.page.write({ accept, acceptEncoding });
      const bytes = await buffer(body);
      return [contentType, contentEncoding === 'gzip' ? gunzipSync(bytes) : bytes];
    };
    const protobuf =
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,text/plain;q=0.5';
    const [contentType, plain] = await page('application/openmetrics-text;version=1.0.0');
    expect(contentType).toMatch(/^application\/openmetrics-text/);
    expect(plain.toString()).toMatch(/# EOF\n$/);
    const [, inflated] = await page('application/openmetrics-text;version=1.0.0', 'gzip');
    expect(withoutMemory(inflated)).toBe(withoutMemory(plain));
    const families = readProtobuf((await page(protobuf, 'gzip'))[1]).map(({ name }) => name);
    expect(families).toContain('turnmeter_up');
    const names = [...(await page())[1].toString().matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(families).toEqual(names);
  });

  it('is in order whatever workflows are called', async () => {
    const names = ['quo"te', 'line\nend', 'back\\slash', 'x'.repeat(10_000), '_other', '', '{}', '😀', 'a,b="c"'];
    await ledger.book(names.map((workflow) => call([0, 1], { workflow })));
    const lines = await scrape();
    for (const line of lines) expect(line).toMatch(/^[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? \S+$/);
    expect(new Set(lines.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(lines.length);
    expect(
      lines.filter((line) => line.startsWith('turnmeter_period_cost_usd') && line.includes('"month"')),
    ).toHaveLength(names.length + 1);
  });
});

/** Memory is another on every page. */
function withoutMemory(page: Buffer): string {
  return page.toString().replaceAll(/^turnmeter_memory.*$/gm, '');
}

async function pageText({ page }: Exposed, accept?: string): Promise<string> {
  return text((await page.write({ accept, acceptEncoding: undefined })).body);
}

async function declarePolicy(): Promise<void> {
  await store.policies.put({
    tenant: 'acme',
    documents: [{ workflow: 'research', expected_usd: 0.1, usd: { stop: 5 } }],
    by: 'test',
    atMs: NOON_US / 1000,
  });
}
