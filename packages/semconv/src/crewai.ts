// CrewAI. It emits no GenAI spans of its own: OpenInference and OpenLLMetry add these.

// Identity, OpenInference. The agent is `graph.node.id` (openinference.ts).
export const ATTR_CREWAI_CREW_ID_BARE = 'crew_id';
export const ATTR_CREWAI_CREW_KEY = 'crew_key';
export const ATTR_CREWAI_TASK_ID_BARE = 'task_id';
export const ATTR_CREWAI_TASK_KEY = 'task_key';
export const ATTR_CREWAI_TASK_NAME = 'task_name';

// Identity, OpenLLMetry and the event listeners.
export const ATTR_CREWAI_AGENT_ROLE = 'crewai.agent.role';
export const ATTR_CREWAI_AGENT_ID = 'crewai.agent.id';
export const ATTR_CREWAI_AGENT_KEY = 'crewai.agent.key';
export const ATTR_CREWAI_TASK_ID = 'crewai.task.id';
export const ATTR_CREWAI_CREW_ID = 'crewai.crew.id';
export const ATTR_CREWAI_CREW_NAME = 'crewai.crew.name';

// Tools.
export const ATTR_TOOL_CACHE_FUNCTION = 'tool.cache_function';
export const ATTR_TOOL_CURRENT_USAGE_COUNT = 'tool.current_usage_count';
export const ATTR_TOOL_DESCRIPTION_UPDATED = 'tool.description_updated';
export const ATTR_TOOL_RESULT_AS_ANSWER = 'tool.result_as_answer';

// Content.
export const ATTR_CREWAI_CREW_AGENTS = 'crew_agents';
export const ATTR_CREWAI_CREW_TASKS = 'crew_tasks';
export const ATTR_CREWAI_CREW_INPUTS = 'crew_inputs';
export const ATTR_CREWAI_CREW_OUTPUT = 'crew_output';
export const ATTR_CREWAI_TASK_DESCRIPTION = 'crewai.task.description';
export const ATTR_CREWAI_AGENT_GOAL = 'crewai.agent.goal';
export const ATTR_CREWAI_AGENT_BACKSTORY = 'crewai.agent.backstory';

// Span names end so: `{crew}.kickoff`, `{agent}.{task}._execute_core`, `{model}.llm_call`.
export const SCOPE_OPENINFERENCE_INSTRUMENTATION_CREWAI = 'openinference.instrumentation.crewai';
export const SCOPE_OPENTELEMETRY_INSTRUMENTATION_CREWAI = 'opentelemetry.instrumentation.crewai';

// What of these is content, joined in content.ts.
export const CONTENT_OF_CREWAI: readonly string[] = [
  ATTR_CREWAI_CREW_AGENTS,
  ATTR_CREWAI_CREW_TASKS,
  ATTR_CREWAI_CREW_INPUTS,
  ATTR_CREWAI_CREW_OUTPUT,
  ATTR_CREWAI_TASK_DESCRIPTION,
  ATTR_CREWAI_AGENT_GOAL,
  ATTR_CREWAI_AGENT_BACKSTORY,
];
