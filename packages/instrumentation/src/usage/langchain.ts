// LangChain: messages of models, and the results their callbacks get.

import type { TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, chargeFor, joinCharges } from './build-facts.ts';
import { sumUsages } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { readLangChainUsage } from './langchain-usage.ts';
import { Notes } from './notes.ts';
import { readChatUsage } from './openai-chat.ts';
import { chargesOf } from './openai-responses.ts';
import { readCount } from './read-count.ts';
import { readReportedCost } from './reported-cost.ts';
import { fillParts, readUsageObject } from './usage-object.ts';

/** More prompts and choices than one call has. */
const GENERATIONS_MAX = 256;

/** Every message has response metadata, also a human's: an empty object. */
export function isLangChainMessage(answer: JsonObject): boolean {
  const { usage_metadata: usage, response_metadata: metadata } = answer;
  return isObject(usage) || (isObject(metadata) && Object.keys(metadata).length > 0);
}

/** Cohere's first API has generations too, beside its `meta`. */
export function isLangChainResult(answer: JsonObject): boolean {
  return Array.isArray(answer['generations']) && answer['meta'] === undefined;
}

/** Reads `AIMessage` and `AIMessageChunk`, as an object or as JSON. */
export function readLangChainMessage(message: JsonObject): AnswerFacts {
  const notes = new Notes();
  const metadata = objectOr(message['response_metadata']);
  const more = objectOr(message['additional_kwargs']);
  const raw = objectOr(metadata['usage'] ?? metadata['token_usage']);
  // Streams of Anthropic's leave the message itself, without its usage, in the additional arguments.
  const model = textOr(metadata['model_name']) ?? textOr(metadata['model']) ?? textOr(more['model']);
  return buildFacts(
    {
      usage: usageOf(message, { metadata, raw, model }, notes),
      model,
      responseId: textOr(metadata['id']) ?? textOr(more['id']) ?? idOf(message),
      finishReasons: finishReasonOf(metadata, more),
      serviceTier: textOr(metadata['service_tier']) ?? textOr(raw['service_tier']),
      charges: joinCharges(
        chargesOf(metadata),
        chargeFor('web_search', readCount(objectOr(raw['server_tool_use'])['web_search_requests'], notes)),
      ),
      provider: textOr(metadata['model_provider']),
      operation: Operation.Chat,
      reportedCost: readReportedCost(raw),
    },
    notes,
  );
}

/**
 * Reads `LLMResult` and `ChatResult`. Each choice of a call carries the usage of the whole call, so the first is read; each prompt of
 * a batch is a call of its own.
 */
export function readLangChainResult(result: JsonObject): AnswerFacts {
  const prompts = listOr(result['generations']).slice(0, GENERATIONS_MAX);
  const calls = Array.isArray(prompts[0]) ? prompts.map(listOr).map(readChoices) : [readChoices(prompts)];
  const notes = new Notes();
  for (const problem of calls.flatMap(({ problems }) => problems ?? [])) notes.add(problem);
  const ofMessages = sumUsages(
    calls.map(({ usage }) => usage),
    notes,
  );
  const [first = {}] = calls;
  const usage = ofMessages ?? usageOfOutput(objectOr(result['llmOutput']), notes);
  if (calls.length <= 1) return buildFacts({ ...first, usage }, notes);
  return buildFacts({ ...first, usage, calls: ofMessages === undefined ? undefined : calls }, notes);
}

function readChoices(choices: readonly unknown[]): AnswerFacts {
  const generations = choices.slice(0, GENERATIONS_MAX).filter(isObject);
  const message = generations.map(({ message: each }) => each).find(isObject);
  const facts = message === undefined ? {} : readLangChainMessage(message);
  const infos = generations.map((generation) => objectOr(generation['generationInfo']));
  const reasons = infos.flatMap((info) => textOr(info['finish_reason']) ?? textOr(info['finishReason']) ?? []);
  // A stream that a callback asked for leaves the model there alone.
  const model = facts.model ?? infos.map((info) => textOr(info['model_name'])).find((name) => name !== undefined);
  return {
    ...facts,
    ...(model === undefined ? {} : { model }),
    ...(reasons.length === 0 ? {} : { finishReasons: reasons }),
  };
}

/** What models without messages leave. Estimates that LangChain counted itself are under another name, and stay there. */
function usageOfOutput({ tokenUsage }: JsonObject, notes: Notes): TokenUsage | undefined {
  return isObject(tokenUsage) ? readChatUsage(tokenUsage, notes) : undefined;
}

/** The SDK's sum, with the parts it dropped from the provider's own; that alone where there is no sum. */
function usageOf(
  message: JsonObject,
  { metadata, raw, model }: { metadata: JsonObject; raw: JsonObject; model: string | undefined },
  notes: Notes,
): TokenUsage | undefined {
  const sum = message['usage_metadata'];
  const own = isObject(sum) ? readLangChainUsage(sum, notes, model) : undefined;
  if (own !== undefined) return withLifetimes(fillParts(own, readUsageObject(raw, new Notes(), model)) ?? own, raw);
  const { tokenUsage } = metadata;
  return readUsageObject(raw, notes, model) ?? (isObject(tokenUsage) ? readChatUsage(tokenUsage, notes) : undefined);
}

/** Streams of Anthropic's leave the lifetimes of cache writes beside no counts that they could be compared with. */
function withLifetimes(usage: TokenUsage, { cache_creation: lifetimes }: JsonObject): TokenUsage {
  if (!isObject(lifetimes) || usage.cacheWrite5m !== undefined) return usage;
  const cacheWrite5m = readCount(lifetimes['ephemeral_5m_input_tokens'], new Notes()) ?? 0;
  const cacheWrite1h = readCount(lifetimes['ephemeral_1h_input_tokens'], new Notes()) ?? 0;
  return cacheWrite5m + cacheWrite1h === usage.cacheWrite ? { ...usage, cacheWrite5m, cacheWrite1h } : usage;
}

/** LangChain gives an id of its own (`run-…`) to messages whose model gave none. */
function idOf({ id }: JsonObject): string | undefined {
  const text = textOr(id);
  return text === undefined || /^(lc_)?run-/.test(text) ? undefined : text;
}

function finishReasonOf(metadata: JsonObject, more: JsonObject): readonly string[] | undefined {
  const reason =
    textOr(metadata['finish_reason']) ??
    textOr(metadata['stop_reason']) ??
    textOr(more['stop_reason']) ??
    textOr(metadata['finishReason']) ??
    textOr(metadata['stopReason']) ??
    textOr(metadata['done_reason']) ??
    textOr(objectOr(metadata['incomplete_details'])['reason']) ??
    textOr(metadata['status']);
  return reason === undefined ? undefined : [reason];
}
