import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  GenAiProvider,
} from '@turnmeter/semconv';
import type { Identity } from '../../session/identity.ts';
import { objectOr, textOr, type JsonObject } from '../../usage/json-object.ts';

/** The name of a graph that was given none. */
export const DEFAULT_GRAPH_NAME = 'LangGraph';

/** Whose work a run is, as its metadata say; LangGraph puts `configurable.thread_id` there. */
export function identityOf(metadata: unknown): Identity {
  const given = objectOr(metadata);
  return { session: firstText(given, SESSION_KEYS), user: firstText(given, USER_KEYS) };
}

/** The first three are the ones that LangSmith makes threads of; the last is that of chat histories. */
const SESSION_KEYS = ['thread_id', 'session_id', 'conversation_id', 'sessionId'] as const;
const USER_KEYS = ['user_id', 'userId', 'langgraph_auth_user_id'] as const;

/** The class of what runs: `['langgraph', 'pregel', 'CompiledStateGraph']`. */
export function isGraph(serialized: unknown): boolean {
  const { id } = objectOr(serialized);
  return Array.isArray(id) && id[0] === 'langgraph' && id[1] === 'pregel';
}

/** Whether a run is a node of a graph: LangGraph tags it `graph:step:3`. */
export function isNode(tags: unknown): boolean {
  return Array.isArray(tags) && tags.some((tag) => typeof tag === 'string' && tag.startsWith('graph:step:'));
}

/** What a run is called: as the call says, else by its class. */
export function nameOf(runName: unknown, serialized: unknown): string | undefined {
  const { id, name } = objectOr(serialized);
  return textOr(runName) ?? textOr(name) ?? (Array.isArray(id) ? textOr(id.at(-1)) : undefined);
}

/** A model call, as LangChain describes it. */
export interface ModelFacts {
  readonly provider: string;
  readonly model: string | undefined;
  readonly isStream: boolean;
  readonly attributes: Attributes;
}

/** Reads the metadata of a model's run, and the parameters that it is called with. */
export function modelFactsOf(serialized: unknown, extraParams: unknown, metadata: unknown): ModelFacts {
  const given = objectOr(metadata);
  const request = objectOr(objectOr(extraParams)['invocation_params']);
  const { id } = objectOr(serialized);
  const named = textOr(given['ls_provider']) ?? (Array.isArray(id) ? textOr(id.at(-1)) : undefined) ?? 'unknown';
  return {
    provider: PROVIDERS.get(named.toLowerCase()) ?? named.toLowerCase(),
    model: textOr(request['model']) ?? textOr(given['ls_model_name']) ?? textOr(request['model_name']),
    isStream: request['stream'] === true,
    attributes: {
      ...number(ATTR_GEN_AI_REQUEST_TEMPERATURE, request['temperature']),
      ...number(ATTR_GEN_AI_REQUEST_TOP_P, request['top_p']),
      ...number(ATTR_GEN_AI_REQUEST_MAX_TOKENS, request['max_tokens'] ?? request['max_completion_tokens']),
    },
  };
}

/** LangChain's names for those that the conventions call otherwise. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['azure', GenAiProvider.AZURE_AI_OPENAI],
  ['azure_openai', GenAiProvider.AZURE_AI_OPENAI],
  ['google_genai', GenAiProvider.GCP_GEMINI],
  ['google-genai', GenAiProvider.GCP_GEMINI],
  ['google_vertexai', GenAiProvider.GCP_VERTEX_AI],
  ['google_vertex_ai', GenAiProvider.GCP_VERTEX_AI],
  ['amazon_bedrock', GenAiProvider.AWS_BEDROCK],
  ['bedrock', GenAiProvider.AWS_BEDROCK],
  ['mistral', GenAiProvider.MISTRAL_AI],
  ['mistralai', GenAiProvider.MISTRAL_AI],
  ['xai', GenAiProvider.X_AI],
  ['ibm', GenAiProvider.IBM_WATSONX_AI],
  ['watsonx', GenAiProvider.IBM_WATSONX_AI],
]);

function number(name: string, value: unknown): Attributes {
  return typeof value === 'number' ? { [name]: value } : {};
}

function firstText(from: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = from[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}
