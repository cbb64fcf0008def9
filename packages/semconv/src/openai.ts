// OpenAI: the published `openai.*` names, and openai-agents' own trace events (not OTLP).

// Published. `gen_ai.openai.*`, their old names, are gen-ai-legacy.ts.
/** One of `OpenAiApiType`. */
export const ATTR_OPENAI_API_TYPE = 'openai.api.type';
/** One of `OpenAiRequestServiceTier` or any other text. */
export const ATTR_OPENAI_REQUEST_SERVICE_TIER = 'openai.request.service_tier';
/** What was billed: `default`, `flex`, `priority`, `scale`. */
export const ATTR_OPENAI_RESPONSE_SERVICE_TIER = 'openai.response.service_tier';
export const ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT = 'openai.response.system_fingerprint';

/** Published values of `openai.api.type`. */
export const OpenAiApiType = { CHAT_COMPLETIONS: 'chat_completions', RESPONSES: 'responses' } as const;
/** @see {@link OpenAiApiType} */
export type OpenAiApiType = (typeof OpenAiApiType)[keyof typeof OpenAiApiType];

/** Published values of `openai.request.service_tier`. */
export const OpenAiRequestServiceTier = { AUTO: 'auto', DEFAULT: 'default' } as const;
/** @see {@link OpenAiRequestServiceTier} */
export type OpenAiRequestServiceTier = (typeof OpenAiRequestServiceTier)[keyof typeof OpenAiRequestServiceTier];

/** Service tiers that change the price. */
export const OpenAiServiceTier = {
  DEFAULT: 'default',
  FLEX: 'flex',
  PRIORITY: 'priority',
  SCALE: 'scale',
  BATCH: 'batch',
} as const;
/** @see {@link OpenAiServiceTier} */
export type OpenAiServiceTier = (typeof OpenAiServiceTier)[keyof typeof OpenAiServiceTier];

/** Values of `span_data.type` of openai-agents. Usage of `turn` and `task` repeats that of the calls below. */
export const OpenAiAgentsSpanType = {
  TASK: 'task',
  AGENT: 'agent',
  TURN: 'turn',
  RESPONSE: 'response',
  GENERATION: 'generation',
  FUNCTION: 'function',
  HANDOFF: 'handoff',
  GUARDRAIL: 'guardrail',
  CUSTOM: 'custom',
} as const;
/** @see {@link OpenAiAgentsSpanType} */
export type OpenAiAgentsSpanType = (typeof OpenAiAgentsSpanType)[keyof typeof OpenAiAgentsSpanType];
