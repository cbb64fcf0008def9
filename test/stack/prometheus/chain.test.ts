// The whole chain with real programs: recorded chats to a real aggregator, a real Prometheus that scrapes it and evaluates the rules, a real
// Alertmanager, and a receiver of webhooks that hears of an alert and of its end.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { ROOT } from '../../repository.ts';
import { TurnmeterProcess } from '../../captured/turnmeter-process.ts';
import { binary } from './binaries.ts';

interface Notice {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>>; readonly status: string }[];
}

const FOLDER = path.join(ROOT, 'prometheus');
const DEMO = path.join(ROOT, 'packages/aggregator/demo');
const TENANT = 'acme';
const KEY = 'operator-key';

let directory: string;
let turnmeter: TurnmeterProcess;
let receiver: Server;
let prometheus: string;
let scraper: ChildProcess;
let alertmanagerPort: number;
const running: ChildProcess[] = [];
const notices: { readonly path: string; readonly notice: Notice }[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-prometheus-'));
  alertmanagerPort = await freePort();
  const prometheusPort = await freePort();
  prometheus = `http://127.0.0.1:${prometheusPort}`;
  receiver = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      notices.push({ path: request.url ?? '', notice: JSON.parse(body) as Notice });
      response.end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  turnmeter = await startTurnmeter();
  await configureAlertmanager();
  await configurePrometheus();
  await start('prometheus-alertmanager', [
    `--config.file=${directory}/alertmanager.yml`,
    `--storage.path=${directory}/alertmanager`,
    `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    '--cluster.listen-address=',
  ]);
  scraper = await start('prometheus', [
    `--config.file=${directory}/prometheus.yml`,
    `--storage.tsdb.path=${directory}/prometheus`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
  ]);
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await turnmeter.kill();
  receiver.close();
  await rm(directory, { recursive: true, force: true });
});

it(
  'scrapes every metric that a rule names, and tells of a budget that is used up until it is not',
  { timeout: 240_000 },
  async () => {
    await sendDemo();
    await vi.waitFor(
      async () => expect(await firstValue('sum(turnmeter_period_cost_usd{period="month"})')).toBeGreaterThan(0),
      {
        timeout: 60_000,
        interval: 500,
      },
    );
    const emitted = new Set(await metadata());
    const missing = (await namesInRules()).filter(
      (name) => !emitted.has(name.replace(/_(?:bucket|sum|count|total)$/, '')) && !emitted.has(name),
    );
    expect(missing).toEqual([]);

    // A budget of a millionth of a dollar is used up by any of the chats.
    await heard('firing', 'TurnmeterBudgetExceeded');
    expect(notices.map(({ path: at }) => at)).toContain('/tenants/acme');
    expect(notices.map(({ path: at }) => at)).toContain('/on-call');

    await turnmeter.stop();
    turnmeter = await startTurnmeter(1e6);
    await configurePrometheus();
    scraper.kill('SIGHUP');
    await heard('resolved', 'TurnmeterBudgetExceeded');
  },
);

/** The aggregator with a budget for the month. */
async function startTurnmeter(usd = 1e-6): Promise<TurnmeterProcess> {
  const config = path.join(directory, 'turnmeter.yaml');
  await writeFile(
    config,
    stringify({
      metrics: { refresh_seconds: 1 },
      budgets: [{ tenant: TENANT, period: 'month', usd }],
      keys: [{ name: 'operator', sha256: createHash('sha256').update(KEY).digest('hex'), tenants: '*' }],
    }),
  );
  return TurnmeterProcess.start(path.join(directory, 'data'), { TURNMETER_CONFIG: config }, { key: KEY });
}

/** The files as they are, with other addresses and shorter times. */
async function configurePrometheus(): Promise<void> {
  const main = parse(await readFile(path.join(FOLDER, 'prometheus.yml'), 'utf8')) as {
    readonly scrape_configs: { static_configs: object[] }[];
  };
  for (const job of main.scrape_configs) job.static_configs = [{ targets: [`127.0.0.1:${turnmeter.httpPort}`] }];
  const global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  const alertmanagers = [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }];
  await writeFile(path.join(directory, 'prometheus.yml'), stringify({ ...main, global, alerting: { alertmanagers } }));
  await writeFile(path.join(directory, 'turnmeter-key'), KEY);
  await mkdir(path.join(directory, 'rules'), { recursive: true });
  for (const file of await readdir(path.join(FOLDER, 'rules'))) {
    const text = await readFile(path.join(FOLDER, 'rules', file), 'utf8');
    const quick = text.replaceAll('interval: 1m', 'interval: 1s').replaceAll(/\bfor: \d+[smh]/g, 'for: 1s');
    await writeFile(path.join(directory, 'rules', file), quick);
  }
}

async function configureAlertmanager(): Promise<void> {
  const { port } = receiver.address() as AddressInfo;
  const routes = await readFile(path.join(FOLDER, 'alertmanager.yml'), 'utf8');
  const quick = routes
    .replaceAll('127.0.0.1:9099', `127.0.0.1:${port}`)
    .replaceAll(/group_wait: \d+s/g, 'group_wait: 1s')
    .replaceAll('group_interval: 5m', 'group_interval: 1s');
  await writeFile(path.join(directory, 'alertmanager.yml'), quick);
  await copyFile(path.join(FOLDER, 'alertmanager.tmpl'), path.join(directory, 'alertmanager.tmpl'));
}

async function start(name: 'prometheus' | 'prometheus-alertmanager', args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(await binary(name), [...args], { stdio: 'ignore', cwd: directory });
  running.push(child);
  return child;
}

async function sendDemo(): Promise<void> {
  for (const file of (await readdir(DEMO)).filter((name) => name.endsWith('.json.gz'))) {
    await turnmeter.send(
      TENANT,
      'span',
      JSON.parse(gunzipSync(await readFile(path.join(DEMO, file))).toString()) as object,
    );
  }
}

async function heard(status: 'firing' | 'resolved', alertname: string): Promise<void> {
  const isHeard = (): boolean =>
    notices.some(({ notice }) =>
      notice.alerts.some((alert) => alert.status === status && alert.labels['alertname'] === alertname),
    );
  await vi.waitFor(() => expect(isHeard(), `${status} ${alertname}`).toBe(true), { timeout: 90_000, interval: 250 });
}

async function firstValue(query: string): Promise<number> {
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

/** Every metric that Prometheus was told of, also those without samples yet. */
async function metadata(): Promise<readonly string[]> {
  const { data } = (await (await fetch(`${prometheus}/api/v1/metadata`)).json()) as { data: object };
  return Object.keys(data);
}

async function namesInRules(): Promise<readonly string[]> {
  const files = await readdir(path.join(FOLDER, 'rules'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(FOLDER, 'rules', file), 'utf8')));
  const exprs = texts.flatMap((text) => text.match(/(?<![:\w])turnmeter_[a-z0-9_]+(?=\{)/g) ?? []);
  return [...new Set(exprs)];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
