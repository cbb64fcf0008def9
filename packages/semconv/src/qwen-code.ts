// Qwen Code, a fork of Gemini CLI with the same keys. With an OpenAI-style provider its output INCLUDES the
// thoughts.

// Usage of `qwen-code.api_response`.
export const ATTR_QWEN_CODE_INPUT_TOKEN_COUNT = 'input_token_count';
export const ATTR_QWEN_CODE_OUTPUT_TOKEN_COUNT = 'output_token_count';
export const ATTR_QWEN_CODE_CACHED_CONTENT_TOKEN_COUNT = 'cached_content_token_count';
export const ATTR_QWEN_CODE_THOUGHTS_TOKEN_COUNT = 'thoughts_token_count';
export const ATTR_QWEN_CODE_TOOL_TOKEN_COUNT = 'tool_token_count';
export const ATTR_QWEN_CODE_TOTAL_TOKEN_COUNT = 'total_token_count';
/** On `qwen-code.llm_request` spans. */
export const ATTR_QWEN_CODE_INPUT_TOKENS = 'input_tokens';
export const ATTR_QWEN_CODE_OUTPUT_TOKENS = 'output_tokens';
export const ATTR_QWEN_CODE_CACHED_INPUT_TOKENS = 'cached_input_tokens';
export const ATTR_QWEN_CODE_THOUGHTS_TOKENS = 'thoughts_tokens';
export const ATTR_QWEN_CODE_TOTAL_TOKENS = 'total_tokens';

// Identity. `session.id` is general.ts, the response id pairs event and span.
export const ATTR_QWEN_CODE_PROMPT_ID = 'prompt_id';
export const ATTR_QWEN_CODE_RESPONSE_ID = 'response_id';
export const ATTR_QWEN_CODE_SUBAGENT_NAME = 'subagent_name';

// Request, response, timing.
export const ATTR_QWEN_CODE_MODEL = 'model';
export const ATTR_QWEN_CODE_STATUS_CODE = 'status_code';
export const ATTR_QWEN_CODE_ERROR_TYPE = 'error_type';
export const ATTR_QWEN_CODE_SUCCESS = 'success';
export const ATTR_QWEN_CODE_DURATION_MS = 'duration_ms';
export const ATTR_QWEN_CODE_TTFT_MS = 'ttft_ms';
/** Metric attribute, one of `GeminiCliTokenType`. */
export const ATTR_QWEN_CODE_TYPE = 'type';
export const ATTR_QWEN_CODE_FUNCTION_NAME = 'function_name';

// Events, metrics, spans.
export const EVENT_QWEN_CODE_API_REQUEST = 'qwen-code.api_request';
export const EVENT_QWEN_CODE_API_RESPONSE = 'qwen-code.api_response';
export const EVENT_QWEN_CODE_API_ERROR = 'qwen-code.api_error';
export const EVENT_QWEN_CODE_TOOL_CALL = 'qwen-code.tool_call';
export const EVENT_QWEN_CODE_USER_PROMPT = 'qwen-code.user_prompt';
export const EVENT_QWEN_CODE_SUBAGENT_EXECUTION = 'qwen-code.subagent_execution';
/** Cumulative, without a session id by default. */
export const METRIC_QWEN_CODE_TOKEN_USAGE = 'qwen-code.token.usage';
export const METRIC_QWEN_CODE_SESSION_COUNT = 'qwen-code.session.count';
export const METRIC_QWEN_CODE_API_REQUEST_COUNT = 'qwen-code.api.request.count';
/** Unit `ms`. */
export const METRIC_QWEN_CODE_API_REQUEST_LATENCY = 'qwen-code.api.request.latency';
export const METRIC_QWEN_CODE_TOOL_CALL_COUNT = 'qwen-code.tool.call.count';
/** Unit `ms`. */
export const METRIC_QWEN_CODE_TOOL_CALL_LATENCY = 'qwen-code.tool.call.latency';
export const METRIC_QWEN_CODE_SUBAGENT_EXECUTION_COUNT = 'qwen-code.subagent.execution.count';
export const SPAN_QWEN_CODE_LLM_REQUEST = 'qwen-code.llm_request';
export const SPAN_QWEN_CODE_INTERACTION = 'qwen-code.interaction';
export const SPAN_QWEN_CODE_SUBAGENT = 'qwen-code.subagent';
export const SPAN_QWEN_CODE_TOOL = 'qwen-code.tool';
export const SCOPE_QWEN_CODE = 'qwen-code';
