// OpenAI's Responses API. https://developers.openai.com/api/reference/resources/responses

import type { Charge, TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, chargeFor, joinCharges } from './build-facts.ts';
import { inclusiveUsage, sumUsages, type RawUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';
import { readReportedCost } from './reported-cost.ts';

/** More output items than a response has; only their kinds are looked at. */
const ITEMS_MAX = 10_000;

export function isOpenAiResponse(answer: JsonObject): boolean {
  return answer['object'] === 'response';
}

/** Reads a `Response`, finished or not. An image the model had made is a call of its own, of another model. */
export function readOpenAiResponse(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const usage = answer['usage'];
  const own: AnswerFacts = {
    usage: isObject(usage) ? readResponsesUsage(usage, notes) : undefined,
    model: textOr(answer['model']),
    responseId: textOr(answer['id']),
    finishReasons: finishReasonsOf(answer),
    serviceTier: textOr(answer['service_tier']),
    charges: chargesOf(answer),
    operation: Operation.Chat,
    reportedCost: isObject(usage) ? readReportedCost(usage) : undefined,
  };
  const image = imageCallOf(answer, notes);
  if (image === undefined) return buildFacts(own, notes);
  const calls = [buildFacts(own, new Notes()), image];
  return buildFacts({ ...own, usage: sumUsages([own.usage, image.usage], notes), calls }, notes);
}

/** `ResponseUsage`: input ⊇ cached, written, audio, image; output ⊇ reasoning. Images and transcriptions have the same names. */
export function readResponsesUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const input = objectOr(usage['input_tokens_details'] ?? usage['input_token_details']);
  const output = objectOr(usage['output_tokens_details'] ?? usage['output_token_details']);
  const raw: RawUsage = {
    input: readCount(usage['input_tokens'], notes),
    output: readCount(usage['output_tokens'], notes),
    total: readCount(usage['total_tokens'], notes),
    cacheRead: readCount(input['cached_tokens'] ?? usage['cached_tokens'], notes),
    cacheWrite: readCount(input['cache_write_tokens'], notes),
    reasoning: readCount(output['reasoning_tokens'], notes),
    inputAudio: readCount(input['audio_tokens'], notes),
    inputImage: readCount(input['image_tokens'], notes),
    outputAudio: readCount(output['audio_tokens'], notes),
    outputImage: readCount(output['image_tokens'], notes),
  };
  const cached = usage['cached_tokens_details'] ?? input['cached_tokens_details'];
  if (isObject(cached)) {
    raw.cacheReadAudio = readCount(cached['audio_tokens'], notes);
    raw.cacheReadImage = readCount(cached['image_tokens'] ?? cached['cached_image_tokens'], notes);
  }
  return inclusiveUsage(raw, notes);
}

/** Web and file searches. Newer answers count the web searches themselves; only searching is billed, opening a page is not. */
export function chargesOf(answer: JsonObject): readonly Charge[] | undefined {
  const counted = objectOr(objectOr(answer['tool_usage'])['web_search'])['num_requests'];
  let webSearches = 0;
  let fileSearches = 0;
  for (const item of listOr(answer['output']).slice(0, ITEMS_MAX)) {
    if (!isObject(item)) continue;
    if (item['type'] === 'file_search_call') fileSearches += 1;
    else if (item['type'] === 'web_search_call' && isSearch(item)) webSearches += 1;
  }
  const reported = readCount(counted, new Notes());
  return joinCharges(chargeFor('web_search', reported ?? webSearches), chargeFor('storage_search', fileSearches));
}

function isSearch({ action }: JsonObject): boolean {
  return !isObject(action) || action['type'] === 'search';
}

/** The model stopped for a reason, or the response ended as its status says: `completed`, `failed`, `cancelled`. */
function finishReasonsOf(answer: JsonObject): readonly string[] | undefined {
  const reason = textOr(objectOr(answer['incomplete_details'])['reason']) ?? textOr(answer['status']);
  return reason === undefined || reason === 'in_progress' || reason === 'queued' ? undefined : [reason];
}

function imageCallOf(answer: JsonObject, notes: Notes): AnswerFacts | undefined {
  const usage = objectOr(answer['tool_usage'])['image_gen'];
  if (!isObject(usage)) return undefined;
  const own = new Notes();
  const tokens = readResponsesUsage(usage, own);
  // All zeros say that no image was made.
  if (tokens === undefined) return undefined;
  for (const problem of own.problems ?? []) notes.add(problem);
  const tool = listOr(answer['tools']).find((each) => isObject(each) && each['type'] === 'image_generation');
  return buildFacts({ usage: tokens, model: textOr(objectOr(tool)['model']) }, own);
}
