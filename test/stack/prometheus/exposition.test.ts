// What the real Prometheus, old and new, makes of /metrics in every format: the same figures, quantiles that are right, exemplars that come back.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { prometheusBinary } from '@turnmeter/programs/prometheus';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TurnmeterProcess } from '../../captured/turnmeter-process.ts';
import { binary } from './binaries.ts';
import { PrometheusProcess, type Sample } from './prometheus-process.ts';
import { timedChat, traceIdOf } from './timed-chats.ts';

const TENANT = 'acme';
const WORKFLOW = 'research';
const SESSIONS = 40;
const TURNS_EACH = 5;
/** Between a tenth of a second and 100 s, evenly in their logarithms, in no order. */
const SECONDS = Array.from({ length: SESSIONS * TURNS_EACH }, (_, turn) => {
  const place = (turn * 77) % (SESSIONS * TURNS_EACH);
  return Math.round(1e6 * 10 ** (-1 + (3 * (place + 0.5)) / (SESSIONS * TURNS_EACH))) / 1e6;
});
const HOSTILE = [
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

let directory: string;
let turnmeter: TurnmeterProcess;
/** Debian's 2.42 and the newest, each with a job for every format that it may be told to ask for. */
let old: PrometheusProcess;
let oldNative: PrometheusProcess;
let newest: PrometheusProcess;
/** The newest that nothing but OTLP reaches. */
let pushed: PrometheusProcess;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-exposition-'));
  const current = await prometheusBinary('prometheus');
  pushed = await PrometheusProcess.start({
    binary: current,
    directory: path.join(directory, 'pushed'),
    config: {},
    flags: ['--web.enable-otlp-receiver'],
  });
  turnmeter = await TurnmeterProcess.start(path.join(directory, 'data'), {
    TURNMETER_METRICS_REFRESH_SECONDS: '1',
    TURNMETER_METRICS_PUSH_ENDPOINT: `${pushed.url}/api/v1/otlp/v1/metrics`,
    TURNMETER_METRICS_PUSH_INTERVAL_SECONDS: '1',
  });
  const targets = [{ targets: [`127.0.0.1:${turnmeter.httpPort}`] }];
  const job = (name: string, more: object = {}): object => ({ job_name: name, static_configs: targets, ...more });
  const global = { scrape_interval: '1s', scrape_timeout: '1s' };
  const debian = await binary('prometheus');
  old = await PrometheusProcess.start({
    binary: debian,
    directory: path.join(directory, 'old'),
    config: { global, scrape_configs: [job('default')] },
    flags: ['--enable-feature=exemplar-storage'],
  });
  oldNative = await PrometheusProcess.start({
    binary: debian,
    directory: path.join(directory, 'old-native'),
    config: { global, scrape_configs: [job('protobuf')] },
    flags: ['--enable-feature=exemplar-storage,native-histograms'],
  });
  const only = (protocol: string): object => ({ scrape_protocols: [protocol] });
  newest = await PrometheusProcess.start({
    binary: current,
    directory: path.join(directory, 'newest'),
    config: {
      global,
      scrape_configs: [
        job('default'),
        job('text', only('PrometheusText0.0.4')),
        job('text-1', only('PrometheusText1.0.0')),
        job('openmetrics-0', only('OpenMetricsText0.0.1')),
        job('protobuf', only('PrometheusProto')),
        job('native', { ...only('PrometheusProto'), scrape_native_histograms: true }),
        job('both', {
          ...only('PrometheusProto'),
          scrape_native_histograms: true,
          always_scrape_classic_histograms: true,
        }),
      ],
    },
    flags: ['--enable-feature=exemplar-storage'],
  });
  await send();
}, 600_000);
afterAll(async () => {
  await Promise.all([old, oldNative, newest, pushed].map((process) => process?.kill()));
  await turnmeter?.kill();
  await rm(directory, { recursive: true, force: true });
});

/** First one chat of each workflow, so that the others are a rise that every Prometheus has seen. */
async function send(): Promise<void> {
  for (const [at, workflow] of HOSTILE.entries()) {
    await turnmeter.send(TENANT, 'span', timedChat({ session: `hostile-${at}`, workflow, seconds: [1] }));
  }
  await turnmeter.send(TENANT, 'span', timedChat({ session: 'first', workflow: WORKFLOW, seconds: [1] }));
  await finalize('first');
  await everywhere(`turnmeter_turn_duration_seconds_count{workflow="${WORKFLOW}"}`, 1);
  for (let session = 0; session < SESSIONS; session++) {
    const seconds = SECONDS.slice(session * TURNS_EACH, (session + 1) * TURNS_EACH);
    await turnmeter.send(TENANT, 'span', timedChat({ session: `chat-${session}`, workflow: WORKFLOW, seconds }));
  }
  for (let session = 0; session < SESSIONS; session++) await finalize(`chat-${session}`);
  await everywhere(`turnmeter_turn_duration_seconds_count{workflow="${WORKFLOW}"}`, SECONDS.length + 1);
  await everywhere(`turnmeter_session_cost_usd_count{workflow="${WORKFLOW}"}`, SESSIONS + 1);
  // Figures that are read at intervals are those of a moment when all of it was there.
  await everywhere(`turnmeter_period_cost_usd{workflow="${WORKFLOW}",period="day"} > 0.7`, 0.7035);
}

async function finalize(session: string): Promise<void> {
  const base = `http://127.0.0.1:${turnmeter.httpPort}/api/v1`;
  const headers = { 'x-scope-orgid': TENANT };
  await fetch(`${base}/flush`, { method: 'POST', headers });
  const { status } = await fetch(`${base}/sessions/${session}/finalize`, { method: 'POST', headers });
  expect(status).toBe(200);
}

/** Waits until every job of every Prometheus has the value: where a native histogram was taken, its count. */
async function everywhere(query: string, value: number): Promise<void> {
  const native = query.replace(/^(\w+)_count(\{.*\})$/, 'histogram_count($1$2)');
  for (const { prometheus, jobs } of [
    { prometheus: old, jobs: 1 },
    { prometheus: oldNative, jobs: 1 },
    { prometheus: newest, jobs: 7 },
    { prometheus: pushed, jobs: 1 },
  ]) {
    await vi.waitFor(
      async () => {
        const found = [...(await prometheus.query(query)), ...(native === query ? [] : await prometheus.query(native))];
        const byJob = new Map(found.map((sample) => [sample.metric['job'], Number(sample.value?.[1])]));
        expect([...byJob.values()]).toEqual(Array.from({ length: jobs }, () => expect.closeTo(value, 9) as number));
      },
      { timeout: 60_000, interval: 300 },
    );
  }
}

/** Samples by series but for who scraped them. */
function bySeries(samples: readonly Sample[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    samples.map(({ metric: { job: _job, instance: _instance, ...labels }, value }) => [
      JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      value?.[1],
    ]),
  );
}

/** What tenants spend: metrics of the service itself move with every scrape. */
const STEADY =
  '__name__=~"turnmeter_(cost|tokens|turn|session|sessions|period|workflow|workflows|budget|balance|up)_.*"';

describe('the same page in every format', () => {
  it('is taken whole, without a sample that is refused', async () => {
    for (const prometheus of [old, oldNative, newest]) {
      expect(await prometheus.query('up == 0')).toEqual([]);
      const refusals =
        /^prometheus_target_scrapes?_\w*(?:duplicate|out_of_order|out_of_bounds|too_long|exceeded)\w*\S* (\S+)$/gm;
      const counts = [...(await prometheus.ownMetrics()).matchAll(refusals)].map(([line]) => line);
      expect(counts.length).toBeGreaterThan(4);
      expect(counts.filter((line) => !line.endsWith(' 0'))).toEqual([]);
    }
  });

  it('has the same values for each tenant and workflow', async () => {
    const expected = bySeries(await newest.query(`{job="default", ${STEADY}}`));
    expect(expected.size).toBeGreaterThan(100);
    for (const job of ['text', 'text-1', 'openmetrics-0', 'protobuf', 'both']) {
      const found = bySeries((await newest.query(`{job="${job}", ${STEADY}}`)).filter(({ histogram }) => !histogram));
      expect(found).toEqual(expected);
    }
    expect(bySeries(await old.query(`{job="default", ${STEADY}}`))).toEqual(expected);
  });

  it('has the same values where they were pushed, under the same names', async () => {
    // Histograms are native there; their counts and sums are compared below.
    const expected = bySeries(await newest.query(`{job="native", ${STEADY}}`));
    const found = bySeries(await pushed.query(`{job="turnmeter", ${STEADY}}`));
    expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
    expect(found).toEqual(expected);
  });

  it('has the same counts and sums in classic and in native histograms', async () => {
    for (const [prometheus, job] of [
      [oldNative, 'protobuf'],
      [newest, 'native'],
      [newest, 'both'],
      [pushed, 'turnmeter'],
    ] as const) {
      for (const name of ['turn_duration_seconds', 'session_cost_usd', 'session_duration_seconds']) {
        for (const part of ['count', 'sum']) {
          const expected = await old.query(`turnmeter_${name}_${part}`);
          const found = await prometheus.query(`histogram_${part}(turnmeter_${name}{job="${job}"})`);
          const { size } = bySeries(found);
          expect(size).toBeGreaterThan(0);
          expect(withoutName(found)).toEqual(withoutName(expected));
        }
      }
    }
  });

  it('has labels that come back as they were sent, or shortened', async () => {
    for (const prometheus of [old, oldNative, newest]) {
      const found = await prometheus.query('count by (workflow) (turnmeter_cost_usd_total)');
      const workflows = found.map(({ metric }) => metric['workflow']);
      for (const hostile of HOSTILE.filter((name) => name.length < 90 && name !== '_other')) {
        expect(workflows).toContain(hostile);
      }
      expect(workflows.filter((name) => name?.startsWith('xxx'))).toHaveLength(1);
      expect(workflows.filter((name) => name?.startsWith('_other'))).toHaveLength(2);
    }
  });
});

function withoutName(samples: readonly Sample[]): ReadonlyMap<string, string | undefined> {
  return bySeries(samples.map(({ metric: { __name__: _name, ...metric }, ...sample }) => ({ ...sample, metric })));
}

describe('quantiles', () => {
  const all = [...SECONDS, 1].toSorted((a, b) => a - b);

  it.for([0.1, 0.5, 0.9, 0.99])('of native histograms are right within a bucket: %f', async (share) => {
    const truth = all[Math.ceil(share * all.length) - 1] ?? Number.NaN;
    for (const [prometheus, job] of [
      [oldNative, 'protobuf'],
      [newest, 'native'],
      [newest, 'both'],
      [pushed, 'turnmeter'],
    ] as const) {
      const series = `turnmeter_turn_duration_seconds{job="${job}",workflow="${WORKFLOW}"}`;
      const found = await prometheus.number(`histogram_quantile(${share}, ${series})`);
      // A bucket of schema 3 ends 9 % above where it begins, and so may the neighbor that a rank is rounded to.
      expect(found / truth).toBeGreaterThan(1 / 1.1);
      expect(found / truth).toBeLessThan(1.1);
    }
  });

  it('of rates are right, too', async () => {
    const rate = `sum by (workflow) (rate(turnmeter_turn_duration_seconds{job="native",workflow="${WORKFLOW}"}[5m]))`;
    const found = await newest.number(`histogram_quantile(0.5, ${rate})`);
    const truth = SECONDS.toSorted((a, b) => a - b)[SECONDS.length / 2 - 1] ?? Number.NaN;
    expect(found / truth).toBeGreaterThan(1 / 1.1);
    expect(found / truth).toBeLessThan(1.1);
  });
});

describe('exemplars', () => {
  it.for([
    ['turnmeter_cost_usd_total', 'default'],
    ['turnmeter_turn_duration_seconds_bucket', 'default'],
    ['turnmeter_cost_usd_total', 'protobuf'],
    ['turnmeter_turn_duration_seconds_bucket', 'protobuf'],
    ['turnmeter_turn_duration_seconds', 'native'],
  ] as const)('of %s come back with trace and session, scraped as %s', async ([name, job]) => {
    const found = await newest.exemplars(`${name}{job="${job}",workflow="${WORKFLOW}"}`);
    const links = found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
    expect(links.length).toBeGreaterThan(0);
    for (const labels of links) {
      expect(labels['session_id']).toMatch(/^(first|chat-\d+)$/);
      expect(labels['trace_id']).toBe(traceIdOf(labels['session_id'] ?? ''));
    }
  });

  it('are stored by 2.42 as well, of classic and of native histograms', async () => {
    for (const [prometheus, name] of [
      [old, 'turnmeter_turn_duration_seconds_bucket'],
      [old, 'turnmeter_cost_usd_total'],
      [oldNative, 'turnmeter_turn_duration_seconds'],
    ] as const) {
      const found = await prometheus.exemplars(`${name}{workflow="${WORKFLOW}"}`);
      const sessions = found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels['session_id']));
      expect(sessions.length).toBeGreaterThan(0);
    }
  });

  it('name the sessions of what a session cost', async () => {
    const found = await newest.exemplars(`turnmeter_session_cost_usd{job="native",workflow="${WORKFLOW}"}`);
    const sessions = found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
    expect(sessions).toContainEqual({ session_id: expect.stringMatching(/^(first|chat-\d+)$/) as string });
  });
});

describe('promtool', () => {
  it('finds nothing to complain of on a page', async () => {
    const page = await (await fetch(`http://127.0.0.1:${turnmeter.httpPort}/metrics`)).text();
    const running = promisify(execFile)(await binary('promtool'), ['check', 'metrics']);
    running.child.stdin?.end(page);
    const { stdout, stderr } = await running;
    expect(stdout + stderr).toBe('');
  });
});
