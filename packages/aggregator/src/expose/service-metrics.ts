// Metrics of the service itself, out of prom-client's registry and into the shape that all formats are written from.

import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client';
import { Labels } from './labels.ts';
import type { HistogramPoint, Metric, Reading, ValuePoint } from './metric.ts';

const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['_seconds', 's'],
  ['_bytes', 'By'],
];

export class ServiceMetrics {
  readonly #registry: Registry;
  readonly #createdMs: number;
  /** By reader and series: the reading that showed it first. */
  readonly #firstShown = new Map<string, number>();

  constructor(registry: Registry, createdMs: number) {
    this.#registry = registry;
    this.#createdMs = createdMs;
  }

  async read(reading: Reading): Promise<readonly Metric[]> {
    const read = await this.#registry.getMetricsAsJSON();
    return read.map((metric) => this.#convert(metric, reading));
  }

  #convert(metric: MetricObjectWithValues<MetricValue<string>>, reading: Reading): Metric {
    const { name, help } = metric;
    const otelName = name.replace(/_total$/, '').replaceAll('_', '.');
    const otelUnit = UNITS.find(([ending]) => name.replace(/_total$/, '').endsWith(ending))?.[1] ?? '';
    const family = { name, help, otelName, otelUnit };
    // prom-client says `histogram`, and declares a number.
    const type = String(metric.type);
    if (type === 'histogram') {
      return { family: { ...family, type }, points: this.#histogramPoints(metric.values) };
    }
    if (type !== 'counter') return { family: { ...family, type: 'gauge' }, points: metric.values.map(valuePoint) };
    return {
      family: { ...family, type },
      points: metric.values.map(valuePoint).map((point) => ({
        ...point,
        value: this.#isShown(`${name}{${point.labels.text}}`, reading) ? point.value : 0,
        createdMs: this.#createdMs,
      })),
    };
  }

  /** A counter is 0 in the first reading: of one that begins at 1 Prometheus would see no rise, and an alert would miss the first time. */
  #isShown(series: string, { reader, number }: Reading): boolean {
    const key = `${reader} ${series}`;
    const first = this.#firstShown.get(key);
    if (first === undefined) this.#firstShown.set(key, number);
    return first !== undefined && first < number;
  }

  #histogramPoints(values: readonly MetricValueWithName<string>[]): readonly HistogramPoint[] {
    const series = Map.groupBy(values, ({ labels }) => labelsOf(withoutBound(labels)).text);
    return [...series.values()].map((samples) => this.#histogramPoint(samples));
  }

  #histogramPoint(samples: readonly MetricValueWithName<string>[]): HistogramPoint {
    const buckets = samples.filter(({ metricName }) => metricName?.endsWith('_bucket'));
    const valueOf = (ending: string): number =>
      samples.find(({ metricName }) => metricName?.endsWith(ending))?.value ?? 0;
    const bounds = buckets.map(({ labels: { le } }) => Number(le)).filter((bound) => Number.isFinite(bound));
    return {
      labels: labelsOf(withoutBound(samples[0]?.labels ?? {})),
      createdMs: this.#createdMs,
      count: valueOf('_count'),
      sum: valueOf('_sum'),
      classic: {
        bounds,
        counts: buckets.map(({ value }, at) => value - (buckets[at - 1]?.value ?? 0)),
        exemplars: [],
      },
    };
  }
}

function valuePoint({ labels, value }: MetricValue<string>): ValuePoint {
  return { labels: labelsOf(labels), value };
}

type LabelValues = Readonly<Partial<Record<string, string | number>>>;

function withoutBound(labels: LabelValues): LabelValues {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== 'le'));
}

function labelsOf(labels: LabelValues): Labels {
  return new Labels(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}
