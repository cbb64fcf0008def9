import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';
import { OpenAIAgentsInstrumentation } from '@arizeai/openinference-instrumentation-openai-agents';
import * as callbackManager from '@langchain/core/callbacks/manager';
import * as agents from '@openai/agents';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK();
sdk.start();
new LangChainInstrumentation().manuallyInstrument(callbackManager);
new OpenAIAgentsInstrumentation({ exclusiveProcessor: false }).manuallyInstrument(agents);
process.once('beforeExit', () => sdk.shutdown());
