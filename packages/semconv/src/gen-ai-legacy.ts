// `gen_ai.*` names that were renamed, removed, or never published but are in the field. New names: gen-ai.ts.

// Until v1.36 (2025-07): old → new.
/** → `gen_ai.provider.name` (v1.37). */
export const ATTR_GEN_AI_SYSTEM = 'gen_ai.system';
/** → `gen_ai.usage.input_tokens` (v1.27). Strands still writes both. */
export const ATTR_GEN_AI_USAGE_PROMPT_TOKENS = 'gen_ai.usage.prompt_tokens';
/** → `gen_ai.usage.output_tokens` (v1.27). */
export const ATTR_GEN_AI_USAGE_COMPLETION_TOKENS = 'gen_ai.usage.completion_tokens';
/** Removed in v1.28: JSON in LangSmith and Mastra 0.3, indexed (`gen_ai.prompt.0.content`) in OpenLLMetry. */
export const ATTR_GEN_AI_PROMPT = 'gen_ai.prompt';
/** Removed in v1.28, as above. The only place of LangSmith's response id. */
export const ATTR_GEN_AI_COMPLETION = 'gen_ai.completion';
export const ATTR_PREFIX_GEN_AI_PROMPT = 'gen_ai.prompt.';
export const ATTR_PREFIX_GEN_AI_COMPLETION = 'gen_ai.completion.';
/** → `gen_ai.output.type` (v1.31). */
export const ATTR_GEN_AI_OPENAI_REQUEST_RESPONSE_FORMAT = 'gen_ai.openai.request.response_format';
/** → `gen_ai.request.seed` (v1.30). */
export const ATTR_GEN_AI_OPENAI_REQUEST_SEED = 'gen_ai.openai.request.seed';
/** → `openai.request.service_tier` (v1.37). */
export const ATTR_GEN_AI_OPENAI_REQUEST_SERVICE_TIER = 'gen_ai.openai.request.service_tier';
/** → `openai.response.service_tier` (v1.37). */
export const ATTR_GEN_AI_OPENAI_RESPONSE_SERVICE_TIER = 'gen_ai.openai.response.service_tier';
/** → `openai.response.system_fingerprint` (v1.37). */
export const ATTR_GEN_AI_OPENAI_RESPONSE_SYSTEM_FINGERPRINT = 'gen_ai.openai.response.system_fingerprint';
/** Never in a release; → `gen_ai.conversation.id` (v1.34). */
export const ATTR_GEN_AI_THREAD_ID = 'gen_ai.thread.id';
/** Metric attribute, one of `GenAiTokenType`; gone with `gen_ai.client.token.usage` (2026). */
export const ATTR_GEN_AI_TOKEN_TYPE = 'gen_ai.token.type';

// Cache writes: v1.40 to 2026, and what most producers still send. → `gen_ai.usage.cache_write.input_tokens`.
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS = 'gen_ai.usage.cache_creation.input_tokens';

// The same parts without the dots: OpenLLMetry, AG2 1.x, Strands, OpenLIT, Laminar, Sentry, agento11y.
export const ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS_UNDERSCORED = 'gen_ai.usage.cache_read_input_tokens';
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS_UNDERSCORED = 'gen_ai.usage.cache_creation_input_tokens';
export const ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS_UNDERSCORED = 'gen_ai.usage.cache_write_input_tokens';
/** Laminar. */
export const ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS_UNDERSCORED = 'gen_ai.usage.reasoning_output_tokens';

// Never published.
/** OpenLLMetry, LangSmith, Strands, OpenLIT. Tells exclusive from inclusive: the sum of which parts is it? */
export const ATTR_GEN_AI_USAGE_TOTAL_TOKENS = 'gen_ai.usage.total_tokens';
/** OpenLLMetry, OpenLIT, Mastra, CrewAI, agento11y: part of output. */
export const ATTR_GEN_AI_USAGE_REASONING_TOKENS = 'gen_ai.usage.reasoning_tokens';
/** AG2 1.x: part of output, except beside it for Gemini. */
export const ATTR_GEN_AI_USAGE_THINKING_TOKENS = 'gen_ai.usage.thinking_tokens';
/** USD. AG2, OpenLIT, Laminar: a client-side table's claim, often wrong, 0 when it has no price. */
export const ATTR_GEN_AI_USAGE_COST = 'gen_ai.usage.cost';
/** USD, Laminar. */
export const ATTR_GEN_AI_USAGE_INPUT_COST = 'gen_ai.usage.input_cost';
/** USD, Laminar. */
export const ATTR_GEN_AI_USAGE_OUTPUT_COST = 'gen_ai.usage.output_cost';
/** USD, AgentOps. */
export const ATTR_GEN_AI_USAGE_TOTAL_COST = 'gen_ai.usage.total_cost';
/** Mastra otel-exporter 0.3: part of input. */
export const ATTR_GEN_AI_USAGE_CACHED_INPUT_TOKENS = 'gen_ai.usage.cached_input_tokens';
/** Mastra otel-exporter 1.x: part of input. */
export const ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS_UNDERSCORED = 'gen_ai.usage.audio_input_tokens';
/** Mastra otel-exporter 1.x: part of output. */
export const ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS_UNDERSCORED = 'gen_ai.usage.audio_output_tokens';
/** Mastra otel-exporter 1.x: the write that lives five minutes. */
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_5M_INPUT_TOKENS = 'gen_ai.usage.cache_creation.5m_input_tokens';
/** Mastra otel-exporter 1.x: the write that lives an hour, priced higher. */
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_1H_INPUT_TOKENS = 'gen_ai.usage.cache_creation.1h_input_tokens';
/** Laminar. */
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS_EPHEMERAL_5M =
  'gen_ai.usage.cache_creation.input_tokens.ephemeral_5m';
/** Laminar. */
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS_EPHEMERAL_1H =
  'gen_ai.usage.cache_creation.input_tokens.ephemeral_1h';
/** LangSmith: JSON text. */
export const ATTR_GEN_AI_USAGE_INPUT_TOKEN_DETAILS = 'gen_ai.usage.input_token_details';
/** LangSmith: JSON text. */
export const ATTR_GEN_AI_USAGE_OUTPUT_TOKEN_DETAILS = 'gen_ai.usage.output_token_details';
/** OpenLIT. */
export const ATTR_GEN_AI_USAGE_PROMPT_TOKENS_DETAILS_CACHE_READ = 'gen_ai.usage.prompt_tokens_details.cache_read';
/** OpenLIT. */
export const ATTR_GEN_AI_USAGE_PROMPT_TOKENS_DETAILS_CACHE_WRITE = 'gen_ai.usage.prompt_tokens_details.cache_write';
/** OpenLIT. */
export const ATTR_GEN_AI_USAGE_COMPLETION_TOKENS_DETAILS_AUDIO = 'gen_ai.usage.completion_tokens_details.audio';
/** OpenLIT. */
export const ATTR_GEN_AI_USAGE_COMPLETION_TOKENS_DETAILS_REASONING = 'gen_ai.usage.completion_tokens_details.reasoning';
/** AgentOps. */
export const ATTR_GEN_AI_USAGE_STREAMING_TOKENS = 'gen_ai.usage.streaming_tokens';
/** OpenLLMetry, on span events. */
export const ATTR_GEN_AI_USAGE_TOKEN_TYPE = 'gen_ai.usage.token_type';
/** Logfire: the provider's usage object as JSON, the only place of the cached part. */
export const ATTR_GEN_AI_USAGE_RAW = 'gen_ai.usage.raw';
/** Google ADK. */
export const ATTR_PREFIX_GEN_AI_USAGE_EXPERIMENTAL = 'gen_ai.usage.experimental.';

// Usage details of pydantic-ai and Logfire: parts repeated in the provider's own words.
export const ATTR_PREFIX_GEN_AI_USAGE_DETAILS = 'gen_ai.usage.details.';
/** Anthropic's own, exclusive figure: never the input. */
export const ATTR_GEN_AI_USAGE_DETAILS_INPUT_TOKENS = 'gen_ai.usage.details.input_tokens';
export const ATTR_GEN_AI_USAGE_DETAILS_OUTPUT_TOKENS = 'gen_ai.usage.details.output_tokens';
export const ATTR_GEN_AI_USAGE_DETAILS_CACHE_READ_TOKENS = 'gen_ai.usage.details.cache_read_tokens';
export const ATTR_GEN_AI_USAGE_DETAILS_CACHE_WRITE_TOKENS = 'gen_ai.usage.details.cache_write_tokens';
/** Anthropic. */
export const ATTR_GEN_AI_USAGE_DETAILS_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.details.cache_read_input_tokens';
/** Anthropic. */
export const ATTR_GEN_AI_USAGE_DETAILS_CACHE_CREATION_INPUT_TOKENS = 'gen_ai.usage.details.cache_creation_input_tokens';
/** pydantic-ai 0.4 with OpenAI. */
export const ATTR_GEN_AI_USAGE_DETAILS_CACHED_TOKENS = 'gen_ai.usage.details.cached_tokens';
export const ATTR_GEN_AI_USAGE_DETAILS_REASONING_TOKENS = 'gen_ai.usage.details.reasoning_tokens';
/** Gemini. */
export const ATTR_GEN_AI_USAGE_DETAILS_THOUGHTS_TOKENS = 'gen_ai.usage.details.thoughts_tokens';
export const ATTR_GEN_AI_USAGE_DETAILS_AUDIO_TOKENS = 'gen_ai.usage.details.audio_tokens';
export const ATTR_GEN_AI_USAGE_DETAILS_ACCEPTED_PREDICTION_TOKENS = 'gen_ai.usage.details.accepted_prediction_tokens';
export const ATTR_GEN_AI_USAGE_DETAILS_REJECTED_PREDICTION_TOKENS = 'gen_ai.usage.details.rejected_prediction_tokens';

// Request and response, never published.
export const ATTR_GEN_AI_REQUEST_SERVICE_TIER = 'gen_ai.request.service_tier';
/** LangSmith. */
export const ATTR_GEN_AI_RESPONSE_SERVICE_TIER = 'gen_ai.response.service_tier';
/** LangSmith, OpenLIT. */
export const ATTR_GEN_AI_RESPONSE_SYSTEM_FINGERPRINT = 'gen_ai.response.system_fingerprint';
/** OpenLLMetry, Laminar, AgentOps, Sentry: one text. */
export const ATTR_GEN_AI_RESPONSE_FINISH_REASON = 'gen_ai.response.finish_reason';
/** OpenLLMetry, AgentOps. */
export const ATTR_GEN_AI_RESPONSE_STOP_REASON = 'gen_ai.response.stop_reason';
/** Laminar. */
export const ATTR_GEN_AI_REQUEST_CHOICE_COUNT_UNDERSCORED = 'gen_ai.request.choice_count';
/** OpenLLMetry, OpenLIT. */
export const ATTR_GEN_AI_REQUEST_REASONING_EFFORT = 'gen_ai.request.reasoning_effort';
/** OpenLIT: OpenAI's `user` parameter. */
export const ATTR_GEN_AI_REQUEST_USER = 'gen_ai.request.user';
/** OpenLLMetry, AgentOps: the same. */
export const ATTR_GEN_AI_USER = 'gen_ai.user';
/** Gemini CLI. */
export const ATTR_GEN_AI_TOOL_CALL_ID_UNDERSCORED = 'gen_ai.tool.call_id';
export const ATTR_GEN_AI_TOOL_STATUS = 'gen_ai.tool.status';
export const ATTR_GEN_AI_TOOL_ARGS = 'gen_ai.tool.args';
export const ATTR_GEN_AI_TOOL_INPUT = 'gen_ai.tool.input';
export const ATTR_GEN_AI_TOOL_OUTPUT = 'gen_ai.tool.output';
export const ATTR_GEN_AI_HEADERS = 'gen_ai.headers';
export const ATTR_GEN_AI_TASK_INPUT = 'gen_ai.task.input';
export const ATTR_GEN_AI_TASK_OUTPUT = 'gen_ai.task.output';
export const ATTR_GEN_AI_CONTENT_PROMPT = 'gen_ai.content.prompt';
export const ATTR_GEN_AI_CONTENT_COMPLETION = 'gen_ai.content.completion';
export const ATTR_GEN_AI_CONTENT_REASONING = 'gen_ai.content.reasoning';
export const ATTR_GEN_AI_EVENT_CONTENT = 'gen_ai.event.content';

// Proposed (semantic-conventions-genai PR 443, open): cost on inference spans.
export const ATTR_GEN_AI_USAGE_COST_AMOUNT = 'gen_ai.usage.cost.amount';
export const ATTR_GEN_AI_USAGE_COST_CURRENCY = 'gen_ai.usage.cost.currency';
export const ATTR_GEN_AI_USAGE_COST_SOURCE = 'gen_ai.usage.cost.source';

// Content as span events or log events, v1.28 to v1.36; still emitted by MS Agent Framework and Strands.
export const EVENT_GEN_AI_SYSTEM_MESSAGE = 'gen_ai.system.message';
export const EVENT_GEN_AI_USER_MESSAGE = 'gen_ai.user.message';
export const EVENT_GEN_AI_ASSISTANT_MESSAGE = 'gen_ai.assistant.message';
export const EVENT_GEN_AI_TOOL_MESSAGE = 'gen_ai.tool.message';
export const EVENT_GEN_AI_CHOICE = 'gen_ai.choice';

// What of these is content, joined in content.ts.
export const CONTENT_OF_GEN_AI_LEGACY: readonly string[] = [
  ATTR_GEN_AI_PROMPT,
  ATTR_GEN_AI_COMPLETION,
  ATTR_GEN_AI_TOOL_ARGS,
  ATTR_GEN_AI_TOOL_INPUT,
  ATTR_GEN_AI_TOOL_OUTPUT,
  ATTR_GEN_AI_HEADERS,
  ATTR_GEN_AI_TASK_INPUT,
  ATTR_GEN_AI_TASK_OUTPUT,
  ATTR_GEN_AI_CONTENT_PROMPT,
  ATTR_GEN_AI_CONTENT_COMPLETION,
  ATTR_GEN_AI_CONTENT_REASONING,
  ATTR_GEN_AI_EVENT_CONTENT,
];
export const CONTENT_PREFIXES_OF_GEN_AI_LEGACY: readonly string[] = [
  ATTR_PREFIX_GEN_AI_PROMPT,
  ATTR_PREFIX_GEN_AI_COMPLETION,
];
