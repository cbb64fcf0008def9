import { ClientInstrumentation, type ClientPackage } from '../api-client/client-instrumentation.ts';
import type { TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { OPENAI_API } from './openai-api.ts';

/**
 * Sees the model calls of the `openai` package from version 4 on: chat, responses, completions and embeddings, plain and streamed,
 * whoever makes them and whichever company's address they go to.
 *
 * ```ts
 * new NodeSDK({ instrumentations: [new OpenAIInstrumentation()] }).start();
 * ```
 */
export class OpenAIInstrumentation extends ClientInstrumentation {
  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('openai', config);
  }

  protected override clientPackage(): ClientPackage {
    return {
      api: OPENAI_API,
      packageName: 'openai',
      versions: ['>=4.0.0'],
      entries: ['client', 'azure', 'bedrock'],
    };
  }
}
