import type { TokenUsage } from '@turnmeter/pricing';
import { inclusiveUsage, type RawUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, objectOr } from './json-object.ts';
import type { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

/**
 * Reads a usage object of the AI SDK, of any version. All wholes are inclusive, except what version 5 passes on of Anthropic and
 * Bedrock: then the caller says `beside`.
 *
 * | version | input | parts |
 * |---|---|---|
 * | models of 6 and 7 | `inputTokens: { total, noCache, cacheRead, cacheWrite }` | `outputTokens: { total, text, reasoning }` |
 * | results of 6 and 7 | `inputTokens` | `inputTokenDetails`, `outputTokenDetails` |
 * | 5 | `inputTokens` | `cachedInputTokens`, `reasoningTokens` |
 * | 4 | `promptTokens` | |
 * | embeddings | `tokens` | |
 */
export function readAiSdkUsage(
  usage: JsonObject,
  notes: Notes,
  { cache = 'inside', more = {} }: { readonly cache?: 'inside' | 'beside'; readonly more?: RawUsage } = {},
): TokenUsage | undefined {
  const raw = isObject(usage['inputTokens']) || isObject(usage['outputTokens'])
      ? readModelUsage(usage, notes)
      : readResultUsage(usage, notes); // prettier-ignore
  return inclusiveUsage({ ...raw, cacheWrite: raw.cacheWrite ?? more.cacheWrite }, notes, { cache });
}

/** Whether the SDK has sorted the parts itself; then its whole holds them. */
export function hasDetails(usage: JsonObject): boolean {
  return isObject(usage['inputTokenDetails']) || isObject(usage['inputTokens']);
}

/** `LanguageModelV3Usage`, `LanguageModelV4Usage`: what a model returns. */
function readModelUsage(usage: JsonObject, notes: Notes): RawUsage {
  const input = objectOr(usage['inputTokens']);
  const output = objectOr(usage['outputTokens']);
  return {
    input: readCount(input['total'], notes),
    output: readCount(output['total'], notes),
    cacheRead: readCount(input['cacheRead'], notes),
    cacheWrite: readCount(input['cacheWrite'], notes),
    reasoning: readCount(output['reasoning'], notes),
  };
}

/** `LanguageModelUsage`, `LanguageModelV2Usage`, `EmbeddingModelUsage`, and `LanguageModelUsage` of version 4. */
function readResultUsage(usage: JsonObject, notes: Notes): RawUsage {
  const input = objectOr(usage['inputTokenDetails']);
  const output = objectOr(usage['outputTokenDetails']);
  return {
    input: readCount(usage['inputTokens'] ?? usage['promptTokens'] ?? usage['tokens'], notes),
    output: readCount(usage['outputTokens'] ?? usage['completionTokens'], notes),
    cacheRead: readCount(input['cacheReadTokens'] ?? usage['cachedInputTokens'], notes),
    cacheWrite: readCount(input['cacheWriteTokens'], notes),
    reasoning: readCount(output['reasoningTokens'] ?? usage['reasoningTokens'], notes),
  };
}
