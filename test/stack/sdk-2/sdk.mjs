// An app that sets up OpenTelemetry itself, of the generation before the current one.
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
process.once('beforeExit', () => sdk.shutdown());
