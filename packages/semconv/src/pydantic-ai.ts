// pydantic-ai and Logfire.

// Agent spans since instrumentation version 2: own calls of the run, a sound fallback. Before, `gen_ai.usage.*` was
// repeated there.
export const ATTR_GEN_AI_AGGREGATED_USAGE_INPUT_TOKENS = 'gen_ai.aggregated_usage.input_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_OUTPUT_TOKENS = 'gen_ai.aggregated_usage.output_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_CACHE_READ_INPUT_TOKENS = 'gen_ai.aggregated_usage.cache_read.input_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_CACHE_CREATION_INPUT_TOKENS =
  'gen_ai.aggregated_usage.cache_creation.input_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_CACHE_WRITE_INPUT_TOKENS = 'gen_ai.aggregated_usage.cache_write.input_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_REASONING_OUTPUT_TOKENS = 'gen_ai.aggregated_usage.reasoning.output_tokens';
export const ATTR_PREFIX_GEN_AI_AGGREGATED_USAGE_DETAILS = 'gen_ai.aggregated_usage.details.';
export const ATTR_GEN_AI_AGGREGATED_USAGE_DETAILS_CACHE_READ_TOKENS =
  'gen_ai.aggregated_usage.details.cache_read_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_DETAILS_REASONING_TOKENS = 'gen_ai.aggregated_usage.details.reasoning_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_DETAILS_AUDIO_TOKENS = 'gen_ai.aggregated_usage.details.audio_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_DETAILS_ACCEPTED_PREDICTION_TOKENS =
  'gen_ai.aggregated_usage.details.accepted_prediction_tokens';
export const ATTR_GEN_AI_AGGREGATED_USAGE_DETAILS_REJECTED_PREDICTION_TOKENS =
  'gen_ai.aggregated_usage.details.rejected_prediction_tokens';

// Cost in USD, from genai-prices: a span attribute and a histogram of one name.
export const ATTR_OPERATION_COST = 'operation.cost';
/** Unit `{USD}`. */
export const METRIC_OPERATION_COST = 'operation.cost';

// Identity.
/** Version 1, on `agent run` only. Logfire: on turns. */
export const ATTR_PYDANTIC_AI_AGENT_NAME = 'agent_name';
/** On agent spans. */
export const ATTR_PYDANTIC_AI_MODEL_NAME = 'model_name';
export const ATTR_GEN_AI_AGENT_CALL_ID = 'gen_ai.agent.call.id';

// No usage.
export const ATTR_PYDANTIC_AI_CACHE_ESTABLISHED_TOKENS = 'pydantic_ai.cache.established_tokens';
export const ATTR_PYDANTIC_AI_CACHE_HIT_RATIO = 'pydantic_ai.cache.hit_ratio';

// Logfire's own instrumentations of openai and openai-agents.
/** Content. */
export const ATTR_LOGFIRE_MSG = 'logfire.msg';
export const ATTR_LOGFIRE_MSG_TEMPLATE = 'logfire.msg_template';
export const ATTR_LOGFIRE_SPAN_TYPE = 'logfire.span_type';
export const ATTR_LOGFIRE_LEVEL_NUM = 'logfire.level_num';
export const ATTR_LOGFIRE_JSON_SCHEMA = 'logfire.json_schema';
/** Seconds that a stream took, on the record that ends it. */
export const ATTR_LOGFIRE_DURATION = 'duration';
export const ATTR_LOGFIRE_NAME = 'name';
export const ATTR_LOGFIRE_FROM_AGENT = 'from_agent';
export const ATTR_LOGFIRE_TO_AGENT = 'to_agent';
/** JSON: on openai-agents' turns and tasks it is a sum. */
export const ATTR_PYDANTIC_AI_USAGE = 'usage';
/** The session, on the trace's root. */
export const ATTR_PYDANTIC_AI_GROUP_ID = 'group_id';
export const ATTR_PYDANTIC_AI_RESPONSE_ID = 'response_id';
/** Content. */
export const ATTR_PYDANTIC_AI_REQUEST_DATA = 'request_data';
/** Content, with the usage object inside. */
export const ATTR_PYDANTIC_AI_RESPONSE_DATA = 'response_data';
export const ATTR_PYDANTIC_AI_WORKFLOW_NAME = 'workflow_name';

// Content.
export const ATTR_PYDANTIC_AI_ALL_MESSAGES = 'pydantic_ai.all_messages';
/** Version 1. */
export const ATTR_PYDANTIC_AI_ALL_MESSAGES_EVENTS = 'all_messages_events';
/** Version 1. */
export const ATTR_PYDANTIC_AI_EVENTS = 'events';
export const ATTR_PYDANTIC_AI_FINAL_RESULT = 'final_result';
export const ATTR_PYDANTIC_AI_MODEL_REQUEST_PARAMETERS = 'model_request_parameters';
/** Version 1 and 2. */
export const ATTR_PYDANTIC_AI_TOOL_ARGUMENTS = 'tool_arguments';
/** Version 1 and 2. */
export const ATTR_PYDANTIC_AI_TOOL_RESPONSE = 'tool_response';

// Scopes and spans.
export const SCOPE_PYDANTIC_AI = 'pydantic-ai';
export const SCOPE_PREFIX_LOGFIRE = 'logfire.';
export const SPAN_PYDANTIC_AI_AGENT_RUN = 'agent run';
export const SPAN_PYDANTIC_AI_RUNNING_TOOL = 'running tool';
export const SPAN_PYDANTIC_AI_RUNNING_TOOLS = 'running tools';

// What of these is content, joined in content.ts.
export const CONTENT_OF_PYDANTIC_AI: readonly string[] = [
  ATTR_LOGFIRE_MSG,
  ATTR_LOGFIRE_JSON_SCHEMA,
  ATTR_PYDANTIC_AI_REQUEST_DATA,
  ATTR_PYDANTIC_AI_RESPONSE_DATA,
  ATTR_PYDANTIC_AI_ALL_MESSAGES,
  ATTR_PYDANTIC_AI_ALL_MESSAGES_EVENTS,
  ATTR_PYDANTIC_AI_EVENTS,
  ATTR_PYDANTIC_AI_FINAL_RESULT,
  ATTR_PYDANTIC_AI_MODEL_REQUEST_PARAMETERS,
  ATTR_PYDANTIC_AI_TOOL_ARGUMENTS,
  ATTR_PYDANTIC_AI_TOOL_RESPONSE,
];
