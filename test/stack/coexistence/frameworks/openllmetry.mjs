import * as callbackManager from '@langchain/core/callbacks/manager';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { LangChainInstrumentation } from '@traceloop/instrumentation-langchain';

const sdk = new NodeSDK();
sdk.start();
new LangChainInstrumentation().manuallyInstrument({ callbackManagerModule: callbackManager });
process.once('beforeExit', () => sdk.shutdown());
