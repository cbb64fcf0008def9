import type { AnswerFacts } from './answer-facts.ts';
import { readGemini } from './gemini.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { mergeKnown } from './merge-known.ts';
import type { StreamState } from './stream-state.ts';

const NAMES = ['responseId', 'modelVersion'] as const;
const USAGE_NAMES = [
  'promptTokenCount', 'candidatesTokenCount', 'responseTokenCount', 'thoughtsTokenCount', 'toolUsePromptTokenCount',
  'cachedContentTokenCount', 'totalTokenCount', 'promptTokensDetails', 'candidatesTokensDetails', 'responseTokensDetails',
  'toolUsePromptTokensDetails', 'cacheTokensDetails', 'trafficType', 'serviceTier',
] as const; // prettier-ignore
/** More candidates and search queries than an answer has. */
const CANDIDATES_MAX = 128;
const QUERIES_MAX = 1_000;

/**
 * Chunks are answers of their own kind. Their usage is cumulative: the last one counts, field by field, because Vertex sends some
 * chunks with a few fields only.
 */
export class GeminiStream implements StreamState {
  readonly #answer: Record<string, unknown> = {};
  readonly #usage: Record<string, unknown> = {};
  readonly #endings = new Map<number, string | undefined>();
  /** Later chunks may repeat the queries of earlier ones. */
  readonly #queries = new Set<string>();

  push(chunk: JsonObject): void {
    mergeKnown(this.#answer, NAMES, chunk);
    mergeKnown(this.#usage, USAGE_NAMES, objectOr(chunk['usageMetadata']));
    for (const candidate of listOr(chunk['candidates'])) {
      if (isObject(candidate)) this.#pushCandidate(candidate);
    }
  }

  facts(): AnswerFacts {
    const endings = [...this.#endings].sort(([a], [b]) => a - b);
    const grounding = { groundingMetadata: { webSearchQueries: [...this.#queries] } };
    const candidates = [...endings.map(([, reason]) => ({ finishReason: reason })), grounding];
    return readGemini({ ...this.#answer, usageMetadata: this.#usage, candidates });
  }

  get isComplete(): boolean {
    return this.#endings.size > 0 && [...this.#endings.values()].every((reason) => reason !== undefined);
  }

  #pushCandidate({ index, finishReason, groundingMetadata }: JsonObject): void {
    const at = typeof index === 'number' ? index : 0;
    if (this.#endings.has(at) || this.#endings.size < CANDIDATES_MAX) {
      this.#endings.set(at, textOr(finishReason) ?? this.#endings.get(at));
    }
    if (!isObject(groundingMetadata)) return;
    for (const query of listOr(groundingMetadata['webSearchQueries'])) {
      const text = textOr(query);
      if (text !== undefined && this.#queries.size < QUERIES_MAX) this.#queries.add(text);
    }
  }
}
