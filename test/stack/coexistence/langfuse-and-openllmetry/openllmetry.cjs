'use strict';
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const traceloop = require('@traceloop/node-server-sdk');

traceloop.initialize({
  appName: 'chat',
  exporter: new OTLPTraceExporter(),
  silenceInitializationMessage: true,
  traceloopSyncEnabled: false,
});
globalThis.flushTelemetry = () => traceloop.forceFlush();
