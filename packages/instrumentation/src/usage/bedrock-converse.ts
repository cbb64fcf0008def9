// Amazon Bedrock's Converse API. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html

import type { TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts } from './build-facts.ts';
import { inclusiveUsage, type RawUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

/** More lifetimes than caches have. */
const LIFETIMES_MAX = 16;

export function isBedrockConverse(answer: JsonObject): boolean {
  const { usage } = answer;
  return isObject(usage) && usage['inputTokens'] !== undefined && typeof answer['stopReason'] === 'string';
}

/** Reads `ConverseResponse`. It does not name the model, and its id is the one of the request. */
export function readBedrockConverse(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const stopReason = textOr(answer['stopReason']);
  return buildFacts(
    {
      usage: readBedrockUsage(objectOr(answer['usage']), notes),
      responseId: textOr(objectOr(answer['$metadata'])['requestId']),
      finishReasons: stopReason === undefined ? undefined : [stopReason],
      serviceTier: textOr(objectOr(answer['serviceTier'])['type']),
      provider: 'aws.bedrock',
      operation: Operation.Chat,
    },
    notes,
  );
}

/** `TokenUsage`: cached tokens stand beside the input, and the total holds them. */
export function readBedrockUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const raw: RawUsage = {
    input: readCount(usage['inputTokens'], notes),
    output: readCount(usage['outputTokens'], notes),
    cacheRead: readCount(usage['cacheReadInputTokens'], notes),
    cacheWrite: readCount(usage['cacheWriteInputTokens'], notes),
  };
  for (const detail of listOr(usage['cacheDetails']).slice(0, LIFETIMES_MAX)) {
    if (!isObject(detail)) continue;
    const part = detail['ttl'] === '5m' ? 'cacheWrite5m' : detail['ttl'] === '1h' ? 'cacheWrite1h' : undefined;
    if (part !== undefined) raw[part] = readCount(detail['inputTokens'], notes);
  }
  return inclusiveUsage(raw, notes, { cache: 'beside' });
}
