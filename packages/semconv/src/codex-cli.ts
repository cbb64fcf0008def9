// Codex CLI: log events, thousands of spans of which few are calls, delta histograms. Numbers come as texts, too.

// Usage of `codex.sse_event` with `event.kind` = `response.completed`, inclusive. Each completion is logged twice,
// once without.
export const ATTR_CODEX_INPUT_TOKEN_COUNT = 'input_token_count';
export const ATTR_CODEX_OUTPUT_TOKEN_COUNT = 'output_token_count';
export const ATTR_CODEX_CACHED_TOKEN_COUNT = 'cached_token_count';
export const ATTR_CODEX_CACHE_WRITE_TOKEN_COUNT = 'cache_write_token_count';
export const ATTR_CODEX_REASONING_TOKEN_COUNT = 'reasoning_token_count';
/** Misnamed: the total. */
export const ATTR_CODEX_TOOL_TOKEN_COUNT = 'tool_token_count';

// Usage on `handle_responses` spans, beside `gen_ai.usage.*`.
export const ATTR_CODEX_USAGE_REASONING_OUTPUT_TOKENS = 'codex.usage.reasoning_output_tokens';
export const ATTR_CODEX_USAGE_TOTAL_TOKENS = 'codex.usage.total_tokens';

// Sums of a turn on `session_task.turn` spans, sub-agents' turns excluded.
export const ATTR_CODEX_TURN_TOKEN_USAGE_INPUT_TOKENS = 'codex.turn.token_usage.input_tokens';
export const ATTR_CODEX_TURN_TOKEN_USAGE_CACHED_INPUT_TOKENS = 'codex.turn.token_usage.cached_input_tokens';
export const ATTR_CODEX_TURN_TOKEN_USAGE_CACHE_WRITE_INPUT_TOKENS = 'codex.turn.token_usage.cache_write_input_tokens';
export const ATTR_CODEX_TURN_TOKEN_USAGE_NON_CACHED_INPUT_TOKENS = 'codex.turn.token_usage.non_cached_input_tokens';
export const ATTR_CODEX_TURN_TOKEN_USAGE_OUTPUT_TOKENS = 'codex.turn.token_usage.output_tokens';
export const ATTR_CODEX_TURN_TOKEN_USAGE_REASONING_OUTPUT_TOKENS = 'codex.turn.token_usage.reasoning_output_tokens';
export const ATTR_CODEX_TURN_TOKEN_USAGE_TOTAL_TOKENS = 'codex.turn.token_usage.total_tokens';

// Identity. `conversation.id` (logs) and `thread.id` (`session_task.turn`, UUIDs only) are general.ts.
export const ATTR_CODEX_THREAD_ID = 'thread_id';
export const ATTR_TURN_ID = 'turn.id';
export const ATTR_CODEX_TURN_ID = 'turn_id';
export const ATTR_SUBMISSION_ID = 'submission.id';
/** On tool results: `/root`, a nickname or `/root/<task>`. */
export const ATTR_CODEX_AGENT_NAME = 'agent_name';
/** Metric attribute: the parent of a sub-agent's thread is in it. */
export const ATTR_CODEX_SESSION_SOURCE = 'session_source';
export const ATTR_CODEX_ORIGINATOR = 'originator';
/** Resource attribute. */
export const ATTR_CODEX_ENV = 'env';

// Request, response, timing.
/** The one asked for, not the dated one. */
export const ATTR_CODEX_MODEL = 'model';
export const ATTR_MODEL_PROVIDED = 'model.provided';
export const ATTR_CODEX_SLUG = 'slug';
export const ATTR_CODEX_PROVIDER_NAME = 'provider_name';
export const ATTR_CODEX_WIRE_API = 'wire_api';
export const ATTR_CODEX_TRANSPORT = 'transport';
export const ATTR_CODEX_ENDPOINT = 'endpoint';
export const ATTR_CODEX_ATTEMPT = 'attempt';
export const ATTR_CODEX_DURATION_MS = 'duration_ms';
export const ATTR_CODEX_TTFT_MS = 'ttft_ms';
export const ATTR_CODEX_SUCCESS = 'success';
/** Content. */
export const ATTR_CODEX_ERROR = 'error';
export const ATTR_CODEX_REASONING_SUMMARY = 'reasoning_summary';
export const ATTR_CODEX_REQUEST_REASONING_EFFORT = 'codex.request.reasoning_effort';
export const ATTR_CODEX_TURN_REASONING_EFFORT = 'codex.turn.reasoning_effort';
export const ATTR_CODEX_TURN_PHASE = 'codex.turn.phase';
export const ATTR_CODEX_OP = 'codex.op';
export const ATTR_AUTH_REQUEST_ID = 'auth.request_id';
export const ATTR_RETRY_ATTEMPT = 'retry.attempt';
export const ATTR_RETRY_DELAY_MS = 'retry.delay_ms';
export const ATTR_RETRY_LAYER = 'retry.layer';
export const ATTR_RETRY_OPERATION = 'retry.operation';
/** Metric attribute, one of `CodexTokenType`. */
export const ATTR_CODEX_TOKEN_TYPE = 'token_type';
/** Metric attribute. */
export const ATTR_CODEX_KIND = 'kind';
/** Metric attribute. */
export const ATTR_CODEX_STATUS = 'status';

// Tools.
export const ATTR_CODEX_TOOL = 'tool';
export const ATTR_CODEX_TOOL_NAME = 'tool_name';
export const ATTR_CODEX_TOOL_NAMESPACE = 'tool_namespace';
export const ATTR_CODEX_TOOL_SOURCE = 'tool_source';
export const ATTR_CODEX_TOOL_ORIGIN = 'tool_origin';
export const ATTR_CODEX_MCP_SERVER = 'mcp_server';
export const ATTR_CODEX_CALL_ID = 'call_id';
export const ATTR_CODEX_TOOL_PHASE = 'codex.tool.phase';
export const ATTR_CODEX_DECISION = 'decision';
export const ATTR_CODEX_SOURCE = 'source';

// Content.
export const ATTR_CODEX_CWD = 'cwd';
export const ATTR_CODEX_PROMPT = 'prompt';
export const ATTR_CODEX_ARGUMENTS = 'arguments';
export const ATTR_CODEX_OUTPUT = 'output';

// Events (`event.name`; the record's own event name is a source line).
export const EVENT_CODEX_SSE_EVENT = 'codex.sse_event';
/** One per attempt: 429s are visible here. */
export const EVENT_CODEX_API_REQUEST = 'codex.api_request';
export const EVENT_CODEX_CONVERSATION_STARTS = 'codex.conversation_starts';
export const EVENT_CODEX_USER_PROMPT = 'codex.user_prompt';
export const EVENT_CODEX_TOOL_DECISION = 'codex.tool_decision';
export const EVENT_CODEX_TOOL_RESULT = 'codex.tool_result';
export const EVENT_CODEX_TURN_TTFT = 'codex.turn_ttft';
export const EVENT_CODEX_STARTUP_PHASE = 'codex.startup_phase';
export const EVENT_CODEX_TOOL_CALL_RECEIVED = 'codex.tool_call_received';
export const EVENT_CODEX_TOOL_RESULT_READY = 'codex.tool_result_ready';
export const EVENT_CODEX_TURN_PROFILE = 'codex.turn_profile';

// Metrics, delta.
/** Histogram by `token_type`: tokens are its sum, and `total` counts the rest again. */
export const METRIC_CODEX_TURN_TOKEN_USAGE = 'codex.turn.token_usage';
export const METRIC_CODEX_API_REQUEST = 'codex.api_request';
export const METRIC_CODEX_API_REQUEST_DURATION_MS = 'codex.api_request.duration_ms';
export const METRIC_CODEX_SSE_EVENT = 'codex.sse_event';
export const METRIC_CODEX_SSE_EVENT_DURATION_MS = 'codex.sse_event.duration_ms';
export const METRIC_CODEX_CONVERSATION_TURN_COUNT = 'codex.conversation.turn.count';
export const METRIC_CODEX_TURN_E2E_DURATION_MS = 'codex.turn.e2e_duration_ms';
export const METRIC_CODEX_TURN_TTFT_DURATION_MS = 'codex.turn.ttft.duration_ms';
export const METRIC_CODEX_TURN_TTFM_DURATION_MS = 'codex.turn.ttfm.duration_ms';
export const METRIC_CODEX_TOOL_CALL = 'codex.tool.call';
export const METRIC_CODEX_TOOL_CALL_DURATION_MS = 'codex.tool.call.duration_ms';
export const METRIC_CODEX_THREAD_STARTED = 'codex.thread.started';
export const METRIC_CODEX_MULTI_AGENT_SPAWN = 'codex.multi_agent.spawn';

// Spans: the call and its turn. All others are noise of known names.
export const SPAN_CODEX_HANDLE_RESPONSES = 'handle_responses';
export const SPAN_SESSION_TASK_TURN = 'session_task.turn';

// Scopes.
export const SCOPE_CODEX_EXEC = 'codex_exec';
export const SCOPE_CODEX = 'codex';
export const SCOPE_CODEX_OTEL_LOG_ONLY = 'codex_otel.log_only';
export const SCOPE_CODEX_OTEL_TRACE_SAFE = 'codex_otel.trace_safe';
export const SCOPE_CODEX_OTEL_METRICS_CLIENT = 'codex_otel::metrics::client';

/** Values of `token_type` on `codex.turn.token_usage`. */
export const CodexTokenType = {
  INPUT: 'input',
  CACHED_INPUT: 'cached_input',
  CACHE_WRITE_INPUT: 'cache_write_input',
  OUTPUT: 'output',
  REASONING_OUTPUT: 'reasoning_output',
  /** Counts input and output again. */
  TOTAL: 'total',
} as const;
/** @see {@link CodexTokenType} */
export type CodexTokenType = (typeof CodexTokenType)[keyof typeof CodexTokenType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_CODEX_CLI: readonly string[] = [
  ATTR_CODEX_ERROR,
  ATTR_CODEX_CWD,
  ATTR_CODEX_PROMPT,
  ATTR_CODEX_ARGUMENTS,
  ATTR_CODEX_OUTPUT,
];
