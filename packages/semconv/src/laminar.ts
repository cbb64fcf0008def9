// Laminar (lmnr). Its usage is spelled as in gen-ai.ts and gen-ai-legacy.ts.

// What the span is.
/** One of `LaminarSpanType`; `LLM` is an inference. */
export const ATTR_LMNR_SPAN_TYPE = 'lmnr.span.type';
export const ATTR_LMNR_SPAN_ORIGINAL_TYPE = 'lmnr.span.original_type';
/** Names from the root down, an array; its first is the workflow. */
export const ATTR_LMNR_SPAN_PATH = 'lmnr.span.path';
export const ATTR_LMNR_SPAN_IDS_PATH = 'lmnr.span.ids_path';
export const ATTR_LMNR_SPAN_PARENT_PATH = 'lmnr.span.parent_path';
export const ATTR_LMNR_SPAN_PARENT_IDS_PATH = 'lmnr.span.parent_ids_path';
export const ATTR_LMNR_SPAN_SDK_VERSION = 'lmnr.span.sdk_version';
export const ATTR_LMNR_SPAN_INSTRUMENTATION_SOURCE = 'lmnr.span.instrumentation_source';
export const ATTR_LMNR_SPAN_INSTRUMENTATION_SCOPE_NAME = 'lmnr.span.instrumentation_scope.name';

// Identity.
export const ATTR_LMNR_ASSOCIATION_PROPERTIES = 'lmnr.association.properties';
export const ATTR_PREFIX_LMNR_ASSOCIATION_PROPERTIES = 'lmnr.association.properties.';
export const ATTR_LMNR_ASSOCIATION_PROPERTIES_SESSION_ID = 'lmnr.association.properties.session_id';
export const ATTR_LMNR_ASSOCIATION_PROPERTIES_USER_ID = 'lmnr.association.properties.user_id';
export const ATTR_LMNR_ASSOCIATION_PROPERTIES_TAGS = 'lmnr.association.properties.tags';
export const ATTR_LMNR_ASSOCIATION_PROPERTIES_TRACE_TYPE = 'lmnr.association.properties.trace_type';
export const ATTR_LMNR_ASSOCIATION_PROPERTIES_TRACING_LEVEL = 'lmnr.association.properties.tracing_level';
export const ATTR_PREFIX_LMNR_ASSOCIATION_PROPERTIES_METADATA = 'lmnr.association.properties.metadata.';
export const ATTR_LMNR_EVENT_SESSION_ID = 'lmnr.event.session_id';
export const ATTR_LMNR_EVENT_USER_ID = 'lmnr.event.user_id';

// Content.
export const ATTR_LMNR_SPAN_INPUT = 'lmnr.span.input';
export const ATTR_LMNR_SPAN_OUTPUT = 'lmnr.span.output';
export const ATTR_GEN_AI_REQUEST_STRUCTURED_OUTPUT_SCHEMA = 'gen_ai.request.structured_output_schema';

// Scope.
export const SCOPE_LMNR_TRACER = 'lmnr.tracer';

/** Values of `lmnr.span.type`. */
export const LaminarSpanType = {
  DEFAULT: 'DEFAULT',
  LLM: 'LLM',
  TOOL: 'TOOL',
  CACHED: 'CACHED',
  EXECUTOR: 'EXECUTOR',
  EVALUATOR: 'EVALUATOR',
  HUMAN_EVALUATOR: 'HUMAN_EVALUATOR',
  EVALUATION: 'EVALUATION',
} as const;
/** @see {@link LaminarSpanType} */
export type LaminarSpanType = (typeof LaminarSpanType)[keyof typeof LaminarSpanType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_LAMINAR: readonly string[] = [
  ATTR_LMNR_SPAN_INPUT,
  ATTR_LMNR_SPAN_OUTPUT,
  ATTR_GEN_AI_REQUEST_STRUCTURED_OUTPUT_SCHEMA,
];
