// Sentry SDKs. Their dotted child of a scalar key (`gen_ai.usage.input_tokens.cached`) makes that key both leaf and
// prefix.

// What the span is.
/** `gen_ai.chat`, `gen_ai.invoke_agent`; until 2025 `ai.chat_completions.create.openai`, `ai.pipeline.langchain`. */
export const ATTR_SENTRY_OP = 'sentry.op';

// Usage: parts below the whole, deprecated at Sentry but sent.
export const ATTR_GEN_AI_USAGE_INPUT_TOKENS_CACHED = 'gen_ai.usage.input_tokens.cached';
export const ATTR_GEN_AI_USAGE_INPUT_TOKENS_CACHE_WRITE = 'gen_ai.usage.input_tokens.cache_write';
export const ATTR_GEN_AI_USAGE_OUTPUT_TOKENS_REASONING = 'gen_ai.usage.output_tokens.reasoning';

// Usage until 2025: old → new.
/** → `gen_ai.usage.input_tokens`. */
export const ATTR_AI_PROMPT_TOKENS_USED = 'ai.prompt_tokens.used';
/** → `gen_ai.usage.output_tokens`. */
export const ATTR_AI_COMPLETION_TOKENS_USED = 'ai.completion_tokens.used';
/** → `gen_ai.usage.total_tokens`. */
export const ATTR_AI_TOTAL_TOKENS_USED = 'ai.total_tokens.used';
/** → `gen_ai.cost.total_tokens`. */
export const ATTR_AI_TOTAL_COST = 'ai.total_cost';

// Cost in USD, from Sentry's table.
export const ATTR_GEN_AI_COST_INPUT_TOKENS = 'gen_ai.cost.input_tokens';
export const ATTR_GEN_AI_COST_OUTPUT_TOKENS = 'gen_ai.cost.output_tokens';
export const ATTR_GEN_AI_COST_TOTAL_TOKENS = 'gen_ai.cost.total_tokens';
export const ATTR_GEN_AI_COST_CACHE_READ_INPUT_TOKENS = 'gen_ai.cost.cache_read.input_tokens';
export const ATTR_GEN_AI_COST_CACHE_CREATION_INPUT_TOKENS = 'gen_ai.cost.cache_creation.input_tokens';
export const ATTR_GEN_AI_COST_REASONING_OUTPUT_TOKENS = 'gen_ai.cost.reasoning.output_tokens';

// Identity and model.
export const ATTR_GEN_AI_PIPELINE_NAME = 'gen_ai.pipeline.name';
export const ATTR_GEN_AI_FUNCTION_ID = 'gen_ai.function_id';
/** → `gen_ai.pipeline.name`. */
export const ATTR_AI_PIPELINE_NAME = 'ai.pipeline.name';
/** → `gen_ai.request.model`. */
export const ATTR_AI_MODEL_ID_UNDERSCORED = 'ai.model_id';
export const ATTR_AI_GENERATION_ID = 'ai.generation_id';
export const ATTR_AI_FINISH_REASON = 'ai.finish_reason';
export const ATTR_AI_STREAMING = 'ai.streaming';
export const ATTR_GEN_AI_RESPONSE_STREAMING = 'gen_ai.response.streaming';
export const ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_TOKEN = 'gen_ai.response.time_to_first_token';
export const ATTR_GEN_AI_RESPONSE_TOKENS_PER_SECOND = 'gen_ai.response.tokens_per_second';
export const ATTR_GEN_AI_CONTEXT_UTILIZATION = 'gen_ai.context.utilization';
export const ATTR_GEN_AI_CONTEXT_WINDOW_SIZE = 'gen_ai.context.window_size';

// Content.
export const ATTR_AI_INPUT_MESSAGES = 'ai.input_messages';
export const ATTR_AI_RESPONSES = 'ai.responses';
export const ATTR_AI_TEXTS = 'ai.texts';
export const ATTR_AI_PREAMBLE = 'ai.preamble';
export const ATTR_AI_TOOL_CALLS = 'ai.tool_calls';
export const ATTR_AI_TOOLS = 'ai.tools';
export const ATTR_AI_FUNCTION_CALL = 'ai.function_call';
export const ATTR_AI_SEARCH_QUERIES = 'ai.search_queries';
export const ATTR_AI_SEARCH_RESULTS = 'ai.search_results';
export const ATTR_GEN_AI_REQUEST_MESSAGES = 'gen_ai.request.messages';
export const ATTR_GEN_AI_REQUEST_AVAILABLE_TOOLS = 'gen_ai.request.available_tools';
export const ATTR_GEN_AI_REQUEST_SCHEMA = 'gen_ai.request.schema';
export const ATTR_GEN_AI_RESPONSE_TEXT = 'gen_ai.response.text';
export const ATTR_GEN_AI_RESPONSE_OBJECT = 'gen_ai.response.object';
export const ATTR_GEN_AI_RESPONSE_TOOL_CALLS = 'gen_ai.response.tool_calls';
export const ATTR_GEN_AI_EMBEDDINGS_INPUT = 'gen_ai.embeddings.input';

// What of these is content, joined in content.ts.
export const CONTENT_OF_SENTRY: readonly string[] = [
  ATTR_AI_INPUT_MESSAGES,
  ATTR_AI_RESPONSES,
  ATTR_AI_TEXTS,
  ATTR_AI_PREAMBLE,
  ATTR_AI_TOOL_CALLS,
  ATTR_AI_TOOLS,
  ATTR_AI_FUNCTION_CALL,
  ATTR_AI_SEARCH_QUERIES,
  ATTR_AI_SEARCH_RESULTS,
  ATTR_GEN_AI_REQUEST_MESSAGES,
  ATTR_GEN_AI_REQUEST_AVAILABLE_TOOLS,
  ATTR_GEN_AI_REQUEST_SCHEMA,
  ATTR_GEN_AI_RESPONSE_TEXT,
  ATTR_GEN_AI_RESPONSE_OBJECT,
  ATTR_GEN_AI_RESPONSE_TOOL_CALLS,
  ATTR_GEN_AI_EMBEDDINGS_INPUT,
];
