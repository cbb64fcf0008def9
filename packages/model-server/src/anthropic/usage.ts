import type { Answer } from '../answer.ts';
import type { JsonObject } from '../json.ts';

/** Usage as `message_start` and plain messages report it: `input_tokens` without what the cache read or wrote. */
export function messageUsage(answer: Answer, outputTokens: number): JsonObject {
  const { usage } = answer;
  return {
    input_tokens: usage.input - usage.cacheRead - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite - usage.cacheWrite1h,
      ephemeral_1h_input_tokens: usage.cacheWrite1h,
    },
    output_tokens: outputTokens,
    ...thinkingDetails(answer),
    server_tool_use: null,
    service_tier: answer.serviceTier ?? 'standard',
    inference_geo: 'not_available',
  };
}

/** Usage as `message_delta` reports it: cumulative counts, without the lifetimes of the cache. */
export function deltaUsage(answer: Answer): JsonObject {
  const { usage } = answer;
  return {
    input_tokens: usage.input - usage.cacheRead - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens: usage.output,
    ...thinkingDetails(answer),
  };
}

// Reported where the model thought.
function thinkingDetails({ usage }: Answer): JsonObject {
  return usage.reasoning > 0 ? { output_tokens_details: { thinking_tokens: usage.reasoning } } : {};
}
