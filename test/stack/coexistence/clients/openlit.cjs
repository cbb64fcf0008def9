'use strict';
const { trace } = require('@opentelemetry/api');
const openlit = require('openlit');

const init = openlit.init ?? openlit.default.init;
init.call(openlit.default ?? openlit, {
  otlpEndpoint: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  otlpHeaders: Object.fromEntries([process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=')]),
  applicationName: 'chat',
  // Otherwise it asks the network for them.
  pricingJson: '{"chat":{}}',
});
globalThis.flushTelemetry = () => trace.getTracerProvider().getDelegate().forceFlush();
