// AgentOps. The session span holds totals; a trace is a session.

// What the span is.
/** One of `AgentOpsSpanKind`. */
export const ATTR_AGENTOPS_SPAN_KIND = 'agentops.span.kind';
export const ATTR_AGENTOPS_ENTITY_NAME = 'agentops.entity.name';
export const ATTR_AGENTOPS_SESSION_END_STATE = 'agentops.session.end_state';
export const ATTR_AGENTOPS_TAGS = 'agentops.tags';
export const ATTR_AGENTOPS_ENVIRONMENT = 'agentops.environment';
export const ATTR_AGENTOPS_PROJECT_ID = 'agentops.project.id';
export const ATTR_AGENTOPS_SDK_NAME = 'agentops.sdk.name';
export const ATTR_AGENTOPS_SDK_VERSION = 'agentops.sdk.version';

// Identity. `agent.name` is openinference.ts.
export const ATTR_AGENT_ID = 'agent.id';
export const ATTR_AGENT_ROLE = 'agent.role';
export const ATTR_AGENT_MODELS = 'agent.models';
export const ATTR_AGENTOPS_FROM_AGENT = 'from_agent';
export const ATTR_AGENTOPS_TO_AGENT = 'to_agent';
export const ATTR_GEN_AI_AGENT_DESTINATION = 'gen_ai.agent.destination';
export const ATTR_GEN_AI_AGENT_TURNS = 'gen_ai.agent.turns';
export const ATTR_GEN_AI_AGENT_RUNS = 'gen_ai.agent.runs';
export const ATTR_WORKFLOW_TYPE = 'workflow.type';
export const ATTR_WORKFLOW_RUN_ID = 'workflow.run_id';
export const ATTR_WORKFLOW_SESSION_ID = 'workflow.session_id';
export const ATTR_WORKFLOW_SESSION_NAME = 'workflow.session_name';
export const ATTR_WORKFLOW_USER_ID = 'workflow.user_id';
export const ATTR_WORKFLOW_APP_ID = 'workflow.app_id';
export const ATTR_WORKFLOW_STEP = 'workflow.step';
export const ATTR_WORKFLOW_STEP_TYPE = 'workflow.step.type';
export const ATTR_WORKFLOW_STEP_STATUS = 'workflow.step.status';

// Tools.
export const ATTR_TOOL_STATUS = 'tool.status';

// Content.
export const ATTR_AGENTOPS_ENTITY_INPUT = 'agentops.entity.input';
export const ATTR_AGENTOPS_ENTITY_OUTPUT = 'agentops.entity.output';
export const ATTR_AGENT_TOOLS = 'agent.tools';
export const ATTR_AGENT_THINKING = 'agent.thinking';
export const ATTR_AGENT_REASONING = 'agent.reasoning';
export const ATTR_AGENT_DECISION = 'agent.decision';
export const ATTR_AGENT_ACTION = 'agent.action';
export const ATTR_WORKFLOW_INPUT = 'workflow.input';
export const ATTR_WORKFLOW_OUTPUT = 'workflow.output';
export const ATTR_WORKFLOW_FINAL_OUTPUT = 'workflow.final_output';
export const ATTR_GEN_AI_COMPLETION_CHUNK = 'gen_ai.completion.chunk';
export const ATTR_GEN_AI_REQUEST_INSTRUCTIONS = 'gen_ai.request.instructions';
export const ATTR_GEN_AI_REQUEST_SYSTEM_INSTRUCTION = 'gen_ai.request.system_instruction';
export const ATTR_GEN_AI_OPENAI_INSTRUCTIONS = 'gen_ai.openai.instructions';

// OpenAI client, also OpenLLMetry.
export const ATTR_GEN_AI_OPENAI_API_BASE = 'gen_ai.openai.api_base';
export const ATTR_GEN_AI_OPENAI_API_TYPE = 'gen_ai.openai.api_type';
export const ATTR_GEN_AI_OPENAI_API_VERSION = 'gen_ai.openai.api_version';
export const ATTR_GEN_AI_OPENAI_SYSTEM_FINGERPRINT = 'gen_ai.openai.system_fingerprint';
export const ATTR_GEN_AI_STREAMING_TIME_TO_FIRST_TOKEN = 'gen_ai.streaming.time_to_first_token';
export const ATTR_GEN_AI_STREAMING_TIME_TO_GENERATE = 'gen_ai.streaming.time_to_generate';

/** Values of `agentops.span.kind`. */
export const AgentOpsSpanKind = {
  SESSION: 'session',
  AGENT: 'agent',
  WORKFLOW: 'workflow',
  TASK: 'task',
  OPERATION: 'operation',
  LLM: 'llm',
  TOOL: 'tool',
  GUARDRAIL: 'guardrail',
  CHAIN: 'chain',
  TEXT: 'text',
  HTTP: 'http',
  UNKNOWN: 'unknown',
} as const;
/** @see {@link AgentOpsSpanKind} */
export type AgentOpsSpanKind = (typeof AgentOpsSpanKind)[keyof typeof AgentOpsSpanKind];

// What of these is content, joined in content.ts.
export const CONTENT_OF_AGENTOPS: readonly string[] = [
  ATTR_AGENTOPS_ENTITY_INPUT,
  ATTR_AGENTOPS_ENTITY_OUTPUT,
  ATTR_AGENT_TOOLS,
  ATTR_AGENT_THINKING,
  ATTR_AGENT_REASONING,
  ATTR_AGENT_DECISION,
  ATTR_AGENT_ACTION,
  ATTR_WORKFLOW_INPUT,
  ATTR_WORKFLOW_OUTPUT,
  ATTR_WORKFLOW_FINAL_OUTPUT,
  ATTR_GEN_AI_REQUEST_INSTRUCTIONS,
  ATTR_GEN_AI_REQUEST_SYSTEM_INSTRUCTION,
  ATTR_GEN_AI_OPENAI_INSTRUCTIONS,
];
