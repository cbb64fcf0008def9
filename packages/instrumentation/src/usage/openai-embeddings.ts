// Embeddings of OpenAI, and of Voyage, Mistral, Jina and others that speak the same.

import type { TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts } from './build-facts.ts';
import { inclusiveUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

/** A list without usage is a list of models or files. */
export function isEmbeddings(answer: JsonObject): boolean {
  return answer['object'] === 'list' && isObject(answer['usage']);
}

/** Reads `CreateEmbeddingResponse`. Embeddings have no output, which is not the same as none of it. */
export function readEmbeddings(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const usage = answer['usage'];
  return buildFacts(
    {
      usage: isObject(usage) ? readEmbeddingUsage(usage, notes) : undefined,
      model: textOr(answer['model']),
      responseId: textOr(answer['id']),
      operation: Operation.Embeddings,
    },
    notes,
  );
}

function readEmbeddingUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const input = usage['prompt_tokens'] ?? usage['promptTokens'] ?? usage['input_tokens'] ?? usage['total_tokens'];
  return inclusiveUsage({ input: readCount(input, notes) }, notes);
}
