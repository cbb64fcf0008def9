// Ollama's own API. https://github.com/ollama/ollama/blob/main/docs/api.md

import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts } from './build-facts.ts';
import { inclusiveUsage } from './inclusive-usage.ts';
import { type JsonObject, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

export function isOllama(answer: JsonObject): boolean {
  return answer['prompt_eval_count'] !== undefined || answer['eval_count'] !== undefined;
}

/** Reads the answers of chat, generate and embed, and the last chunk of a stream. */
export function readOllama(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const reason = textOr(answer['done_reason']);
  return buildFacts(
    {
      usage: inclusiveUsage(
        { input: readCount(answer['prompt_eval_count'], notes), output: readCount(answer['eval_count'], notes) },
        notes,
      ),
      model: textOr(answer['model']),
      finishReasons: reason === undefined ? undefined : [reason],
      provider: 'ollama',
      operation: operationOf(answer),
    },
    notes,
  );
}

function operationOf(answer: JsonObject): Operation {
  if (answer['embeddings'] !== undefined) return Operation.Embeddings;
  return answer['message'] === undefined ? Operation.TextCompletion : Operation.Chat;
}
