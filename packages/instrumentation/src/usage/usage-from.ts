// Comes in: whatever an app holds in its hands after it asked a model. Goes out: what that says of tokens, model and id.
// Refused: streams and promises that nobody waited for, lists of answers; all that is no answer gives no facts.

import { isAiSdk, isAiSdkStream, readAiSdk } from './ai-sdk.ts';
import { type AnswerFacts, Problem } from './answer-facts.ts';
import { isAnthropicMessage, readAnthropicMessage } from './anthropic.ts';
import { isBedrockConverse, readBedrockConverse } from './bedrock-converse.ts';
import { buildFacts } from './build-facts.ts';
import { isCohere, readCohere } from './cohere.ts';
import { isGeminiInteraction, readGeminiInteraction } from './gemini-interaction.ts';
import { isGemini, readGemini } from './gemini.ts';
import { isObject, type JsonObject, textOr } from './json-object.ts';
import { isLangChainMessage, isLangChainResult, readLangChainMessage, readLangChainResult } from './langchain.ts';
import { Notes } from './notes.ts';
import { isOllama, readOllama } from './ollama.ts';
import { isOpenAiAgents, readOpenAiAgents } from './openai-agents.ts';
import { isChatCompletion, readChatCompletion } from './openai-chat.ts';
import { isEmbeddings, readEmbeddings } from './openai-embeddings.ts';
import { isOpenAiResponse, readOpenAiResponse } from './openai-responses.ts';
import { readUsageObject } from './usage-object.ts';

/**
 * Reads what a model's answer says of itself: token usage in inclusive buckets, model, id. It takes answers of OpenAI (chat,
 * responses, embeddings, and whoever speaks the same), Anthropic, Gemini, Bedrock, Cohere, Ollama, the AI SDK, LangChain and OpenAI
 * Agents, as objects of their SDKs or as plain JSON, or a usage object alone. It never throws; what is no answer gives `{}`.
 *
 * @example
 * const answer = await client.chat.completions.create({ model: 'gpt-5', messages });
 * const { usage, model, responseId } = usageFrom(answer);
 */
export function usageFrom(response: unknown): AnswerFacts {
  try {
    return readAnswer(response, 0) ?? NOTHING;
  } catch {
    // A getter or a proxy of the app's threw.
    return READER_FAILED;
  }
}

const NOTHING: AnswerFacts = Object.freeze({});
const READER_FAILED: AnswerFacts = Object.freeze({ problems: [Problem.ReaderFailed] });
const SEVERAL_ANSWERS: AnswerFacts = Object.freeze({ problems: [Problem.SeveralAnswers] });
const STREAM_NOT_READ: AnswerFacts = Object.freeze({ problems: [Problem.StreamNotRead] });
const PROMISE_NOT_AWAITED: AnswerFacts = Object.freeze({ problems: [Problem.PromiseNotAwaited] });

interface Shape {
  readonly is: (answer: JsonObject) => boolean;
  readonly read: (answer: JsonObject) => AnswerFacts;
}

/**
 * By structure, not by class: an answer may have been through JSON. Marks that belong to one shape come first; then those that need
 * a look into the usage, the narrower before the wider (Bedrock's and the Agents SDK's before the AI SDK's, which share
 * `inputTokens`).
 */
const SHAPES: readonly Shape[] = [
  { is: isOpenAiResponse, read: readOpenAiResponse },
  { is: isChatCompletion, read: readChatCompletion },
  { is: isAnthropicMessage, read: readAnthropicMessage },
  { is: isGemini, read: readGemini },
  { is: isLangChainMessage, read: readLangChainMessage },
  { is: isLangChainResult, read: readLangChainResult },
  { is: isEmbeddings, read: readEmbeddings },
  { is: isOllama, read: readOllama },
  { is: isGeminiInteraction, read: readGeminiInteraction },
  { is: isOpenAiAgents, read: readOpenAiAgents },
  { is: isBedrockConverse, read: readBedrockConverse },
  { is: isCohere, read: readCohere },
  { is: isAiSdk, read: readAiSdk },
];

/** Wrapped by an SDK (`withResponse()`, axios), by LangChain (`includeRaw`, a generation, a serialized message), or by the app. */
const WRAPPERS = ['data', 'response', 'raw', 'message', 'kwargs', 'result', 'output'] as const;

/** A wrapped answer in a wrapper. */
const WRAPPERS_DEEP_MAX = 3;

/** Undefined if the value is no answer. */
function readAnswer(value: unknown, depth: number): AnswerFacts | undefined {
  if (!isObject(value)) return Array.isArray(value) && value.length > 0 ? SEVERAL_ANSWERS : undefined;
  if (isAiSdkStream(value)) return STREAM_NOT_READ;
  for (const shape of SHAPES) {
    if (shape.is(value)) return shape.read(value);
  }
  if (typeof value['then'] === 'function') return PROMISE_NOT_AWAITED;
  return readWrapped(value, depth) ?? readUnknown(value) ?? (isStream(value) ? STREAM_NOT_READ : undefined);
}

function readWrapped(value: JsonObject, depth: number): AnswerFacts | undefined {
  if (depth === WRAPPERS_DEEP_MAX) return undefined;
  for (const key of WRAPPERS) {
    const inner = value[key];
    const facts = isObject(inner) ? readAnswer(inner, depth + 1) : undefined;
    if (facts !== undefined) return facts;
  }
  return undefined;
}

/** An answer nobody knows that has a usage somebody knows (images, transcriptions, gateways), or a usage object alone. */
function readUnknown(value: JsonObject): AnswerFacts | undefined {
  const notes = new Notes();
  const model = textOr(value['model']);
  const own = value['usage'];
  const usage = isObject(own) ? readUsageObject(own, notes, model) : readUsageObject(value, notes);
  if (usage === undefined && notes.problems === undefined) {
    return Array.isArray(value['messages']) ? SEVERAL_ANSWERS : undefined;
  }
  return buildFacts({ usage, model, responseId: textOr(value['id']) }, notes);
}

function isStream(value: object): boolean {
  return Symbol.asyncIterator in value;
}
