import { GenAiProvider } from '@turnmeter/semconv';
import { numberOr, type JsonObject } from '../../usage/json-object.ts';
import type { GuardedRequest } from '../api-client/model-endpoint.ts';

/** `/chat/completions` */
export const GUARDED_CHAT: GuardedRequest = {
  promptOf: ({ messages, tools, functions, response_format: format }) => [messages, tools, functions, format],
  answerOf: ({ max_completion_tokens: max, max_tokens: former, n }) => ({
    tokensMax: numberOr(max) ?? numberOr(former),
    choices: numberOr(n),
  }),
  shorten: (body, tokensMax, provider) =>
    // OpenAI's newer models refuse the former name, and others' servers know no other.
    body['max_tokens'] === undefined && NEWER.has(provider)
      ? { ...body, max_completion_tokens: tokensMax }
      : { ...withoutNewer(body), max_tokens: tokensMax },
};

/** `/responses`: what it goes on from is not in the request. */
export const GUARDED_RESPONSES: GuardedRequest = {
  promptOf: ({ input, instructions, tools, text }) => [input, instructions, tools, text],
  answerOf: ({ max_output_tokens: max }) => ({ tokensMax: numberOr(max) }),
  shorten: (body, tokensMax) => ({ ...body, max_output_tokens: tokensMax }),
};

/** `/completions`: one answer for each prompt. */
export const GUARDED_COMPLETION: GuardedRequest = {
  promptOf: ({ prompt }) => [prompt],
  answerOf: ({ max_tokens: max, n, best_of: best, prompt }) => {
    const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1;
    return { tokensMax: numberOr(max), choices: prompts * Math.max(numberOr(n) ?? 1, numberOr(best) ?? 1) };
  },
  shorten: (body, tokensMax) => ({ ...body, max_tokens: tokensMax }),
};

/** `/embeddings` */
export const GUARDED_EMBEDDINGS: GuardedRequest = {
  promptOf: ({ input }) => [input],
  answerOf: () => ({ tokensMax: 0 }),
};

const NEWER: ReadonlySet<string> = new Set([GenAiProvider.OPENAI, GenAiProvider.AZURE_AI_OPENAI]);

function withoutNewer(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'max_completion_tokens'));
}
