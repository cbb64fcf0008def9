// A real Prometheus over a directory of its own: with or without scraping, with or without rules.

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { debianBinary } from '@turnmeter/programs/debian-prometheus';
import { PrometheusProcess } from '@turnmeter/programs/prometheus-process';
import { parse } from 'yaml';

const run = promisify(execFile);
const FOLDER = path.join(import.meta.dirname, '../../prometheus');
/** Settings of a job that are about another machine. */
const ELSEWHERE = /^authorization$|_sd_configs$/;

/** Labels that every scraped series has. */
export const JOB = 'turnmeter';
export const INSTANCE = 'turnmeter:8318';

export interface PrometheusOptions {
  /** Holds `prometheus/`, its data. */
  readonly directory: string;
  /** Where the service is scraped; without it Prometheus only answers. */
  readonly scrapePort?: number;
}

export async function startPrometheus({ directory, scrapePort }: PrometheusOptions): Promise<PrometheusProcess> {
  const flags = [
    // Longer than the history: the default would delete its first half.
    '--storage.tsdb.retention.time=400d',
    '--web.enable-admin-api',
    '--log.level=error',
  ];
  return PrometheusProcess.start({
    binary: await debianBinary('prometheus'),
    directory,
    data: 'prometheus',
    config: await configuration(scrapePort),
    flags,
  });
}

/** Writes blocks of all that it has, what is in memory too; `keepSnapshot` puts them in place of its data. */
export async function writeSnapshot(prometheus: PrometheusProcess): Promise<void> {
  await prometheus.ask('admin/tsdb/snapshot', {});
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
  const promtool = await debianBinary('promtool');
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

/** The repository's file as it is, but for addresses, keys, and who is told. */
async function configuration(scrapePort: number | undefined): Promise<object> {
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
  return { ...others, ...(scrapePort === undefined ? {} : { scrape_configs: own }) };
}
