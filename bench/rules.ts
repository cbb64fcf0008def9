// How long a real Prometheus takes to evaluate the rules, with as many tenants and workflows as one aggregator should show, and with a past of recorded rates
// as long as the rules look back. Every quarter of a minute instead of every minute or five: each evaluation reads as much, and a little more of the last minutes.
//
// Nothing is scraped while rules are evaluated. Before, pages are that say of which times they are: of the last five minutes, and of those that come.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@turnmeter/programs/free-ports';
import { prometheusBinary } from '@turnmeter/programs/prometheus';
import { RunningProgram } from '@turnmeter/programs/running-program';
import { format, median, printTable } from './figures.ts';
import { pastOfRules } from './past-of-rules.ts';
import { TimedPages } from './timed-pages.ts';

export interface RulesOptions {
  readonly tenants: number;
  readonly workflows: number;
  readonly rounds: number;
}

const RULES = path.join(import.meta.dirname, '../prometheus/rules');
const EVERY_S = 15;
/** Rates look back five minutes. */
const PAGES_BEFORE = 21;
/** Of 20,000 workflows a page takes some four seconds to be written, read and stored on a busy machine. */
const WORKFLOWS_A_SECOND = 5000;
/** Whoever waits so long for a page or an evaluation waits for ever. */
const STUCK_MS = 90_000;
const POLL_MS = 1000;
const SLOWEST_SHOWN = 10;

export async function run(options: RulesOptions): Promise<void> {
  const { tenants, workflows, rounds } = options;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-bench-rules-'));
  const pageS = Math.max(1, Math.ceil((tenants * workflows) / WORKFLOWS_A_SECOND));
  // Two rounds more: groups begin one after the other, and the first evaluation is not counted.
  const count = PAGES_BEFORE + rounds + 2;
  const readingMs = count * pageS * 1000;
  const beforeMs = PAGES_BEFORE * EVERY_S * 1000;
  let prometheus: RunningProgram | undefined;
  let pages: TimedPages | undefined;
  try {
    // Samples are stored in the order of their times.
    await writePast(directory, tenants, Date.now() + readingMs - beforeMs);
    const beginMs = Date.now() + readingMs - beforeMs;
    pages = await TimedPages.start({ tenants, workflows, beginMs, stepMs: EVERY_S * 1000, count });
    const address = `127.0.0.1:${await freePort()}`;
    await configure(directory, { target: pages.port, scrapeS: pageS, ruleFiles: [] });
    prometheus = new RunningProgram({
      name: 'prometheus',
      file: await prometheusBinary('prometheus'),
      args: ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=${address}`],
      cwd: directory,
      ready: `http://${address}/-/ready`,
    });
    await prometheus.ready();
    await haveBeenRead(pages, count, pageS);
    await configure(directory, { target: pages.port, scrapeS: 3600, ruleFiles: ['rules/*.yaml'] });
    prometheus.signal('SIGHUP');
    print(await measure(`http://${address}`, rounds), options);
  } finally {
    await prometheus?.kill();
    await pages?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function writePast(directory: string, tenants: number, untilMs: number): Promise<void> {
  const startedAt = performance.now();
  const file = path.join(directory, 'past.txt');
  const samples = await pastOfRules({ file, tenants, nowS: Math.floor(untilMs / 1000) - 1 });
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

interface Scraping {
  readonly target: number;
  readonly scrapeS: number;
  readonly ruleFiles: readonly string[];
}

async function configure(directory: string, { target, scrapeS, ruleFiles }: Scraping): Promise<void> {
  await mkdir(path.join(directory, 'rules'), { recursive: true });
  for (const name of await readdir(RULES)) {
    const text = await readFile(path.join(RULES, name), 'utf8');
    await writeFile(path.join(directory, 'rules', name), text.replaceAll(/interval: [15]m/g, `interval: ${EVERY_S}s`));
  }
  const every = `${scrapeS}s`;
  const config = {
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: `${EVERY_S}s` },
    rule_files: ruleFiles,
    scrape_configs: [{ job_name: 'turnmeter', static_configs: [{ targets: [`127.0.0.1:${target}`] }] }],
  };
  // JSON is YAML.
  await writeFile(path.join(directory, 'prometheus.yml'), JSON.stringify(config));
}

async function haveBeenRead(pages: TimedPages, count: number, pageS: number): Promise<void> {
  console.log(`${count} pages are read, one each ${pageS} s ...`);
  let before = 0;
  let sinceMs = Date.now();
  while (pages.sent < count) {
    await sleep(POLL_MS);
    if (pages.sent > before) sinceMs = Date.now();
    else if (Date.now() - sinceMs > STUCK_MS) throw new Error(`only ${pages.sent} of ${count} pages were read`);
    if (Math.floor(pages.sent / 10) > Math.floor(before / 10)) console.log(`  ${pages.sent} of ${count}`);
    before = pages.sent;
  }
  // The last is being stored.
  await sleep(pageS * 1000);
}

interface Group {
  readonly name: string;
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
  readonly rules: readonly { readonly name: string; readonly evaluationTime: number; readonly health: string }[];
}

interface Measured {
  readonly byGroup: ReadonlyMap<string, readonly number[]>;
  readonly byRule: ReadonlyMap<string, readonly number[]>;
  /** Of all threads, for a round. */
  readonly cpuSeconds: number;
}

/** The first round finds no series of its own yet, and makes them: it is not counted. */
async function measure(url: string, rounds: number): Promise<Measured> {
  const byGroup = new Map<string, number[]>();
  const byRule = new Map<string, number[]>();
  let last = await nextEvaluation(url, []);
  const cpuBefore = await cpuSecondsOf(url);
  for (let round = 1; round <= rounds; round++) {
    last = await nextEvaluation(url, last);
    for (const { name, evaluationTime, rules } of last) {
      append(byGroup, name, evaluationTime);
      for (const [at, rule] of rules.entries()) {
        if (rule.health !== 'ok') throw new Error(`${rule.name} of ${name} is ${rule.health}`);
        append(byRule, `${rule.name} (${at + 1} of ${name})`, rule.evaluationTime);
      }
    }
    console.log(`evaluation ${round} of ${rounds}: ${format(sum(last) * 1000)} ms`);
  }
  return { byGroup, byRule, cpuSeconds: ((await cpuSecondsOf(url)) - cpuBefore) / rounds };
}

/** When all groups have been evaluated again. */
async function nextEvaluation(url: string, before: readonly Group[]): Promise<readonly Group[]> {
  const earlier = new Map(before.map(({ name, lastEvaluation }) => [name, lastEvaluation]));
  for (const deadline = Date.now() + STUCK_MS; Date.now() < deadline;) {
    await sleep(POLL_MS);
    const response = await fetch(`${url}/api/v1/rules`);
    const { data } = (await response.json()) as { readonly data: { readonly groups: readonly Group[] } };
    const isNew = data.groups.every(
      ({ name, lastEvaluation }) => !lastEvaluation.startsWith('0001') && earlier.get(name) !== lastEvaluation,
    );
    if (data.groups.length > 0 && isNew) return data.groups;
  }
  throw new Error(`no evaluation of all groups within ${STUCK_MS / 1000} s`);
}

async function cpuSecondsOf(url: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(page)?.[1]);
}

function append(times: Map<string, number[]>, name: string, seconds: number): void {
  const known = times.get(name);
  if (known === undefined) times.set(name, [seconds]);
  else known.push(seconds);
}

function sum(groups: readonly Group[]): number {
  return groups.reduce((seconds, { evaluationTime }) => seconds + evaluationTime, 0);
}

function print({ byGroup, byRule, cpuSeconds }: Measured, { tenants, workflows, rounds }: RulesOptions): void {
  console.log(`${tenants} tenants × ${workflows} workflows, ms, median of ${rounds} (slowest)`);
  printTable(['group', 'ms', 'slowest'], [...byGroup].map(rowOf));
  const all = [...byGroup.values()].reduce((seconds, times) => seconds + median(times), 0);
  const load = os.loadavg()[0] ?? Number.NaN;
  console.log(`all groups: ${format(all * 1000)} ms, CPU ${format(cpuSeconds * 1000)} ms; load ${format(load, 1)}`);
  const slowest = [...byRule].toSorted(([, a], [, b]) => median(b) - median(a)).slice(0, SLOWEST_SHOWN);
  printTable(['slowest rules', 'ms', 'slowest'], slowest.map(rowOf));
}

function rowOf([name, seconds]: readonly [string, readonly number[]]): readonly string[] {
  return [name, format(median(seconds) * 1000), format(Math.max(...seconds) * 1000)];
}
