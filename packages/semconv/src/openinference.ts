// OpenInference (Arize): Python and JavaScript instrumentations of most frameworks, and AI SDK through its
// exporter.

// What the span is.
/** One of `OpenInferenceSpanKind`. LLM is mostly a leaf, agentchat nests LLM in LLM; AGENT may repeat its parts. */
export const ATTR_OPENINFERENCE_SPAN_KIND = 'openinference.span.kind';
/** Resource attribute. */
export const ATTR_OPENINFERENCE_PROJECT_NAME = 'openinference.project.name';

// Model and provider.
/** LiteLLM prefixes it (`openai/…`). */
export const ATTR_LLM_MODEL_NAME = 'llm.model_name';
export const ATTR_LLM_REQUEST_MODEL_NAME = 'llm.request.model_name';
export const ATTR_LLM_RESPONSE_MODEL_NAME = 'llm.response.model_name';
export const ATTR_LLM_PROVIDER = 'llm.provider';
export const ATTR_LLM_SYSTEM = 'llm.system';
export const ATTR_LLM_FINISH_REASON = 'llm.finish_reason';
export const ATTR_EMBEDDING_MODEL_NAME = 'embedding.model_name';
export const ATTR_RERANKER_MODEL_NAME = 'reranker.model_name';
export const ATTR_DECISION_MODEL_NAME = 'decision.model_name';
export const ATTR_DECISION_REQUEST_MODEL_NAME = 'decision.request.model_name';
export const ATTR_DECISION_RESPONSE_MODEL_NAME = 'decision.response.model_name';
export const ATTR_DECISION_PROVIDER = 'decision.provider';
export const ATTR_DECISION_SYSTEM = 'decision.system';

// Usage, inclusive (agno's Claude excepted).
export const ATTR_LLM_TOKEN_COUNT_PROMPT = 'llm.token_count.prompt';
export const ATTR_LLM_TOKEN_COUNT_COMPLETION = 'llm.token_count.completion';
export const ATTR_LLM_TOKEN_COUNT_TOTAL = 'llm.token_count.total';
export const ATTR_LLM_TOKEN_COUNT_PROMPT_DETAILS = 'llm.token_count.prompt_details';
export const ATTR_LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_READ = 'llm.token_count.prompt_details.cache_read';
export const ATTR_LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_WRITE = 'llm.token_count.prompt_details.cache_write';
export const ATTR_LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_INPUT = 'llm.token_count.prompt_details.cache_input';
export const ATTR_LLM_TOKEN_COUNT_PROMPT_DETAILS_AUDIO = 'llm.token_count.prompt_details.audio';
export const ATTR_LLM_TOKEN_COUNT_COMPLETION_DETAILS = 'llm.token_count.completion_details';
export const ATTR_LLM_TOKEN_COUNT_COMPLETION_DETAILS_REASONING = 'llm.token_count.completion_details.reasoning';
export const ATTR_LLM_TOKEN_COUNT_COMPLETION_DETAILS_AUDIO = 'llm.token_count.completion_details.audio';
export const ATTR_DECISION_TOKEN_COUNT_INPUT = 'decision.token_count.input';
export const ATTR_DECISION_TOKEN_COUNT_OUTPUT = 'decision.token_count.output';

// Cost in USD.
export const ATTR_LLM_COST = 'llm.cost';
export const ATTR_LLM_COST_PROMPT = 'llm.cost.prompt';
export const ATTR_LLM_COST_COMPLETION = 'llm.cost.completion';
export const ATTR_LLM_COST_TOTAL = 'llm.cost.total';
export const ATTR_LLM_COST_PROMPT_DETAILS_INPUT = 'llm.cost.prompt_details.input';
export const ATTR_LLM_COST_PROMPT_DETAILS_CACHE_READ = 'llm.cost.prompt_details.cache_read';
export const ATTR_LLM_COST_PROMPT_DETAILS_CACHE_WRITE = 'llm.cost.prompt_details.cache_write';
export const ATTR_LLM_COST_PROMPT_DETAILS_CACHE_INPUT = 'llm.cost.prompt_details.cache_input';
export const ATTR_LLM_COST_PROMPT_DETAILS_AUDIO = 'llm.cost.prompt_details.audio';
export const ATTR_LLM_COST_COMPLETION_DETAILS_OUTPUT = 'llm.cost.completion_details.output';
export const ATTR_LLM_COST_COMPLETION_DETAILS_REASONING = 'llm.cost.completion_details.reasoning';
export const ATTR_LLM_COST_COMPLETION_DETAILS_AUDIO = 'llm.cost.completion_details.audio';

// Identity. `session.id` and `user.id` are general.ts.
/** Also Claude Code, VoltAgent, AgentOps. */
export const ATTR_AGENT_NAME = 'agent.name';
/** The agent, in CrewAI and openai-agents; a random hash in agno. */
export const ATTR_GRAPH_NODE_ID = 'graph.node.id';
export const ATTR_GRAPH_NODE_NAME = 'graph.node.name';
/** Not a span relation. */
export const ATTR_GRAPH_NODE_PARENT_ID = 'graph.node.parent_id';
export const ATTR_TAG_TAGS = 'tag.tags';
/** JSON with whatever the app gave, session and tenant among it. */
export const ATTR_OPENINFERENCE_METADATA = 'metadata';
/** Flattened by the AI SDK exporter: `metadata.sessionId`, `metadata.agentName`. LiteLLM v1 uses the prefix as well. */
export const ATTR_PREFIX_METADATA = 'metadata.';
export const ATTR_METADATA_SESSION_ID = 'metadata.sessionId';
export const ATTR_METADATA_SESSION_ID_UNDERSCORED = 'metadata.session_id';
export const ATTR_METADATA_THREAD_ID = 'metadata.threadId';
export const ATTR_METADATA_THREAD_ID_UNDERSCORED = 'metadata.thread_id';
export const ATTR_METADATA_USER_ID = 'metadata.userId';
export const ATTR_METADATA_AGENT_NAME = 'metadata.agentName';
/** Content that the AI SDK exporter leaks under the prefix. */
export const ATTR_METADATA_GEN_AI_SYSTEM_INSTRUCTIONS = 'metadata.gen_ai.system_instructions';

// Tools.
/** Also VoltAgent, AgentOps. */
export const ATTR_TOOL_NAME = 'tool.name';
export const ATTR_TOOL_ID = 'tool.id';
export const ATTR_TOOL_DESCRIPTION = 'tool.description';
export const ATTR_TOOL_PARAMETERS = 'tool.parameters';
export const ATTR_TOOL_JSON_SCHEMA = 'tool.json_schema';
export const ATTR_TOOL_CALL_ID_UNDERSCORED = 'tool_call.id';
export const ATTR_TOOL_CALL_FUNCTION_NAME = 'tool_call.function.name';
export const ATTR_TOOL_CALL_FUNCTION_ARGUMENTS = 'tool_call.function.arguments';

// AG2 0.x under OpenInference: who speaks to whom.
export const ATTR_AG2_SENDER_NAME = 'ag2.sender.name';
export const ATTR_AG2_RECIPIENT_NAME = 'ag2.recipient.name';

// Content.
export const ATTR_INPUT_VALUE = 'input.value';
export const ATTR_INPUT_MIME_TYPE = 'input.mime_type';
export const ATTR_INPUT_IMAGES = 'input.images';
/** Holds the response id of openai-agents. */
export const ATTR_OUTPUT_VALUE = 'output.value';
export const ATTR_OUTPUT_MIME_TYPE = 'output.mime_type';
export const ATTR_OUTPUT_IMAGES = 'output.images';
export const ATTR_LLM_INPUT_MESSAGES = 'llm.input_messages';
export const ATTR_LLM_OUTPUT_MESSAGES = 'llm.output_messages';
export const ATTR_LLM_INVOCATION_PARAMETERS = 'llm.invocation_parameters';
export const ATTR_LLM_FUNCTION_CALL = 'llm.function_call';
export const ATTR_LLM_PROMPTS = 'llm.prompts';
export const ATTR_LLM_CHOICES = 'llm.choices';
export const ATTR_LLM_TOOLS = 'llm.tools';
export const ATTR_LLM_PROMPT_TEMPLATE_TEMPLATE = 'llm.prompt_template.template';
export const ATTR_LLM_PROMPT_TEMPLATE_VARIABLES = 'llm.prompt_template.variables';
export const ATTR_LLM_PROMPT_TEMPLATE_VERSION = 'llm.prompt_template.version';
export const ATTR_EMBEDDING_EMBEDDINGS = 'embedding.embeddings';
export const ATTR_EMBEDDING_TEXT = 'embedding.text';
export const ATTR_EMBEDDING_VECTOR = 'embedding.vector';
export const ATTR_EMBEDDING_INVOCATION_PARAMETERS = 'embedding.invocation_parameters';
export const ATTR_RETRIEVAL_DOCUMENTS = 'retrieval.documents';
export const ATTR_RERANKER_QUERY = 'reranker.query';
export const ATTR_RERANKER_TOP_K = 'reranker.top_k';
export const ATTR_RERANKER_INPUT_DOCUMENTS = 'reranker.input_documents';
export const ATTR_RERANKER_OUTPUT_DOCUMENTS = 'reranker.output_documents';
export const ATTR_PREFIX_LLM_INPUT_MESSAGES = 'llm.input_messages.';
export const ATTR_PREFIX_LLM_OUTPUT_MESSAGES = 'llm.output_messages.';
export const ATTR_PREFIX_LLM_PROMPTS = 'llm.prompts.';
export const ATTR_PREFIX_LLM_CHOICES = 'llm.choices.';
export const ATTR_PREFIX_LLM_TOOLS = 'llm.tools.';
export const ATTR_PREFIX_EMBEDDING_EMBEDDINGS = 'embedding.embeddings.';
export const ATTR_PREFIX_RETRIEVAL_DOCUMENTS = 'retrieval.documents.';
export const ATTR_PREFIX_RERANKER_INPUT_DOCUMENTS = 'reranker.input_documents.';
export const ATTR_PREFIX_RERANKER_OUTPUT_DOCUMENTS = 'reranker.output_documents.';
export const ATTR_PREFIX_INPUT_IMAGES = 'input.images.';
export const ATTR_PREFIX_OUTPUT_IMAGES = 'output.images.';

// Prompt registry and feedback.
/** In Claude Code's events: the id of one user prompt, which is the turn. */
export const ATTR_PROMPT_ID = 'prompt.id';
export const ATTR_PROMPT_URL = 'prompt.url';
export const ATTR_PROMPT_VENDOR = 'prompt.vendor';
export const ATTR_OPENINFERENCE_ANNOTATIONS = 'annotations';
export const ATTR_OPENINFERENCE_EVALUATIONS = 'evaluations';
export const ATTR_TRACE_ANNOTATIONS = 'trace.annotations';
export const ATTR_TRACE_EVALUATIONS = 'trace.evaluations';
export const ATTR_SESSION_ANNOTATIONS = 'session.annotations';
export const ATTR_SESSION_EVALUATIONS = 'session.evaluations';

// Streaming.
export const EVENT_OPENINFERENCE_FIRST_TOKEN_STREAM_EVENT = 'First Token Stream Event';

// Scopes: `openinference.instrumentation.<framework>` in Python, `@arizeai/openinference-…` in JavaScript.
export const SCOPE_PREFIX_OPENINFERENCE_INSTRUMENTATION = 'openinference.instrumentation.';
export const SCOPE_PREFIX_ARIZEAI_OPENINFERENCE_INSTRUMENTATION = '@arizeai/openinference-instrumentation-';

/** Values of `openinference.span.kind`. */
export const OpenInferenceSpanKind = {
  LLM: 'LLM',
  EMBEDDING: 'EMBEDDING',
  CHAIN: 'CHAIN',
  RETRIEVER: 'RETRIEVER',
  RERANKER: 'RERANKER',
  TOOL: 'TOOL',
  AGENT: 'AGENT',
  GUARDRAIL: 'GUARDRAIL',
  EVALUATOR: 'EVALUATOR',
  PROMPT: 'PROMPT',
  /** Since October 2026. */
  DECISION: 'DECISION',
  UNKNOWN: 'UNKNOWN',
} as const;
/** @see {@link OpenInferenceSpanKind} */
export type OpenInferenceSpanKind = (typeof OpenInferenceSpanKind)[keyof typeof OpenInferenceSpanKind];

// What of these is content, joined in content.ts.
export const CONTENT_OF_OPENINFERENCE: readonly string[] = [
  ATTR_OPENINFERENCE_METADATA,
  ATTR_METADATA_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_TOOL_DESCRIPTION,
  ATTR_TOOL_PARAMETERS,
  ATTR_TOOL_JSON_SCHEMA,
  ATTR_TOOL_CALL_FUNCTION_ARGUMENTS,
  ATTR_INPUT_VALUE,
  ATTR_INPUT_IMAGES,
  ATTR_OUTPUT_VALUE,
  ATTR_OUTPUT_IMAGES,
  ATTR_LLM_INPUT_MESSAGES,
  ATTR_LLM_OUTPUT_MESSAGES,
  ATTR_LLM_INVOCATION_PARAMETERS,
  ATTR_LLM_FUNCTION_CALL,
  ATTR_LLM_PROMPTS,
  ATTR_LLM_CHOICES,
  ATTR_LLM_TOOLS,
  ATTR_LLM_PROMPT_TEMPLATE_TEMPLATE,
  ATTR_LLM_PROMPT_TEMPLATE_VARIABLES,
  ATTR_EMBEDDING_EMBEDDINGS,
  ATTR_EMBEDDING_TEXT,
  ATTR_EMBEDDING_VECTOR,
  ATTR_EMBEDDING_INVOCATION_PARAMETERS,
  ATTR_RETRIEVAL_DOCUMENTS,
  ATTR_RERANKER_QUERY,
  ATTR_RERANKER_INPUT_DOCUMENTS,
  ATTR_RERANKER_OUTPUT_DOCUMENTS,
  ATTR_OPENINFERENCE_ANNOTATIONS,
  ATTR_OPENINFERENCE_EVALUATIONS,
  ATTR_TRACE_ANNOTATIONS,
  ATTR_TRACE_EVALUATIONS,
  ATTR_SESSION_ANNOTATIONS,
  ATTR_SESSION_EVALUATIONS,
];
export const CONTENT_PREFIXES_OF_OPENINFERENCE: readonly string[] = [
  ATTR_PREFIX_LLM_INPUT_MESSAGES,
  ATTR_PREFIX_LLM_OUTPUT_MESSAGES,
  ATTR_PREFIX_LLM_PROMPTS,
  ATTR_PREFIX_LLM_CHOICES,
  ATTR_PREFIX_LLM_TOOLS,
  ATTR_PREFIX_EMBEDDING_EMBEDDINGS,
  ATTR_PREFIX_RETRIEVAL_DOCUMENTS,
  ATTR_PREFIX_RERANKER_INPUT_DOCUMENTS,
  ATTR_PREFIX_RERANKER_OUTPUT_DOCUMENTS,
  ATTR_PREFIX_INPUT_IMAGES,
  ATTR_PREFIX_OUTPUT_IMAGES,
];
