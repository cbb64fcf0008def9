// Haystack (deepset): no usage but in the content of a component's output.

// What the span is.
/** Class of the component: `OpenAIChatGenerator`. */
export const ATTR_HAYSTACK_COMPONENT_TYPE = 'haystack.component.type';
export const ATTR_HAYSTACK_COMPONENT_NAME = 'haystack.component.name';
export const ATTR_HAYSTACK_TOOL_NAME = 'haystack.tool.name';
export const ATTR_HAYSTACK_AGENT_STEPS_TAKEN = 'haystack.agent.steps_taken';

// Content; a generator's output holds `{"replies": [{"meta": {"model": …, "usage": …}}]}`.
export const ATTR_HAYSTACK_COMPONENT_INPUT = 'haystack.component.input';
export const ATTR_HAYSTACK_COMPONENT_OUTPUT = 'haystack.component.output';
export const ATTR_HAYSTACK_AGENT_INPUT = 'haystack.agent.input';
export const ATTR_HAYSTACK_AGENT_OUTPUT = 'haystack.agent.output';
export const ATTR_HAYSTACK_AGENT_STEP_LLM_INPUT = 'haystack.agent.step.llm.input';
/** An agent's model calls are no components; the same as a generator's output. */
export const ATTR_HAYSTACK_AGENT_STEP_LLM_OUTPUT = 'haystack.agent.step.llm.output';
export const ATTR_HAYSTACK_AGENT_STEP_TOOL_INPUT = 'haystack.agent.step.tool.input';
export const ATTR_HAYSTACK_AGENT_STEP_TOOL_OUTPUT = 'haystack.agent.step.tool.output';

// Spans.
export const SPAN_HAYSTACK_COMPONENT_RUN = 'haystack.component.run';
export const SPAN_HAYSTACK_PIPELINE_RUN = 'haystack.pipeline.run';
export const SPAN_HAYSTACK_AGENT_RUN = 'haystack.agent.run';

// What of these is content, joined in content.ts.
export const CONTENT_OF_HAYSTACK: readonly string[] = [
  ATTR_HAYSTACK_COMPONENT_INPUT,
  ATTR_HAYSTACK_COMPONENT_OUTPUT,
  ATTR_HAYSTACK_AGENT_INPUT,
  ATTR_HAYSTACK_AGENT_OUTPUT,
  ATTR_HAYSTACK_AGENT_STEP_LLM_INPUT,
  ATTR_HAYSTACK_AGENT_STEP_LLM_OUTPUT,
  ATTR_HAYSTACK_AGENT_STEP_TOOL_INPUT,
  ATTR_HAYSTACK_AGENT_STEP_TOOL_OUTPUT,
];
