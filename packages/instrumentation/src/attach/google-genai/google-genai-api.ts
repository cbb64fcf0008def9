import type { Attributes } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import type { InferenceStart } from '../../emit/inference.ts';
import type { DescribedCall } from '../../guard/admit-call.ts';
import type { Admission } from '../../guard/guarded-call.ts';
import { sizeOfRequest } from '../../guard/request-size.ts';
import { numberOr, objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';
import { StreamKind } from '../../usage/stream-reader.ts';
import { serverOf } from '../api-client/server-of.ts';
import type { AnswerShape } from '../model-call/model-call.ts';

/** A method of the SDK's `Models` that makes one request to a model. */
export interface ModelsMethod extends AnswerShape {
  readonly name: string;
  /** Its name in versions that have it by another one. */
  readonly formerName?: string;
  readonly operation: string;
  readonly isStream: boolean;
}

const GENERATED: AnswerShape = { streamKind: StreamKind.Gemini, outputOf: ({ candidates }) => candidates };

/** What all public methods end in, also chats and automatic function calling, once for each request. */
export const MODELS_METHODS: readonly ModelsMethod[] = [
  {
    ...GENERATED,
    name: 'generateContentInternal',
    operation: names.GenAiOperation.GENERATE_CONTENT,
    isStream: false,
  },
  {
    ...GENERATED,
    name: 'generateContentStreamInternal',
    operation: names.GenAiOperation.GENERATE_CONTENT,
    isStream: true,
  },
  {
    name: 'embedContentInternal',
    // Before it was public and had nothing around it.
    formerName: 'embedContent',
    operation: names.GenAiOperation.EMBEDDINGS,
    isStream: false,
    // Vectors are nobody's words.
    outputOf: () => undefined,
  },
];

/** What a call of such a method asks for. */
export function startOf(models: unknown, params: unknown, method: ModelsMethod): InferenceStart {
  const { model, contents, config } = objectOr(params);
  const settings = objectOr(config);
  const { provider, attributes } = serverOfModels(models);
  return {
    operation: method.operation,
    provider,
    model: textOr(model)?.replace(COLLECTION, ''),
    isStream: method.isStream,
    attributes: { ...attributes, ...requestAttributes(settings) },
    content: () => ({ input: contents, system: settings['systemInstruction'] }),
  };
}

/** What the guard has to know of a call. */
export function describe(models: unknown, params: unknown, method: ModelsMethod): DescribedCall {
  const { contents, config } = objectOr(params);
  const settings = objectOr(config);
  const { provider, model } = startOf(models, params, method);
  const isEmbedding = method.operation === names.GenAiOperation.EMBEDDINGS;
  const { abortSignal: signal } = settings;
  return {
    provider,
    model,
    operation: method.operation,
    size: sizeOfRequest(contents, settings['systemInstruction'], settings['tools'], settings['responseSchema']),
    choices: numberOr(settings['candidateCount']),
    outputTokensMax: isEmbedding ? 0 : numberOr(settings['maxOutputTokens']),
    canChangeModel: true,
    canShorten: !isEmbedding,
    signal: signal instanceof AbortSignal ? signal : undefined,
  };
}

/** The call as the guard lets it through. */
export function cheaper(params: unknown, { model, outputTokensMax }: Admission): unknown {
  if (model === undefined && outputTokensMax === undefined) return params;
  const given = objectOr(params);
  return {
    ...given,
    ...(model === undefined ? {} : { model }),
    ...(outputTokensMax === undefined
      ? {}
      : { config: { ...objectOr(given['config']), maxOutputTokens: outputTokensMax } }),
  };
}

/** Sample: `models/gemini-3-flash`, `publishers/google/models/…`, `projects/p/locations/l/publishers/google/models/…` */
const COLLECTION = /^(.*\/)?models\//;

function serverOfModels(models: unknown): { readonly provider: string; readonly attributes: Attributes } {
  const client = objectOr(objectOr(models)['apiClient']);
  const { isVertexAI, getBaseUrl } = client;
  const isVertex = typeof isVertexAI === 'function' && isVertexAI.call(client) === true;
  const { attributes } = serverOf(typeof getBaseUrl === 'function' ? getBaseUrl.call(client) : undefined);
  // The address may be a proxy's; what the client was made for holds.
  return { provider: isVertex ? names.GenAiProvider.GCP_VERTEX_AI : names.GenAiProvider.GCP_GEMINI, attributes };
}

function requestAttributes(config: JsonObject): Attributes {
  const attributes: Attributes = {};
  for (const [field, name] of NUMBERS) {
    const value = config[field];
    if (typeof value === 'number') attributes[name] = value;
  }
  const { candidateCount: count, stopSequences: stops, responseMimeType: type, thinkingConfig } = config;
  // One choice is what everybody gets.
  if (typeof count === 'number' && count !== 1) attributes[names.ATTR_GEN_AI_REQUEST_CHOICE_COUNT] = count;
  if (isTexts(stops)) attributes[names.ATTR_GEN_AI_REQUEST_STOP_SEQUENCES] = [...stops];
  if (type === 'application/json') attributes[names.ATTR_GEN_AI_OUTPUT_TYPE] = names.GenAiOutputType.JSON;
  const { thinkingLevel: level } = objectOr(thinkingConfig);
  if (typeof level === 'string') attributes[names.ATTR_GEN_AI_REQUEST_REASONING_LEVEL] = level;
  return attributes;
}

const NUMBERS: readonly (readonly [field: string, name: string])[] = [
  ['maxOutputTokens', names.ATTR_GEN_AI_REQUEST_MAX_TOKENS],
  ['temperature', names.ATTR_GEN_AI_REQUEST_TEMPERATURE],
  ['topP', names.ATTR_GEN_AI_REQUEST_TOP_P],
  ['topK', names.ATTR_GEN_AI_REQUEST_TOP_K],
  ['seed', names.ATTR_GEN_AI_REQUEST_SEED],
  ['frequencyPenalty', names.ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY],
  ['presencePenalty', names.ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY],
];

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}
