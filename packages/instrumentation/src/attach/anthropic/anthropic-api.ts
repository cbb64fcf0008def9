import type { Attributes } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import { isObject, objectOr, type JsonObject } from '../../usage/json-object.ts';
import { StreamKind } from '../../usage/stream-reader.ts';
import { GUARDED_COMPLETE, GUARDED_MESSAGES } from './guarded-requests.ts';
import type { ClientApi, ModelEndpoint } from '../api-client/model-endpoint.ts';

/** Anthropic's API, also where a cloud serves it. */
export const ANTHROPIC_API: ClientApi = {
  name: '@anthropic-ai/sdk',
  provider: names.GenAiProvider.ANTHROPIC,
  // Only the collections themselves: below `/v1/messages` are batches and the counting of tokens.
  endpointOf: (path) => ENDPOINTS.get(path),
};

const MESSAGES: ModelEndpoint = {
  operation: names.GenAiOperation.CHAT,
  streamKind: StreamKind.Anthropic,
  attributesOf: requestAttributes,
  contentOf: ({ messages, system }) => ({ input: messages, system }),
  guarded: GUARDED_MESSAGES,
  outputOf: ({ content, role }) => [{ role, content }],
};

const COMPLETE: ModelEndpoint = {
  operation: names.GenAiOperation.TEXT_COMPLETION,
  attributesOf: requestAttributes,
  contentOf: ({ prompt }) => ({ input: prompt }),
  guarded: GUARDED_COMPLETE,
  outputOf: ({ completion }) => completion,
};

const ENDPOINTS: ReadonlyMap<string, ModelEndpoint> = new Map([
  ['/v1/messages', MESSAGES],
  ['/v1/complete', COMPLETE],
]);

function requestAttributes(body: JsonObject): Attributes {
  const attributes: Attributes = {};
  for (const [field, name] of NUMBERS) {
    const value = body[field];
    if (typeof value === 'number') attributes[name] = value;
  }
  const { stop_sequences: stops, output_config: output, output_format: format } = body;
  if (isTexts(stops)) attributes[names.ATTR_GEN_AI_REQUEST_STOP_SEQUENCES] = [...stops];
  const { effort, format: asked = format } = objectOr(output);
  if (typeof effort === 'string') attributes[names.ATTR_GEN_AI_REQUEST_REASONING_LEVEL] = effort;
  if (isObject(asked)) attributes[names.ATTR_GEN_AI_OUTPUT_TYPE] = names.GenAiOutputType.JSON;
  return attributes;
}

const NUMBERS: readonly (readonly [field: string, name: string])[] = [
  ['max_tokens', names.ATTR_GEN_AI_REQUEST_MAX_TOKENS],
  ['max_tokens_to_sample', names.ATTR_GEN_AI_REQUEST_MAX_TOKENS],
  ['temperature', names.ATTR_GEN_AI_REQUEST_TEMPERATURE],
  ['top_p', names.ATTR_GEN_AI_REQUEST_TOP_P],
  ['top_k', names.ATTR_GEN_AI_REQUEST_TOP_K],
];

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}
