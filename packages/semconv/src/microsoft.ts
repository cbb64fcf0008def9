// Microsoft: Agent Framework (MAF), Semantic Kernel, AutoGen 0.4 and newer.

// Agent Framework: workflow, executors and messages between them. `invoke_agent` is the exact sum of its chats.
/** Per built workflow, not per run. */
export const ATTR_WORKFLOW_ID = 'workflow.id';
/** On `workflow.run`. Also AgentOps. */
export const ATTR_WORKFLOW_NAME = 'workflow.name';
/** Content: the whole graph as JSON. */
export const ATTR_WORKFLOW_DEFINITION = 'workflow.definition';
export const ATTR_WORKFLOW_BUILDER_NAME = 'workflow_builder.name';
export const ATTR_WORKFLOW_BUILDER_DESCRIPTION = 'workflow_builder.description';
/** The agent, in group chats. */
export const ATTR_EXECUTOR_ID = 'executor.id';
export const ATTR_EXECUTOR_TYPE = 'executor.type';
export const ATTR_MESSAGE_TYPE = 'message.type';
export const ATTR_MESSAGE_PAYLOAD_TYPE = 'message.payload_type';
/** Handoff edge: from. */
export const ATTR_MESSAGE_SOURCE_ID = 'message.source_id';
/** Handoff edge: to. */
export const ATTR_MESSAGE_TARGET_ID = 'message.target_id';
/** Handoff edge: to, on `message.send`. */
export const ATTR_MESSAGE_DESTINATION_EXECUTOR_ID = 'message.destination_executor_id';
export const ATTR_EDGE_GROUP_TYPE = 'edge_group.type';
export const ATTR_EDGE_GROUP_ID = 'edge_group.id';
export const ATTR_EDGE_GROUP_DELIVERED = 'edge_group.delivered';
export const ATTR_EDGE_GROUP_DELIVERY_STATUS = 'edge_group.delivery_status';
/** Seconds; also a metric. */
export const ATTR_AGENT_FRAMEWORK_FUNCTION_INVOCATION_DURATION = 'agent_framework.function.invocation.duration';
export const ATTR_AGENT_FRAMEWORK_FUNCTION_NAME = 'agent_framework.function.name';
/** Unit `s`. */
export const METRIC_AGENT_FRAMEWORK_FUNCTION_INVOCATION_DURATION = 'agent_framework.function.invocation.duration';
export const SPAN_WORKFLOW_RUN = 'workflow.run';
export const SPAN_WORKFLOW_BUILD = 'workflow.build';
export const SPAN_MESSAGE_SEND = 'message.send';
export const SPAN_PREFIX_EXECUTOR_PROCESS = 'executor.process ';
export const SPAN_PREFIX_EDGE_GROUP_PROCESS = 'edge_group.process ';
export const EVENT_WORKFLOW_STARTED = 'workflow.started';
export const EVENT_WORKFLOW_COMPLETED = 'workflow.completed';
export const EVENT_WORKFLOW_ERROR = 'workflow.error';
export const SCOPE_AGENT_FRAMEWORK = 'agent_framework';

// Semantic Kernel: every message starts a new trace, span links join them.
export const ATTR_SK_AVAILABLE_FUNCTIONS = 'sk.available_functions';
export const SPAN_MICROSOFT_AUTO_FUNCTION_INVOCATION_LOOP = 'AutoFunctionInvocationLoop';
export const SCOPE_PREFIX_SEMANTIC_KERNEL = 'semantic_kernel.';

// AutoGen: some ten messaging spans per model call, many traces per chat, no inference span of its own.
/** With the team's id, which is the session. */
export const ATTR_MICROSOFT_RECIPIENT_AGENT_TYPE = 'recipient_agent_type';
export const ATTR_MICROSOFT_RECIPIENT_AGENT_CLASS = 'recipient_agent_class';
export const ATTR_MICROSOFT_SENDER_AGENT_TYPE = 'sender_agent_type';
export const ATTR_MICROSOFT_SENDER_AGENT_CLASS = 'sender_agent_class';
/** Until v1.17 of the conventions → `messaging.destination.name`. */
export const ATTR_MESSAGING_DESTINATION = 'messaging.destination';
/** → `messaging.operation.type`. */
export const ATTR_MESSAGING_OPERATION = 'messaging.operation';
/** Content: the full text, on `process` spans; also on Strands' span events. */
export const ATTR_MICROSOFT_MESSAGE = 'message';
export const SPAN_PREFIX_MICROSOFT_AUTOGEN = 'autogen ';
export const SCOPE_AUTOGEN_CORE = 'autogen-core';
export const SCOPE_PREFIX_AUTOGEN = 'autogen ';

// What of these is content, joined in content.ts.
export const CONTENT_OF_MICROSOFT: readonly string[] = [
  ATTR_WORKFLOW_DEFINITION,
  ATTR_WORKFLOW_BUILDER_DESCRIPTION,
  ATTR_SK_AVAILABLE_FUNCTIONS,
  ATTR_MICROSOFT_MESSAGE,
];
