// An app that sets up OpenTelemetry itself, with everything that OpenTelemetry instruments by itself.
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
