import type { Answer } from '../answer.ts';
import { event, type Dialect, type Frame } from '../dialect.ts';
import { requireModel } from '../failures.ts';
import { newId } from '../ids.ts';
import { objectOf, type JsonObject } from '../json.ts';
import { piecesOf } from '../pieces.ts';
import { Endpoint, type RequestContent } from '../script/request.ts';
import { userOf } from './content.ts';
import { openaiError, openaiErrors } from './errors.ts';
import { chatUsage } from './usage.ts';

/** `POST /v1/completions`, the API before chat. */
export const openaiCompletions: Dialect = {
  ...openaiErrors,
  endpoint: Endpoint.openaiCompletions,
  isBilled: true,
  generates: true,
  reportsUsage: true,
  newAnswerId: () => newId('cmpl-', 29),
  newToolCallId: () => newId('call_', 24),
  read,
  plain: (answer) => ({
    ...chunk(answer, [choice(answer.text, answer.finishReason)]),
    ...(answer.reportsUsage ? { usage: chatUsage(answer) } : {}),
  }),
  frames,
  errorFrame: (failure) => ({ text: event({ error: openaiError(failure) }) }),
};

function read(body: JsonObject): RequestContent {
  const { prompt } = body;
  const text = Array.isArray(prompt) ? prompt.join('\n') : typeof prompt === 'string' ? prompt : '';
  return {
    model: requireModel(body['model']),
    streamed: body['stream'] === true,
    system: '',
    messages: [{ role: 'user', text, toolCalls: [] }],
    tools: [],
    user: userOf(body),
  };
}

function frames(answer: Answer): readonly Frame[] {
  const includesUsage =
    objectOf(answer.request.body['stream_options'])['include_usage'] === true && answer.reportsUsage;
  const nothing = includesUsage ? { usage: null } : {};
  return [
    ...piecesOf(answer.text, answer.chunks).map((text) => ({
      text: event({ ...chunk(answer, [choice(text, null)]), ...nothing }),
      isChunk: true,
    })),
    { text: event({ ...chunk(answer, [choice('', answer.finishReason)]), ...nothing }) },
    ...(includesUsage ? [{ text: event({ ...chunk(answer, []), usage: chatUsage(answer) }), hasUsage: true }] : []),
    { text: event('[DONE]') },
  ];
}

function chunk(answer: Answer, choices: readonly JsonObject[]): JsonObject {
  return {
    id: answer.id,
    object: 'text_completion',
    created: Math.floor(answer.createdAtMs / 1000),
    model: answer.model,
    choices,
  };
}

function choice(text: string, finishReason: string | null): JsonObject {
  return { text, index: 0, logprobs: null, finish_reason: finishReason };
}
