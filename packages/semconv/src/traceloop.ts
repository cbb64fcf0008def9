// OpenLLMetry / Traceloop (Python and JavaScript), and the `llm.*` names of its first years.

// What the span is.
/** One of `TraceloopSpanKind`; none of them carries usage. */
export const ATTR_TRACELOOP_SPAN_KIND = 'traceloop.span.kind';
/** One of `LlmRequestType`; also LiteLLM v1. */
export const ATTR_LLM_REQUEST_TYPE = 'llm.request.type';

// Identity.
export const ATTR_TRACELOOP_WORKFLOW_NAME = 'traceloop.workflow.name';
/** The agent or the tool, by span kind. */
export const ATTR_TRACELOOP_ENTITY_NAME = 'traceloop.entity.name';
export const ATTR_TRACELOOP_ENTITY_PATH = 'traceloop.entity.path';
export const ATTR_TRACELOOP_ENTITY_VERSION = 'traceloop.entity.version';
export const ATTR_TRACELOOP_CORRELATION_ID = 'traceloop.correlation.id';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES = 'traceloop.association.properties';
/** Whatever the app associates; copied onto foreign spans below. */
export const ATTR_PREFIX_TRACELOOP_ASSOCIATION_PROPERTIES = 'traceloop.association.properties.';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_SESSION_ID = 'traceloop.association.properties.session_id';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_THREAD_ID = 'traceloop.association.properties.thread_id';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_CHAT_ID = 'traceloop.association.properties.chat_id';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_USER_ID = 'traceloop.association.properties.user_id';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_CUSTOMER_ID = 'traceloop.association.properties.customer_id';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_TENANT_ID = 'traceloop.association.properties.tenant_id';
/** LangChain's agent. */
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LC_AGENT_NAME = 'traceloop.association.properties.lc_agent_name';
/** LangGraph's node: not an agent when `model`, `tools` or `agent`. */
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LANGGRAPH_NODE = 'traceloop.association.properties.langgraph_node';
export const ATTR_TRACELOOP_ASSOCIATION_PROPERTIES_LANGGRAPH_CHECKPOINT_NS =
  'traceloop.association.properties.langgraph_checkpoint_ns';
/** Of the openai-agents instrumentation. */
export const ATTR_GEN_AI_HANDOFF_FROM_AGENT = 'gen_ai.handoff.from_agent';
export const ATTR_GEN_AI_HANDOFF_TO_AGENT = 'gen_ai.handoff.to_agent';

// Usage, inclusive since 0.62. `gen_ai.usage.*` beside these: gen-ai.ts, gen-ai-legacy.ts.
/** Until 2024; VoltAgent's own since. */
export const ATTR_LLM_USAGE_PROMPT_TOKENS = 'llm.usage.prompt_tokens';
export const ATTR_LLM_USAGE_COMPLETION_TOKENS = 'llm.usage.completion_tokens';
export const ATTR_LLM_USAGE_TOTAL_TOKENS = 'llm.usage.total_tokens';
export const ATTR_LLM_USAGE_CACHE_READ_INPUT_TOKENS = 'llm.usage.cache_read_input_tokens';
export const ATTR_LLM_USAGE_CACHE_CREATION_INPUT_TOKENS = 'llm.usage.cache_creation_input_tokens';
/** VoltAgent. */
export const ATTR_LLM_USAGE_CACHED_TOKENS = 'llm.usage.cached_tokens';
export const ATTR_LLM_USAGE_REASONING_TOKENS = 'llm.usage.reasoning_tokens';
export const ATTR_LLM_USAGE_TOKEN_TYPE = 'llm.usage.token_type';
export const ATTR_GEN_AI_IS_STREAMING = 'gen_ai.is_streaming';
export const ATTR_GEN_AI_REQUEST_THINKING_TYPE = 'gen_ai.request.thinking_type';
export const ATTR_GEN_AI_REQUEST_THINKING_BUDGET_TOKENS = 'gen_ai.request.thinking.budget_tokens';

// `llm.*` until 2024: old → new.
/** → `gen_ai.system`. */
export const ATTR_LLM_VENDOR = 'llm.vendor';
/** → `gen_ai.request.model`. */
export const ATTR_LLM_REQUEST_MODEL = 'llm.request.model';
/** → `gen_ai.response.model`. */
export const ATTR_LLM_RESPONSE_MODEL = 'llm.response.model';
/** → `gen_ai.response.id`. */
export const ATTR_LLM_RESPONSE_ID = 'llm.response.id';
/** → `gen_ai.response.finish_reasons`. */
export const ATTR_LLM_RESPONSE_FINISH_REASON = 'llm.response.finish_reason';
export const ATTR_LLM_RESPONSE_STOP_REASON = 'llm.response.stop_reason';
/** → `gen_ai.request.stream`. Also LiteLLM. */
export const ATTR_LLM_IS_STREAMING = 'llm.is_streaming';
export const ATTR_LLM_USER = 'llm.user';
export const ATTR_LLM_HEADERS = 'llm.headers';
/** → `gen_ai.request.top_k`. */
export const ATTR_LLM_TOP_K = 'llm.top_k';
/** → `gen_ai.request.frequency_penalty`. */
export const ATTR_LLM_FREQUENCY_PENALTY = 'llm.frequency_penalty';
/** → `gen_ai.request.presence_penalty`. */
export const ATTR_LLM_PRESENCE_PENALTY = 'llm.presence_penalty';
/** → `gen_ai.request.stop_sequences`. */
export const ATTR_LLM_CHAT_STOP_SEQUENCES = 'llm.chat.stop_sequences';
export const ATTR_LLM_REQUEST_FUNCTIONS = 'llm.request.functions';
export const ATTR_PREFIX_LLM_REQUEST_FUNCTIONS = 'llm.request.functions.';
export const ATTR_PREFIX_LLM_COMPLETIONS = 'llm.completions.';
export const ATTR_LLM_CONTENT_COMPLETION_CHUNK = 'llm.content.completion.chunk';

// CrewAI through OpenLLMetry: texts, and sums that repeat the calls.
export const ATTR_CREWAI_CREW_TOKEN_USAGE = 'crewai.crew.token_usage';
export const ATTR_CREWAI_CREW_USAGE_METRICS = 'crewai.crew.usage_metrics';

// Guardrails (JavaScript, 2026).
export const ATTR_GEN_AI_GUARDRAIL_NAME = 'gen_ai.guardrail.name';
export const ATTR_GEN_AI_GUARDRAIL_STATUS = 'gen_ai.guardrail.status';
export const ATTR_GEN_AI_GUARDRAIL_DURATION = 'gen_ai.guardrail.duration';
export const ATTR_GEN_AI_GUARDRAIL_GUARD_COUNT = 'gen_ai.guardrail.guard_count';
export const ATTR_GEN_AI_GUARDRAIL_FAILED_GUARD_COUNT = 'gen_ai.guardrail.failed_guard_count';
export const ATTR_GEN_AI_GUARDRAIL_ERROR_TYPE = 'gen_ai.guardrail.error.type';
export const ATTR_GEN_AI_GUARDRAIL_ERROR_MESSAGE = 'gen_ai.guardrail.error.message';
export const ATTR_GEN_AI_GUARDRAIL_INPUT = 'gen_ai.guardrail.input';
export const ATTR_GEN_AI_GUARDRAIL_OUTPUT = 'gen_ai.guardrail.output';

// Content.
export const ATTR_TRACELOOP_ENTITY_INPUT = 'traceloop.entity.input';
export const ATTR_TRACELOOP_ENTITY_OUTPUT = 'traceloop.entity.output';
export const ATTR_TRACELOOP_PROMPT_KEY = 'traceloop.prompt.key';
export const ATTR_TRACELOOP_PROMPT_VERSION = 'traceloop.prompt.version';
export const ATTR_TRACELOOP_PROMPT_TEMPLATE = 'traceloop.prompt.template';
export const ATTR_TRACELOOP_PROMPT_TEMPLATE_VARIABLES = 'traceloop.prompt.template_variables';
export const ATTR_MCP_REQUEST_ID = 'mcp.request.id';
export const ATTR_MCP_RESPONSE_VALUE = 'mcp.response.value';

// Scopes.
export const SCOPE_PREFIX_TRACELOOP = '@traceloop/';
/** Also the official Python instrumentations and AG2's. */
export const SCOPE_PREFIX_OPENTELEMETRY_INSTRUMENTATION = 'opentelemetry.instrumentation.';

/** Values of `traceloop.span.kind`. */
export const TraceloopSpanKind = {
  WORKFLOW: 'workflow',
  TASK: 'task',
  AGENT: 'agent',
  TOOL: 'tool',
  SESSION: 'session',
  UNKNOWN: 'unknown',
} as const;
/** @see {@link TraceloopSpanKind} */
export type TraceloopSpanKind = (typeof TraceloopSpanKind)[keyof typeof TraceloopSpanKind];

/** Values of `llm.request.type`. */
export const LlmRequestType = {
  CHAT: 'chat',
  COMPLETION: 'completion',
  EMBEDDING: 'embedding',
  RERANK: 'rerank',
  UNKNOWN: 'unknown',
} as const;
/** @see {@link LlmRequestType} */
export type LlmRequestType = (typeof LlmRequestType)[keyof typeof LlmRequestType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_TRACELOOP: readonly string[] = [
  ATTR_LLM_HEADERS,
  ATTR_LLM_REQUEST_FUNCTIONS,
  ATTR_LLM_CONTENT_COMPLETION_CHUNK,
  ATTR_GEN_AI_GUARDRAIL_ERROR_MESSAGE,
  ATTR_GEN_AI_GUARDRAIL_INPUT,
  ATTR_GEN_AI_GUARDRAIL_OUTPUT,
  ATTR_TRACELOOP_ENTITY_INPUT,
  ATTR_TRACELOOP_ENTITY_OUTPUT,
  ATTR_TRACELOOP_PROMPT_TEMPLATE,
  ATTR_TRACELOOP_PROMPT_TEMPLATE_VARIABLES,
  ATTR_MCP_RESPONSE_VALUE,
];
export const CONTENT_PREFIXES_OF_TRACELOOP: readonly string[] = [
  ATTR_PREFIX_LLM_REQUEST_FUNCTIONS,
  ATTR_PREFIX_LLM_COMPLETIONS,
];
