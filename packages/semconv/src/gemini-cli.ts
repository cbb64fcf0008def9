// Gemini CLI: two log events a call, two cumulative metrics, spans. Only `api_response` and the typed metric have
// the thoughts.

// Usage of `gemini_cli.api_response`. Input includes the cached part, output EXCLUDES the thoughts.
export const ATTR_GEMINI_CLI_INPUT_TOKEN_COUNT = 'input_token_count';
export const ATTR_GEMINI_CLI_OUTPUT_TOKEN_COUNT = 'output_token_count';
export const ATTR_GEMINI_CLI_CACHED_CONTENT_TOKEN_COUNT = 'cached_content_token_count';
export const ATTR_GEMINI_CLI_THOUGHTS_TOKEN_COUNT = 'thoughts_token_count';
export const ATTR_GEMINI_CLI_TOOL_TOKEN_COUNT = 'tool_token_count';
export const ATTR_GEMINI_CLI_TOTAL_TOKEN_COUNT = 'total_token_count';

// Identity. `session.id` is general.ts.
/** `<agent_id>#<n>` in sub-agents, the session id in main calls. */
export const ATTR_GEMINI_CLI_PROMPT_ID = 'prompt_id';
export const ATTR_GEMINI_CLI_AGENT_ID = 'agent_id';
export const ATTR_GEMINI_CLI_AGENT_NAME = 'agent_name';
/** `main`, `subagent`, or `utility_*`: the tool's own calls, real cost but no turns. */
export const ATTR_GEMINI_CLI_ROLE = 'role';

// Request, response, timing.
export const ATTR_GEMINI_CLI_MODEL = 'model';
export const ATTR_GEMINI_CLI_MODEL_NAME = 'model_name';
export const ATTR_GEMINI_CLI_DECISION_MODEL = 'decision_model';
/** Metric attribute. */
export const ATTR_ROUTING_DECISION_MODEL = 'routing.decision_model';
export const ATTR_GEMINI_CLI_STATUS_CODE = 'status_code';
export const ATTR_GEMINI_CLI_ERROR_TYPE = 'error_type';
/** Content. */
export const ATTR_GEMINI_CLI_ERROR = 'error';
/** Milliseconds. */
export const ATTR_GEMINI_CLI_DURATION = 'duration';
export const ATTR_GEMINI_CLI_DURATION_MS = 'duration_ms';
export const ATTR_GEMINI_CLI_AUTH_TYPE = 'auth_type';
export const ATTR_GEMINI_CLI_FINISH_REASONS = 'finish_reasons';
export const ATTR_GEMINI_CLI_TURN_COUNT = 'turn_count';
export const ATTR_GEMINI_CLI_TERMINATE_REASON = 'terminate_reason';
/** Metric attribute, one of `GeminiCliTokenType`. */
export const ATTR_GEMINI_CLI_TYPE = 'type';

// Tools.
export const ATTR_GEMINI_CLI_FUNCTION_NAME = 'function_name';
export const ATTR_GEMINI_CLI_TOOL_TYPE = 'tool_type';
export const ATTR_GEMINI_CLI_DECISION = 'decision';
export const ATTR_GEMINI_CLI_SUCCESS = 'success';
export const ATTR_GEMINI_CLI_MCP_SERVER_NAME = 'mcp_server_name';

// Content.
export const ATTR_GEMINI_CLI_PROMPT = 'prompt';
export const ATTR_GEMINI_CLI_REQUEST_TEXT = 'request_text';
export const ATTR_GEMINI_CLI_RESPONSE_TEXT = 'response_text';
export const ATTR_GEMINI_CLI_FUNCTION_ARGS = 'function_args';
export const ATTR_GEMINI_CLI_REASONING = 'reasoning';
/** Metric attribute: the router model's words. */
export const ATTR_ROUTING_REASONING = 'routing.reasoning';

// Events (`event.name`).
export const EVENT_GEMINI_CLI_API_REQUEST = 'gemini_cli.api_request';
export const EVENT_GEMINI_CLI_API_RESPONSE = 'gemini_cli.api_response';
export const EVENT_GEMINI_CLI_API_ERROR = 'gemini_cli.api_error';
/** Maps `agent_id` to `agent_name`. */
export const EVENT_GEMINI_CLI_AGENT_START = 'gemini_cli.agent.start';
export const EVENT_GEMINI_CLI_AGENT_FINISH = 'gemini_cli.agent.finish';
export const EVENT_GEMINI_CLI_USER_PROMPT = 'gemini_cli.user_prompt';
export const EVENT_GEMINI_CLI_TOOL_CALL = 'gemini_cli.tool_call';
export const EVENT_GEMINI_CLI_MODEL_ROUTING = 'gemini_cli.model_routing';
export const EVENT_GEMINI_CLI_CONFIG = 'gemini_cli.config';

// Metrics, cumulative, without the process they come from.
export const METRIC_GEMINI_CLI_TOKEN_USAGE = 'gemini_cli.token.usage';
export const METRIC_GEMINI_CLI_SESSION_COUNT = 'gemini_cli.session.count';
export const METRIC_GEMINI_CLI_API_REQUEST_COUNT = 'gemini_cli.api.request.count';
/** Unit `ms`. */
export const METRIC_GEMINI_CLI_API_REQUEST_LATENCY = 'gemini_cli.api.request.latency';
export const METRIC_GEMINI_CLI_TOOL_CALL_COUNT = 'gemini_cli.tool.call.count';
/** Unit `ms`. */
export const METRIC_GEMINI_CLI_TOOL_CALL_LATENCY = 'gemini_cli.tool.call.latency';
export const METRIC_GEMINI_CLI_AGENT_RUN_COUNT = 'gemini_cli.agent.run.count';
/** Unit `turns`. */
export const METRIC_GEMINI_CLI_AGENT_TURNS = 'gemini_cli.agent.turns';
/** Unit `ms`. */
export const METRIC_GEMINI_CLI_AGENT_DURATION = 'gemini_cli.agent.duration';
/** Unit `ms`. */
export const METRIC_GEMINI_CLI_MODEL_ROUTING_LATENCY = 'gemini_cli.model_routing.latency';

// Spans and scope.
export const SPAN_GEMINI_CLI_LLM_CALL = 'llm_call';
export const SPAN_GEMINI_CLI_AGENT_CALL = 'agent_call';
export const SPAN_GEMINI_CLI_TOOL_CALL = 'tool_call';
export const SPAN_GEMINI_CLI_SCHEDULE_TOOL_CALLS = 'schedule_tool_calls';
export const SCOPE_GEMINI_CLI = 'gemini-cli';

/** Values of `type` on `gemini_cli.token.usage`; Qwen Code's are the same. */
export const GeminiCliTokenType = {
  INPUT: 'input',
  OUTPUT: 'output',
  THOUGHT: 'thought',
  CACHE: 'cache',
  TOOL: 'tool',
} as const;
/** @see {@link GeminiCliTokenType} */
export type GeminiCliTokenType = (typeof GeminiCliTokenType)[keyof typeof GeminiCliTokenType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_GEMINI_CLI: readonly string[] = [
  ATTR_GEMINI_CLI_ERROR,
  ATTR_GEMINI_CLI_PROMPT,
  ATTR_GEMINI_CLI_REQUEST_TEXT,
  ATTR_GEMINI_CLI_RESPONSE_TEXT,
  ATTR_GEMINI_CLI_FUNCTION_ARGS,
  ATTR_GEMINI_CLI_REASONING,
  ATTR_ROUTING_REASONING,
];
