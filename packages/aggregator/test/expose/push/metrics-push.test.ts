import { text } from 'node:stream/consumers';
import { createPriceBook } from '@turnmeter/pricing';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FiguresReader } from '../../../src/expose/figures.ts';
import { MetricsPage } from '../../../src/expose/metrics-page.ts';
import type { ExposedParts } from '../../../src/expose/page-metrics.ts';
import { MetricsPush } from '../../../src/expose/push/metrics-push.ts';
import { POINTS_MAX } from '../../../src/expose/push/otlp-metrics.ts';
import { Place } from '../../../src/expose/rising-sums.ts';
import { ServiceMetrics } from '../../../src/expose/service-metrics.ts';
import { identityMetrics } from '../../../src/expose/service-state.ts';
import { SessionLevelBook } from '../../../src/expose/session-levels.ts';
import { WorkflowBook } from '../../../src/expose/workflow-book.ts';
import { PrometheusTelemetry } from '../../../src/telemetry.ts';
import { readText, seriesKey } from '../formats/written-page.ts';
import { type ReceivedMetric, type ReceivedPoint, Receiver } from './receiver.ts';

const CREATED_MS = 1_795_305_600_000;

let receiver: Receiver;
let endpoint: string;
let push: MetricsPush;
const lines: string[] = [];
const logger = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
beforeEach(async () => {
  lines.length = 0;
  receiver = new Receiver();
  endpoint = await receiver.listen();
});
afterEach(async () => {
  await push.stop();
  await receiver.stop();
});

function partsOf(telemetry: PrometheusTelemetry): ExposedParts {
  const book = new WorkflowBook({ nowMs: () => CREATED_MS });
  const levels = new SessionLevelBook({} as never);
  // It reads nothing before it is started.
  const reader = new FiguresReader({ book, levels, budgets: () => [] } as never);
  const service = new ServiceMetrics(telemetry.registry, CREATED_MS);
  const identity = identityMetrics('1.2.3', createPriceBook());
  return { service, book, levels, reader, budgets: () => [], identity: () => identity };
}

/** Pushes every second. */
function startPush(parts: ExposedParts, telemetry = new PrometheusTelemetry()): void {
  push = new MetricsPush({
    endpoint,
    parts,
    telemetry,
    logger,
    headers: { authorization: 'Bearer secret' },
    interval_seconds: 0.05,
    timeout_seconds: 1,
    instance: 'here:8318',
    version: '1.2.3',
    nowMs: () => CREATED_MS + 60_000,
  });
  push.start();
}

/** The machine may be busy. */
const PATIENCE = { timeout: 20_000, interval: 20 } as const;
const round = (): readonly ReceivedMetric[] => receiver.requests.flatMap(({ metrics }) => metrics);
const latest = (name: string): ReceivedMetric | undefined => round().findLast((metric) => metric.name === name);

/** As Prometheus would name what was pushed: the rules of its OTLP receiver, as far as they matter here. */
function seriesOf(metrics: readonly ReceivedMetric[]): ReadonlyMap<string, string> {
  const series = new Map<string, string>();
  for (const { name, sum, gauge, exponentialHistogram, histogram } of metrics) {
    const prometheusName = name.replaceAll('.', '_');
    for (const point of sum?.dataPoints ?? [])
      series.set(keyOf(`${prometheusName}_total`, point), String(point.asDouble));
    for (const point of gauge?.dataPoints ?? []) series.set(keyOf(prometheusName, point), String(point.asDouble));
    for (const point of [...(exponentialHistogram?.dataPoints ?? []), ...(histogram?.dataPoints ?? [])]) {
      series.set(keyOf(`${prometheusName}_count`, point), String(point.count));
      series.set(keyOf(`${prometheusName}_sum`, point), String(point.sum));
    }
  }
  return series;
}

function keyOf(name: string, { attributes = [] }: ReceivedPoint): string {
  return seriesKey(
    name,
    attributes.map(({ key, value }) => [key, value.stringValue]),
  );
}

describe('MetricsPush', () => {
  it('sends what the page says', async () => {
    const telemetry = new PrometheusTelemetry();
    const parts = partsOf(telemetry);
    const page = new MetricsPage(parts);
    const written = async (): Promise<ReadonlyMap<string, string>> =>
      readText(await text((await page.write({ accept: undefined, acceptEncoding: undefined })).body));
    parts.book.sumsOf('acme', 'quo"te').add(Place.COST, 1_500_000_000);
    parts.book.histogramsOf('acme', 'quo"te').turnDuration.observe(2_500_000);
    telemetry.count('turnmeter_requests_total', { signal: 'span', protocol: 'grpc', code: '0' }, 3);
    telemetry.observe('turnmeter_visible_delay_seconds', 0.2);
    await written();
    startPush(parts, telemetry);
    await vi.waitFor(() => expect(latest('turnmeter.cost.usd')?.sum?.dataPoints[0]?.asDouble).toBe(1.5), PATIENCE);
    await push.stop();
    const count = receiver.requests.length;
    receiver.requests.splice(0, count - 1);

    const pushed = seriesOf(round());
    const scraped = await written();
    // A native histogram has no classic buckets, pushes are counted once they have arrived, and memory is what it is now.
    const comparable = [...scraped].filter(([key]) => !/_bucket"|turnmeter_metrics_pushes|turnmeter_memory/.test(key));
    expect(comparable.length).toBeGreaterThan(20);
    expect(comparable.map(([key]) => [key, pushed.get(key)])).toEqual(comparable);
    expect([...pushed.keys()].filter((key) => !scraped.has(key))).toEqual([]);
  });

  it('sends cumulative sums with their beginning, exponential histograms, and units that Prometheus adds to no name', async () => {
    const parts = partsOf(new PrometheusTelemetry());
    parts.book.sumsOf('acme', 'research').add(Place.COST, 1_500_000_000);
    // 2 s are in the bucket of schema 3 that ends there: OpenTelemetry's number 7.
    parts.book.histogramsOf('acme', 'research').turnDuration.observe(2_000_000);
    startPush(parts);
    await vi.waitFor(() => expect(latest('turnmeter.cost.usd')?.sum?.dataPoints[0]?.asDouble).toBe(1.5), PATIENCE);
    expect(latest('turnmeter.cost.usd')).toMatchObject({
      unit: '{USD}',
      sum: {
        isMonotonic: true,
        // AGGREGATION_TEMPORALITY_CUMULATIVE
        aggregationTemporality: 2,
        dataPoints: [{ startTimeUnixNano: `${CREATED_MS}000000`, timeUnixNano: `${CREATED_MS + 60_000}000000` }, {}],
      },
    });
    expect(latest('turnmeter.turn.duration.seconds')).toMatchObject({
      unit: 's',
      exponentialHistogram: {
        dataPoints: [{ count: '1', sum: 2, scale: 3, positive: { offset: 7, bucketCounts: ['1'] } }],
      },
    });
    const [request] = receiver.requests;
    expect(request?.headers).toMatchObject({ authorization: 'Bearer secret', 'content-encoding': 'gzip' });
    expect(request?.resource).toMatchObject({ 'service.name': 'turnmeter', 'service.instance.id': 'here:8318' });
  });

  it('shows what is new as 0 until that has arrived', async () => {
    const parts = partsOf(new PrometheusTelemetry());
    parts.book.sumsOf('acme', 'research').add(Place.COST, 1_500_000_000);
    receiver.statuses.push(400, 400);
    startPush(parts);
    const shown = (): readonly (number | undefined)[] =>
      round()
        .filter(({ name }) => name === 'turnmeter.cost.usd')
        .map(({ sum }) => sum?.dataPoints[0]?.asDouble);
    await vi.waitFor(() => expect(shown().slice(0, 4)).toEqual([0, 0, 0, 1.5]), PATIENCE);
  });

  it('says once that it fails, counts each time, and says that it works again', async () => {
    const telemetry = new PrometheusTelemetry();
    receiver.statuses.push(400, 400, 400);
    startPush(partsOf(telemetry), telemetry);
    await vi.waitFor(() => expect(receiver.requests.length).toBeGreaterThan(5), PATIENCE);
    await push.stop();
    const counts = await telemetry.registry.getSingleMetricAsString('turnmeter_metrics_pushes_total');
    expect(counts).toContain('turnmeter_metrics_pushes_total{outcome="failed"} 3');
    expect(counts).toMatch(/turnmeter_metrics_pushes_total\{outcome="ok"\} [3-9]/);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'metrics could not be pushed; it is tried again and not told again',
      'metrics are pushed again',
    ]);
    expect(lines.join('')).not.toContain('secret');
  });

  it('waits no longer than it may for a receiver that is not there, and ends', async () => {
    const telemetry = new PrometheusTelemetry();
    const parts = partsOf(telemetry);
    const url = endpoint;
    await receiver.stop();
    endpoint = url;
    startPush(parts, telemetry);
    await vi.waitFor(
      async () =>
        expect(await telemetry.registry.getSingleMetricAsString('turnmeter_metrics_pushes_total')).toContain(
          'failed"} 1',
        ),
      PATIENCE,
    );
    await push.stop();
    receiver = new Receiver();
    await receiver.listen();
  });

  it('sends many points in requests that are small', async () => {
    const parts = partsOf(new PrometheusTelemetry());
    for (let workflow = 0; workflow < 2500; workflow++) parts.book.sumsOf('acme', `w${workflow}`).add(Place.COST, 1);
    startPush(parts);
    await push.stop();
    const points = receiver.requests.map(({ metrics }) =>
      metrics.reduce((sum, metric) => sum + pointsOf(metric).length, 0),
    );
    expect(Math.max(...points)).toBeLessThanOrEqual(POINTS_MAX);
    const costs = round().filter(({ name }) => name === 'turnmeter.cost.usd');
    // And that of all others.
    expect(new Set(costs.flatMap(pointsOf).map((point) => keyOf('', point))).size).toBe(2501);
  });
});

function pointsOf({ sum, gauge, histogram, exponentialHistogram }: ReceivedMetric): readonly ReceivedPoint[] {
  return (sum ?? gauge ?? histogram ?? exponentialHistogram)?.dataPoints ?? [];
}
