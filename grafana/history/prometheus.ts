// A real Prometheus over a directory of its own: with or without scraping, with or without rules.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { binary } from '../../test/stack/prometheus/binaries.ts';

const run = promisify(execFile);
const FOLDER = path.join(import.meta.dirname, '../../prometheus');
const READY_MS = 60_000;
/** Settings of a job that are about another machine. */
const ELSEWHERE = /^authorization$|_sd_configs$/;

/** Labels that every scraped series has. */
export const JOB = 'turnmeter';
export const INSTANCE = 'turnmeter:8318';

export interface Prometheus {
  readonly url: string;
  /** Of its API: what is under `data`. */
  ask<Data>(route: string, parameters: Readonly<Record<string, string>>): Promise<Data>;
  /** Writes blocks of all that it has, what is in memory too; `keepSnapshot` puts them in place of its data. */
  snapshot(): Promise<void>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** Holds `prometheus/`, its data. */
  readonly directory: string;
  /** Where the service is scraped; without it Prometheus only answers. */
  readonly scrapePort?: number;
}

export async function startPrometheus({ directory, scrapePort }: PrometheusOptions): Promise<Prometheus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await configure(directory, scrapePort);
  const args = [
    `--config.file=${directory}/prometheus.yml`,
    `--storage.tsdb.path=${directory}/prometheus`,
    // Longer than the history: the default would delete its first half.
    '--storage.tsdb.retention.time=400d',
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-admin-api',
    '--log.level=error',
  ];
  const child = spawn(await binary('prometheus'), args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: directory });
  const said: string[] = [];
  child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
  await ready(url, child, said);
  return {
    url,
    ask: (route, parameters) => ask(url, route, parameters),
    snapshot: async () => void (await ask(url, 'admin/tsdb/snapshot', {})),
    stop: () => end(child),
  };
}

/** Of a Prometheus that was stopped: blocks that are written later may then be of the same time as what was scraped last. */
export async function keepSnapshot(directory: string): Promise<void> {
  const data = path.join(directory, 'prometheus');
  const [name] = await readdir(path.join(data, 'snapshots'));
  if (name === undefined) throw new Error('prometheus wrote no snapshot');
  const kept = path.join(directory, 'snapshot');
  await rename(path.join(data, 'snapshots', name), kept);
  await rm(data, { recursive: true });
  await rename(kept, data);
}

/** Files of `writeOpenMetrics` become blocks that Prometheus reads when it is started. */
export async function importBlocks(directory: string, files: readonly string[]): Promise<void> {
  await mkdir(path.join(directory, 'prometheus'), { recursive: true });
  const promtool = await binary('promtool');
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await importFile(promtool, directory, file);
  };
  await Promise.all(Array.from({ length: IMPORTS_AT_A_TIME }, work));
}

const IMPORTS_AT_A_TIME = 2;

async function importFile(promtool: string, directory: string, file: string): Promise<void> {
  const args = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    '--max-block-duration=24h',
    file,
    path.join(directory, 'prometheus'),
  ];
  await run(promtool, args, { maxBuffer: 1 << 26 });
  await rm(file);
}

/** The repository's files as they are, but for addresses, keys, and who is told. */
async function configure(directory: string, scrapePort: number | undefined): Promise<void> {
  const main = parse(await readFile(path.join(FOLDER, 'prometheus.yml'), 'utf8')) as {
    readonly scrape_configs: readonly { readonly job_name: string }[];
    readonly [setting: string]: unknown;
  };
  const { alerting: _, rule_files: __, scrape_configs: jobs, ...others } = main;
  const own = jobs
    .filter(({ job_name: name }) => name === JOB)
    .map(({ ...job }) => ({
      ...Object.fromEntries(Object.entries(job).filter(([setting]) => !ELSEWHERE.test(setting))),
      static_configs: [{ targets: [`127.0.0.1:${scrapePort ?? 0}`], labels: { instance: INSTANCE } }],
    }));
  const live = scrapePort === undefined ? {} : { scrape_configs: own };
  await writeFile(path.join(directory, 'prometheus.yml'), stringify({ ...others, ...live }));
}

async function ready(url: string, child: ChildProcess, said: readonly string[]): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`prometheus ended with ${child.exitCode}: ${said.join('').slice(-1000)}`);
    const response = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`prometheus was not ready within ${READY_MS} ms`);
}

async function ask<Data>(url: string, route: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
  const response = await fetch(`${url}/api/v1/${route}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const answer = (await response.json()) as { readonly status: string; readonly error?: string; readonly data: Data };
  if (answer.status !== 'success') throw new Error(answer.error ?? `prometheus answered ${response.status}`);
  return answer.data;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
