// A usage object by itself: what somebody took out of an answer, or what a framework passes on of a provider's.

import type { TokenUsage } from '@turnmeter/pricing';
import { readAiSdkUsage } from './ai-sdk-usage.ts';
import { readAnthropicUsage } from './anthropic.ts';
import { readBedrockUsage } from './bedrock-converse.ts';
import { readInteractionUsage } from './gemini-interaction.ts';
import { readGeminiUsage } from './gemini.ts';
import { type JsonObject, objectOr } from './json-object.ts';
import { readLangChainUsage } from './langchain-usage.ts';
import type { Notes } from './notes.ts';
import { readChatUsage } from './openai-chat.ts';
import { readResponsesUsage } from './openai-responses.ts';

type UsageReader = (usage: JsonObject, notes: Notes, model?: string) => TokenUsage | undefined;

/**
 * Names that only one shape has, the telling ones before those that several share: `input_tokens` is Anthropic's beside
 * `cache_read_input_tokens`, LangChain's beside `input_token_details`, else OpenAI's.
 */
const SHAPES: readonly (readonly [names: readonly string[], read: UsageReader])[] = [
  [['prompt_tokens', 'completion_tokens', 'promptTokens', 'completionTokens'], readChatUsage],
  [['cache_creation_input_tokens', 'cache_read_input_tokens', 'cache_creation', 'server_tool_use'], readAnthropicUsage],
  [['promptTokenCount', 'candidatesTokenCount', 'totalTokenCount'], readGeminiUsage],
  [['input_tokens_details', 'output_tokens_details'], readResponsesUsage],
  [['input_token_details', 'output_token_details'], readDetailedUsage],
  [['total_input_tokens', 'total_output_tokens'], readInteractionUsage],
  [['input_tokens', 'output_tokens'], readResponsesUsage],
  [['cacheReadInputTokens', 'cacheWriteInputTokens'], readBedrockUsage],
  [['inputTokens', 'outputTokens'], (usage, notes) => readAiSdkUsage(usage, notes)],
];

/** LangChain's details are `audio` and `cache_read`; OpenAI's realtime and transcriptions say `audio_tokens` and `cached_tokens`. */
function readDetailedUsage(usage: JsonObject, notes: Notes, model?: string): TokenUsage | undefined {
  const names = Object.keys({ ...objectOr(usage['input_token_details']), ...objectOr(usage['output_token_details']) });
  return names.some((name) => /^(text|audio|image|cached)_tokens$/.test(name))
    ? readResponsesUsage(usage, notes)
    : readLangChainUsage(usage, notes, model);
}

/** Reads a usage object of any known shape; undefined if it is none. */
export function readUsageObject(usage: JsonObject, notes: Notes, model?: string): TokenUsage | undefined {
  for (const [names, read] of SHAPES) {
    if (names.some((name) => usage[name] !== undefined)) return read(usage, notes, model);
  }
  return undefined;
}

/** Adds the parts that a framework dropped, from what it passed on of the provider's usage, if both speak of the same tokens. */
export function fillParts(usage: TokenUsage | undefined, raw: TokenUsage | undefined): TokenUsage | undefined {
  if (usage === undefined || raw === undefined) return usage;
  if (usage.input !== raw.input || usage.output !== raw.output) return usage;
  return { ...raw, ...usage };
}
