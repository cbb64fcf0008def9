// LiteLLM: SDK callback and proxy, version 1 (`litellm_request`) and 2 (`LITELLM_OTEL_V2`).

// Version 1. The texts are Python literals, with single quotes, None and True.
/** Cached and reasoning tokens are only here. */
export const ATTR_METADATA_USAGE_OBJECT = 'metadata.usage_object';
/** Holds the session of proxied calls. */
export const ATTR_METADATA_REQUESTER_METADATA = 'metadata.requester_metadata';
export const ATTR_METADATA_USER_API_KEY_HASH = 'metadata.user_api_key_hash';
export const ATTR_METADATA_USER_API_KEY_ALIAS = 'metadata.user_api_key_alias';
export const ATTR_METADATA_USER_API_KEY_USER_ID = 'metadata.user_api_key_user_id';
export const ATTR_METADATA_USER_API_KEY_USER_EMAIL = 'metadata.user_api_key_user_email';
export const ATTR_METADATA_USER_API_KEY_TEAM_ID = 'metadata.user_api_key_team_id';
export const ATTR_METADATA_USER_API_KEY_TEAM_ALIAS = 'metadata.user_api_key_team_alias';
export const ATTR_METADATA_USER_API_KEY_ORG_ID = 'metadata.user_api_key_org_id';
export const ATTR_METADATA_USER_API_KEY_END_USER_ID = 'metadata.user_api_key_end_user_id';
export const ATTR_METADATA_REQUESTER_IP_ADDRESS = 'metadata.requester_ip_address';
export const ATTR_METADATA_SPEND_LOGS_METADATA = 'metadata.spend_logs_metadata';
/** JSON: a `cache_key` in it means a cache hit, which nobody was billed for. */
export const ATTR_LITELLM_HIDDEN_PARAMS = 'hidden_params';
export const ATTR_LITELLM_TRACE_ID = 'litellm_trace_id';
export const ATTR_LLM_OPENAI_USAGE = 'llm.openai.usage';
export const ATTR_LLM_OPENAI_ID = 'llm.openai.id';
export const ATTR_LLM_OPENAI_MODEL = 'llm.openai.model';
/** Content: the raw request and response. */
export const ATTR_PREFIX_LLM_OPENAI = 'llm.openai.';

// Cost in USD; the gateway's own, repeated on cache hits.
export const ATTR_GEN_AI_COST_INPUT_COST = 'gen_ai.cost.input_cost';
export const ATTR_GEN_AI_COST_OUTPUT_COST = 'gen_ai.cost.output_cost';
export const ATTR_GEN_AI_COST_TOTAL_COST = 'gen_ai.cost.total_cost';
export const ATTR_GEN_AI_COST_TOOL_USAGE_COST = 'gen_ai.cost.tool_usage_cost';
export const ATTR_GEN_AI_COST_ORIGINAL_COST = 'gen_ai.cost.original_cost';
export const ATTR_GEN_AI_COST_DISCOUNT_PERCENT = 'gen_ai.cost.discount_percent';
export const ATTR_GEN_AI_COST_DISCOUNT_AMOUNT = 'gen_ai.cost.discount_amount';
export const ATTR_GEN_AI_COST_MARGIN_PERCENT = 'gen_ai.cost.margin_percent';
export const ATTR_GEN_AI_COST_MARGIN_FIXED_AMOUNT = 'gen_ai.cost.margin_fixed_amount';
export const ATTR_GEN_AI_COST_MARGIN_TOTAL_AMOUNT = 'gen_ai.cost.margin_total_amount';

// Version 2.
export const ATTR_LITELLM_CALL_TYPE = 'litellm.call_type';
/** The real model; request and response model are the alias. */
export const ATTR_LITELLM_PROVIDER_MODEL = 'litellm.provider.model';
export const ATTR_LITELLM_COST_TOTAL = 'litellm.cost.total';
export const ATTR_LITELLM_API_KEY_HASH = 'litellm.api_key.hash';
/** On both versions since 1.109: answered from the gateway's cache, nobody was billed. */
export const ATTR_LITELLM_CACHE_HIT = 'litellm.cache_hit';
/** The gateway's own id of the call; the proxy's response headers have it too. */
export const ATTR_LITELLM_CALL_ID = 'litellm.call_id';
export const ATTR_LITELLM_END_USER_ID = 'litellm.end_user.id';
export const ATTR_LITELLM_METADATA_USER_API_KEY_USER_ID = 'litellm.metadata.user_api_key_user_id';
export const ATTR_LITELLM_METADATA_USER_API_KEY_TEAM_ID = 'litellm.metadata.user_api_key_team_id';
export const ATTR_LITELLM_METADATA_USER_API_KEY_ORG_ID = 'litellm.metadata.user_api_key_org_id';
export const ATTR_LITELLM_METADATA_USER_API_KEY_ALIAS = 'litellm.metadata.user_api_key_alias';
export const ATTR_PREFIX_LITELLM_METADATA = 'litellm.metadata.';

// Spans and scope.
export const SPAN_LITELLM_REQUEST = 'litellm_request';
export const SPAN_LITELLM_RAW_GEN_AI_REQUEST = 'raw_gen_ai_request';
export const SCOPE_LITELLM = 'litellm';

// What of these is content, joined in content.ts.
export const CONTENT_OF_LITELLM: readonly string[] = [
  ATTR_METADATA_REQUESTER_METADATA,
  ATTR_METADATA_REQUESTER_IP_ADDRESS,
  ATTR_METADATA_SPEND_LOGS_METADATA,
  ATTR_LITELLM_HIDDEN_PARAMS,
];
export const CONTENT_PREFIXES_OF_LITELLM: readonly string[] = [ATTR_PREFIX_LLM_OPENAI];
export const CONTENT_EXCEPTIONS_OF_LITELLM: readonly string[] = [
  ATTR_LLM_OPENAI_USAGE,
  ATTR_LLM_OPENAI_ID,
  ATTR_LLM_OPENAI_MODEL,
];
