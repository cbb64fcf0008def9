// Grafana Agent Observability SDKs (`@grafana/agento11y`, formerly Sigil). Usage is spelled as in gen-ai.ts and gen-ai-legacy.ts.

/** Of usage on spans and metrics: `inclusive`, or absent where `input_tokens` is the provider's own figure. */
export const ATTR_GEN_AI_TOKEN_SEMANTICS = 'gen_ai.token.semantics';
export const ATTR_AGENTO11Y_GENERATION_ID = 'agento11y.generation.id';
export const ATTR_AGENTO11Y_SDK_NAME = 'agento11y.sdk.name';
export const ATTR_AGENTO11Y_FRAMEWORK_RUN_ID = 'agento11y.framework.run_id';
export const ATTR_AGENTO11Y_FRAMEWORK_THREAD_ID = 'agento11y.framework.thread_id';
export const ATTR_AGENTO11Y_FRAMEWORK_LANGGRAPH_NODE = 'agento11y.framework.langgraph.node';
export const ATTR_PREFIX_AGENTO11Y_TAG = 'agento11y.tag.';
/** Until 2026 → `agento11y.generation.id`. */
export const ATTR_SIGIL_GENERATION_ID = 'sigil.generation.id';
