// An app that sets up OpenTelemetry itself, with everything that OpenTelemetry instruments by itself, and ours beside it.
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { turnmeterInstrumentations } from '@turnmeter/instrumentation';

const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations(), ...turnmeterInstrumentations()] });
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
