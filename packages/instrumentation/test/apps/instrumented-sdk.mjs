// An app whose own SDK has an instrumentation, which asks for its tracer and its instruments as it is made: before the SDK is set up.
import { metrics, trace } from '@opentelemetry/api';
import { InstrumentationBase } from '@opentelemetry/instrumentation';
import { AggregationTemporality, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace';

class Instrumentation extends InstrumentationBase {
  constructor() {
    super('instrumentation', '1.0.0', {});
  }

  init() {
    return [];
  }

  _updateMetricInstruments() {
    this.calls = this.meter.createCounter('calls');
    this.size = this.meter.createObservableGauge('size');
    this.size.addCallback((result) => result.observe(7));
  }

  work() {
    this.tracer.startSpan('instrumented work').end();
    this.calls.add(1);
  }
}

const early = trace.getTracer('early');
const kept = metrics.getMeter('early').createCounter('kept');
const watched = metrics.getMeter('early').createObservableGauge('watched');
watched.addCallback((result) => result.observe(1));
if (process.argv[2] === 'late') early.startSpan('before').end();

const instrumentation = new Instrumentation();
const spanExporter = {
  export(spans, done) {
    for (const { name } of spans) console.log(`own ${name}`);
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};
const metricExporter = {
  export({ scopeMetrics }, done) {
    const names = scopeMetrics.flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name));
    console.log(`metrics ${names.toSorted().join(' ')}`);
    done({ code: 0 });
  },
  selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
const sdk = new NodeSDK({
  autoDetectResources: false,
  instrumentations: [instrumentation],
  metricReaders: [new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 60_000 })],
  spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })],
});
sdk.start();

early.startSpan('early work').end();
kept.add(1);
instrumentation.work();
await sdk.shutdown();
