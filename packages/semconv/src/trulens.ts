// TruLens (Snowflake AI observability).

// What the span is.
/** One of `TruLensSpanType`. */
export const ATTR_AI_OBSERVABILITY_SPAN_TYPE = 'ai.observability.span_type';

// Usage of a generation, and, under `cost`, of the calls that an instrumented function made itself.
export const ATTR_AI_OBSERVABILITY_GENERATION_PROMPT_TOKENS = 'ai.observability.generation.prompt_tokens';
export const ATTR_AI_OBSERVABILITY_GENERATION_COMPLETION_TOKENS = 'ai.observability.generation.completion_tokens';
export const ATTR_AI_OBSERVABILITY_GENERATION_TOTAL_TOKENS = 'ai.observability.generation.total_tokens';
export const ATTR_AI_OBSERVABILITY_GENERATION_MODEL = 'ai.observability.generation.model';
export const ATTR_AI_OBSERVABILITY_GENERATION_FINISH_REASON = 'ai.observability.generation.finish_reason';
export const ATTR_AI_OBSERVABILITY_COST_NUM_PROMPT_TOKENS = 'ai.observability.cost.num_prompt_tokens';
export const ATTR_AI_OBSERVABILITY_COST_NUM_COMPLETION_TOKENS = 'ai.observability.cost.num_completion_tokens';
export const ATTR_AI_OBSERVABILITY_COST_NUM_REASONING_TOKENS = 'ai.observability.cost.num_reasoning_tokens';
export const ATTR_AI_OBSERVABILITY_COST_NUM_TOKENS = 'ai.observability.cost.num_tokens';
export const ATTR_AI_OBSERVABILITY_COST_MODEL = 'ai.observability.cost.model';
/** In `ai.observability.cost.currency`, which is USD or Snowflake's credits. */
export const ATTR_AI_OBSERVABILITY_COST_COST = 'ai.observability.cost.cost';
export const ATTR_AI_OBSERVABILITY_COST_CURRENCY = 'ai.observability.cost.currency';

// Identity.
export const ATTR_AI_OBSERVABILITY_APP_NAME = 'ai.observability.app_name';
export const ATTR_AI_OBSERVABILITY_RECORD_ID = 'ai.observability.record_id';
export const ATTR_AI_OBSERVABILITY_RUN_NAME = 'ai.observability.run.name';

/** Values of `ai.observability.span_type`. */
export const TruLensSpanType = {
  RECORD_ROOT: 'record_root',
  NESTED_RECORD_ROOT: 'nested_record_root',
  GENERATION: 'generation',
  RETRIEVAL: 'retrieval',
  RERANKING: 'reranking',
  GRAPH_TASK: 'graph_task',
  GRAPH_NODE: 'graph_node',
  WORKFLOW_STEP: 'workflow_step',
  AGENT: 'agent',
  TOOL: 'tool',
  EVAL: 'eval',
  EVAL_ROOT: 'eval_root',
  UNKNOWN: 'unknown',
} as const;
/** @see {@link TruLensSpanType} */
export type TruLensSpanType = (typeof TruLensSpanType)[keyof typeof TruLensSpanType];
