import { ClientInstrumentation, type ClientPackage } from '../api-client/client-instrumentation.ts';
import type { TurnmeterInstrumentationConfig } from '../turnmeter-instrumentation.ts';
import { ANTHROPIC_API } from './anthropic-api.ts';

/**
 * Sees the model calls of the `@anthropic-ai/sdk` package: messages, plain and streamed, also through `@anthropic-ai/bedrock-sdk` and
 * `@anthropic-ai/vertex-sdk`.
 *
 * ```ts
 * new NodeSDK({ instrumentations: [new AnthropicInstrumentation()] }).start();
 * ```
 */
export class AnthropicInstrumentation extends ClientInstrumentation {
  constructor(config: TurnmeterInstrumentationConfig = {}) {
    super('anthropic', config);
  }

  protected override clientPackage(): ClientPackage {
    return {
      api: ANTHROPIC_API,
      packageName: '@anthropic-ai/sdk',
      versions: ['>=0.20.0'],
      // The clients of clouds import the class that theirs extend from there.
      entries: ['client'],
    };
  }
}
