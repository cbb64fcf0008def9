// OpenAI's Agents SDK: the answer of a model, and the result of a run.

import type { TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, joinCharges } from './build-facts.ts';
import { inclusiveUsage, sumUsages } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { isChatCompletion, readChatCompletion } from './openai-chat.ts';
import { isOpenAiResponse, readOpenAiResponse } from './openai-responses.ts';
import { readCount } from './read-count.ts';

/** More answers than a run has by its own limit of turns, many times over. */
const ANSWERS_MAX = 1_000;
/** One entry of details for each request that was added. */
const DETAILS_MAX = 1_000;

export function isOpenAiAgents(answer: JsonObject): boolean {
  const { usage } = answer;
  return Array.isArray(answer['rawResponses']) || (isObject(usage) && 'inputTokensDetails' in usage);
}

/** Reads `ModelResponse` and `RunResult`; a run is the sum of its answers. One that was resumed from its state has all since the state began. */
export function readOpenAiAgents(answer: JsonObject): AnswerFacts {
  const { rawResponses } = answer;
  if (!Array.isArray(rawResponses)) return readModelResponse(answer);
  const calls = listOr(rawResponses).slice(0, ANSWERS_MAX).filter(isObject).map(readModelResponse);
  const last = calls.at(-1) ?? {};
  if (calls.length < 2) return last;
  const notes = new Notes();
  for (const problem of calls.flatMap(({ problems }) => problems ?? [])) notes.add(problem);
  const usage = sumUsages(
    calls.map((call) => call.usage),
    notes,
  );
  return buildFacts({ ...last, usage, charges: joinCharges(...calls.map(({ charges }) => charges)), calls }, notes);
}

/** The SDK keeps the answer as it came; its own sums are for models of others. */
function readModelResponse(answer: JsonObject): AnswerFacts {
  const wire = readWire(objectOr(answer['providerData']));
  const responseId = textOr(answer['responseId']);
  if (wire?.usage !== undefined) return { responseId, ...wire };
  const notes = new Notes();
  const usage = readAgentsUsage(objectOr(answer['usage']), notes);
  return buildFacts({ responseId, operation: Operation.Chat, ...wire, usage }, notes);
}

function readWire(data: JsonObject): AnswerFacts | undefined {
  if (isOpenAiResponse(data)) return readOpenAiResponse(data);
  return isChatCompletion(data) ? readChatCompletion(data) : undefined;
}

/** `Usage`: OpenAI's counts, with a list of details for each request in it. */
function readAgentsUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const sumOf = (details: unknown, part: string): number | undefined => {
    const counts = (Array.isArray(details) ? (details as readonly unknown[]) : [details])
      .slice(0, DETAILS_MAX)
      .map((detail) => readCount(objectOr(detail)[part], notes))
      .filter((count) => count !== undefined);
    return counts.length === 0 ? undefined : counts.reduce((a, b) => a + b, 0);
  };
  const { inputTokensDetails: input, outputTokensDetails: output } = usage;
  return inclusiveUsage(
    {
      input: readCount(usage['inputTokens'], notes),
      output: readCount(usage['outputTokens'], notes),
      total: readCount(usage['totalTokens'], notes),
      cacheRead: sumOf(input, 'cached_tokens'),
      cacheWrite: sumOf(input, 'cache_write_tokens'),
      inputAudio: sumOf(input, 'audio_tokens'),
      reasoning: sumOf(output, 'reasoning_tokens'),
      outputAudio: sumOf(output, 'audio_tokens'),
    },
    notes,
  );
}
