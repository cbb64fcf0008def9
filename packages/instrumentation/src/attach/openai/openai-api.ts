import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_OPENAI_API_TYPE,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  GenAiOperation,
  GenAiProvider,
  OpenAiApiType,
} from '@turnmeter/semconv';
import { recorder } from '../../emit/recorder.ts';
import { isObject, textOr, type JsonObject } from '../../usage/json-object.ts';
import { StreamKind } from '../../usage/stream-reader.ts';
import type { ClientApi, ModelEndpoint } from '../api-client/model-endpoint.ts';
import { GUARDED_CHAT, GUARDED_COMPLETION, GUARDED_EMBEDDINGS, GUARDED_RESPONSES } from './guarded-requests.ts';
import { openAiRequestAttributes } from './request-attributes.ts';

/** OpenAI's API, and everybody's who speaks it. */
export const OPENAI_API: ClientApi = {
  name: 'openai',
  provider: GenAiProvider.OPENAI,
  // Only the collections themselves: below them are stored answers, cancellations, counts.
  endpointOf: (path) => ENDPOINTS.get(path),
  bodyToSend: withStreamUsage,
  answerIdOf: (path) => RESPONSE.exec(path)?.[1],
};

/** `responses.retrieve()` and `responses.cancel()`. */
const RESPONSE = /^\/responses\/([^/]+)(?:\/cancel)?$/;

const CHAT: ModelEndpoint = {
  operation: GenAiOperation.CHAT,
  streamKind: StreamKind.OpenAiChat,
  attributesOf: (body) => ({
    [ATTR_OPENAI_API_TYPE]: OpenAiApiType.CHAT_COMPLETIONS,
    ...openAiRequestAttributes(body),
  }),
  contentOf: ({ messages }) => ({ input: messages }),
  guarded: GUARDED_CHAT,
  outputOf: ({ choices }) => choices,
};

const RESPONSES: ModelEndpoint = {
  operation: GenAiOperation.CHAT,
  streamKind: StreamKind.OpenAiResponses,
  attributesOf: (body) => ({
    [ATTR_OPENAI_API_TYPE]: OpenAiApiType.RESPONSES,
    ...openAiRequestAttributes(body),
    ...previousResponse(body),
  }),
  contentOf: ({ input, instructions }) => ({ input, system: instructions }),
  guarded: GUARDED_RESPONSES,
  outputOf: ({ output }) => output,
  pendingIdOf: ({ id, status, background }) =>
    background === true && (status === 'queued' || status === 'in_progress') ? textOr(id) : undefined,
};

const TEXT_COMPLETION: ModelEndpoint = {
  operation: GenAiOperation.TEXT_COMPLETION,
  streamKind: StreamKind.OpenAiChat,
  attributesOf: openAiRequestAttributes,
  contentOf: ({ prompt }) => ({ input: prompt }),
  guarded: GUARDED_COMPLETION,
  outputOf: ({ choices }) => choices,
};

const EMBEDDINGS: ModelEndpoint = {
  operation: GenAiOperation.EMBEDDINGS,
  attributesOf: openAiRequestAttributes,
  contentOf: ({ input }) => ({ input }),
  guarded: GUARDED_EMBEDDINGS,
  // Vectors are nobody's words.
  outputOf: () => undefined,
};

const ENDPOINTS: ReadonlyMap<string, ModelEndpoint> = new Map([
  ['/chat/completions', CHAT],
  ['/responses', RESPONSES],
  // Makes a shorter conversation of a long one, by a model.
  ['/responses/compact', { ...RESPONSES, guarded: { ...GUARDED_RESPONSES, shorten: undefined } }],
  ['/completions', TEXT_COMPLETION],
  ['/embeddings', EMBEDDINGS],
]);

function previousResponse({ previous_response_id: id }: JsonObject): Attributes {
  return typeof id === 'string' ? { [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: id } : {};
}

/** Chat streams tell their usage only when asked to; where the configuration says so, they are asked. */
function withStreamUsage(body: JsonObject, endpoint: ModelEndpoint): JsonObject {
  if (endpoint.streamKind !== StreamKind.OpenAiChat || body['stream'] !== true) return body;
  if (!recorder().config.requestStreamUsage) return body;
  const { stream_options: options } = body;
  // What the app says of it itself holds.
  if (isObject(options) && options['include_usage'] !== undefined) return body;
  return { ...body, stream_options: { ...(isObject(options) ? options : {}), include_usage: true } };
}
