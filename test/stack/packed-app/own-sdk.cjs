// An app that sets up OpenTelemetry itself, with everything that OpenTelemetry instruments by itself, and ours beside it.
const { getNodeAutoInstrumentations } = require('@opentelemetry/auto-instrumentations-node');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { turnmeterInstrumentations } = require('@turnmeter/instrumentation');

const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations(), ...turnmeterInstrumentations()] });
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
