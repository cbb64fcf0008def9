// Claude Code and the Claude Agent SDK: log events, delta metrics, beta spans, each with the full usage.

// Usage of `api_request` events and `claude_code.llm_request` spans. EXCLUSIVE: prompt = input + cache read + cache
// creation.
export const ATTR_CLAUDE_CODE_INPUT_TOKENS = 'input_tokens';
export const ATTR_CLAUDE_CODE_OUTPUT_TOKENS = 'output_tokens';
export const ATTR_CLAUDE_CODE_CACHE_READ_TOKENS = 'cache_read_tokens';
export const ATTR_CLAUDE_CODE_CACHE_CREATION_TOKENS = 'cache_creation_tokens';
/** Part of `ATTR_CLAUDE_CODE_CACHE_CREATION_TOKENS`. */
export const ATTR_CLAUDE_CODE_CACHE_CREATION_5M_TOKENS = 'cache_creation_5m_tokens';
/** Part of `ATTR_CLAUDE_CODE_CACHE_CREATION_TOKENS`. */
export const ATTR_CLAUDE_CODE_CACHE_CREATION_1H_TOKENS = 'cache_creation_1h_tokens';
/** Exact list price for known models, invented for unknown ones. */
export const ATTR_CLAUDE_CODE_COST_USD = 'cost_usd';
/** Rounded per call: do not sum. */
export const ATTR_CLAUDE_CODE_COST_USD_MICROS = 'cost_usd_micros';
/** `subagent_completed`: the last request only, not a sum. */
export const ATTR_CLAUDE_CODE_TOTAL_TOKENS = 'total_tokens';
export const ATTR_CLAUDE_CODE_TOTAL_TOOL_USES = 'total_tool_uses';

// Identity. `session.id`, `user.id`, `organization.id`, `event.sequence`: general.ts; `prompt.id`, `agent.name`:
// openinference.ts.
/** Tells sub-agents apart; absent before 2.1.2xx. */
export const ATTR_CLAUDE_CODE_AGENT_ID = 'agent_id';
export const ATTR_CLAUDE_CODE_AGENT_TYPE = 'agent_type';
/** On spans: the sub-agent's real name. */
export const ATTR_CLAUDE_CODE_SUBAGENT_TYPE = 'subagent_type';
/** `sdk`, `agent:custom`, `main`, `subagent`. */
export const ATTR_CLAUDE_CODE_QUERY_SOURCE = 'query_source';
export const ATTR_CLAUDE_CODE_QUERY_SOURCE_SAFE = 'query_source_safe';
/** Pairs the event with the span of the same call. */
export const ATTR_CLAUDE_CODE_REQUEST_ID = 'request_id';
export const ATTR_MESSAGE_UUID = 'message.uuid';
export const ATTR_USER_ACCOUNT_UUID = 'user.account_uuid';
export const ATTR_USER_ACCOUNT_ID = 'user.account_id';
export const ATTR_TERMINAL_TYPE = 'terminal.type';
export const ATTR_APP_VERSION = 'app.version';
/** Gemini CLI. */
export const ATTR_INSTALLATION_ID = 'installation.id';

// Request, response, timing.
/** Also a metric attribute. */
export const ATTR_CLAUDE_CODE_MODEL = 'model';
export const ATTR_CLAUDE_CODE_FINAL_MODEL = 'final_model';
export const ATTR_CLAUDE_CODE_MODEL_SWAPPED = 'model_swapped';
export const ATTR_CLAUDE_CODE_SPEED = 'speed';
export const ATTR_CLAUDE_CODE_EFFORT = 'effort';
export const ATTR_CLAUDE_CODE_STOP_REASON = 'stop_reason';
export const ATTR_CLAUDE_CODE_STATUS_CODE = 'status_code';
export const ATTR_CLAUDE_CODE_ATTEMPT = 'attempt';
/** Content. */
export const ATTR_CLAUDE_CODE_ERROR = 'error';
export const ATTR_CLAUDE_CODE_DURATION_MS = 'duration_ms';
export const ATTR_CLAUDE_CODE_TTFT_MS = 'ttft_ms';
export const ATTR_CLAUDE_CODE_FIRST_CONTENT_MS = 'first_content_ms';
export const ATTR_CLAUDE_CODE_SUCCESS = 'success';
/** Metric attribute, one of `ClaudeCodeTokenType`. */
export const ATTR_CLAUDE_CODE_TYPE = 'type';
export const ATTR_CLAUDE_CODE_START_TYPE = 'start_type';

// Tools.
export const ATTR_CLAUDE_CODE_TOOL_NAME = 'tool_name';
export const ATTR_CLAUDE_CODE_TOOL_NAME_SAFE = 'tool_name_safe';
export const ATTR_CLAUDE_CODE_TOOL_USE_ID = 'tool_use_id';
export const ATTR_CLAUDE_CODE_TOOL_SOURCE = 'tool_source';
export const ATTR_CLAUDE_CODE_DECISION = 'decision';
export const ATTR_CLAUDE_CODE_SOURCE = 'source';
export const ATTR_MCP_SERVER_NAME = 'mcp_server.name';
export const ATTR_MCP_TOOL_NAME = 'mcp_tool.name';

// Spans.
export const ATTR_INTERACTION_SEQUENCE = 'interaction.sequence';
export const ATTR_INTERACTION_DURATION_MS = 'interaction.duration_ms';
export const ATTR_LLM_REQUEST_CONTEXT = 'llm_request.context';
export const ATTR_PARENT_SOURCE = 'parent.source';
export const SPAN_CLAUDE_CODE_INTERACTION = 'claude_code.interaction';
export const SPAN_CLAUDE_CODE_LLM_REQUEST = 'claude_code.llm_request';
export const SPAN_CLAUDE_CODE_TOOL = 'claude_code.tool';
export const SPAN_CLAUDE_CODE_TOOL_EXECUTION = 'claude_code.tool.execution';
/** Human wait. */
export const SPAN_CLAUDE_CODE_TOOL_BLOCKED_ON_USER = 'claude_code.tool.blocked_on_user';

// Content.
export const ATTR_CLAUDE_CODE_PROMPT = 'prompt';
export const ATTR_CLAUDE_CODE_PROMPT_TEXT = 'prompt_text';
export const ATTR_CLAUDE_CODE_RESPONSE = 'response';
export const ATTR_CLAUDE_CODE_USER_PROMPT = 'user_prompt';
export const ATTR_CLAUDE_CODE_TOOL_INPUT = 'tool_input';
export const ATTR_CLAUDE_CODE_TOOL_PARAMETERS = 'tool_parameters';
export const ATTR_RESPONSE_MODEL_OUTPUT = 'response.model_output';

// Events: attribute `event.name`; the body is the same with `claude_code.` in front.
export const EVENT_CLAUDE_CODE_API_REQUEST = 'api_request';
export const EVENT_CLAUDE_CODE_API_ERROR = 'api_error';
export const EVENT_CLAUDE_CODE_USER_PROMPT = 'user_prompt';
export const EVENT_CLAUDE_CODE_ASSISTANT_RESPONSE = 'assistant_response';
export const EVENT_CLAUDE_CODE_TOOL_DECISION = 'tool_decision';
export const EVENT_CLAUDE_CODE_TOOL_RESULT = 'tool_result';
export const EVENT_CLAUDE_CODE_SUBAGENT_COMPLETED = 'subagent_completed';
/** Span event: a retried 429 is only here. */
export const EVENT_GEN_AI_REQUEST_ATTEMPT = 'gen_ai.request.attempt';
export const EVENT_PREFIX_CLAUDE_CODE = 'claude_code.';

// Metrics, delta by default.
/** By `type`, unit `tokens`; exact. */
export const METRIC_CLAUDE_CODE_TOKEN_USAGE = 'claude_code.token.usage';
/** Unit `USD`. */
export const METRIC_CLAUDE_CODE_COST_USAGE = 'claude_code.cost.usage';
export const METRIC_CLAUDE_CODE_SESSION_COUNT = 'claude_code.session.count';
/** Unit `s`. */
export const METRIC_CLAUDE_CODE_ACTIVE_TIME_TOTAL = 'claude_code.active_time.total';
export const METRIC_CLAUDE_CODE_LINES_OF_CODE_COUNT = 'claude_code.lines_of_code.count';
export const METRIC_CLAUDE_CODE_COMMIT_COUNT = 'claude_code.commit.count';
export const METRIC_CLAUDE_CODE_PULL_REQUEST_COUNT = 'claude_code.pull_request.count';
export const METRIC_CLAUDE_CODE_CODE_EDIT_TOOL_DECISION = 'claude_code.code_edit_tool.decision';

// Scopes.
export const SCOPE_COM_ANTHROPIC_CLAUDE_CODE = 'com.anthropic.claude_code';
export const SCOPE_COM_ANTHROPIC_CLAUDE_CODE_EVENTS = 'com.anthropic.claude_code.events';
export const SCOPE_COM_ANTHROPIC_CLAUDE_CODE_TRACING = 'com.anthropic.claude_code.tracing';

/** Values of `span.type` (voltagent.ts) that Claude Code writes. */
export const ClaudeCodeSpanType = {
  INTERACTION: 'interaction',
  /** The inference. */
  LLM_REQUEST: 'llm_request',
  TOOL: 'tool',
  TOOL_EXECUTION: 'tool.execution',
  /** Human wait. */
  TOOL_BLOCKED_ON_USER: 'tool.blocked_on_user',
} as const;
/** @see {@link ClaudeCodeSpanType} */
export type ClaudeCodeSpanType = (typeof ClaudeCodeSpanType)[keyof typeof ClaudeCodeSpanType];

/** Values of `type` on `claude_code.token.usage`; Continue CLI's are the same. */
export const ClaudeCodeTokenType = {
  INPUT: 'input',
  OUTPUT: 'output',
  CACHE_READ: 'cacheRead',
  CACHE_CREATION: 'cacheCreation',
} as const;
/** @see {@link ClaudeCodeTokenType} */
export type ClaudeCodeTokenType = (typeof ClaudeCodeTokenType)[keyof typeof ClaudeCodeTokenType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_CLAUDE_CODE: readonly string[] = [
  ATTR_CLAUDE_CODE_ERROR,
  ATTR_CLAUDE_CODE_PROMPT,
  ATTR_CLAUDE_CODE_PROMPT_TEXT,
  ATTR_CLAUDE_CODE_RESPONSE,
  ATTR_CLAUDE_CODE_USER_PROMPT,
  ATTR_CLAUDE_CODE_TOOL_INPUT,
  ATTR_CLAUDE_CODE_TOOL_PARAMETERS,
  ATTR_RESPONSE_MODEL_OUTPUT,
];
