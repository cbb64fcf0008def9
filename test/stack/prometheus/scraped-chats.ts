// Recorded figures in every format at once: a Turnmeter that is sent chats, and real Prometheus servers that take what it exposes.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { prometheusBinary } from '@turnmeter/programs/prometheus';
import { vi } from 'vitest';
import { TurnmeterProcess } from '../../captured/turnmeter-process.ts';
import { debianBinary } from '@turnmeter/programs/debian-prometheus';
import { PrometheusProcess } from '@turnmeter/programs/prometheus-process';
import { timedChat } from './timed-chats.ts';

const TENANT = 'acme';
export const WORKFLOW = 'research';
const SESSIONS = 40;
const TURNS_EACH = 5;
/** Between a tenth of a second and 100 s, evenly in their logarithms, in no order. */
export const SECONDS: readonly number[] = Array.from({ length: SESSIONS * TURNS_EACH }, (_, turn) => {
  const place = (turn * 77) % (SESSIONS * TURNS_EACH);
  return Math.round(1e6 * 10 ** (-1 + (3 * (place + 0.5)) / (SESSIONS * TURNS_EACH))) / 1e6;
});
export const HOSTILE: readonly string[] = [
  'quo"te',
  'line\nend',
  'carriage\r\nreturn',
  'back\\slash\\n',
  '\u0000\u0001\u007f',
  '{tenant="globex"} 1',
  '# EOF',
  '\u{1f600} \u202e',
  'x'.repeat(10_000),
  '_other',
];

/** The machine may be busy with other tests. */
export const PATIENCE: { readonly timeout: number; readonly interval: number } = { timeout: 90_000, interval: 500 };
const GLOBAL = { scrape_interval: '3s', scrape_timeout: '3s' };

interface Servers {
  /** Debian's 2.42. */
  readonly old: PrometheusProcess;
  /** The same, which asks for protobuf. */
  readonly oldNative: PrometheusProcess;
  /** With a job for every format that it may be told to ask for. */
  readonly newest: PrometheusProcess;
  /** That nothing but OTLP reaches. */
  readonly pushed: PrometheusProcess;
}

export class ScrapedChats implements Servers {
  readonly old: PrometheusProcess;
  readonly oldNative: PrometheusProcess;
  readonly newest: PrometheusProcess;
  readonly pushed: PrometheusProcess;
  readonly turnmeter: TurnmeterProcess;
  readonly #directory: string;

  private constructor(directory: string, turnmeter: TurnmeterProcess, { old, oldNative, newest, pushed }: Servers) {
    this.#directory = directory;
    this.turnmeter = turnmeter;
    this.old = old;
    this.oldNative = oldNative;
    this.newest = newest;
    this.pushed = pushed;
  }

  /** Resolves when every server has everything. */
  static async start(): Promise<ScrapedChats> {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-exposition-'));
    const pushed = await PrometheusProcess.start({
      binary: await prometheusBinary('prometheus'),
      directory: path.join(directory, 'pushed'),
      config: {},
      flags: ['--web.enable-otlp-receiver'],
    });
    const turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'), {
      TURNMETER_METRICS_REFRESH_SECONDS: '1',
      TURNMETER_METRICS_PUSH_ENDPOINT: `${pushed.url}/api/v1/otlp/v1/metrics`,
      TURNMETER_METRICS_PUSH_INTERVAL_SECONDS: '1',
    });
    const chats = new ScrapedChats(directory, turnmeter, { ...(await startScrapers(directory, turnmeter)), pushed });
    await chats.#send();
    return chats;
  }

  async stop(): Promise<void> {
    await Promise.all([this.old, this.oldNative, this.newest, this.pushed].map((server) => server.kill()));
    await this.turnmeter.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** First one chat of each workflow, so that the others are a rise that every server has seen. */
  async #send(): Promise<void> {
    for (const [at, workflow] of HOSTILE.entries()) {
      await this.turnmeter.send(TENANT, 'span', timedChat({ session: `hostile-${at}`, workflow, seconds: [1] }));
    }
    await this.turnmeter.send(TENANT, 'span', timedChat({ session: 'first', workflow: WORKFLOW, seconds: [1] }));
    await this.#finalize('first');
    await this.#haveAll(`turnmeter_turn_duration_seconds_count{workflow="${WORKFLOW}"}`, 1);
    for (let session = 0; session < SESSIONS; session++) {
      const seconds = SECONDS.slice(session * TURNS_EACH, (session + 1) * TURNS_EACH);
      await this.turnmeter.send(TENANT, 'span', timedChat({ session: `chat-${session}`, workflow: WORKFLOW, seconds }));
    }
    for (let session = 0; session < SESSIONS; session++) await this.#finalize(`chat-${session}`);
    await this.#haveAll(`turnmeter_turn_duration_seconds_count{workflow="${WORKFLOW}"}`, SECONDS.length + 1);
    await this.#haveAll(`turnmeter_session_cost_usd_count{workflow="${WORKFLOW}"}`, SESSIONS + 1);
    // Gauges are of a moment when all of it was there. A call costs 1,000 × 2.50 USD and 100 × 10 USD by the million.
    const cost = 0.0035 * (SECONDS.length + 1);
    await this.#haveAll(`turnmeter_period_cost_usd{workflow="${WORKFLOW}",period="month"} > ${cost - 0.001}`, cost);
  }

  async #finalize(session: string): Promise<void> {
    const base = `http://127.0.0.1:${this.turnmeter.httpPort}/api/v1`;
    const headers = { 'x-scope-orgid': TENANT };
    await fetch(`${base}/flush`, { method: 'POST', headers });
    const { status } = await fetch(`${base}/sessions/${session}/finalize`, { method: 'POST', headers });
    if (status !== 200) throw new Error(`${session} was not finalized: ${status}`);
  }

  /** Waits until every job of every server has the value: where a native histogram was taken, its count. */
  async #haveAll(query: string, value: number): Promise<void> {
    const native = query.replace(/^(\w+)_count(\{.*\})$/, 'histogram_count($1$2)');
    for (const { server, jobs } of [
      { server: this.old, jobs: 1 },
      { server: this.oldNative, jobs: 1 },
      { server: this.newest, jobs: JOBS.length },
      { server: this.pushed, jobs: 1 },
    ]) {
      await vi.waitFor(async () => {
        const found = [...(await server.query(query)), ...(native === query ? [] : await server.query(native))];
        const values = new Map(found.map((sample) => [sample.metric['job'], Number(sample.value?.[1])]));
        const isThere = values.size === jobs && [...values.values()].every((one) => Math.abs(one - value) < 1e-9);
        if (!isThere) throw new Error(`${query} is ${JSON.stringify([...values])}, and not ${value} in ${jobs} jobs`);
      }, PATIENCE);
    }
  }
}

const only = (protocol: string): object => ({ scrape_protocols: [protocol] });
const NATIVE = { ...only('PrometheusProto'), scrape_native_histograms: true };
const JOBS: readonly object[] = [
  { job_name: 'default' },
  { job_name: 'text', ...only('PrometheusText0.0.4') },
  { job_name: 'text-1', ...only('PrometheusText1.0.0') },
  { job_name: 'openmetrics-0', ...only('OpenMetricsText0.0.1') },
  { job_name: 'protobuf', ...only('PrometheusProto') },
  { job_name: 'native', ...NATIVE },
  { job_name: 'both', ...NATIVE, always_scrape_classic_histograms: true },
];

async function startScrapers(
  directory: string,
  { httpPort }: TurnmeterProcess,
): Promise<Pick<Servers, 'old' | 'oldNative' | 'newest'>> {
  const static_configs = [{ targets: [`127.0.0.1:${httpPort}`] }];
  const debian = await debianBinary('prometheus');
  const start = (
    name: string,
    features: string,
    jobs: readonly object[],
    program = debian,
  ): Promise<PrometheusProcess> =>
    PrometheusProcess.start({
      binary: program,
      directory: path.join(directory, name),
      config: { global: GLOBAL, scrape_configs: jobs.map((job) => ({ ...job, static_configs })) },
      flags: [`--enable-feature=${features}`],
    });
  return {
    old: await start('old', 'exemplar-storage', [{ job_name: 'default' }]),
    oldNative: await start('old-native', 'exemplar-storage,native-histograms', [{ job_name: 'protobuf' }]),
    newest: await start('newest', 'exemplar-storage', JOBS, await prometheusBinary('prometheus')),
  };
}
