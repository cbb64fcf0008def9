import type { Attributes } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import { isObject, type JsonObject } from '../../usage/json-object.ts';

/** What the conventions want to know of a request; the same names in chat, responses, completions and embeddings. */
export function openAiRequestAttributes(body: JsonObject): Attributes {
  const attributes: Attributes = {};
  for (const [field, name] of NUMBERS) {
    const value = body[field];
    if (typeof value === 'number') attributes[name] = value;
  }
  const { n, stop, service_tier: tier, encoding_format: encoding } = body;
  // One choice is what everybody gets.
  if (typeof n === 'number' && n !== 1) attributes[names.ATTR_GEN_AI_REQUEST_CHOICE_COUNT] = n;
  if (typeof stop === 'string') attributes[names.ATTR_GEN_AI_REQUEST_STOP_SEQUENCES] = [stop];
  else if (isTexts(stop)) attributes[names.ATTR_GEN_AI_REQUEST_STOP_SEQUENCES] = [...stop];
  if (typeof tier === 'string' && tier !== 'auto') attributes[names.ATTR_OPENAI_REQUEST_SERVICE_TIER] = tier;
  if (typeof encoding === 'string') attributes[names.ATTR_GEN_AI_REQUEST_ENCODING_FORMATS] = [encoding];
  const effort = body['reasoning_effort'] ?? (isObject(body['reasoning']) ? body['reasoning']['effort'] : undefined);
  if (typeof effort === 'string') attributes[names.ATTR_GEN_AI_REQUEST_REASONING_LEVEL] = effort;
  const format = outputTypeOf(body);
  if (format !== undefined) attributes[names.ATTR_GEN_AI_OUTPUT_TYPE] = format;
  return attributes;
}

const NUMBERS: readonly (readonly [field: string, name: string])[] = [
  ['max_tokens', names.ATTR_GEN_AI_REQUEST_MAX_TOKENS],
  ['max_completion_tokens', names.ATTR_GEN_AI_REQUEST_MAX_TOKENS],
  ['max_output_tokens', names.ATTR_GEN_AI_REQUEST_MAX_TOKENS],
  ['temperature', names.ATTR_GEN_AI_REQUEST_TEMPERATURE],
  ['top_p', names.ATTR_GEN_AI_REQUEST_TOP_P],
  ['seed', names.ATTR_GEN_AI_REQUEST_SEED],
  ['frequency_penalty', names.ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY],
  ['presence_penalty', names.ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY],
];

function outputTypeOf({ response_format: format, text }: JsonObject): string | undefined {
  const asked = format ?? (isObject(text) ? text['format'] : undefined);
  if (!isObject(asked)) return undefined;
  switch (asked['type']) {
    case 'json_schema':
    case 'json_object':
      return names.GenAiOutputType.JSON;
    case 'text':
      return names.GenAiOutputType.TEXT;
    default:
      return undefined;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}
