// Vercel AI SDK: v4 to v6 built in (scope `ai`), v7 through `@ai-sdk/otel` (scope `gen_ai`, gen_ai.* names), and
// opencode, which is built on it.

// What the span is. Only `*.doGenerate`, `*.doStream` and `*.doEmbed` are calls; their parents repeat the usage.
export const ATTR_AI_OPERATION_ID = 'ai.operationId';
/** `<operationId> <functionId>`. */
export const ATTR_OPERATION_NAME = 'operation.name';
/** The functionId. */
export const ATTR_RESOURCE_NAME = 'resource.name';

// Model and response.
export const ATTR_AI_MODEL_ID = 'ai.model.id';
export const ATTR_AI_MODEL_PROVIDER = 'ai.model.provider';
export const ATTR_AI_RESPONSE_ID = 'ai.response.id';
export const ATTR_AI_RESPONSE_MODEL = 'ai.response.model';
export const ATTR_AI_RESPONSE_FINISH_REASON = 'ai.response.finishReason';
export const ATTR_AI_RESPONSE_TIMESTAMP = 'ai.response.timestamp';
/** Milliseconds. */
export const ATTR_AI_RESPONSE_MS_TO_FIRST_CHUNK = 'ai.response.msToFirstChunk';
/** Milliseconds. */
export const ATTR_AI_RESPONSE_MS_TO_FINISH = 'ai.response.msToFinish';
export const ATTR_AI_RESPONSE_AVG_OUTPUT_TOKENS_PER_SECOND = 'ai.response.avgOutputTokensPerSecond';
/** JSON: Anthropic's 5 m / 1 h cache writes, service tier. */
export const ATTR_AI_RESPONSE_PROVIDER_METADATA = 'ai.response.providerMetadata';
/** Until v4.0. */
export const ATTR_AI_STREAM_MS_TO_FIRST_CHUNK = 'ai.stream.msToFirstChunk';
export const ATTR_AI_SETTINGS_MAX_RETRIES = 'ai.settings.maxRetries';

// Usage, inclusive. v4: prompt and completion; v5: input and output; v6: details; the root is the sum of steps in
// v6, the last step before.
/** v4 → `ai.usage.inputTokens`. */
export const ATTR_AI_USAGE_PROMPT_TOKENS = 'ai.usage.promptTokens';
/** v4 → `ai.usage.outputTokens`. */
export const ATTR_AI_USAGE_COMPLETION_TOKENS = 'ai.usage.completionTokens';
export const ATTR_AI_USAGE_INPUT_TOKENS = 'ai.usage.inputTokens';
export const ATTR_AI_USAGE_OUTPUT_TOKENS = 'ai.usage.outputTokens';
export const ATTR_AI_USAGE_TOTAL_TOKENS = 'ai.usage.totalTokens';
/** v5; still beside the details in v6. */
export const ATTR_AI_USAGE_CACHED_INPUT_TOKENS = 'ai.usage.cachedInputTokens';
/** v5; still beside the details in v6. */
export const ATTR_AI_USAGE_REASONING_TOKENS = 'ai.usage.reasoningTokens';
export const ATTR_AI_USAGE_INPUT_TOKEN_DETAILS_NO_CACHE_TOKENS = 'ai.usage.inputTokenDetails.noCacheTokens';
export const ATTR_AI_USAGE_INPUT_TOKEN_DETAILS_CACHE_READ_TOKENS = 'ai.usage.inputTokenDetails.cacheReadTokens';
export const ATTR_AI_USAGE_INPUT_TOKEN_DETAILS_CACHE_WRITE_TOKENS = 'ai.usage.inputTokenDetails.cacheWriteTokens';
export const ATTR_AI_USAGE_OUTPUT_TOKEN_DETAILS_TEXT_TOKENS = 'ai.usage.outputTokenDetails.textTokens';
export const ATTR_AI_USAGE_OUTPUT_TOKEN_DETAILS_REASONING_TOKENS = 'ai.usage.outputTokenDetails.reasoningTokens';
/** Embeddings. */
export const ATTR_AI_USAGE_TOKENS = 'ai.usage.tokens';

// Identity: what the app passes with each call.
/** The agent, by use. */
export const ATTR_AI_TELEMETRY_FUNCTION_ID = 'ai.telemetry.functionId';
export const ATTR_PREFIX_AI_TELEMETRY_METADATA = 'ai.telemetry.metadata.';
export const ATTR_AI_TELEMETRY_METADATA_SESSION_ID = 'ai.telemetry.metadata.sessionId';
export const ATTR_AI_TELEMETRY_METADATA_USER_ID = 'ai.telemetry.metadata.userId';
export const ATTR_AI_TELEMETRY_METADATA_TENANT_ID = 'ai.telemetry.metadata.tenantId';
export const ATTR_AI_TELEMETRY_METADATA_AGENT_NAME = 'ai.telemetry.metadata.agentName';
export const ATTR_AI_TELEMETRY_METADATA_WORKFLOW_NAME = 'ai.telemetry.metadata.workflowName';
/** v7, opt-in runtime context. */
export const ATTR_PREFIX_AI_SETTINGS_CONTEXT = 'ai.settings.context.';
export const ATTR_AI_SETTINGS_CONTEXT_SESSION_ID = 'ai.settings.context.sessionId';
export const ATTR_AI_SETTINGS_CONTEXT_USER_ID = 'ai.settings.context.userId';
export const ATTR_AI_SETTINGS_CONTEXT_AGENT_NAME = 'ai.settings.context.agentName';

// Tools.
export const ATTR_AI_TOOL_CALL_NAME = 'ai.toolCall.name';
export const ATTR_AI_TOOL_CALL_ID = 'ai.toolCall.id';
export const ATTR_AI_TOOL_CALL_ARGS = 'ai.toolCall.args';
export const ATTR_AI_TOOL_CALL_RESULT = 'ai.toolCall.result';

// Content.
export const ATTR_AI_PROMPT = 'ai.prompt';
export const ATTR_AI_PROMPT_MESSAGES = 'ai.prompt.messages';
export const ATTR_AI_PROMPT_TOOLS = 'ai.prompt.tools';
export const ATTR_AI_PROMPT_TOOL_CHOICE = 'ai.prompt.toolChoice';
export const ATTR_AI_PROMPT_FORMAT = 'ai.prompt.format';
export const ATTR_AI_RESPONSE_TEXT = 'ai.response.text';
export const ATTR_AI_RESPONSE_OBJECT = 'ai.response.object';
export const ATTR_AI_RESPONSE_REASONING = 'ai.response.reasoning';
export const ATTR_AI_RESPONSE_FILES = 'ai.response.files';
export const ATTR_AI_RESPONSE_TOOL_CALLS = 'ai.response.toolCalls';
export const ATTR_AI_SCHEMA = 'ai.schema';
export const ATTR_AI_SCHEMA_NAME = 'ai.schema.name';
export const ATTR_AI_SCHEMA_DESCRIPTION = 'ai.schema.description';
export const ATTR_AI_SETTINGS_OUTPUT = 'ai.settings.output';
export const ATTR_AI_VALUE = 'ai.value';
export const ATTR_AI_VALUES = 'ai.values';
export const ATTR_AI_EMBEDDING = 'ai.embedding';
export const ATTR_AI_EMBEDDINGS = 'ai.embeddings';
export const ATTR_AI_DOCUMENTS = 'ai.documents';
export const ATTR_AI_RANKING = 'ai.ranking';
export const ATTR_AI_REQUEST_TEXT = 'ai.request.text';
export const ATTR_PREFIX_AI_REQUEST_HEADERS = 'ai.request.headers.';

// Span names (opencode's calls are `ai.streamText.doStream` as well).
export const SPAN_AI_GENERATE_TEXT = 'ai.generateText';
export const SPAN_AI_GENERATE_TEXT_DO_GENERATE = 'ai.generateText.doGenerate';
export const SPAN_AI_STREAM_TEXT = 'ai.streamText';
export const SPAN_AI_STREAM_TEXT_DO_STREAM = 'ai.streamText.doStream';
export const SPAN_AI_GENERATE_OBJECT = 'ai.generateObject';
export const SPAN_AI_GENERATE_OBJECT_DO_GENERATE = 'ai.generateObject.doGenerate';
export const SPAN_AI_STREAM_OBJECT = 'ai.streamObject';
export const SPAN_AI_STREAM_OBJECT_DO_STREAM = 'ai.streamObject.doStream';
export const SPAN_AI_EMBED = 'ai.embed';
export const SPAN_AI_EMBED_DO_EMBED = 'ai.embed.doEmbed';
export const SPAN_AI_EMBED_MANY = 'ai.embedMany';
export const SPAN_AI_EMBED_MANY_DO_EMBED = 'ai.embedMany.doEmbed';
export const SPAN_AI_RERANK = 'ai.rerank';
export const SPAN_AI_TOOL_CALL = 'ai.toolCall';
export const EVENT_AI_STREAM_FIRST_CHUNK = 'ai.stream.firstChunk';
export const EVENT_AI_STREAM_FINISH = 'ai.stream.finish';

// Scopes.
export const SCOPE_AI = 'ai';
export const SCOPE_GEN_AI = 'gen_ai';

// What of these is content, joined in content.ts.
export const CONTENT_OF_VERCEL_AI: readonly string[] = [
  ATTR_AI_TOOL_CALL_ARGS,
  ATTR_AI_TOOL_CALL_RESULT,
  ATTR_AI_PROMPT,
  ATTR_AI_PROMPT_MESSAGES,
  ATTR_AI_PROMPT_TOOLS,
  ATTR_AI_RESPONSE_TEXT,
  ATTR_AI_RESPONSE_OBJECT,
  ATTR_AI_RESPONSE_REASONING,
  ATTR_AI_RESPONSE_FILES,
  ATTR_AI_RESPONSE_TOOL_CALLS,
  ATTR_AI_SCHEMA,
  ATTR_AI_SCHEMA_DESCRIPTION,
  ATTR_AI_SETTINGS_OUTPUT,
  ATTR_AI_VALUE,
  ATTR_AI_VALUES,
  ATTR_AI_EMBEDDING,
  ATTR_AI_EMBEDDINGS,
  ATTR_AI_DOCUMENTS,
  ATTR_AI_RANKING,
  ATTR_AI_REQUEST_TEXT,
];
export const CONTENT_PREFIXES_OF_VERCEL_AI: readonly string[] = [ATTR_PREFIX_AI_REQUEST_HEADERS];
