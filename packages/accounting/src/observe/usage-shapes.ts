// Usage objects as providers and frameworks shape them, for dialects that pass them on as text.

import { readCount } from './numbers.ts';
import { isObject, type Literal, type LiteralObject } from './literal.ts';
import type { CacheBucket, RawUsage, ReasoningBucket } from './usage.ts';

export interface ShapedUsage {
  readonly raw: RawUsage;
  readonly cache: CacheBucket;
  readonly reasoning: ReasoningBucket;
}

/**
 * Reads a usage object of any known shape: OpenAI (chat and responses), Anthropic, Gemini, Bedrock, LangChain's `usage_metadata`,
 * AI SDK, Langfuse's flat buckets. Undefined when it holds neither input nor output.
 */
export function readUsageObject(object: LiteralObject): ShapedUsage | undefined {
  const shaped = isLangfuse(object) ? readLangfuse(object) : isGemini(object) ? readGemini(object) : readCommon(object);
  return hasSides(shaped) ? shaped : undefined;
}

function hasSides({ raw }: ShapedUsage): boolean {
  return raw.input !== undefined || raw.output !== undefined;
}

/** First of several paths that holds a count: `input_tokens_details.cached_tokens`. */
function pick(object: LiteralObject, ...paths: readonly string[]): number | undefined {
  for (const path of paths) {
    let value: Literal | undefined = object;
    for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined;
    const { value: count } = readCount(value);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** Parts that gateways and SDKs put right beside the whole: DeepSeek, AI SDK, Braintrust, LiveKit, LangWatch. */
const CACHE_READ = [
  'cached_tokens', 'cachedInputTokens', 'cached_input_tokens', 'prompt_cached_tokens', 'cachedPromptTokens', 'input_cached_tokens',
  'prompt_cache_hit_tokens', 'cache_read_tokens', 'cacheReadTokens',
]; // prettier-ignore
const CACHE_WRITE = ['prompt_cache_creation_tokens', 'cache_write_tokens', 'cacheWriteTokens'];
const REASONING = [
  'reasoning_tokens',
  'reasoningTokens',
  'completion_reasoning_tokens',
  'thinking_tokens',
  'thoughtsTokens',
];

/** OpenAI, Anthropic, Bedrock, LangChain and AI SDK share most names; who has which decides where the cached part is. */
function readCommon(object: LiteralObject): ShapedUsage {
  const details = ['prompt_tokens_details', 'input_tokens_details', 'input_token_details', 'inputTokenDetails'];
  const outputs = ['completion_tokens_details', 'output_tokens_details', 'output_token_details', 'outputTokenDetails'];
  const besideRead = pick(object, 'cache_read_input_tokens', 'cacheReadInputTokens');
  const besideWrite = pick(object, 'cache_creation_input_tokens', 'cacheWriteInputTokens', 'cacheCreationInputTokens');
  const inside = (...names: readonly string[]): readonly string[] =>
    details.flatMap((detail) => names.map((name) => `${detail}.${name}`));
  const insideOut = (...names: readonly string[]): readonly string[] =>
    outputs.flatMap((detail) => names.map((name) => `${detail}.${name}`));
  const isBeside = besideRead !== undefined || besideWrite !== undefined;
  // LiteLLM writes OpenAI's names with Anthropic's beside them, and its prompt_tokens hold everything.
  const hasBoth = isBeside && pick(object, 'prompt_tokens') !== undefined;
  // Anthropic gives no total: who adds one has read the parts, and it tells where the cache is (MLflow).
  const hasTotal = pick(object, 'total_tokens') !== undefined;
  return {
    raw: {
      input: pick(object, 'input_tokens', 'prompt_tokens', 'inputTokens', 'promptTokens', 'input'),
      output: pick(object, 'output_tokens', 'completion_tokens', 'outputTokens', 'completionTokens', 'output'),
      total: pick(object, 'total_tokens', 'totalTokens', 'total', 'tokens'),
      cacheRead: besideRead ?? pick(object, ...inside('cached_tokens', 'cache_read', 'cacheReadTokens'), ...CACHE_READ),
      cacheWrite:
        besideWrite ??
        pick(object, ...inside('cache_creation', 'cache_creation_tokens', 'cacheWriteTokens'), ...CACHE_WRITE),
      cacheWrite5m: pick(object, 'cache_creation.ephemeral_5m_input_tokens', ...inside('ephemeral_5m_input_tokens')),
      cacheWrite1h: pick(
        object,
        'cache_creation.ephemeral_1h_input_tokens',
        'cache_creation_input_tokens_above_1hr',
        ...inside('ephemeral_1h_input_tokens'),
      ),
      reasoning: pick(object, ...insideOut('reasoning_tokens', 'reasoning', 'reasoningTokens'), ...REASONING),
      inputAudio: pick(object, ...inside('audio_tokens', 'audio')),
      outputAudio: pick(object, ...insideOut('audio_tokens', 'audio')),
    },
    cache: !isBeside || hasBoth ? 'inside' : hasTotal ? 'auto' : 'beside',
    reasoning: 'auto',
  };
}

function isGemini(object: LiteralObject): boolean {
  return 'promptTokenCount' in object || 'prompt_token_count' in object || 'candidatesTokenCount' in object;
}

/** Gemini counts thoughts beside the candidates and what tools brought beside the prompt. */
function readGemini(object: LiteralObject): ShapedUsage {
  const prompt = pick(object, 'promptTokenCount', 'prompt_token_count');
  const tools = pick(object, 'toolUsePromptTokenCount', 'tool_use_prompt_token_count') ?? 0;
  return {
    raw: {
      input: prompt === undefined ? undefined : prompt + tools,
      output: pick(object, 'candidatesTokenCount', 'candidates_token_count') ?? (prompt === undefined ? undefined : 0),
      cacheRead: pick(object, 'cachedContentTokenCount', 'cached_content_token_count'),
      reasoning: pick(object, 'thoughtsTokenCount', 'thoughts_token_count'),
    },
    cache: 'inside',
    reasoning: 'beside',
  };
}

/** Langfuse (JS) splits buckets: `input` is uncached, `output` is not reasoning, the parts are named after their side. */
function isLangfuse(object: LiteralObject): boolean {
  return 'input' in object && Object.keys(object).every((key) => /^(input|output|total)(_|$)/.test(key));
}

function readLangfuse(object: LiteralObject): ShapedUsage {
  const sum = (pattern: RegExp): number | undefined => {
    const counts = Object.keys(object)
      .filter((key) => pattern.test(key))
      .map((key) => pick(object, key) ?? 0);
    return counts.length === 0 ? undefined : counts.reduce((a, b) => a + b, 0);
  };
  return {
    raw: {
      // Every bucket of a side is part of the whole: audio, images, cached, cache writes.
      input: sum(/^input(_|$)/),
      output: sum(/^output(_|$)/),
      cacheRead: sum(/^input_(cached_tokens|cache_read|cached)/),
      cacheWrite: sum(/^input_cache_(creation|write)/),
      reasoning: sum(/^output_reasoning/),
      inputAudio: sum(/^input_audio/),
      outputAudio: sum(/^output_audio/),
    },
    cache: 'inside',
    reasoning: 'inside',
  };
}
