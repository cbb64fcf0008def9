// Anthropic's API and Bedrock count cached tokens beside the input. Who passes their numbers on unchanged leaves them out for those
// models, and only for those: the same scope is inclusive for OpenAI (python-producers.md §3).

import type { Draft } from '../observe/draft.ts';

const PROVIDER = /^(anthropic|(aws|amazon)?[._ -]?bedrock)/i;
const MODEL = /claude|anthropic/i;

/** Did a model of Anthropic's answer, or Bedrock? */
export function isAnthropicCall({ provider, model }: Pick<Draft, 'provider' | 'model'>): boolean {
  return PROVIDER.test(provider) || MODEL.test(model);
}
