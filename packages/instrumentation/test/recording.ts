import { context, metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
  type DataPoint,
} from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { TurnmeterConfig } from '../src/config.ts';
import { processState } from '../src/session/process-state.ts';
import { configure } from '../src/index.ts';

/** OpenTelemetry's own SDK, set up as an app does, whose exporters keep what they get. */
export interface Recording {
  /** Those that have ended. */
  spans(): readonly ReadableSpan[];
  /** The first of that name. */
  span(name: string): ReadableSpan;
  /** What the points of a metric with these attributes add up to; of a histogram its sum. */
  metric(name: string, attributes?: Readonly<Record<string, unknown>>): Promise<number>;
  points(name: string): Promise<readonly DataPoint<unknown>[]>;
  /** Names of all metrics that have points. */
  metricNames(): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RecordingOptions {
  readonly config?: TurnmeterConfig;
  readonly sampler?: Sampler;
  /** Before the one that keeps the spans. */
  readonly spanProcessors?: readonly SpanProcessor[];
}

export function record({ config = {}, sampler, spanProcessors = [] }: RecordingOptions = {}): Recording {
  const spanExporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  const sdk = new NodeSDK({
    autoDetectResources: false,
    instrumentations: [],
    metricReaders: [reader],
    spanProcessors: [...spanProcessors, new SimpleSpanProcessor({ exporter: spanExporter })],
    ...(sampler === undefined ? {} : { sampler }),
  });
  sdk.start();
  processState().sessions = undefined;
  processState().recorder = undefined;
  configure(config);
  const collect = async (): Promise<Map<string, readonly DataPoint<unknown>[]>> => {
    metricExporter.reset();
    await reader.forceFlush();
    const metricsSeen = metricExporter
      .getMetrics()
      .flatMap((resource) => resource.scopeMetrics.flatMap((scope) => scope.metrics));
    return new Map(
      metricsSeen.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints as readonly DataPoint<unknown>[]]),
    );
  };
  return {
    spans: () => spanExporter.getFinishedSpans(),
    span: (name) => {
      const found = spanExporter.getFinishedSpans().find((span) => span.name === name);
      if (found === undefined) {
        throw new Error(
          `no span ${name}, only ${spanExporter
            .getFinishedSpans()
            .map((span) => span.name)
            .join(', ')}`,
        );
      }
      return found;
    },
    points: async (name) => (await collect()).get(name) ?? [],
    metricNames: async () => [...(await collect()).keys()],
    metric: async (name, attributes = {}) =>
      ((await collect()).get(name) ?? [])
        .filter((point) => Object.entries(attributes).every(([key, value]) => point.attributes[key] === value))
        .reduce(
          (sum, { value }) => sum + (typeof value === 'number' ? value : ((value as { sum?: number }).sum ?? 0)),
          0,
        ),
    [Symbol.asyncDispose]: async () => {
      await sdk.shutdown();
      trace.disable();
      metrics.disable();
      context.disable();
    },
  };
}
