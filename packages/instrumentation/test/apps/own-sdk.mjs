// An app that sets up OpenTelemetry itself: at once, or after the first telemetry of others.
import { metrics, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace';

if (process.argv[2] === 'late') {
  trace.getTracer('early').startSpan('before').end();
  metrics.getMeter('early').createCounter('before').add(1);
}
const exporter = {
  export(spans, done) {
    for (const { name } of spans) console.log(`own ${name}`);
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};
const sdk = new NodeSDK({
  autoDetectResources: false,
  instrumentations: [],
  metricReaders: [],
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
});
sdk.start();
trace.getTracer('app').startActiveSpan('own work', (span) => {
  console.log(`active ${trace.getActiveSpan() === span}`);
  span.end();
});
