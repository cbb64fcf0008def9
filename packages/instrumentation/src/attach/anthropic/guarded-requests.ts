import { numberOr, objectOr } from '../../usage/json-object.ts';
import type { GuardedRequest } from '../api-client/model-endpoint.ts';

/** `/v1/messages` */
export const GUARDED_MESSAGES: GuardedRequest = {
  promptOf: ({ messages, system, tools }) => [messages, system, tools],
  answerOf: ({ max_tokens: max, thinking }) => {
    // The API wants more tokens for the answer than for the thinking in it.
    const budget = numberOr(objectOr(thinking)['budget_tokens']);
    return { tokensMax: numberOr(max), tokensMin: budget === undefined ? undefined : budget + 1 };
  },
  shorten: (body, tokensMax) => ({ ...body, max_tokens: tokensMax }),
};

/** `/v1/complete` */
export const GUARDED_COMPLETE: GuardedRequest = {
  promptOf: ({ prompt }) => [prompt],
  answerOf: ({ max_tokens_to_sample: max }) => ({ tokensMax: numberOr(max) }),
  shorten: (body, tokensMax) => ({ ...body, max_tokens_to_sample: tokensMax }),
};
