// Gemini's Interactions API. https://ai.google.dev/gemini-api/docs/interactions

import type { Charge, TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, chargeFor } from './build-facts.ts';
import { addModalities, CACHED_MEDIA, INPUT_MEDIA, OUTPUT_MEDIA } from './gemini.ts';
import { inclusiveUsage, type RawUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

/** More kinds of tools than there are. */
const TOOLS_MAX = 32;

export function isGeminiInteraction(answer: JsonObject): boolean {
  const { usage } = answer;
  return isObject(usage) && usage['total_input_tokens'] !== undefined;
}

/** Reads `Interaction`. */
export function readGeminiInteraction(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const usage = objectOr(answer['usage']);
  const status = textOr(answer['status']);
  return buildFacts(
    {
      usage: readInteractionUsage(usage, notes),
      model: textOr(answer['model']),
      responseId: textOr(answer['id']),
      finishReasons: status === undefined ? undefined : [status],
      serviceTier: textOr(answer['service_tier']),
      charges: searchesOf(usage),
      provider: 'gcp.gen_ai',
      operation: Operation.GenerateContent,
    },
    notes,
  );
}

/** `Usage`: the total is "prompt + responses + other internal tokens", which are thoughts and what tools brought. */
export function readInteractionUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const prompt = readCount(usage['total_input_tokens'], notes);
  const tools = readCount(usage['total_tool_use_tokens'], notes) ?? 0;
  const raw: RawUsage = {
    input: prompt === undefined ? undefined : prompt + tools,
    output: readCount(usage['total_output_tokens'], notes),
    total: readCount(usage['total_tokens'], notes),
    cacheRead: readCount(usage['total_cached_tokens'], notes),
    reasoning: readCount(usage['total_thought_tokens'], notes),
  };
  addModalities(raw, INPUT_MEDIA, usage['input_tokens_by_modality'], notes);
  addModalities(raw, CACHED_MEDIA, usage['cached_tokens_by_modality'], notes);
  addModalities(raw, OUTPUT_MEDIA, usage['output_tokens_by_modality'], notes);
  return inclusiveUsage(raw, notes, { reasoning: 'beside' });
}

/** `grounding_tool_count: [{ type: 'google_search', count: 2 }]`. */
function searchesOf(usage: JsonObject): readonly Charge[] | undefined {
  const searches = listOr(usage['grounding_tool_count'])
    .slice(0, TOOLS_MAX)
    .find((each) => isObject(each) && each['type'] === 'google_search');
  return chargeFor('web_search', readCount(objectOr(searches)['count'], new Notes()));
}
