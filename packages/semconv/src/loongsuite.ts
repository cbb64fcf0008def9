// LoongSuite and ARMS (Alibaba Cloud), also Dify's exporter to them. Usage is spelled as in gen-ai.ts.

// What the span is: `LLM`, `AGENT`, `CHAIN`, `TOOL`, `TASK`, `RETRIEVER`, `EMBEDDING`, `RERANKER`, `STEP`.
export const ATTR_GEN_AI_SPAN_KIND = 'gen_ai.span.kind';
/** Inside Alibaba. */
export const ATTR_GEN_AI_SPAN_KIND_NAME = 'gen_ai.span_kind_name';

// Identity.
export const ATTR_GEN_AI_SESSION_ID = 'gen_ai.session.id';
