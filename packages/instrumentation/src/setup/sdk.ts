import { createRequire } from 'node:module';
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import { ExitSafeExporter } from './exit-safe-exporter.ts';
import { exportersOf, isOtlpHttp, traceDestination } from './otlp-environment.ts';
import { guessServiceName } from './service-name.ts';

/** OpenTelemetry's SDK, running. */
export interface RunningSdk {
  /** Sends what is held back, and stops. */
  shutdown(): Promise<void>;
  /** The process is ending: sends the last spans at once. `flush` makes the provider hand them over. */
  sendNow(flush: () => void): void;
}

/**
 * Sets up OpenTelemetry's SDK by its standard variables. Loaded here and now, because it takes a fifth of a second that an app which never
 * calls a model, or has an SDK of its own, need not spend.
 */
export function startSdk(env: NodeJS.ProcessEnv = process.env): RunningSdk {
  const load = createRequire(import.meta.url);
  const sdkNode = load('@opentelemetry/sdk-node') as { readonly NodeSDK: typeof NodeSDK };
  const restore = setDefaults(env);
  try {
    const traceExporter = createTraceExporter(load, env);
    const metricReaders = createMetricReaders(load, env);
    const serviceName = guessServiceName(env);
    const sdk = new sdkNode.NodeSDK({
      instrumentations: [],
      ...(metricReaders === undefined ? {} : { metricReaders }),
      ...(serviceName === undefined ? {} : { serviceName }),
      ...(traceExporter === undefined ? {} : { traceExporter }),
    });
    sdk.start();
    return {
      shutdown: () => sdk.shutdown(),
      sendNow: (flush) => traceExporter?.sendNow(flush),
    };
  } finally {
    restore();
  }
}

/**
 * What the SDK leaves small for apps with little telemetry, and slow for processes that end soon. Only where the variable is not set, and
 * only while the SDK reads it: the processes that the app starts must not inherit it.
 */
function setDefaults(env: NodeJS.ProcessEnv): () => void {
  const missing = Object.keys(DEFAULTS).filter((name) => env[name] === undefined);
  for (const name of missing) env[name] = DEFAULTS[name];
  return () => missing.forEach((name) => delete env[name]);
}

const DEFAULTS: Readonly<Record<string, string>> = {
  // 2048 by default: a burst of calls in parallel would lose spans, and with them tokens, without a word. Some 2 KB each.
  OTEL_BSP_MAX_QUEUE_SIZE: '32768',
  OTEL_BSP_SCHEDULE_DELAY: '1000',
  // The host's detector runs a program, and holds all spans back until that has ended.
  OTEL_NODE_RESOURCE_DETECTORS: 'env,serviceinstance',
  OTEL_LOGS_EXPORTER: 'none',
};

/** Undefined where the SDK makes it itself: for gRPC, the console, or none. */
function createTraceExporter(load: NodeJS.Require, env: NodeJS.ProcessEnv): ExitSafeExporter<unknown> | undefined {
  if (exportersOf('TRACES', env).join() !== 'otlp' || !isOtlpHttp('TRACES', env)) return undefined;
  const { OTLPTraceExporter: Exporter } = load('@opentelemetry/exporter-trace-otlp-http') as {
    readonly OTLPTraceExporter: typeof OTLPTraceExporter;
  };
  const { JsonTraceSerializer } = load('@opentelemetry/otlp-transformer') as {
    readonly JsonTraceSerializer: { serializeRequest(items: unknown[]): Uint8Array | undefined };
  };
  return new ExitSafeExporter(new Exporter(), {
    ...traceDestination(env),
    serialize: (items) => JsonTraceSerializer.serializeRequest(items),
  });
}

/** Undefined where the SDK makes them itself: for gRPC or the console. */
function createMetricReaders(
  load: NodeJS.Require,
  env: NodeJS.ProcessEnv,
): (PeriodicExportingMetricReader | PrometheusExporter)[] | undefined {
  const names = exportersOf('METRICS', env);
  if (names.includes('console') || (names.includes('otlp') && !isOtlpHttp('METRICS', env))) return undefined;
  const readers: (PeriodicExportingMetricReader | PrometheusExporter)[] = [];
  for (const name of names) {
    if (name === 'otlp') readers.push(createOtlpReader(load, env));
    else if (name === 'prometheus') readers.push(createPrometheusReader(load, env));
  }
  return readers;
}

function createOtlpReader(load: NodeJS.Require, env: NodeJS.ProcessEnv): PeriodicExportingMetricReader {
  const { OTLPMetricExporter: Exporter } = load('@opentelemetry/exporter-metrics-otlp-http') as {
    readonly OTLPMetricExporter: typeof OTLPMetricExporter;
  };
  const { PeriodicExportingMetricReader: Reader } = load('@opentelemetry/sdk-metrics') as {
    readonly PeriodicExportingMetricReader: typeof PeriodicExportingMetricReader;
  };
  const exportIntervalMillis = numberOf(env['OTEL_METRIC_EXPORT_INTERVAL'], 60_000);
  const exportTimeoutMillis = Math.min(numberOf(env['OTEL_METRIC_EXPORT_TIMEOUT'], 30_000), exportIntervalMillis);
  return new Reader({ exporter: new Exporter(), exportIntervalMillis, exportTimeoutMillis });
}

function createPrometheusReader(load: NodeJS.Require, env: NodeJS.ProcessEnv): PrometheusExporter {
  const { PrometheusExporter: Exporter } = load('@opentelemetry/exporter-prometheus') as {
    readonly PrometheusExporter: typeof PrometheusExporter;
  };
  return new Exporter({
    host: env['OTEL_EXPORTER_PROMETHEUS_HOST'] ?? 'localhost',
    port: numberOf(env['OTEL_EXPORTER_PROMETHEUS_PORT'], 9464),
    // With it every release of this package would begin new series.
    withoutScopeInfo: true,
  });
}

/** As OpenTelemetry asks for: what is no number is as good as not set. */
function numberOf(value: string | undefined, byDefault: number): number {
  const number = Number(value);
  return value === undefined || value.trim() === '' || !(number > 0) ? byDefault : number;
}
