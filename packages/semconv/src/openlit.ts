// OpenLIT (Python and JavaScript). Anthropic's usage is exclusive in Python; estimated where the provider sent
// none.

// Identity and environment.
export const ATTR_GEN_AI_ENVIRONMENT = 'gen_ai.environment';
export const ATTR_GEN_AI_APPLICATION_NAME = 'gen_ai.application_name';
export const ATTR_GEN_AI_AGENT_SESSION_ID = 'gen_ai.agent.session_id';
export const ATTR_GEN_AI_AGENT_TYPE = 'gen_ai.agent.type';
export const ATTR_GEN_AI_AGENT_SOURCE = 'gen_ai.agent.source';
export const ATTR_GEN_AI_AGENT_NUM_TURNS = 'gen_ai.agent.num_turns';
export const ATTR_GEN_AI_AGENT_DURATION_MS = 'gen_ai.agent.duration_ms';
export const ATTR_GEN_AI_USER_ID = 'gen_ai.user.id';
export const ATTR_GEN_AI_RUN_ID = 'gen_ai.run.id';
export const ATTR_GEN_AI_WORKFLOW_TYPE = 'gen_ai.workflow.type';
export const ATTR_GEN_AI_SDK_VERSION = 'gen_ai.sdk.version';
export const ATTR_GEN_AI_ENDPOINT = 'gen_ai.endpoint';
export const ATTR_OPENLIT_AGENT_VERSION_HASH = 'openlit.agent.version_hash';
export const ATTR_OPENLIT_SCORE_IDEMPOTENCY_KEY = 'openlit.score.idempotency_key';

// Request, response, timing.
export const ATTR_GEN_AI_REQUEST_IS_STREAM = 'gen_ai.request.is_stream';
/** Also Sentry. */
export const ATTR_GEN_AI_OPERATION_TYPE = 'gen_ai.operation.type';
export const ATTR_GEN_AI_REQUEST_PROVIDER = 'gen_ai.request.provider';
export const ATTR_GEN_AI_REQUEST_TOOL_CHOICE = 'gen_ai.request.tool_choice';
/** Seconds: a cost that is not tokens. */
export const ATTR_GEN_AI_REQUEST_AUDIO_DURATION = 'gen_ai.request.audio_duration';
export const ATTR_GEN_AI_REQUEST_IMAGE_SIZE = 'gen_ai.request.image_size';
export const ATTR_GEN_AI_REQUEST_IMAGE_QUALITY = 'gen_ai.request.image_quality';
export const ATTR_GEN_AI_FRAMEWORK_ERROR_TYPE = 'gen_ai.framework.error.type';
export const ATTR_GEN_AI_FRAMEWORK_ERROR_CLASS = 'gen_ai.framework.error.class';
/** Content. */
export const ATTR_GEN_AI_FRAMEWORK_ERROR_MESSAGE = 'gen_ai.framework.error.message';
export const ATTR_GEN_AI_RETRIEVAL_SOURCE = 'gen_ai.retrieval.source';
export const ATTR_GEN_AI_RETRIEVAL_DOCUMENT_COUNT = 'gen_ai.retrieval.document_count';

// Content.
export const ATTR_GEN_AI_WORKFLOW_INPUT = 'gen_ai.workflow.input';
export const ATTR_GEN_AI_WORKFLOW_OUTPUT = 'gen_ai.workflow.output';
export const ATTR_GEN_AI_RETRIEVAL_QUERY = 'gen_ai.retrieval.query';
export const ATTR_GEN_AI_TOOL_DEFINITION = 'gen_ai.tool.definition';
export const ATTR_GEN_AI_CONTENT_REVISED_PROMPT = 'gen_ai.content.revised_prompt';
export const ATTR_GEN_AI_AGENT_FINAL_RESULT = 'gen_ai.agent.final_result';
export const ATTR_GEN_AI_AGENT_THINKING = 'gen_ai.agent.thinking';
export const ATTR_GEN_AI_MEMORY_SEARCH_QUERY = 'gen_ai.memory.search.query';

// Scopes.
export const SCOPE_OPENLIT = 'openlit';
export const SCOPE_PREFIX_OPENLIT_INSTRUMENTATION_NPM = '@openlit/instrumentation-';
export const SCOPE_PREFIX_OPENLIT_INSTRUMENTATION = 'openlit.instrumentation.';

// What of these is content, joined in content.ts.
export const CONTENT_OF_OPENLIT: readonly string[] = [
  ATTR_GEN_AI_FRAMEWORK_ERROR_MESSAGE,
  ATTR_GEN_AI_WORKFLOW_INPUT,
  ATTR_GEN_AI_WORKFLOW_OUTPUT,
  ATTR_GEN_AI_RETRIEVAL_QUERY,
  ATTR_GEN_AI_TOOL_DEFINITION,
  ATTR_GEN_AI_CONTENT_REVISED_PROMPT,
  ATTR_GEN_AI_AGENT_FINAL_RESULT,
  ATTR_GEN_AI_AGENT_THINKING,
  ATTR_GEN_AI_MEMORY_SEARCH_QUERY,
];
