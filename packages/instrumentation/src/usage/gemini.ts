// Gemini, by Google's API and by Vertex. https://ai.google.dev/api/generate-content

import type { Charge, TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts, chargeFor } from './build-facts.ts';
import { inclusiveUsage, type RawUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';

/** More candidates, search queries and modalities than an answer has. */
const CANDIDATES_MAX = 128;
const QUERIES_MAX = 1_000;
const MODALITIES_MAX = 32;

export function isGemini(answer: JsonObject): boolean {
  return isObject(answer['usageMetadata']) || Array.isArray(answer['candidates']);
}

/** Reads `GenerateContentResponse`, one chunk of it, and `EmbedContentResponse`. */
export function readGemini(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const usage = objectOr(answer['usageMetadata']);
  const model = textOr(answer['modelVersion']);
  const hasEmbeddings = answer['embeddings'] !== undefined || answer['embedding'] !== undefined;
  return buildFacts(
    {
      usage: readGeminiUsage(usage, notes),
      model,
      responseId: textOr(answer['responseId']),
      finishReasons: finishReasonsOf(answer['candidates']),
      serviceTier: textOr(usage['serviceTier']) ?? textOr(usage['trafficType']),
      charges: searchesOf(answer['candidates'], model),
      provider: 'gcp.gen_ai',
      operation: hasEmbeddings ? Operation.Embeddings : Operation.GenerateContent,
    },
    notes,
  );
}

/**
 * `GenerateContentResponseUsageMetadata`: the total is the sum of prompt, what tools brought, candidates and thoughts; the prompt
 * holds the cached part. Live sessions and embeddings say `responseTokenCount`.
 */
export function readGeminiUsage(usage: JsonObject, notes: Notes): TokenUsage | undefined {
  const tools = readCount(usage['toolUsePromptTokenCount'], notes);
  const prompt = readCount(usage['promptTokenCount'], notes);
  const candidates = readCount(usage['candidatesTokenCount'] ?? usage['responseTokenCount'], notes);
  const thoughts = readCount(usage['thoughtsTokenCount'], notes);
  const raw: RawUsage = {
    input: sumOf(prompt, tools),
    // Thoughts alone are an output: the model may stop before it says anything.
    output: candidates ?? (thoughts === undefined ? undefined : 0),
    total: readCount(usage['totalTokenCount'], notes),
    cacheRead: readCount(usage['cachedContentTokenCount'], notes),
    reasoning: thoughts,
  };
  addModalities(raw, INPUT_MEDIA, usage['promptTokensDetails'], notes);
  addModalities(raw, INPUT_MEDIA, usage['toolUsePromptTokensDetails'], notes);
  addModalities(raw, CACHED_MEDIA, usage['cacheTokensDetails'], notes);
  addModalities(raw, OUTPUT_MEDIA, usage['candidatesTokensDetails'] ?? usage['responseTokensDetails'], notes);
  return inclusiveUsage(raw, notes, { reasoning: 'beside' });
}

/** The buckets that modalities have. Text and documents have none of their own. */
export const INPUT_MEDIA: Media = { AUDIO: 'inputAudio', IMAGE: 'inputImage', VIDEO: 'inputVideo' };
export const CACHED_MEDIA: Media = { AUDIO: 'cacheReadAudio', IMAGE: 'cacheReadImage' };
export const OUTPUT_MEDIA: Media = { AUDIO: 'outputAudio', IMAGE: 'outputImage', VIDEO: 'outputVideo' };

type Media = Readonly<Record<string, keyof RawUsage>>;

/** Adds `ModalityTokenCount`s: `[{ modality: 'AUDIO', tokenCount: 25 }]`, of an interaction `[{ modality: 'audio', tokens: 25 }]`. */
export function addModalities(raw: RawUsage, media: Media, details: unknown, notes: Notes): void {
  if (!Array.isArray(details)) return;
  for (const detail of details.slice(0, MODALITIES_MAX) as readonly unknown[]) {
    if (!isObject(detail)) continue;
    const modality = textOr(detail['modality'])?.toUpperCase() ?? '';
    const part = Object.hasOwn(media, modality) ? media[modality] : undefined;
    if (part !== undefined) raw[part] = sumOf(raw[part], readCount(detail['tokenCount'] ?? detail['tokens'], notes));
  }
}

function finishReasonsOf(candidates: unknown): readonly string[] | undefined {
  const reasons: string[] = [];
  for (const candidate of listOr(candidates).slice(0, CANDIDATES_MAX)) {
    const reason = isObject(candidate) ? textOr(candidate['finishReason']) : undefined;
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons.length === 0 ? undefined : reasons;
}

/** Gemini 3 bills every search query that is not empty; before, a grounded answer was billed once. */
const BILLS_ANSWERS = /gemini-(1|2)\b/i;

/** https://ai.google.dev/gemini-api/docs/google-search, "Pricing". */
function searchesOf(candidates: unknown, model: string | undefined): readonly Charge[] | undefined {
  let queries = 0;
  for (const candidate of listOr(candidates).slice(0, CANDIDATES_MAX)) {
    const grounding = isObject(candidate) ? candidate['groundingMetadata'] : undefined;
    if (isObject(grounding)) queries += queriesOf(grounding);
  }
  if (queries === 0) return undefined;
  return chargeFor('web_search', model !== undefined && BILLS_ANSWERS.test(model) ? 1 : queries);
}

function queriesOf({ webSearchQueries: queries }: JsonObject): number {
  return listOr(queries)
    .slice(0, QUERIES_MAX)
    .filter((query) => typeof query === 'string' && query !== '').length;
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}
