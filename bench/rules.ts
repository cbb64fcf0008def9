// How long a real Prometheus takes to evaluate the rules, with as many tenants and workflows as one aggregator should show, and with a past of recorded rates
// as long as the rules look back. Every quarter of a minute instead of every minute: each evaluation reads as much.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { prometheusBinary } from '@turnmeter/programs/prometheus';
import { format, median, printTable } from './figures.ts';
import { pastOfRules } from './past-of-rules.ts';
import { fillExposure, type FilledExposure } from './scrape.ts';

export interface RulesOptions {
  readonly tenants: number;
  readonly workflows: number;
  readonly rounds: number;
}

const RULES = path.join(import.meta.dirname, '../prometheus/rules');
const EVERY_S = 15;
/** Rates look back five minutes: before, there is less to read. */
const WARM_UP_MS = 330_000;
const SLOWEST_SHOWN = 8;

interface Group {
  readonly name: string;
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
  readonly rules: readonly { readonly name: string; readonly evaluationTime: number; readonly health: string }[];
}

export async function run({ tenants, workflows, rounds }: RulesOptions): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-bench-rules-'));
  const filled = await fillExposure({ tenants, workflows, hasBudgets: true });
  const server = await servePage(filled);
  const target = (server.address() as net.AddressInfo).port;
  let prometheus: ChildProcess | undefined;
  try {
    await writePast(directory, tenants);
    const port = await configure(directory, target);
    prometheus = spawn(
      await prometheusBinary('prometheus'),
      ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`],
      { cwd: directory, stdio: 'ignore' },
    );
    console.log(`scraping for ${WARM_UP_MS / 1000} s ...`);
    await sleep(WARM_UP_MS);
    print(await measure(`http://127.0.0.1:${port}`, rounds), { tenants, workflows, rounds });
  } finally {
    prometheus?.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
    await filled.exposed.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Each scrape finds more booked. */
async function servePage({ exposed, bookMore }: FilledExposure): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    bookMore();
    const asked = { accept: request.headers.accept, acceptEncoding: undefined };
    void exposed.page
      .write(asked)
      .then(({ contentType, body }) => {
        response.setHeader('content-type', contentType);
        return pipeline(body, response);
      })
      // Whoever does not wait for the end scrapes again.
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function writePast(directory: string, tenants: number): Promise<void> {
  const startedAt = performance.now();
  const file = path.join(directory, 'past.txt');
  const samples = await pastOfRules({ file, tenants, nowS: Math.floor(Date.now() / 1000) });
  const promtool = await prometheusBinary('promtool');
  const blocks = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--max-block-duration=168h',
    '--quiet',
    file,
    path.join(directory, 'data'),
  ];
  await promisify(execFile)(promtool, blocks, { maxBuffer: 1 << 26 });
  await rm(file);
  console.log(`a past of ${format(samples)} samples written in ${format((performance.now() - startedAt) / 1000)} s`);
}

async function configure(directory: string, target: number): Promise<number> {
  await mkdir(path.join(directory, 'rules'));
  for (const name of await readdir(RULES)) {
    const text = await readFile(path.join(RULES, name), 'utf8');
    await writeFile(path.join(directory, 'rules', name), text.replaceAll('interval: 1m', `interval: ${EVERY_S}s`));
  }
  const config = {
    global: { scrape_interval: '15s', scrape_timeout: '15s', evaluation_interval: `${EVERY_S}s` },
    rule_files: ['rules/*.yaml'],
    scrape_configs: [{ job_name: 'turnmeter', static_configs: [{ targets: [`127.0.0.1:${target}`] }] }],
  };
  // JSON is YAML.
  await writeFile(path.join(directory, 'prometheus.yml'), JSON.stringify(config));
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Measured {
  readonly byGroup: ReadonlyMap<string, readonly number[]>;
  readonly byRule: ReadonlyMap<string, readonly number[]>;
}

async function measure(url: string, rounds: number): Promise<Measured> {
  const byGroup = new Map<string, number[]>();
  const byRule = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    await sleep(EVERY_S * 1000);
    const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
      readonly data: { readonly groups: readonly Group[] };
    };
    for (const { name, evaluationTime, rules } of data.groups) {
      append(byGroup, name, evaluationTime);
      for (const [at, rule] of rules.entries()) {
        if (rule.health !== 'ok') throw new Error(`${rule.name} of ${name} is ${rule.health}`);
        append(byRule, `${rule.name} (${at + 1} of ${name})`, rule.evaluationTime);
      }
    }
  }
  return { byGroup, byRule };
}

function append(times: Map<string, number[]>, name: string, seconds: number): void {
  const known = times.get(name);
  if (known === undefined) times.set(name, [seconds]);
  else known.push(seconds);
}

function print({ byGroup, byRule }: Measured, { tenants, workflows, rounds }: RulesOptions): void {
  console.log(`${tenants} tenants × ${workflows} workflows, ms, median of ${rounds} (slowest)`);
  printTable(['group', 'ms', 'slowest'], [...byGroup].map(rowOf));
  const all = [...byGroup.values()].reduce((sum, times) => sum + median(times), 0);
  console.log(`all groups: ${format(all * 1000)} ms`);
  const slowest = [...byRule].toSorted(([, a], [, b]) => median(b) - median(a)).slice(0, SLOWEST_SHOWN);
  printTable(['slowest rules', 'ms', 'slowest'], slowest.map(rowOf));
}

function rowOf([name, seconds]: readonly [string, readonly number[]]): readonly string[] {
  return [name, format(median(seconds) * 1000), format(Math.max(...seconds) * 1000)];
}
