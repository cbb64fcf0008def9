// Anthropic's API and Bedrock count cached tokens beside the input. Who passes their numbers on unchanged leaves them out for those
// models, and only for those: the same scope is inclusive for OpenAI (python-producers.md §3).

import type { Draft } from '../observe/draft.ts';
import { remembered } from '../observe/remembered.ts';

const isProvider = remembered((name) => /^(anthropic|(aws|amazon)?[._ -]?bedrock)/i.test(name));
const isModel = remembered((name) => /claude|anthropic/i.test(name));

/** Did a model of Anthropic's answer, or Bedrock? */
export function isAnthropicCall({ provider, model }: Pick<Draft, 'provider' | 'model'>): boolean {
  return isProvider(provider) || isModel(model);
}
