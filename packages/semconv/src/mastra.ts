// Mastra (otel-exporter 0.3 and 1.x). Usage on `chat` only, spelled as in gen-ai.ts and gen-ai-legacy.ts.

// What the span is.
/** One of `MastraSpanType`. */
export const ATTR_MASTRA_SPAN_TYPE = 'mastra.span.type';
export const ATTR_MASTRA_MODEL_STEP_STEP_INDEX = 'mastra.model_step.step_index';
export const ATTR_MASTRA_MODEL_STEP_IS_CONTINUED = 'mastra.model_step.is_continued';
/** ISO text: the first token. */
export const ATTR_MASTRA_COMPLETION_START_TIME = 'mastra.completion_start_time';
export const ATTR_MASTRA_TAGS = 'mastra.tags';

// Identity: what the app passes as metadata.
export const ATTR_PREFIX_MASTRA_METADATA = 'mastra.metadata.';
export const ATTR_MASTRA_METADATA_SESSION_ID = 'mastra.metadata.sessionId';
export const ATTR_MASTRA_METADATA_THREAD_ID = 'mastra.metadata.threadId';
export const ATTR_MASTRA_METADATA_USER_ID = 'mastra.metadata.userId';
export const ATTR_MASTRA_METADATA_RESOURCE_ID = 'mastra.metadata.resourceId';
export const ATTR_MASTRA_METADATA_RUN_ID = 'mastra.metadata.runId';
export const ATTR_MASTRA_METADATA_TOOL_NAME = 'mastra.metadata.toolName';
export const ATTR_MASTRA_METADATA_TOOL_CALL_ID = 'mastra.metadata.toolCallId';

// otel-exporter 0.3.
export const ATTR_MASTRA_TRACE_ID = 'mastra.trace_id';
export const ATTR_MASTRA_SPAN_ID = 'mastra.span_id';
export const ATTR_MASTRA_PARENT_SPAN_ID = 'mastra.parent_span_id';
export const ATTR_MASTRA_START_TIME = 'mastra.start_time';
export const ATTR_MASTRA_END_TIME = 'mastra.end_time';
export const ATTR_MASTRA_DURATION_MS = 'mastra.duration_ms';
export const ATTR_GEN_AI_TOOL_SUCCESS = 'gen_ai.tool.success';

// Log records.
export const ATTR_MASTRA_TRACE_ID_CAMEL_CASE = 'mastra.traceId';
export const ATTR_MASTRA_SPAN_ID_CAMEL_CASE = 'mastra.spanId';
/** Content: whole requests and answers among it. */
export const ATTR_PREFIX_MASTRA_LOG = 'mastra.log.';
export const ATTR_MASTRA_LOG_AGENT_ID = 'mastra.log.agentId';
export const ATTR_MASTRA_LOG_AGENT_NAME = 'mastra.log.agentName';
export const ATTR_MASTRA_LOG_RUN_ID = 'mastra.log.runId';
export const ATTR_MASTRA_LOG_MODEL_ID = 'mastra.log.modelId';
export const ATTR_MASTRA_LOG_PROVIDER = 'mastra.log.provider';
export const ATTR_MASTRA_LOG_ERROR_ID = 'mastra.log.errorId';

// Content: `mastra.<span type>.input` and `.output`.
export const ATTR_MASTRA_AGENT_RUN_INPUT = 'mastra.agent_run.input';
export const ATTR_MASTRA_AGENT_RUN_OUTPUT = 'mastra.agent_run.output';
export const ATTR_MASTRA_MODEL_GENERATION_INPUT = 'mastra.model_generation.input';
export const ATTR_MASTRA_MODEL_GENERATION_OUTPUT = 'mastra.model_generation.output';
export const ATTR_MASTRA_MODEL_INFERENCE_INPUT = 'mastra.model_inference.input';
export const ATTR_MASTRA_MODEL_INFERENCE_OUTPUT = 'mastra.model_inference.output';
export const ATTR_MASTRA_MODEL_STEP_INPUT = 'mastra.model_step.input';
export const ATTR_MASTRA_MODEL_STEP_OUTPUT = 'mastra.model_step.output';
export const ATTR_MASTRA_MODEL_CHUNK_INPUT = 'mastra.model_chunk.input';
export const ATTR_MASTRA_MODEL_CHUNK_OUTPUT = 'mastra.model_chunk.output';
export const ATTR_MASTRA_TOOL_CALL_INPUT = 'mastra.tool_call.input';
export const ATTR_MASTRA_TOOL_CALL_OUTPUT = 'mastra.tool_call.output';
export const ATTR_MASTRA_MCP_TOOL_CALL_INPUT = 'mastra.mcp_tool_call.input';
export const ATTR_MASTRA_MCP_TOOL_CALL_OUTPUT = 'mastra.mcp_tool_call.output';
export const ATTR_MASTRA_PROCESSOR_RUN_INPUT = 'mastra.processor_run.input';
export const ATTR_MASTRA_PROCESSOR_RUN_OUTPUT = 'mastra.processor_run.output';
export const ATTR_MASTRA_WORKFLOW_RUN_INPUT = 'mastra.workflow_run.input';
export const ATTR_MASTRA_WORKFLOW_RUN_OUTPUT = 'mastra.workflow_run.output';
export const ATTR_MASTRA_WORKFLOW_STEP_INPUT = 'mastra.workflow_step.input';
export const ATTR_MASTRA_WORKFLOW_STEP_OUTPUT = 'mastra.workflow_step.output';
export const ATTR_MASTRA_GENERIC_INPUT = 'mastra.generic.input';
export const ATTR_MASTRA_GENERIC_OUTPUT = 'mastra.generic.output';
export const ATTR_MASTRA_MAPPING_INPUT = 'mastra.mapping.input';
export const ATTR_MASTRA_MAPPING_OUTPUT = 'mastra.mapping.output';
export const ATTR_MASTRA_METADATA_BODY = 'mastra.metadata.body';
export const ATTR_MASTRA_METADATA_HEADERS = 'mastra.metadata.headers';
export const ATTR_MASTRA_METADATA_MODEL_METADATA = 'mastra.metadata.modelMetadata';
export const ATTR_MASTRA_METADATA_PROVIDER_METADATA = 'mastra.metadata.providerMetadata';

// Scope.
export const SCOPE_MASTRA_OTEL_EXPORTER = '@mastra/otel-exporter';

/** Values of `mastra.span.type`. */
export const MastraSpanType = {
  AGENT_RUN: 'agent_run',
  WORKFLOW_RUN: 'workflow_run',
  WORKFLOW_STEP: 'workflow_step',
  /** The inference, since 1.x (its operation is `chat`). */
  MODEL_INFERENCE: 'model_inference',
  /** The inference in otel-exporter 0.3, the parent of inferences since 1.x. */
  MODEL_GENERATION: 'model_generation',
  MODEL_STEP: 'model_step',
  MODEL_CHUNK: 'model_chunk',
  TOOL_CALL: 'tool_call',
  MCP_TOOL_CALL: 'mcp_tool_call',
  PROCESSOR_RUN: 'processor_run',
  MAPPING: 'mapping',
  GENERIC: 'generic',
} as const;
/** @see {@link MastraSpanType} */
export type MastraSpanType = (typeof MastraSpanType)[keyof typeof MastraSpanType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_MASTRA: readonly string[] = [
  ATTR_MASTRA_AGENT_RUN_INPUT,
  ATTR_MASTRA_AGENT_RUN_OUTPUT,
  ATTR_MASTRA_MODEL_GENERATION_INPUT,
  ATTR_MASTRA_MODEL_GENERATION_OUTPUT,
  ATTR_MASTRA_MODEL_INFERENCE_INPUT,
  ATTR_MASTRA_MODEL_INFERENCE_OUTPUT,
  ATTR_MASTRA_MODEL_STEP_INPUT,
  ATTR_MASTRA_MODEL_STEP_OUTPUT,
  ATTR_MASTRA_MODEL_CHUNK_INPUT,
  ATTR_MASTRA_MODEL_CHUNK_OUTPUT,
  ATTR_MASTRA_TOOL_CALL_INPUT,
  ATTR_MASTRA_TOOL_CALL_OUTPUT,
  ATTR_MASTRA_MCP_TOOL_CALL_INPUT,
  ATTR_MASTRA_MCP_TOOL_CALL_OUTPUT,
  ATTR_MASTRA_PROCESSOR_RUN_INPUT,
  ATTR_MASTRA_PROCESSOR_RUN_OUTPUT,
  ATTR_MASTRA_WORKFLOW_RUN_INPUT,
  ATTR_MASTRA_WORKFLOW_RUN_OUTPUT,
  ATTR_MASTRA_WORKFLOW_STEP_INPUT,
  ATTR_MASTRA_WORKFLOW_STEP_OUTPUT,
  ATTR_MASTRA_GENERIC_INPUT,
  ATTR_MASTRA_GENERIC_OUTPUT,
  ATTR_MASTRA_MAPPING_INPUT,
  ATTR_MASTRA_MAPPING_OUTPUT,
  ATTR_MASTRA_METADATA_BODY,
  ATTR_MASTRA_METADATA_HEADERS,
  ATTR_MASTRA_METADATA_MODEL_METADATA,
  ATTR_MASTRA_METADATA_PROVIDER_METADATA,
];
export const CONTENT_PREFIXES_OF_MASTRA: readonly string[] = [ATTR_PREFIX_MASTRA_LOG];
export const CONTENT_EXCEPTIONS_OF_MASTRA: readonly string[] = [
  ATTR_MASTRA_LOG_AGENT_ID,
  ATTR_MASTRA_LOG_AGENT_NAME,
  ATTR_MASTRA_LOG_RUN_ID,
  ATTR_MASTRA_LOG_MODEL_ID,
  ATTR_MASTRA_LOG_PROVIDER,
  ATTR_MASTRA_LOG_ERROR_ID,
];
