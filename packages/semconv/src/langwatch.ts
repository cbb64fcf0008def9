// LangWatch SDKs.

// What the span is.
/** One of `LangWatchSpanType`. */
export const ATTR_LANGWATCH_SPAN_TYPE = 'langwatch.span.type';

// Usage: `{prompt_tokens, completion_tokens, cost}`, in the TypeScript SDK inside `{type: "json", value: …}`.
export const ATTR_LANGWATCH_METRICS = 'langwatch.metrics';
/** True where the SDK counted with a tokenizer. */
export const ATTR_LANGWATCH_TOKENS_ESTIMATED = 'langwatch.tokens.estimated';
export const ATTR_LANGWATCH_COST_USD = 'langwatch.cost.usd';

// Identity.
export const ATTR_LANGWATCH_THREAD_ID = 'langwatch.thread.id';
/** → `langwatch.thread.id`. */
export const ATTR_LANGWATCH_THREAD_ID_UNDERSCORED = 'langwatch.thread_id';
export const ATTR_LANGWATCH_USER_ID = 'langwatch.user.id';
/** → `langwatch.user.id`. */
export const ATTR_LANGWATCH_USER_ID_UNDERSCORED = 'langwatch.user_id';

// Content.
export const ATTR_LANGWATCH_INPUT = 'langwatch.input';
export const ATTR_LANGWATCH_OUTPUT = 'langwatch.output';
export const ATTR_LANGWATCH_RAG_CONTEXTS = 'langwatch.rag.contexts';

/** Values of `langwatch.span.type`. */
export const LangWatchSpanType = {
  LLM: 'llm',
  AGENT: 'agent',
  CHAIN: 'chain',
  TOOL: 'tool',
  RAG: 'rag',
  WORKFLOW: 'workflow',
  COMPONENT: 'component',
  MODULE: 'module',
  TASK: 'task',
  GUARDRAIL: 'guardrail',
  EVALUATION: 'evaluation',
  PROMPT: 'prompt',
  SPAN: 'span',
} as const;
/** @see {@link LangWatchSpanType} */
export type LangWatchSpanType = (typeof LangWatchSpanType)[keyof typeof LangWatchSpanType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_LANGWATCH: readonly string[] = [
  ATTR_LANGWATCH_INPUT,
  ATTR_LANGWATCH_OUTPUT,
  ATTR_LANGWATCH_RAG_CONTEXTS,
];
