import type { Attributes } from '@opentelemetry/api';
import * as names from '@turnmeter/semconv';
import type { InferenceStart } from '../../emit/inference.ts';
import type { Identity } from '../../session/identity.ts';
import { isObject, type JsonObject, objectOr, textOr } from '../../usage/json-object.ts';
import { providerNameOf } from './provider-name.ts';

/** Whose work a call is, as far as it says: version 7's runtime context (what of it the app shows), version 6's metadata. */
export function identityOf(event: JsonObject): Identity {
  const told = [event['runtimeContext'], event['metadata'], event['experimental_context']].filter(isObject);
  const named = (keys: readonly string[]): string | undefined => {
    for (const values of told) {
      for (const key of keys) {
        const text = textOr(values[key]);
        if (text !== undefined) return text;
      }
    }
    return undefined;
  };
  return {
    session: named(['sessionId', 'session_id', 'threadId', 'thread_id', 'chatId', 'conversationId']),
    workflow: named(['workflow', 'workflowName']),
    tenant: named(['tenantId', 'tenant_id']),
    user: named(['userId', 'user_id']),
  };
}

/** A call of a model that begins, as version 7 tells of it; version 6 has provider and model in an object. */
export function inferenceOf(event: JsonObject, operation: string): InferenceStart {
  const model = objectOr(event['model']);
  // Not the event itself: it holds the stream that we want to hear of when nobody else does.
  const input = event['messages'] ?? event['promptMessages'] ?? event['values'];
  const system = event['instructions'] ?? event['system'];
  return {
    operation,
    provider: providerNameOf(textOr(event['provider']) ?? textOr(model['provider'])),
    model: textOr(event['modelId']) ?? textOr(model['modelId']),
    attributes: settingsOf(event),
    // Whoever hides inputs from telemetry means it.
    ...(event['recordInputs'] === false ? {} : { content: () => ({ input, system }) }),
  };
}

function settingsOf(event: JsonObject): Attributes {
  const attributes: Attributes = {};
  for (const [field, name] of SETTINGS) {
    const value = event[field];
    if (typeof value === 'number') attributes[name] = value;
  }
  return attributes;
}

const SETTINGS: readonly (readonly [field: string, name: string])[] = [
  ['maxOutputTokens', names.ATTR_GEN_AI_REQUEST_MAX_TOKENS],
  ['temperature', names.ATTR_GEN_AI_REQUEST_TEMPERATURE],
  ['topP', names.ATTR_GEN_AI_REQUEST_TOP_P],
  ['topK', names.ATTR_GEN_AI_REQUEST_TOP_K],
  ['frequencyPenalty', names.ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY],
  ['presencePenalty', names.ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY],
  ['seed', names.ATTR_GEN_AI_REQUEST_SEED],
];
