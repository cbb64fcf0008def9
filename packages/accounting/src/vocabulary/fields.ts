// What an attribute can tell, as small integers: a decoder keeps one slot for each.

export const Field = {
  INPUT: 0,
  OUTPUT: 1,
  TOTAL: 2,
  CACHE_READ: 3,
  CACHE_WRITE: 4,
  CACHE_WRITE_5M: 5,
  CACHE_WRITE_1H: 6,
  REASONING: 7,
  INPUT_AUDIO: 8,
  OUTPUT_AUDIO: 9,
  INPUT_IMAGE: 10,
  OUTPUT_IMAGE: 11,
  /** Usage of all calls below, under a name that says so. */
  SUM_INPUT: 12,
  SUM_OUTPUT: 13,
  SUM_CACHE_READ: 14,
  SUM_CACHE_WRITE: 15,
  SUM_REASONING: 16,
  COST_USD: 17,
  TIME_TO_FIRST_TOKEN: 18,
  OPERATION: 19,
  PROVIDER: 20,
  REQUEST_MODEL: 21,
  RESPONSE_MODEL: 22,
  RESPONSE_ID: 23,
  SERVICE_TIER: 24,
  FINISH_REASONS: 25,
  SESSION: 26,
  CONVERSATION: 27,
  AGENT: 28,
  AGENT_ID: 29,
  WORKFLOW: 30,
  USER: 31,
  TOOL: 32,
  TOOL_CALL_ID: 33,
  ERROR_TYPE: 34,
  /** Usage as one JSON object or map, of whatever shape: `usage-shapes.ts` reads it. */
  USAGE_OBJECT: 35,
  /** What the span is, in the words of its dialect: `LLM`, `agent`, `CHAT_MODEL`. */
  KIND: 36,
  WORKFLOW_VERSION: 37,
} as const;
export type Field = (typeof Field)[keyof typeof Field];

export const FIELD_COUNT = 38;
