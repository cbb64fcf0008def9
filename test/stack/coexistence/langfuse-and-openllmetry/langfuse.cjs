'use strict';
const { observeOpenAI } = require('@langfuse/openai');
const { LangfuseSpanProcessor } = require('@langfuse/otel');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');

const sdk = new NodeSDK({
  spanProcessors: [
    new LangfuseSpanProcessor({ publicKey: 'public', secretKey: 'secret', exporter: new OTLPTraceExporter() }),
  ],
});
sdk.start();
globalThis.observeClient = (client) => observeOpenAI(client);
globalThis.flushTelemetry = () => sdk.shutdown();
