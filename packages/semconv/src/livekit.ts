// LiveKit Agents (Python and JavaScript). `llm_node` wraps `llm_request`, which is the call and carries gen_ai.usage.*.

// Usage again, as JSON: `{prompt_tokens, completion_tokens, prompt_cached_tokens, total_tokens, ttft, metadata}`.
export const ATTR_LK_LLM_METRICS = 'lk.llm_metrics';
/** `{input_tokens, output_tokens, input_token_details, output_token_details}`: speech to speech. */
export const ATTR_LK_REALTIME_MODEL_METRICS = 'lk.realtime_model_metrics';
export const ATTR_GEN_AI_USAGE_INPUT_TEXT_TOKENS = 'gen_ai.usage.input_text_tokens';
export const ATTR_GEN_AI_USAGE_INPUT_AUDIO_TOKENS = 'gen_ai.usage.input_audio_tokens';
export const ATTR_GEN_AI_USAGE_INPUT_CACHED_TOKENS = 'gen_ai.usage.input_cached_tokens';
export const ATTR_GEN_AI_USAGE_OUTPUT_TEXT_TOKENS = 'gen_ai.usage.output_text_tokens';
export const ATTR_GEN_AI_USAGE_OUTPUT_AUDIO_TOKENS = 'gen_ai.usage.output_audio_tokens';
/** Seconds. */
export const ATTR_LK_RESPONSE_TTFT = 'lk.response.ttft';

// Identity.
export const ATTR_LK_AGENT_LABEL = 'lk.agent_label';
export const ATTR_LK_AGENT_NAME = 'lk.agent_name';
export const ATTR_LK_JOB_ID = 'lk.job_id';
export const ATTR_LK_ROOM_NAME = 'lk.room_name';
export const ATTR_LK_FUNCTION_TOOL_NAME = 'lk.function_tool.name';
export const ATTR_LK_FUNCTION_TOOL_ID = 'lk.function_tool.id';
export const ATTR_LK_FUNCTION_TOOL_IS_ERROR = 'lk.function_tool.is_error';

// Content.
export const ATTR_LK_CHAT_CTX = 'lk.chat_ctx';
export const ATTR_LK_RESPONSE_TEXT = 'lk.response.text';
export const ATTR_LK_USER_TRANSCRIPT = 'lk.user_transcript';
export const ATTR_LK_INPUT_TEXT = 'lk.input_text';
export const ATTR_LK_FUNCTION_TOOL_OUTPUT = 'lk.function_tool.output';
export const ATTR_LK_FUNCTION_TOOL_ARGUMENTS = 'lk.function_tool.arguments';
export const ATTR_PREFIX_LK_PII = 'lk.pii.';

// Scope and spans.
export const SCOPE_LIVEKIT_AGENTS = 'livekit-agents';
export const SPAN_LLM_NODE = 'llm_node';
export const SPAN_LLM_REQUEST = 'llm_request';
export const SPAN_AGENT_TURN = 'agent_turn';
export const SPAN_FUNCTION_TOOL = 'function_tool';

// What of these is content, joined in content.ts.
export const CONTENT_OF_LIVEKIT: readonly string[] = [
  ATTR_LK_CHAT_CTX,
  ATTR_LK_RESPONSE_TEXT,
  ATTR_LK_USER_TRANSCRIPT,
  ATTR_LK_INPUT_TEXT,
  ATTR_LK_FUNCTION_TOOL_OUTPUT,
  ATTR_LK_FUNCTION_TOOL_ARGUMENTS,
];
export const CONTENT_PREFIXES_OF_LIVEKIT: readonly string[] = [ATTR_PREFIX_LK_PII];
