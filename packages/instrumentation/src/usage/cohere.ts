// Cohere's API, version 1 and 2, and the camel case of its SDK. https://docs.cohere.com/reference/chat

import type { TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, chargeFor } from './build-facts.ts';
import { inclusiveUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

export function isCohere(answer: JsonObject): boolean {
  const usage = usageOf(answer);
  return usage !== undefined && (isObject(billedOf(usage)) || isObject(usage['tokens']));
}

/** Reads answers of chat, embed and rerank. Reranking is billed by the search. */
export function readCohere(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const usage = usageOf(answer) ?? {};
  const reason = textOr(answer['finish_reason'] ?? answer['finishReason']);
  const searches = objectOr(billedOf(usage))['search_units'] ?? objectOr(billedOf(usage))['searchUnits'];
  return buildFacts(
    {
      usage: readCohereUsage(usage, notes),
      responseId: textOr(answer['id'] ?? answer['generation_id']),
      finishReasons: reason === undefined ? undefined : [reason],
      charges: chargeFor('rerank_search', readCount(searches, notes)),
      provider: 'cohere',
      operation: operationOf(answer),
    },
    notes,
  );
}

/** `tokens` has what the model saw, template included; `billed_units` what is paid for, which is the number to report. */
function readCohereUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const billed = objectOr(billedOf(usage));
  const tokens = objectOr(usage['tokens']);
  const read = (snake: string, camel: string): number | undefined =>
    readCount(billed[snake] ?? billed[camel] ?? tokens[snake] ?? tokens[camel], notes);
  return inclusiveUsage(
    {
      input: read('input_tokens', 'inputTokens'),
      output: read('output_tokens', 'outputTokens'),
      cacheRead: readCount(usage['cached_tokens'] ?? usage['cachedTokens'], notes),
    },
    notes,
  );
}

function operationOf(answer: JsonObject): Operation | undefined {
  if (answer['embeddings'] !== undefined) return Operation.Embeddings;
  return answer['results'] === undefined ? Operation.Chat : undefined;
}

function usageOf({ usage, meta }: JsonObject): JsonObject | undefined {
  return isObject(usage) ? usage : isObject(meta) ? meta : undefined;
}

function billedOf(usage: JsonObject): unknown {
  return usage['billed_units'] ?? usage['billedUnits'];
}
