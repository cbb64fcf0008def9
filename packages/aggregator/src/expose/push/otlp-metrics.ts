// Metrics in the shape that OpenTelemetry's exporter sends: cumulative sums with their start, gauges, and histograms, exponential ones where there
// are native buckets. Requests are small, so that writing one keeps nobody waiting and no receiver refuses it.

import { type HrTime, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { Labels } from '../labels.ts';
import {
  type Family,
  type HistogramMetric,
  type HistogramPoint,
  isHistogram,
  type Metric,
  type NativeBuckets,
  type ValueMetric,
} from '../metric.ts';

/** Points of one request: some hundred kB; the Collector takes 4 MiB over gRPC and 20 MiB over HTTP. */
export const POINTS_MAX = 2000;

type Attributes = Readonly<Record<string, string>>;

/** Metrics of requests, one after the other; a metric of many points is in several. */
export async function* otlpRequests(metrics: AsyncIterable<Metric>, nowMs: number): AsyncGenerator<MetricData[]> {
  let request: MetricData[] = [];
  let points = 0;
  for await (const metric of metrics) {
    for (const data of isHistogram(metric) ? histogramData(metric, nowMs) : valueData(metric, nowMs)) {
      if (points + data.dataPoints.length > POINTS_MAX) {
        yield request;
        request = [];
        points = 0;
      }
      request.push(data);
      points += data.dataPoints.length;
    }
  }
  if (points > 0) yield request;
}

function* valueData({ family, points }: ValueMetric, nowMs: number): Generator<MetricData> {
  for (const some of slicesOf(points)) {
    const dataPoints = some.map(({ labels, more, value, createdMs }) => ({
      ...timesOf(createdMs ?? nowMs, nowMs),
      attributes: more === undefined ? attributesOf(labels) : { ...attributesOf(labels), ...attributesOf(more) },
      value,
    }));
    const base = { ...descriptionOf(family), dataPoints };
    yield family.type === 'counter'
      ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: true }
      : { ...base, dataPointType: DataPointType.GAUGE };
  }
}

function* histogramData({ family, points }: HistogramMetric, nowMs: number): Generator<MetricData> {
  for (const some of slicesOf(points)) {
    const native = some.flatMap((point) => exponentialPoint(point, nowMs) ?? []);
    const classic = some.filter(({ native: buckets }) => buckets === undefined);
    const base = descriptionOf(family);
    if (native.length > 0) {
      yield { ...base, dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM, dataPoints: native };
    }
    if (classic.length > 0) {
      const dataPoints = classic.map((point) => classicPoint(point, nowMs));
      yield { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
    }
  }
}

/** What has no points is left out. */
function* slicesOf<Point>(points: Iterable<Point>): Generator<Point[]> {
  let slice: Point[] = [];
  for (const point of points) {
    slice.push(point);
    if (slice.length < POINTS_MAX) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

function descriptionOf({
  otelName,
  otelUnit,
  help,
}: Family): Pick<MetricData, 'descriptor' | 'aggregationTemporality'> {
  return {
    descriptor: { name: otelName, description: help, unit: otelUnit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
}

function exponentialPoint(point: HistogramPoint, nowMs: number): DataPoint<ExponentialHistogram> | undefined {
  const { native, count, sum } = point;
  if (native === undefined) return undefined;
  return {
    ...timesOf(point.createdMs, nowMs),
    attributes: attributesOf(point.labels),
    value: { count, sum, ...exponentialBuckets(native) },
  };
}

/** Bucket `i` begins there where it ends here. */
function exponentialBuckets({
  schema,
  zeroCount,
  offset,
  counts,
}: NativeBuckets): Pick<ExponentialHistogram, 'scale' | 'zeroCount' | 'positive' | 'negative'> {
  return {
    scale: schema,
    zeroCount,
    positive: { offset: offset - 1, bucketCounts: [...counts] },
    negative: { offset: 0, bucketCounts: [] },
  };
}

function classicPoint({ createdMs, labels, classic, count, sum }: HistogramPoint, nowMs: number): DataPoint<Histogram> {
  return {
    ...timesOf(createdMs, nowMs),
    attributes: attributesOf(labels),
    value: { count, sum, buckets: { boundaries: [...classic.bounds], counts: [...classic.counts] } },
  };
}

function timesOf(startMs: number, endMs: number): { readonly startTime: HrTime; readonly endTime: HrTime } {
  return { startTime: timeOf(startMs), endTime: timeOf(endMs) };
}

function timeOf(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}

/** Made once: many points bear the same labels. */
const known = new WeakMap<Labels, Attributes>();

function attributesOf(labels: Labels): Attributes {
  let attributes = known.get(labels);
  if (attributes === undefined) known.set(labels, (attributes = Object.fromEntries(labels.pairs)));
  return attributes;
}
