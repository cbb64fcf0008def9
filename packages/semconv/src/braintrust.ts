// Braintrust SDKs (Java, Go, Ruby, .NET and the OTel mode of the others). Usage and model are JSON objects.

// What the span is.
/** `{"type": "llm", "name": …}`; the type is one of `BraintrustSpanType`. */
export const ATTR_BRAINTRUST_SPAN_ATTRIBUTES = 'braintrust.span_attributes';
export const ATTR_BRAINTRUST_PARENT = 'braintrust.parent';

// Usage, inclusive: `{prompt_tokens, completion_tokens, tokens, prompt_cached_tokens, prompt_cache_creation_tokens,
// completion_reasoning_tokens, time_to_first_token}`; the .NET SDK writes one attribute for each.
export const ATTR_BRAINTRUST_METRICS = 'braintrust.metrics';
export const ATTR_PREFIX_BRAINTRUST_METRICS = 'braintrust.metrics.';
/** Seconds. */
export const ATTR_BRAINTRUST_METRICS_TIME_TO_FIRST_TOKEN = 'braintrust.metrics.time_to_first_token';

// Model: `{"model": …, "provider": …, "id": …}`.
export const ATTR_BRAINTRUST_METADATA = 'braintrust.metadata';
export const ATTR_PREFIX_BRAINTRUST_METADATA = 'braintrust.metadata.';

// Content.
export const ATTR_BRAINTRUST_INPUT = 'braintrust.input';
export const ATTR_BRAINTRUST_OUTPUT = 'braintrust.output';
export const ATTR_BRAINTRUST_INPUT_JSON = 'braintrust.input_json';
export const ATTR_BRAINTRUST_OUTPUT_JSON = 'braintrust.output_json';

/** Types of `braintrust.span_attributes`. */
export const BraintrustSpanType = {
  LLM: 'llm',
  TASK: 'task',
  TOOL: 'tool',
  FUNCTION: 'function',
  EVAL: 'eval',
  SCORE: 'score',
} as const;
/** @see {@link BraintrustSpanType} */
export type BraintrustSpanType = (typeof BraintrustSpanType)[keyof typeof BraintrustSpanType];

// What of these is content, joined in content.ts.
export const CONTENT_OF_BRAINTRUST: readonly string[] = [
  ATTR_BRAINTRUST_INPUT,
  ATTR_BRAINTRUST_OUTPUT,
  ATTR_BRAINTRUST_INPUT_JSON,
  ATTR_BRAINTRUST_OUTPUT_JSON,
];
