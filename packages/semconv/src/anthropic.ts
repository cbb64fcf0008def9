// The Anthropic SDKs' own telemetry: on by default in Python as soon as a tracer provider is set.

// Usage beside `gen_ai.usage.*` (inclusive): the only span with the cache write's lifetimes.
export const ATTR_ANTHROPIC_USAGE_CACHE_CREATION_EPHEMERAL_5M_INPUT_TOKENS =
  'anthropic.usage.cache_creation.ephemeral_5m_input_tokens';
export const ATTR_ANTHROPIC_USAGE_CACHE_CREATION_EPHEMERAL_1H_INPUT_TOKENS =
  'anthropic.usage.cache_creation.ephemeral_1h_input_tokens';
/** The answer of a counting call: never usage. */
export const ATTR_ANTHROPIC_MESSAGE_COUNT_TOKENS_INPUT_TOKENS = 'anthropic.message.count_tokens.input_tokens';

// Response, request, tenant candidates.
export const ATTR_ANTHROPIC_RESPONSE_SERVICE_TIER = 'anthropic.response.service_tier';
/** The `req_…` id, not the message's. */
export const ATTR_ANTHROPIC_REQUEST_ID = 'anthropic.request.id';
export const ATTR_ANTHROPIC_ORGANIZATION_ID = 'anthropic.organization.id';
export const ATTR_ANTHROPIC_WORKSPACE_ID = 'anthropic.workspace.id';

// Claude Code's spans and records.
export const ATTR_ANTHROPIC_PROVIDER = 'anthropic.provider';
export const ATTR_ANTHROPIC_CUSTOM_BASE_URL = 'anthropic.custom_base_url';
export const ATTR_ANTHROPIC_MCP_SERVER_NAME = 'anthropic.mcp.server.name';

// Spans and scope.
export const SPAN_ANTHROPIC_MESSAGES_CREATE = 'anthropic.messages.create';
export const SPAN_ANTHROPIC_MESSAGES_COUNT_TOKENS = 'anthropic.messages.count_tokens';
export const SCOPE_COM_ANTHROPIC_SDK_PYTHON = 'com.anthropic.sdk.python';
export const SCOPE_PREFIX_COM_ANTHROPIC_SDK = 'com.anthropic.sdk.';
