// LangSmith's OpenTelemetry mode (Python; JavaScript's is deprecated and sends nothing for callback runs).

// What the span is.
/** One of `LangSmithSpanKind`; `llm` and `embedding` are inferences. */
export const ATTR_LANGSMITH_SPAN_KIND = 'langsmith.span.kind';
export const ATTR_LANGSMITH_SPAN_ID = 'langsmith.span.id';
export const ATTR_LANGSMITH_SPAN_PARENT_ID = 'langsmith.span.parent_id';
export const ATTR_LANGSMITH_SPAN_DOTTED_ORDER = 'langsmith.span.dotted_order';
export const ATTR_LANGSMITH_SPAN_TAGS = 'langsmith.span.tags';
export const ATTR_LANGSMITH_SPAN_RUNTIME = 'langsmith.span.runtime';
export const ATTR_LANGSMITH_IS_ROOT = 'langsmith.is_root';
export const ATTR_LANGSMITH_TRACE_ID = 'langsmith.trace.id';
export const ATTR_LANGSMITH_TRACE_NAME = 'langsmith.trace.name';
/** The project, not a session. */
export const ATTR_LANGSMITH_TRACE_SESSION_ID = 'langsmith.trace.session_id';
/** The project's name. */
export const ATTR_LANGSMITH_TRACE_SESSION_NAME = 'langsmith.trace.session_name';
export const ATTR_LANGSMITH_REFERENCE_EXAMPLE_ID = 'langsmith.reference_example_id';
export const ATTR_LANGSMITH_REQUEST_STREAMING = 'langsmith.request.streaming';
export const ATTR_LANGSMITH_REQUEST_HEADERS = 'langsmith.request.headers';

// Usage: JSON texts beside `gen_ai.usage.*`.
export const ATTR_LANGSMITH_USAGE_METADATA = 'langsmith.usage_metadata';
export const ATTR_LANGSMITH_METADATA_USAGE_METADATA = 'langsmith.metadata.usage_metadata';

// Identity.
export const ATTR_LANGSMITH_METADATA = 'langsmith.metadata';
export const ATTR_PREFIX_LANGSMITH_METADATA = 'langsmith.metadata.';
export const ATTR_LANGSMITH_METADATA_SESSION_ID = 'langsmith.metadata.session_id';
export const ATTR_LANGSMITH_METADATA_THREAD_ID = 'langsmith.metadata.thread_id';
export const ATTR_LANGSMITH_METADATA_CONVERSATION_ID = 'langsmith.metadata.conversation_id';
export const ATTR_LANGSMITH_METADATA_USER_ID = 'langsmith.metadata.user_id';
export const ATTR_LANGSMITH_METADATA_LC_AGENT_NAME = 'langsmith.metadata.lc_agent_name';
export const ATTR_LANGSMITH_METADATA_LANGGRAPH_NODE = 'langsmith.metadata.langgraph_node';
export const ATTR_LANGSMITH_METADATA_LANGGRAPH_CHECKPOINT_NS = 'langsmith.metadata.langgraph_checkpoint_ns';

// Content.
export const ATTR_GEN_AI_SERIALIZED_NAME = 'gen_ai.serialized.name';
export const ATTR_GEN_AI_SERIALIZED_SIGNATURE = 'gen_ai.serialized.signature';
export const ATTR_GEN_AI_SERIALIZED_DOC = 'gen_ai.serialized.doc';

// Scope.
export const SCOPE_LANGSMITH = 'langsmith';

/** Values of `langsmith.span.kind`. */
export const LangSmithSpanKind = {
  LLM: 'llm',
  CHAIN: 'chain',
  TOOL: 'tool',
  RETRIEVER: 'retriever',
  EMBEDDING: 'embedding',
  PROMPT: 'prompt',
  PARSER: 'parser',
} as const;
/** @see {@link LangSmithSpanKind} */
export type LangSmithSpanKind = (typeof LangSmithSpanKind)[keyof typeof LangSmithSpanKind];

// What of these is content, joined in content.ts.
export const CONTENT_OF_LANGSMITH: readonly string[] = [
  ATTR_LANGSMITH_REQUEST_HEADERS,
  ATTR_LANGSMITH_METADATA,
  ATTR_GEN_AI_SERIALIZED_SIGNATURE,
  ATTR_GEN_AI_SERIALIZED_DOC,
];
