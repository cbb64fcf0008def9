// Makes the history: a month of sessions through the real service, a month of scrapes in a real Prometheus, and one that goes on while both run.

import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { spreadArrivals } from './arrival.ts';
import { DAY_MS } from './calendar.ts';
import { PAST, ticksBetween } from './clock.ts';
import { budgetsFor, writeBalances, writePolicies } from './control.ts';
import { Past, tenantCourses } from './courses.ts';
import { type Ledger, readLedger } from './ledger.ts';
import { HISTORY_DAYS, type Month, planMonth, spansByTenant } from './month.ts';
import { type PastSeries, writeOpenMetrics } from './openmetrics.ts';
import { OwnPast } from './own-courses.ts';
import { readPage, type Sample, seriesOf } from './page.ts';
import { evaluateLevel, ruleLevels } from './past-rules.ts';
import { importBlocks, INSTANCE, JOB, keepSnapshot, startPrometheus, writeSnapshot } from './prometheus.ts';
import { type Service, startService } from './service.ts';
import { TENANTS } from './workflows.ts';

export interface History {
  /** `turnmeter/clickhouse` in it is the database, `prometheus` what was scraped. */
  readonly directory: string;
  /** Up to when there is something to see. */
  readonly nowMs: number;
}

export interface BuildOptions {
  /** Where it is kept. */
  readonly directory: string;
  readonly nowMs: number;
  readonly say: (line: string) => void;
}

/** How soon a session counts as over, minutes: none is sent in parts that far apart. */
const BULK_IDLE_MINUTES = 0.2;
/** How long Prometheus scrapes the running service. */
const LIVE_MS = 40_000;
/** Nothing is sent at its end, so that what was sent last is scraped. */
const QUIET_MS = 18_000;
const LIVE_STEP_MS = 5000;
const FINALIZED_WITHIN_MS = 300_000;
const SETTLED_WITHIN_MS = 180_000;

/** Replaces what was there. */
export async function buildHistory({ directory, nowMs, say }: BuildOptions): Promise<History> {
  await mkdir(path.dirname(directory), { recursive: true });
  const work = await mkdtemp(`${directory}-`);
  try {
    const month = planMonth(nowMs);
    const bulkPages = await sendMonth(work, month, say);
    const ledger = await openLedger(work);
    const config = { budgets: budgetsFor(ledger, nowMs), metrics: { refresh_seconds: 1 } };
    const service = await startService(work, config);
    let endMs: number;
    try {
      endMs = await goLive({ work, month, service, ledger, bulkPages, say });
    } finally {
      await service.stop();
    }
    await writeFile(path.join(work, 'history.json'), JSON.stringify({ nowMs: endMs }));
    await rm(directory, { recursive: true, force: true });
    await rename(work, directory);
    return { directory, nowMs: endMs };
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}

/** All sessions that are over; resolves to what the service prints about them when they are finalized. */
async function sendMonth(work: string, month: Month, say: (line: string) => void): Promise<readonly Sample[]> {
  const service = await startService(work, { session_idle_minutes: BULK_IDLE_MINUTES });
  try {
    await writePolicies(service);
    say(`sending ${month.over.length} sessions of ${HISTORY_DAYS} days ...`);
    for (const [tenant, spans] of spansByTenant(month.over, 1)) await service.send(tenant, spans);
    say('waiting until they are finalized ...');
    await finalized(service, month.over.length);
    // What is seen for the first time is 0 on the first page.
    await service.metrics();
    const page = readPage(await service.metrics());
    await writeBalances(service, page);
    return page;
  } finally {
    await service.stop();
  }
}

async function finalized(service: Service, wanted: number): Promise<void> {
  const deadline = Date.now() + FINALIZED_WITHIN_MS;
  let found = 0;
  while (Date.now() < deadline) {
    found = 0;
    for (const tenant of TENANTS) {
      const answer = (await service.ask(tenant, 'GET', '/api/v1/workflows')) as {
        readonly workflows: readonly { readonly session_count: number }[];
      };
      found += answer.workflows.reduce((sum, { session_count: count }) => sum + count, 0);
    }
    if (found === wanted) return;
    await wait(1000);
  }
  throw new Error(`${found} of ${wanted} sessions were finalized within ${FINALIZED_WITHIN_MS / 1000} s`);
}

async function openLedger(work: string): Promise<Ledger> {
  const engine = await startEmbeddedClickHouse({ dataDir: path.join(work, 'turnmeter/clickhouse') });
  try {
    await spreadArrivals(engine);
    return await readLedger(engine);
  } finally {
    await engine.stop();
  }
}

interface LiveParts {
  readonly work: string;
  readonly month: Month;
  readonly service: Service;
  readonly ledger: Ledger;
  readonly bulkPages: readonly Sample[];
  readonly say: (line: string) => void;
}

/** Sessions go on, and Prometheus, whose past is written first, scrapes the service; resolves to when it ended. */
async function goLive({ work, month, service, ledger, bulkPages, say }: LiveParts): Promise<number> {
  const sendUntil = liveSender(month, service);
  await sendUntil(Date.now());
  const livePage = await settledPage(service);
  const page = new Map([...bulkPages, ...livePage].map((sample) => [seriesOf(sample), sample]));
  const bulk = new Map(bulkPages.map((sample) => [seriesOf(sample), sample]));
  const toMs = Date.now();
  say('writing what Prometheus would have scraped ...');
  const series = pastSeries({ page: [...page.values()], bulk, ledger, toMs });
  await importBlocks(work, await writeOpenMetrics(work, 'scraped', series));
  say(`scraping the running service for ${LIVE_MS / 1000} s ...`);
  const prometheus = await startPrometheus({ directory: work, scrapePort: service.httpPort });
  let endMs: number;
  try {
    const untilMs = Date.now() + LIVE_MS;
    while (Date.now() < untilMs) {
      if (Date.now() < untilMs - QUIET_MS) await sendUntil(Date.now());
      await wait(LIVE_STEP_MS);
    }
    endMs = Date.now();
    await writeSnapshot(prometheus);
  } finally {
    await prometheus.stop();
  }
  await keepSnapshot(work);
  await evaluateRules(work, endMs, say);
  return endMs;
}

/** What is read at intervals is on the page when it was read once, and times are when something was timed; what is new is 0 there at first. */
async function settledPage(service: Service): Promise<readonly Sample[]> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  while (Date.now() < deadline) {
    const page = readPage(await service.metrics());
    const has = (wanted: string): boolean => page.some(({ name, value }) => name === wanted && value > 0);
    if (has('turnmeter_balance_free_usd') && has('turnmeter_visible_delay_seconds_count')) return page;
    await wait(500);
  }
  throw new Error(`/metrics had no balances or delays within ${SETTLED_WITHIN_MS / 1000} s`);
}

/** Sends the spans of sessions that run, as they end. */
function liveSender(month: Month, service: Service): (untilMs: number) => Promise<void> {
  const waiting = [...spansByTenant(month.recent, 2)].map(([tenant, spans]) => ({ tenant, spans, at: 0 }));
  return async (untilMs) => {
    for (const one of waiting) {
      const next = one.spans.findIndex(({ endMs }, index) => index >= one.at && endMs > untilMs);
      const end = next === -1 ? one.spans.length : next;
      // One request a dozen spans, as from an app.
      for (; one.at < end; one.at += Math.min(12, end - one.at)) {
        await service.send(one.tenant, one.spans.slice(one.at, Math.min(end, one.at + 12)));
      }
    }
  };
}

interface PastParts {
  readonly page: readonly Sample[];
  /** From the process that booked the month. */
  readonly bulk: ReadonlyMap<string, Sample>;
  readonly ledger: Ledger;
  readonly toMs: number;
}

/** Only those that are over a level now have a series on the page; others had one at times. */
function overThreshold(labels: Sample['labels']): Sample {
  return { name: 'turnmeter_sessions_over_threshold', labels, value: 0 };
}

const LEVELS = ['warning', 'critical', 'stop'] as const;

/** What Prometheus adds itself. */
const OF_SCRAPES: readonly Sample[] = [
  { name: 'up', labels: {}, value: 1 },
  { name: 'scrape_duration_seconds', labels: {}, value: 0.021 },
  { name: 'scrape_samples_scraped', labels: {}, value: 980 },
  { name: 'scrape_samples_post_metric_relabeling', labels: {}, value: 980 },
  { name: 'scrape_series_added', labels: {}, value: 0 },
];

/** Every series of the page gets a past. */
function pastSeries({ page, bulk, ledger, toMs }: PastParts): readonly PastSeries[] {
  const ticks = ticksBetween(toMs - HISTORY_DAYS * DAY_MS, toMs);
  const past = new Past(ledger, ticks);
  const expected = page.filter(({ name }) => name === 'turnmeter_workflow_expected_cost_usd');
  const courses = tenantCourses(
    ({ tenant, workflow }) =>
      expected.find(({ labels }) => labels['tenant'] === tenant && labels['workflow'] === workflow)?.value,
  );
  const own = new OwnPast(ledger, ticks);
  const counts = new Map(
    page
      .filter(({ name }) => name.endsWith('_count'))
      .map(({ name, value }) => [name.slice(0, -'_count'.length), value]),
  );
  const over = expected.flatMap(({ labels }) => LEVELS.map((level) => overThreshold({ ...labels, level })));
  const all = [...OF_SCRAPES, ...over, ...page];
  return [...new Map(all.map((sample) => [seriesOf(sample), sample])).values()].map((sample) => {
    const source = sample.name.endsWith('_total') ? (bulk.get(seriesOf(sample)) ?? sample) : sample;
    const course = courses[sample.name]?.(sample, past) ?? own.course(source, counts);
    const first = ticks.findIndex((timeMs) => timeMs >= toMs - Math.min(course.pastMs, PAST.MONTH));
    const labels = { instance: INSTANCE, job: JOB, ...sample.labels };
    return {
      name: seriesOf({ name: sample.name, labels }),
      timesMs: ticks.subarray(first),
      values: course.values.subarray(first),
    };
  });
}

async function evaluateRules(work: string, toMs: number, say: (line: string) => void): Promise<void> {
  for (const [index, level] of (await ruleLevels()).entries()) {
    say(`evaluating ${level.length} rules over the past (${index + 1}) ...`);
    const prometheus = await startPrometheus({ directory: work });
    let series: readonly PastSeries[];
    try {
      series = await evaluateLevel(prometheus, level, toMs);
    } finally {
      await prometheus.stop();
    }
    if (series.length > 0) await importBlocks(work, await writeOpenMetrics(work, `rules-${index}`, series));
  }
}
