// Langfuse SDKs (JavaScript and Python) and their OpenTelemetry wrappers.

// What the span is, and its model.
/** One of `LangfuseObservationType`; `generation` and `embedding` are inferences. */
export const ATTR_LANGFUSE_OBSERVATION_TYPE = 'langfuse.observation.type';
export const ATTR_LANGFUSE_OBSERVATION_MODEL_NAME = 'langfuse.observation.model.name';
export const ATTR_LANGFUSE_OBSERVATION_MODEL_PARAMETERS = 'langfuse.observation.model.parameters';
/** `ERROR` here, not in the span's status. */
export const ATTR_LANGFUSE_OBSERVATION_LEVEL = 'langfuse.observation.level';
/** JSON text of an ISO time: the first token. */
export const ATTR_LANGFUSE_OBSERVATION_COMPLETION_START_TIME = 'langfuse.observation.completion_start_time';

// Usage and cost: JSON texts. JavaScript writes exclusive buckets, Python the provider's own, inclusive object.
export const ATTR_LANGFUSE_OBSERVATION_USAGE_DETAILS = 'langfuse.observation.usage_details';
export const ATTR_LANGFUSE_OBSERVATION_COST_DETAILS = 'langfuse.observation.cost_details';

// Identity. `session.id` and `user.id` (general.ts) are on all spans, foreign ones too.
export const ATTR_LANGFUSE_SESSION_ID = 'langfuse.session.id';
export const ATTR_LANGFUSE_USER_ID = 'langfuse.user.id';
export const ATTR_LANGFUSE_TRACE_NAME = 'langfuse.trace.name';
export const ATTR_LANGFUSE_TRACE_TAGS = 'langfuse.trace.tags';
export const ATTR_LANGFUSE_TRACE_PUBLIC = 'langfuse.trace.public';
export const ATTR_LANGFUSE_ENVIRONMENT = 'langfuse.environment';
export const ATTR_LANGFUSE_RELEASE = 'langfuse.release';
export const ATTR_LANGFUSE_VERSION = 'langfuse.version';
export const ATTR_LANGFUSE_INTERNAL_AS_ROOT = 'langfuse.internal.as_root';
export const ATTR_LANGFUSE_INTERNAL_IS_APP_ROOT = 'langfuse.internal.is_app_root';
export const ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME = 'langfuse.observation.prompt.name';
export const ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION = 'langfuse.observation.prompt.version';
export const ATTR_LANGFUSE_EXPERIMENT_ID = 'langfuse.experiment.id';
export const ATTR_LANGFUSE_EXPERIMENT_NAME = 'langfuse.experiment.name';

// Content.
export const ATTR_LANGFUSE_OBSERVATION_INPUT = 'langfuse.observation.input';
export const ATTR_LANGFUSE_OBSERVATION_OUTPUT = 'langfuse.observation.output';
export const ATTR_LANGFUSE_OBSERVATION_METADATA = 'langfuse.observation.metadata';
export const ATTR_LANGFUSE_OBSERVATION_STATUS_MESSAGE = 'langfuse.observation.status_message';
export const ATTR_LANGFUSE_TRACE_INPUT = 'langfuse.trace.input';
export const ATTR_LANGFUSE_TRACE_OUTPUT = 'langfuse.trace.output';
export const ATTR_LANGFUSE_TRACE_METADATA = 'langfuse.trace.metadata';
export const ATTR_PREFIX_LANGFUSE_OBSERVATION_METADATA = 'langfuse.observation.metadata.';
export const ATTR_PREFIX_LANGFUSE_TRACE_METADATA = 'langfuse.trace.metadata.';

// Scope.
export const SCOPE_LANGFUSE_SDK = 'langfuse-sdk';

/** Values of `langfuse.observation.type`. */
export const LangfuseObservationType = {
  SPAN: 'span',
  EVENT: 'event',
  GENERATION: 'generation',
  EMBEDDING: 'embedding',
  AGENT: 'agent',
  TOOL: 'tool',
  CHAIN: 'chain',
  RETRIEVER: 'retriever',
  EVALUATOR: 'evaluator',
  GUARDRAIL: 'guardrail',
} as const;
/** @see {@link LangfuseObservationType} */
export type LangfuseObservationType = (typeof LangfuseObservationType)[keyof typeof LangfuseObservationType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_LANGFUSE: readonly string[] = [
  ATTR_LANGFUSE_OBSERVATION_MODEL_PARAMETERS,
  ATTR_LANGFUSE_OBSERVATION_INPUT,
  ATTR_LANGFUSE_OBSERVATION_OUTPUT,
  ATTR_LANGFUSE_OBSERVATION_METADATA,
  ATTR_LANGFUSE_OBSERVATION_STATUS_MESSAGE,
  ATTR_LANGFUSE_TRACE_INPUT,
  ATTR_LANGFUSE_TRACE_OUTPUT,
  ATTR_LANGFUSE_TRACE_METADATA,
];
export const CONTENT_PREFIXES_OF_LANGFUSE: readonly string[] = [
  ATTR_PREFIX_LANGFUSE_OBSERVATION_METADATA,
  ATTR_PREFIX_LANGFUSE_TRACE_METADATA,
];
