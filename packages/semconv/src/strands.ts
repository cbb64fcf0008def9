// Strands Agents (JavaScript and Python). Usage in two spellings on every span, cumulative per agent instance on
// `invoke_agent`.

// Identity. `session.id` and `user.id` come as trace attributes; JavaScript leaves them off the chat spans.
export const ATTR_AGENT_LOOP_CYCLE_ID = 'agent_loop.cycle_id';
export const ATTR_AGENT_LOOP_PARENT_CYCLE_ID = 'agent_loop.parent_cycle_id';
export const ATTR_EVENT_LOOP_CYCLE_ID = 'event_loop.cycle_id';
export const ATTR_EVENT_LOOP_PARENT_CYCLE_ID = 'event_loop.parent_cycle_id';
export const ATTR_GEN_AI_AGENT_NODE_TYPE = 'gen_ai.agent.node_type';
export const ATTR_GEN_AI_AGENT_STATUS = 'gen_ai.agent.status';
/** Milliseconds. */
export const ATTR_GEN_AI_AGENT_EXECUTION_TIME = 'gen_ai.agent.execution_time';
/** Names, as JSON text. */
export const ATTR_GEN_AI_AGENT_TOOLS = 'gen_ai.agent.tools';
export const ATTR_GEN_AI_EVENT_START_TIME = 'gen_ai.event.start_time';
export const ATTR_GEN_AI_EVENT_END_TIME = 'gen_ai.event.end_time';

// Content.
export const ATTR_STRANDS_SYSTEM_PROMPT = 'system_prompt';
export const ATTR_GEN_AI_AGENT_INPUT = 'gen_ai.agent.input';
export const ATTR_GEN_AI_TOOL_JSON_SCHEMA = 'gen_ai.tool.json_schema';
export const ATTR_TOOL_RESULT = 'tool.result';
export const ATTR_STRANDS_CONTENT = 'content';

// On span events.
export const ATTR_STRANDS_FINISH_REASON = 'finish_reason';
export const ATTR_STRANDS_ROLE = 'role';
export const ATTR_STRANDS_ID = 'id';
export const ATTR_STRANDS_NAME = 'name';

// JavaScript metrics.
export const METRIC_GEN_AI_AGENT_TOKENS_INPUT = 'gen_ai.agent.tokens.input';
export const METRIC_GEN_AI_AGENT_TOKENS_OUTPUT = 'gen_ai.agent.tokens.output';
export const METRIC_GEN_AI_AGENT_INVOCATION_COUNT = 'gen_ai.agent.invocation.count';
export const METRIC_GEN_AI_AGENT_CYCLE_COUNT = 'gen_ai.agent.cycle.count';
/** Unit `ms`. */
export const METRIC_GEN_AI_AGENT_CYCLE_DURATION = 'gen_ai.agent.cycle.duration';
export const METRIC_GEN_AI_AGENT_TOOL_CALL_COUNT = 'gen_ai.agent.tool.call.count';
/** Unit `ms`. */
export const METRIC_GEN_AI_AGENT_TOOL_DURATION = 'gen_ai.agent.tool.duration';

// Python metrics; tokens are exclusive for Anthropic.
export const METRIC_STRANDS_EVENT_LOOP_INPUT_TOKENS = 'strands.event_loop.input.tokens';
export const METRIC_STRANDS_EVENT_LOOP_OUTPUT_TOKENS = 'strands.event_loop.output.tokens';
export const METRIC_STRANDS_EVENT_LOOP_CACHE_READ_INPUT_TOKENS = 'strands.event_loop.cache_read.input.tokens';
export const METRIC_STRANDS_EVENT_LOOP_CACHE_WRITE_INPUT_TOKENS = 'strands.event_loop.cache_write.input.tokens';
export const METRIC_STRANDS_EVENT_LOOP_CYCLE_COUNT = 'strands.event_loop.cycle_count';
export const METRIC_STRANDS_EVENT_LOOP_CYCLE_DURATION = 'strands.event_loop.cycle_duration';
export const METRIC_STRANDS_EVENT_LOOP_LATENCY = 'strands.event_loop.latency';
/** Unit `ms`. */
export const METRIC_STRANDS_MODEL_TIME_TO_FIRST_TOKEN = 'strands.model.time_to_first_token';
export const METRIC_STRANDS_TOOL_CALL_COUNT = 'strands.tool.call_count';
export const METRIC_STRANDS_TOOL_ERROR_COUNT = 'strands.tool.error_count';
export const METRIC_STRANDS_TOOL_SUCCESS_COUNT = 'strands.tool.success_count';
export const METRIC_STRANDS_TOOL_DURATION = 'strands.tool.duration';

// Spans. The JavaScript scope is the service's own name.
export const SPAN_STRANDS_EXECUTE_AGENT_LOOP_CYCLE = 'execute_agent_loop_cycle';
export const SPAN_STRANDS_EXECUTE_EVENT_LOOP_CYCLE = 'execute_event_loop_cycle';
export const SPAN_PREFIX_STRANDS_INVOKE_SWARM = 'invoke_swarm ';
export const SPAN_PREFIX_STRANDS_INVOKE_GRAPH = 'invoke_graph ';
export const SPAN_PREFIX_STRANDS_NODE = 'node ';
export const SCOPE_STRANDS_TELEMETRY_TRACER = 'strands.telemetry.tracer';

// What of these is content, joined in content.ts.
export const CONTENT_OF_STRANDS: readonly string[] = [
  ATTR_STRANDS_SYSTEM_PROMPT,
  ATTR_GEN_AI_AGENT_INPUT,
  ATTR_GEN_AI_TOOL_JSON_SCHEMA,
  ATTR_TOOL_RESULT,
  ATTR_STRANDS_CONTENT,
];
