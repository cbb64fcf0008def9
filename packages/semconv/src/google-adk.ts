// Google's Agent Development Kit (JavaScript and Python).

// Identity.
/** The session, on `call_llm`. */
export const ATTR_GCP_VERTEX_AGENT_SESSION_ID = 'gcp.vertex.agent.session_id';
/** One user request. */
export const ATTR_GCP_VERTEX_AGENT_INVOCATION_ID = 'gcp.vertex.agent.invocation_id';
export const ATTR_GCP_VERTEX_AGENT_EVENT_ID = 'gcp.vertex.agent.event_id';
export const ATTR_GEN_AI_WORKFLOW_NESTED = 'gen_ai.workflow.nested';
export const ATTR_GEN_AI_WORKFLOW_ID = 'gen_ai.workflow.id';
export const ATTR_GEN_AI_WORKFLOW_VERSION = 'gen_ai.workflow.version';

/** JavaScript's graphs, 2.0. */
export const ATTR_ADK_WORKFLOW_NAME = 'adk.workflow.name';
export const ATTR_ADK_NODE_PATH = 'adk.node.path';

// Content. The response holds JavaScript's only cached and thought tokens (`usageMetadata`).
export const ATTR_GCP_VERTEX_AGENT_LLM_REQUEST = 'gcp.vertex.agent.llm_request';
export const ATTR_GCP_VERTEX_AGENT_LLM_RESPONSE = 'gcp.vertex.agent.llm_response';
export const ATTR_GCP_VERTEX_AGENT_TOOL_CALL_ARGS = 'gcp.vertex.agent.tool_call_args';
export const ATTR_GCP_VERTEX_AGENT_TOOL_RESPONSE = 'gcp.vertex.agent.tool_response';
export const ATTR_GCP_VERTEX_AGENT_DATA = 'gcp.vertex.agent.data';

// Spans. JavaScript nests sub-agents inside their parent's `call_llm`; Python 2.x has `generate_content {model}`
// instead.
export const SPAN_GOOGLE_ADK_CALL_LLM = 'call_llm';
export const SPAN_GOOGLE_ADK_INVOCATION = 'invocation';
export const SCOPE_GCP_VERTEX_AGENT = 'gcp.vertex.agent';
/** ADK stands back when it is on: no copies. */
export const SCOPE_OPENTELEMETRY_INSTRUMENTATION_GOOGLE_GENAI = 'opentelemetry.instrumentation.google_genai';

// Experimental metrics: nested invocations are folded in.
export const METRIC_PREFIX_ADK_EXPERIMENTAL = 'adk.experimental.';

// What of these is content, joined in content.ts.
export const CONTENT_OF_GOOGLE_ADK: readonly string[] = [
  ATTR_GCP_VERTEX_AGENT_LLM_REQUEST,
  ATTR_GCP_VERTEX_AGENT_LLM_RESPONSE,
  ATTR_GCP_VERTEX_AGENT_TOOL_CALL_ARGS,
  ATTR_GCP_VERTEX_AGENT_TOOL_RESPONSE,
  ATTR_GCP_VERTEX_AGENT_DATA,
];
