// The GenAI conventions as published now (semantic-conventions-genai, all of it of stability "development").
// What was renamed or removed lives in gen-ai-legacy.ts; both are accepted forever.

// Who is asked for what. `gen_ai.system` was renamed to `gen_ai.provider.name` in v1.37.
/** One of `GenAiProvider` or any other text; AI SDK and Mastra add the API (`openai.chat`). */
export const ATTR_GEN_AI_PROVIDER_NAME = 'gen_ai.provider.name';
/** One of `GenAiOperation` or any other text; an operation alone does not make a span an inference. */
export const ATTR_GEN_AI_OPERATION_NAME = 'gen_ai.operation.name';
/** What the client asked for, one of `GenAiOutputType`. */
export const ATTR_GEN_AI_OUTPUT_TYPE = 'gen_ai.output.type';
export const ATTR_GEN_AI_DATA_SOURCE_ID = 'gen_ai.data_source.id';

// The request.
/** The model asked for, often an alias; `ATTR_GEN_AI_RESPONSE_MODEL` is the one that answered. */
export const ATTR_GEN_AI_REQUEST_MODEL = 'gen_ai.request.model';
export const ATTR_GEN_AI_REQUEST_MAX_TOKENS = 'gen_ai.request.max_tokens';
export const ATTR_GEN_AI_REQUEST_CHOICE_COUNT = 'gen_ai.request.choice.count';
export const ATTR_GEN_AI_REQUEST_TEMPERATURE = 'gen_ai.request.temperature';
export const ATTR_GEN_AI_REQUEST_TOP_P = 'gen_ai.request.top_p';
export const ATTR_GEN_AI_REQUEST_TOP_K = 'gen_ai.request.top_k';
export const ATTR_GEN_AI_REQUEST_STOP_SEQUENCES = 'gen_ai.request.stop_sequences';
export const ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY = 'gen_ai.request.frequency_penalty';
export const ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY = 'gen_ai.request.presence_penalty';
export const ATTR_GEN_AI_REQUEST_ENCODING_FORMATS = 'gen_ai.request.encoding_formats';
export const ATTR_GEN_AI_REQUEST_SEED = 'gen_ai.request.seed';
export const ATTR_GEN_AI_REQUEST_STREAM = 'gen_ai.request.stream';
/** The effort asked for, in the provider's own words. */
export const ATTR_GEN_AI_REQUEST_REASONING_LEVEL = 'gen_ai.request.reasoning.level';
/** The response this request goes on from. */
export const ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID = 'gen_ai.request.previous_response.id';
export const ATTR_GEN_AI_REQUEST_STREAM_CURSOR = 'gen_ai.request.stream_cursor';

// The response.
/** The provider's id of the answer: what joins the copies of one inference. */
export const ATTR_GEN_AI_RESPONSE_ID = 'gen_ai.response.id';
/** The dated model that answered. */
export const ATTR_GEN_AI_RESPONSE_MODEL = 'gen_ai.response.model';
/** An array of texts; AG2 0.x writes a JSON text. */
export const ATTR_GEN_AI_RESPONSE_FINISH_REASONS = 'gen_ai.response.finish_reasons';
/** One of `GenAiResponseStatus`, on `fetch_response` spans. */
export const ATTR_GEN_AI_RESPONSE_STATUS = 'gen_ai.response.status';
/** Seconds, a double. */
export const ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK = 'gen_ai.response.time_to_first_chunk';

// Usage. Inclusive by the letter: input ⊇ cache_read, cache_write; output ⊇ reasoning. Producers differ.
export const ATTR_GEN_AI_USAGE_INPUT_TOKENS = 'gen_ai.usage.input_tokens';
export const ATTR_GEN_AI_USAGE_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens';
export const ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.cache_read.input_tokens';
/** Since 2026; was `gen_ai.usage.cache_creation.input_tokens`. */
export const ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS = 'gen_ai.usage.cache_write.input_tokens';
export const ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS = 'gen_ai.usage.reasoning.output_tokens';

// Usage by modality (since 2026): each a part of input, of output or of the cached input.
export const ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS = 'gen_ai.usage.text.input_tokens';
export const ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS = 'gen_ai.usage.image.input_tokens';
export const ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS = 'gen_ai.usage.audio.input_tokens';
export const ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS = 'gen_ai.usage.text.output_tokens';
export const ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS = 'gen_ai.usage.image.output_tokens';
export const ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS = 'gen_ai.usage.audio.output_tokens';
export const ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.text.cache_read.input_tokens';
export const ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.image.cache_read.input_tokens';
export const ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.audio.cache_read.input_tokens';
/** Metric attribute, one of `GenAiTokenModality`; required on the usage counters. */
export const ATTR_GEN_AI_TOKEN_MODALITY = 'gen_ai.token.modality';

// Identity: conversation, agent, workflow, skill.
/** The session, in most producers; a previous response id or a sub-agent's id in some. */
export const ATTR_GEN_AI_CONVERSATION_ID = 'gen_ai.conversation.id';
/** True, or absent. */
export const ATTR_GEN_AI_CONVERSATION_COMPACTED = 'gen_ai.conversation.compacted';
export const ATTR_GEN_AI_AGENT_ID = 'gen_ai.agent.id';
export const ATTR_GEN_AI_AGENT_NAME = 'gen_ai.agent.name';
export const ATTR_GEN_AI_AGENT_DESCRIPTION = 'gen_ai.agent.description';
export const ATTR_GEN_AI_AGENT_VERSION = 'gen_ai.agent.version';
/** Resource attribute: the top-level agent of the process. */
export const ATTR_GEN_AI_MAIN_AGENT_ID = 'gen_ai.main_agent.id';
export const ATTR_GEN_AI_MAIN_AGENT_NAME = 'gen_ai.main_agent.name';
export const ATTR_GEN_AI_MAIN_AGENT_DESCRIPTION = 'gen_ai.main_agent.description';
/** The kind of group chat, of low cardinality. */
export const ATTR_GEN_AI_WORKFLOW_NAME = 'gen_ai.workflow.name';
export const ATTR_GEN_AI_SKILL_NAME = 'gen_ai.skill.name';
export const ATTR_GEN_AI_SKILL_DESCRIPTION = 'gen_ai.skill.description';
export const ATTR_GEN_AI_SKILL_SOURCE_URI = 'gen_ai.skill.source.uri';
export const ATTR_GEN_AI_SKILL_RESOURCE_NAME = 'gen_ai.skill.resource.name';

// Tools.
export const ATTR_GEN_AI_TOOL_NAME = 'gen_ai.tool.name';
export const ATTR_GEN_AI_TOOL_CALL_ID = 'gen_ai.tool.call.id';
/** `function`, `extension`, `datastore` or any other text. */
export const ATTR_GEN_AI_TOOL_TYPE = 'gen_ai.tool.type';
export const ATTR_GEN_AI_TOOL_DESCRIPTION = 'gen_ai.tool.description';
export const ATTR_GEN_AI_TOOL_DEFINITIONS = 'gen_ai.tool.definitions';
export const ATTR_GEN_AI_TOOL_CALL_ARGUMENTS = 'gen_ai.tool.call.arguments';
export const ATTR_GEN_AI_TOOL_CALL_RESULT = 'gen_ai.tool.call.result';

// Retrieval, embeddings, memory.
export const ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT = 'gen_ai.embeddings.dimension.count';
export const ATTR_GEN_AI_RETRIEVAL_DOCUMENTS = 'gen_ai.retrieval.documents';
export const ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT = 'gen_ai.retrieval.query.text';
export const ATTR_GEN_AI_RETRIEVAL_TOP_K = 'gen_ai.retrieval.top_k';
export const ATTR_GEN_AI_MEMORY_STORE_ID = 'gen_ai.memory.store.id';
export const ATTR_GEN_AI_MEMORY_RECORD_ID = 'gen_ai.memory.record.id';
export const ATTR_GEN_AI_MEMORY_RECORD_COUNT = 'gen_ai.memory.record.count';
export const ATTR_GEN_AI_MEMORY_QUERY_TEXT = 'gen_ai.memory.query.text';
export const ATTR_GEN_AI_MEMORY_RECORDS = 'gen_ai.memory.records';

// Content: opt-in at the source, never stored here (content.ts).
export const ATTR_GEN_AI_SYSTEM_INSTRUCTIONS = 'gen_ai.system_instructions';
export const ATTR_GEN_AI_INPUT_MESSAGES = 'gen_ai.input.messages';
export const ATTR_GEN_AI_OUTPUT_MESSAGES = 'gen_ai.output.messages';

// Evaluation and prompts.
export const ATTR_GEN_AI_EVALUATION_NAME = 'gen_ai.evaluation.name';
export const ATTR_GEN_AI_EVALUATION_SCORE_VALUE = 'gen_ai.evaluation.score.value';
export const ATTR_GEN_AI_EVALUATION_SCORE_LABEL = 'gen_ai.evaluation.score.label';
export const ATTR_GEN_AI_EVALUATION_EXPLANATION = 'gen_ai.evaluation.explanation';
export const ATTR_GEN_AI_PROMPT_NAME = 'gen_ai.prompt.name';
export const ATTR_GEN_AI_PROMPT_VERSION = 'gen_ai.prompt.version';
/** A template: the wire has `gen_ai.prompt.variable.<key>`. */
export const ATTR_GEN_AI_PROMPT_VARIABLE = 'gen_ai.prompt.variable';

// Neighbors of the same conventions.
export const ATTR_AWS_BEDROCK_GUARDRAIL_ID = 'aws.bedrock.guardrail.id';
export const ATTR_AWS_BEDROCK_KNOWLEDGE_BASE_ID = 'aws.bedrock.knowledge_base.id';

// Events (log records). The details event carries the same usage as the span of the same call.
export const EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS = 'gen_ai.client.inference.operation.details';
export const EVENT_GEN_AI_EVALUATION_RESULT = 'gen_ai.evaluation.result';
export const EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION = 'gen_ai.client.operation.exception';

// Scopes of the official instrumentations: Python since 2026, Python before, JavaScript.
export const SCOPE_PREFIX_OPENTELEMETRY_INSTRUMENTATION_GENAI = 'opentelemetry.instrumentation.genai.';
export const SCOPE_OPENTELEMETRY_UTIL_GENAI_HANDLER = 'opentelemetry.util.genai.handler';
/** Also of what is no model call: file system, DNS, sockets, HTTP. */
export const SCOPE_PREFIX_OPENTELEMETRY_INSTRUMENTATION_NPM = '@opentelemetry/instrumentation-';

// What of these is content, joined in content.ts.
export const CONTENT_OF_GEN_AI: readonly string[] = [
  ATTR_GEN_AI_AGENT_DESCRIPTION,
  ATTR_GEN_AI_MAIN_AGENT_DESCRIPTION,
  ATTR_GEN_AI_SKILL_DESCRIPTION,
  ATTR_GEN_AI_TOOL_DESCRIPTION,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_MEMORY_QUERY_TEXT,
  ATTR_GEN_AI_MEMORY_RECORDS,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
];
export const CONTENT_EXCEPTIONS_OF_GEN_AI: readonly string[] = [ATTR_GEN_AI_PROMPT_NAME, ATTR_GEN_AI_PROMPT_VERSION];
