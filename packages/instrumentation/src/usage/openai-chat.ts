// OpenAI's Chat Completions and legacy Completions, and everybody who speaks them: Azure, DeepSeek, Groq, Mistral, Moonshot, OpenRouter,
// Perplexity, xAI, vLLM … https://developers.openai.com/api/reference/resources/chat

import type { TokenUsage } from '@turnmeter/pricing';
import { type AnswerFacts, Operation } from './answer-facts.ts';
import { buildFacts } from './build-facts.ts';
import { inclusiveUsage, type RawUsage } from './inclusive-usage.ts';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json-object.ts';
import { Notes } from './notes.ts';
import { readCount } from './read-count.ts';
import { readReportedCost } from './reported-cost.ts';

/** More choices than any API gives (128). */
const CHOICES_MAX = 128;

export function isChatCompletion(answer: JsonObject): boolean {
  return Array.isArray(answer['choices']);
}

/** Reads `ChatCompletion`, `Completion`, and one chunk of either. Mistral's SDK has the same in camel case. */
export function readChatCompletion(answer: JsonObject): AnswerFacts {
  const notes = new Notes();
  const model = textOr(answer['model']);
  const groq = answer['x_groq'];
  const usage = answer['usage'] ?? (isObject(groq) ? groq['usage'] : undefined);
  const isText = textOr(answer['object']) === 'text_completion';
  return buildFacts(
    {
      usage: isObject(usage) ? readChatUsage(usage, notes, model) : undefined,
      model,
      responseId: textOr(answer['id']),
      finishReasons: finishReasonsOf(answer['choices']),
      serviceTier: textOr(answer['service_tier']),
      provider: groq === undefined ? undefined : 'groq',
      operation: isText ? Operation.TextCompletion : Operation.Chat,
      reportedCost: isObject(usage) ? readReportedCost(usage) : undefined,
    },
    notes,
  );
}

/** Gemini's and xAI's models count thoughts beside the answer, and their compatible APIs do not always name them. */
const COUNTS_THOUGHTS_BESIDE = /gemini|grok/i;

/**
 * `CompletionUsage`: prompt ⊇ cached, written, audio, image; completion ⊇ reasoning, audio. Beside the details: DeepSeek's
 * `prompt_cache_hit_tokens`, Moonshot's `cached_tokens`, LiteLLM's Anthropic names (its prompt holds them), Perplexity's
 * `reasoning_tokens` and `citation_tokens` (its completion does not).
 */
export function readChatUsage(usage: JsonObject, notes: Notes, model?: string): TokenUsage | undefined {
  const prompt = objectOr(usage['prompt_tokens_details'] ?? usage['promptTokensDetails']);
  const completion = objectOr(usage['completion_tokens_details'] ?? usage['completionTokensDetails']);
  const lifetimes = prompt['cache_creation_token_details'];
  const raw: RawUsage = {
    input: readCount(usage['prompt_tokens'] ?? usage['promptTokens'], notes),
    output: readCount(usage['completion_tokens'] ?? usage['completionTokens'], notes),
    total: readCount(usage['total_tokens'] ?? usage['totalTokens'], notes),
    cacheRead: readCount(prompt['cached_tokens'] ?? prompt['cachedTokens'] ?? cachedOutsideDetails(usage), notes),
    cacheWrite: readCount(
      prompt['cache_write_tokens'] ?? prompt['cache_creation_tokens'] ?? usage['cache_creation_input_tokens'],
      notes,
    ),
    reasoning: readCount(completion['reasoning_tokens'] ?? usage['reasoning_tokens'], notes),
    inputAudio: readCount(prompt['audio_tokens'], notes),
    inputImage: readCount(prompt['image_tokens'], notes),
    inputVideo: readCount(prompt['video_tokens'], notes),
    outputAudio: readCount(completion['audio_tokens'], notes),
    outputImage: readCount(completion['image_tokens'], notes),
  };
  if (isObject(lifetimes)) {
    raw.cacheWrite5m = readCount(lifetimes['ephemeral_5m_input_tokens'], notes);
    raw.cacheWrite1h = readCount(lifetimes['ephemeral_1h_input_tokens'], notes);
  }
  if (usage['citation_tokens'] !== undefined) return withCitations(raw, usage['citation_tokens'], notes);
  const hasHiddenThoughts = model !== undefined && COUNTS_THOUGHTS_BESIDE.test(model);
  return inclusiveUsage(raw, notes, { hasHiddenThoughts });
}

function cachedOutsideDetails(usage: JsonObject): unknown {
  return usage['prompt_cache_hit_tokens'] ?? usage['cached_tokens'] ?? usage['cache_read_input_tokens'];
}

/** Perplexity's deep research: its total is prompt and completion, citations and reasoning come on top. */
function withCitations(raw: RawUsage, citations: unknown, notes: Notes): TokenUsage | undefined {
  raw.outputCitation = readCount(citations, notes);
  if (raw.output !== undefined) raw.output += raw.outputCitation ?? 0;
  raw.total = undefined;
  return inclusiveUsage(raw, notes, { reasoning: 'beside' });
}

function finishReasonsOf(choices: unknown): readonly string[] | undefined {
  const reasons: string[] = [];
  for (const choice of listOr(choices).slice(0, CHOICES_MAX)) {
    if (!isObject(choice)) continue;
    const reason = textOr(choice['finish_reason'] ?? choice['finishReason']);
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons.length === 0 ? undefined : reasons;
}
