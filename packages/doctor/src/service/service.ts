import { numberOf, type Row, rowsOf, textsOf } from './document.ts';
import { type MetricSample, parseMetrics } from './metric-samples.ts';
import { type ServiceAnswer, ServiceClient, type ServiceClientOptions } from './service-client.ts';

/** All that checks know of a service and of one tenant's data in it. */
export interface Service {
  readonly url: string;
  readonly isReady: boolean;
  /** What is not as it should be; empty for those who may not know. */
  readonly reasons: readonly string[];
  /** How much this machine's clock is ahead of the service's, ms; undefined where the service did not say. */
  readonly clockAheadMs: number | undefined;
  /** Calls by service and profile. */
  readonly calls: readonly Row[];
  readonly unpricedModels: readonly Row[];
  readonly reportedTwice: readonly Row[];
  readonly lineage: readonly Row[];
  /** Lineage and what is reported twice are of one trace in so many. */
  readonly oneTraceOf: number;
  readonly clocks: readonly Row[];
  /** Records by what read them as what. */
  readonly producers: readonly Row[];
  /** The service's own metrics, of all tenants; undefined for those who may not see them. */
  readonly metrics: readonly MetricSample[] | undefined;
}

export interface ReadServiceOptions extends ServiceClientOptions {
  /** This machine's clock, ms since the epoch. */
  readonly clock: () => number;
}

/** What is looked at. */
const HOURS = 24;

/** @throws DoctorError */
export async function readService({ clock, ...options }: ReadServiceOptions): Promise<Service> {
  const client = new ServiceClient(options);
  const sentMs = clock();
  const readiness = await client.get('readyz');
  const receivedMs = clock();
  const from = new Date(sentMs - HOURS * 3_600_000).toISOString();
  const quality = await client.require(`api/v1/data-quality?from=${encodeURIComponent(from)}`);
  const producers = await client.require(`api/v1/producers?from=${from.slice(0, 10)}`);
  const metrics = await client.get('metrics');
  return {
    url: options.url,
    isReady: readiness.status === 200,
    reasons: textsOf(readiness.document ?? {}, 'reasons'),
    clockAheadMs: aheadMs(readiness, sentMs, receivedMs),
    calls: rowsOf(quality, 'calls'),
    unpricedModels: rowsOf(quality, 'unpriced_models'),
    reportedTwice: rowsOf(quality, 'reported_twice'),
    lineage: rowsOf(quality, 'lineage'),
    oneTraceOf: Math.max(1, numberOf(quality, 'one_trace_of')),
    clocks: rowsOf(quality, 'clocks'),
    producers: rowsOf(producers, 'producers'),
    metrics: metrics.status === 200 ? parseMetrics(metrics.text) : undefined,
  };
}

/** The service wrote its time between the sending and the receiving; its header has whole seconds. */
function aheadMs({ headers }: ServiceAnswer, sentMs: number, receivedMs: number): number | undefined {
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return undefined;
  // Anywhere in [theirs, theirs + 1 s) by their clock, in [sent, received] by ours: what lies within is no difference.
  if (sentMs > theirs + 1000) return sentMs - theirs - 1000;
  return receivedMs < theirs ? receivedMs - theirs : 0;
}

/** Sum of the samples of a metric that a condition holds for. */
export function sumOfMetric(
  metrics: readonly MetricSample[],
  name: string,
  isWanted: (labels: MetricSample['labels']) => boolean = () => true,
): number {
  return metrics.reduce(
    (sum, sample) => (sample.name === name && isWanted(sample.labels) ? sum + sample.value : sum),
    0,
  );
}

export function sumOf(rows: readonly Row[], name: string): number {
  return rows.reduce((sum, row) => sum + numberOf(row, name), 0);
}

/** Names of services with how many: `writer (3)`; those that have none are left out. */
export function servicesWith(rows: readonly Row[], name: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const count = numberOf(row, name);
    if (count > 0) counts.set(serviceNameOf(row), (counts.get(serviceNameOf(row)) ?? 0) + count);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([service, count]) => `service ${service} (${count})`);
}

/** Says of counts that they are of a sample. */
export function sampleWords(oneTraceOf: number): string {
  return oneTraceOf === 1 ? '' : ` (of one trace in ${oneTraceOf}, which were looked at)`;
}

export function serviceNameOf(row: Row): string {
  const name = row['service'];
  return typeof name === 'string' && name !== '' ? name : '(unnamed)';
}
