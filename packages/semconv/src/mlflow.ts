// MLflow (and DSPy through it). Values are JSON texts, quoted even where they are a word: `"CHAT_MODEL"`.

// What the span is.
/** One of `MlflowSpanType`, as JSON text. */
export const ATTR_MLFLOW_SPAN_TYPE = 'mlflow.spanType';

// Usage: `{input_tokens, output_tokens, total_tokens, cache_read_input_tokens, cache_creation_input_tokens}`.
/** Of this call. */
export const ATTR_MLFLOW_CHAT_TOKEN_USAGE = 'mlflow.chat.tokenUsage';
/** Of the trace: a sum. */
export const ATTR_MLFLOW_TRACE_TOKEN_USAGE = 'mlflow.trace.tokenUsage';
/** `{input_cost, output_cost, total_cost}` in USD, from MLflow's table. */
export const ATTR_MLFLOW_LLM_COST = 'mlflow.llm.cost';

// Model and identity.
export const ATTR_MLFLOW_LLM_MODEL = 'mlflow.llm.model';
export const ATTR_MLFLOW_LLM_PROVIDER = 'mlflow.llm.provider';
export const ATTR_MLFLOW_TRACE_SESSION = 'mlflow.trace.session';
export const ATTR_MLFLOW_TRACE_USER = 'mlflow.trace.user';

// Content.
export const ATTR_MLFLOW_SPAN_INPUTS = 'mlflow.spanInputs';
export const ATTR_MLFLOW_SPAN_OUTPUTS = 'mlflow.spanOutputs';

/** Values of `mlflow.spanType`. */
export const MlflowSpanType = {
  LLM: 'LLM',
  CHAT_MODEL: 'CHAT_MODEL',
  EMBEDDING: 'EMBEDDING',
  RERANKER: 'RERANKER',
  AGENT: 'AGENT',
  CHAIN: 'CHAIN',
  WORKFLOW: 'WORKFLOW',
  TASK: 'TASK',
  TOOL: 'TOOL',
  RETRIEVER: 'RETRIEVER',
  PARSER: 'PARSER',
  MEMORY: 'MEMORY',
  GUARDRAIL: 'GUARDRAIL',
  EVALUATOR: 'EVALUATOR',
  UNKNOWN: 'UNKNOWN',
} as const;
/** @see {@link MlflowSpanType} */
export type MlflowSpanType = (typeof MlflowSpanType)[keyof typeof MlflowSpanType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_MLFLOW: readonly string[] = [ATTR_MLFLOW_SPAN_INPUTS, ATTR_MLFLOW_SPAN_OUTPUTS];
