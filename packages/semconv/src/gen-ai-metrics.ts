// GenAI metrics in all generations. The same call shows up in each generation its producer emits: one may count,
// none add.

// Current: durations, histograms in seconds.
/** Unit `s`. Agent Framework, Gemini CLI, client instrumentations; AI SDK 7 writes the name as a span attribute. */
export const METRIC_GEN_AI_CLIENT_OPERATION_DURATION = 'gen_ai.client.operation.duration';
/** Unit `s`, streams only. */
export const METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK = 'gen_ai.client.operation.time_to_first_chunk';
/** Unit `s`, streams only. */
export const METRIC_GEN_AI_CLIENT_OPERATION_TIME_PER_OUTPUT_CHUNK = 'gen_ai.client.operation.time_per_output_chunk';
/** Unit `s`. */
export const METRIC_GEN_AI_SERVER_REQUEST_DURATION = 'gen_ai.server.request.duration';
/** Unit `s`; OpenLIT writes the name as a span attribute. */
export const METRIC_GEN_AI_SERVER_TIME_TO_FIRST_TOKEN = 'gen_ai.server.time_to_first_token';
/** Unit `s`; OpenLIT writes the name as a span attribute. */
export const METRIC_GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN = 'gen_ai.server.time_per_output_token';
/** Unit `s`. Until mid-2026 `gen_ai.workflow.duration`. */
export const METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION = 'gen_ai.invoke_workflow.duration';
/** Unit `s`. */
export const METRIC_GEN_AI_INVOKE_AGENT_DURATION = 'gen_ai.invoke_agent.duration';
/** Unit `s`. */
export const METRIC_GEN_AI_EXECUTE_TOOL_DURATION = 'gen_ai.execute_tool.duration';

// Current: calls per agent invocation, own calls only, failed ones included.
/** Unit `{inference_call}`. */
export const METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS = 'gen_ai.invoke_agent.inference_calls';
/** Unit `{tool_call}`. */
export const METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS = 'gen_ai.invoke_agent.tool_calls';

// Third generation (since 2026): token counters by modality. Sub-counters are parts of input and output.
/** Counter, unit `{token}`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS = 'gen_ai.client.inference.usage.input_tokens';
/** Counter, unit `{token}`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS = 'gen_ai.client.inference.usage.output_tokens';
/** Counter, unit `{token}`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS =
  'gen_ai.client.inference.usage.cache_read.input_tokens';
/** Counter, unit `{token}`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS =
  'gen_ai.client.inference.usage.cache_write.input_tokens';
/** Counter, unit `{token}`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS =
  'gen_ai.client.inference.usage.reasoning.output_tokens';

// Third generation: tokens per operation, histograms beside the counters. Copilot CLI sends both, failed calls as
// 0.
/** Histogram, unit `{token}`: tokens are its sum, its count is calls. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS = 'gen_ai.client.inference.operation.input_tokens';
/** Histogram, unit `{token}`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS = 'gen_ai.client.inference.operation.output_tokens';

// Fourth generation (semantic-conventions-genai PR 521): `client.operation` renamed to `client.inference`. AI SDK 7
// is there already.
/** Unit `s`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_DURATION = 'gen_ai.client.inference.duration';
/** Unit `s`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK = 'gen_ai.client.inference.time_to_first_chunk';
/** Unit `s`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK = 'gen_ai.client.inference.time_per_output_chunk';

// First generation (v1.26 to 2026): what is in the field today.
/** Histogram by `gen_ai.token.type`; its unit comes as `{token}`, `token` or `tokens`. Its sum is tokens. */
export const METRIC_GEN_AI_CLIENT_TOKEN_USAGE = 'gen_ai.client.token.usage';
/** → `gen_ai.invoke_workflow.duration`. */
export const METRIC_GEN_AI_WORKFLOW_DURATION = 'gen_ai.workflow.duration';

// Second generation: counters between the two, a few weeks of 2026.
/** → `….cache_write.input_tokens`. */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_CREATION_INPUT_TOKENS =
  'gen_ai.client.inference.usage.cache_creation.input_tokens';

// Never published.
/** OpenLLMetry, AgentOps. */
export const METRIC_GEN_AI_CLIENT_GENERATION_CHOICES = 'gen_ai.client.generation.choices';
/** Proposed by semantic-conventions-genai PR 443. */
export const METRIC_GEN_AI_CLIENT_OPERATION_COST = 'gen_ai.client.operation.cost';
/** OpenLIT: histogram in `USD`. */
export const METRIC_GEN_AI_USAGE_COST = 'gen_ai.usage.cost';
