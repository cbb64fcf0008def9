// VoltAgent. Agent spans carry the usage of all own steps; its `llm:*` spans only that of the last one.

// What the span is.
/** One of `VoltAgentSpanType`. Claude Code's spans use the same name. */
export const ATTR_SPAN_TYPE = 'span.type';
export const ATTR_SPAN_LABEL = 'span.label';
export const ATTR_ENTITY_TYPE = 'entity.type';
export const ATTR_ENTITY_ID = 'entity.id';
export const ATTR_ENTITY_NAME = 'entity.name';
export const ATTR_OPERATION_ID = 'operation.id';
export const ATTR_VOLTAGENT_OPERATION_ID = 'voltagent.operation_id';

// Usage on agent spans, inclusive, sub-agents excluded.
export const ATTR_USAGE_PROMPT_TOKENS = 'usage.prompt_tokens';
export const ATTR_USAGE_COMPLETION_TOKENS = 'usage.completion_tokens';
export const ATTR_USAGE_TOTAL_TOKENS = 'usage.total_tokens';
export const ATTR_USAGE_CACHED_TOKENS = 'usage.cached_tokens';
export const ATTR_USAGE_REASONING_TOKENS = 'usage.reasoning_tokens';
/** Estimates of what the prompt is made of: no usage. */
export const ATTR_PREFIX_USAGE_PROMPT_CONTEXT = 'usage.prompt_context.';

// Model on `llm:*` spans; `llm.usage.*` there is traceloop.ts.
export const ATTR_LLM_MODEL = 'llm.model';
export const ATTR_LLM_MODEL_INDEX = 'llm.model_index';
export const ATTR_LLM_OPERATION = 'llm.operation';
/** Each attempt is a span of its own. */
export const ATTR_LLM_ATTEMPT = 'llm.attempt';
export const ATTR_LLM_MAX_RETRIES = 'llm.max_retries';
export const ATTR_LLM_STREAM = 'llm.stream';
export const ATTR_LLM_MESSAGES_COUNT = 'llm.messages.count';
export const ATTR_LLM_TOOLS_COUNT = 'llm.tools.count';
export const ATTR_AI_MODEL_NAME = 'ai.model.name';
export const ATTR_AI_MODEL_MAX_STEPS = 'ai.model.max_steps';
export const ATTR_AI_RESPONSE_FINISH_REASON_UNDERSCORED = 'ai.response.finish_reason';

// Identity. `agent.name` is openinference.ts, `conversation.id` and `user.id` general.ts.
export const ATTR_VOLTAGENT_CONVERSATION_ID_BARE = 'conversationId';
export const ATTR_VOLTAGENT_USER_ID = 'userId';
/** Only where the steps ran out. */
export const ATTR_VOLTAGENT_STEP_COUNT = 'voltagent.step_count';
export const ATTR_VOLTAGENT_CONVERSATION_ID = 'voltagent.conversation_id';
export const ATTR_VOLTAGENT_IS_SUBAGENT = 'voltagent.is_subagent';
export const ATTR_AGENT_IS_SUBAGENT = 'agent.is_subagent';
export const ATTR_AGENT_PARENT_ID = 'agent.parent.id';
export const ATTR_AGENT_PARENT_NAME = 'agent.parent.name';
export const ATTR_AGENT_STATE = 'agent.state';
export const ATTR_SUBAGENT_ID = 'subagent.id';
export const ATTR_SUBAGENT_NAME = 'subagent.name';
export const ATTR_SUBAGENT_TYPE = 'subagent.type';

// Tools. `tool.name` is openinference.ts.
export const ATTR_TOOL_CALL_ID = 'tool.call.id';

// Memory.
export const ATTR_MEMORY_OPERATION = 'memory.operation';
export const ATTR_MEMORY_MESSAGE_COUNT = 'memory.message_count';
export const ATTR_MEMORY_STEP_COUNT = 'memory.step.count';
export const ATTR_MEMORY_STEPS_SAVED = 'memory.steps_saved';

// Content.
export const ATTR_VOLTAGENT_INPUT = 'input';
export const ATTR_VOLTAGENT_OUTPUT = 'output';
export const ATTR_LLM_MESSAGES = 'llm.messages';
export const ATTR_AGENT_INSTRUCTIONS = 'agent.instructions';
export const ATTR_AGENT_MESSAGES = 'agent.messages';
export const ATTR_AGENT_MESSAGES_UI = 'agent.messages.ui';
export const ATTR_AGENT_STATE_SNAPSHOT = 'agent.stateSnapshot';

// Scope and span names.
/** `llm:generateText`, `llm:streamText`. */
export const SPAN_PREFIX_LLM = 'llm:';
export const SPAN_PREFIX_SUBAGENT = 'subagent:';
export const SPAN_PREFIX_TOOL_EXECUTION = 'tool.execution:';
export const SCOPE_VOLTAGENT_CORE = '@voltagent/core';

/** Values of `span.type` that VoltAgent writes. */
export const VoltAgentSpanType = {
  AGENT: 'agent',
  LLM: 'llm',
  TOOL: 'tool',
  MEMORY: 'memory',
  RETRIEVER: 'retriever',
  WORKFLOW: 'workflow',
  WORKFLOW_STEP: 'workflow-step',
} as const;
/** @see {@link VoltAgentSpanType} */
export type VoltAgentSpanType = (typeof VoltAgentSpanType)[keyof typeof VoltAgentSpanType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_VOLTAGENT: readonly string[] = [
  ATTR_VOLTAGENT_INPUT,
  ATTR_VOLTAGENT_OUTPUT,
  ATTR_LLM_MESSAGES,
  ATTR_AGENT_INSTRUCTIONS,
  ATTR_AGENT_MESSAGES,
  ATTR_AGENT_MESSAGES_UI,
  ATTR_AGENT_STATE_SNAPSHOT,
];
export const CONTENT_EXCEPTIONS_OF_VOLTAGENT: readonly string[] = [ATTR_LLM_TOOLS_COUNT];
