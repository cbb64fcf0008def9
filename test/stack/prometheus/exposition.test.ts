// What the real Prometheus, old and new, makes of /metrics in every format: the same figures, quantiles that are right, exemplars that come back.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { prometheusBinary } from '@turnmeter/programs/prometheus';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OBJECTIVES } from '../../../prometheus/src/burn-windows.ts';
import { debianBinary } from '@turnmeter/programs/debian-prometheus';
import { HOSTILE, PATIENCE, ScrapedChats, SECONDS, WORKFLOW } from './scraped-chats.ts';
import type { PrometheusProcess, Sample } from '@turnmeter/programs/prometheus-process';
import { traceIdOf } from './timed-chats.ts';

let chats: ScrapedChats;
let old: PrometheusProcess;
let oldNative: PrometheusProcess;
let newest: PrometheusProcess;
let pushed: PrometheusProcess;

beforeAll(async () => {
  chats = await ScrapedChats.start();
  ({ old, oldNative, newest, pushed } = chats);
}, 1_500_000);
afterAll(() => chats?.stop());

/** Samples by series but for who scraped them. */
function bySeries(samples: readonly Sample[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    samples.map(({ metric: { job: _job, instance: _instance, ...labels }, value }) => [
      JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      value?.[1],
    ]),
  );
}

/** A server that was scraping just now, or was too late to, is told something else for a moment. */
function eventually(compare: () => Promise<void>): Promise<void> {
  return vi.waitFor(compare, PATIENCE);
}

/** What tenants spend: metrics of the service itself move with every scrape. */
function steady(job: string): string {
  const names = 'turnmeter_(cost|tokens|turn|session|sessions|period|workflow|workflows|budget|balance|up)_.*';
  return `{job="${job}", __name__=~"${names}"}`;
}

describe('the same page in every format', () => {
  it('is taken whole, without a sample that is refused', async () => {
    for (const prometheus of [old, oldNative, newest]) {
      expect(await prometheus.query('max_over_time(up[5m]) == 0')).toEqual([]);
      const refusals =
        /^prometheus_target_scrapes?_\w*(?:duplicate|out_of_order|out_of_bounds|too_long|exceeded)\w*\S* (\S+)$/gm;
      const counts = [...(await prometheus.ownMetrics()).matchAll(refusals)].map(([line]) => line);
      expect(counts.length).toBeGreaterThan(4);
      expect(counts.filter((line) => !line.endsWith(' 0'))).toEqual([]);
    }
  });

  it('has the same values for each tenant and workflow', () =>
    eventually(async () => {
      const expected = bySeries(await newest.query(steady('default')));
      expect(expected.size).toBeGreaterThan(100);
      for (const job of ['text', 'text-1', 'openmetrics-0', 'protobuf', 'both']) {
        const found = bySeries((await newest.query(steady(job))).filter(({ histogram }) => !histogram));
        expect(found).toEqual(expected);
      }
      expect(bySeries(await old.query(steady('default')))).toEqual(expected);
    }));

  it('has the same values where they were pushed, under the same names', () =>
    eventually(async () => {
      // Histograms are native there; their counts and sums are compared below. Nobody tells that a series has ended.
      const isSteady = ([key]: readonly [string, unknown]): boolean => !key.includes('sessions_over_threshold');
      const expected = [...bySeries(await newest.query(steady('native')))].filter(isSteady);
      const found = [...bySeries(await pushed.query(steady('turnmeter')))].filter(isSteady);
      expect(expected.length).toBeGreaterThan(50);
      expect(new Map(found)).toEqual(new Map(expected));
    }));

  it('has the same counts and sums in classic and in native histograms', async () => {
    for (const [prometheus, job] of withNative()) {
      for (const name of ['turn_duration_seconds', 'session_cost_usd', 'session_duration_seconds']) {
        for (const part of ['count', 'sum']) {
          await eventually(async () => {
            const expected = withoutName(await old.query(`turnmeter_${name}_${part}`));
            const found = withoutName(await prometheus.query(`histogram_${part}(turnmeter_${name}{job="${job}"})`));
            expect(expected.size).toBeGreaterThan(0);
            expect(found).toEqual(expected);
          });
        }
      }
    }
  });

  it('has labels that come back as they were sent, or shortened', () =>
    eventually(async () => {
      for (const prometheus of [old, oldNative, newest, pushed]) {
        const found = await prometheus.query('count by (workflow) (turnmeter_cost_usd_total)');
        const workflows = found.map(({ metric }) => metric['workflow']);
        for (const hostile of HOSTILE.filter((name) => name.length < 90 && name !== '_other')) {
          expect(workflows).toContain(hostile);
        }
        expect(workflows.filter((name) => name?.startsWith('xxx'))).toHaveLength(1);
        expect(workflows.filter((name) => name?.startsWith('_other'))).toHaveLength(2);
      }
    }));
});

/** Where histograms are native, each with the job that scraped or pushed them. */
function withNative(): readonly (readonly [PrometheusProcess, job: string])[] {
  return [
    [oldNative, 'protobuf'],
    [newest, 'native'],
    [newest, 'both'],
    [pushed, 'turnmeter'],
  ];
}

function withoutName(samples: readonly Sample[]): ReadonlyMap<string, string | undefined> {
  return bySeries(samples.map(({ metric: { __name__: _name, ...metric }, ...sample }) => ({ ...sample, metric })));
}

describe('quantiles', () => {
  const all = [...SECONDS, 1].toSorted((a, b) => a - b);

  it.for([0.1, 0.5, 0.9, 0.99])('of native histograms are right within a bucket: %f', async (share) => {
    const truth = all[Math.ceil(share * all.length) - 1] ?? Number.NaN;
    for (const [prometheus, job] of withNative()) {
      const series = `turnmeter_turn_duration_seconds{job="${job}",workflow="${WORKFLOW}"}`;
      await eventually(async () => {
        const found = await prometheus.number(`histogram_quantile(${share}, ${series})`);
        // A bucket of schema 3 ends 9 % above where it begins, and so may the neighbor that a rank is rounded to.
        expect(found / truth).toBeGreaterThan(1 / 1.1);
        expect(found / truth).toBeLessThan(1.1);
      });
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

describe('the promise of quick turns', () => {
  const promise = OBJECTIVES.find(({ slo }) => slo === 'turn-latency');
  const truth = SECONDS.filter((seconds) => seconds > 30).length / SECONDS.length;

  it.for([
    ['classic histograms', 'default'],
    ['native ones', 'native'],
    ['both', 'both'],
    ['what was pushed', 'turnmeter'],
  ] as const)('is held against %s', async ([, job]) => {
    const of = (expr: string): string => `(${expr.replaceAll('job="turnmeter"', `job="${job}"`)})`;
    const events = typeof promise?.events === 'string' ? promise.events : '';
    const ratio = `${of(promise?.errors ?? '')} / ${of(events)}`;
    const found = await (job === 'turnmeter' ? pushed : newest).number(ratio);
    // Other workflows of the tenant had quick turns only, and 30 s are within a native bucket.
    expect(found).toBeGreaterThan(truth * 0.85);
    expect(found).toBeLessThan(truth * 1.1);
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
  it.for([
    ['of Debian', (): Promise<string> => debianBinary('promtool')],
    ['of today', (): Promise<string> => prometheusBinary('promtool')],
  ] as const)('%s finds nothing to complain of on a page', { timeout: 1_500_000 }, async ([, promtool]) => {
    const page = await (await fetch(`http://127.0.0.1:${chats.turnmeter.httpPort}/metrics`)).text();
    const running = promisify(execFile)(await promtool(), ['check', 'metrics']);
    running.child.stdin?.end(page);
    const { stdout, stderr } = await running;
    expect(stdout + stderr).toBe('');
  });
});
