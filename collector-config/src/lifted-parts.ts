// What accounting needs and some producers hide inside their texts. Before texts go, these parts of them are lifted out; the attribute
// then holds the part alone. What no rule here lifts is lost with its text, so each attribute of content that a profile reads is here:
// `test/keep-keys.test.ts` compares.

import * as names from '@turnmeter/semconv';

/** Where an attribute is. */
export const Place = { SPAN: 'span', LOG: 'log' } as const;
export type Place = (typeof Place)[keyof typeof Place];

/** What is kept of an attribute's text. */
export type Part =
  /** Of a JSON object these members, at the top and in the members named `inner`. */
  | { readonly members: readonly string[]; readonly inner?: readonly string[] }
  /** The named groups of RE2 expressions, one behind the other; sample and source beside each. */
  | { readonly patterns: readonly { readonly pattern: string; readonly text: string }[] }
  /** That it was there. */
  | { readonly presence: true };

export interface LiftedPart {
  readonly key: string;
  readonly places: readonly Place[];
  readonly part: Part;
}

/** `usageMetadata` of Gemini as ADK writes it, and the codes of failed calls. */
const ADK_RESPONSE = ['usageMetadata', 'usage_metadata', 'errorCode', 'error_code', 'finishReason', 'finish_reason'];

const GRAPH_METADATA = [
  'langgraph_checkpoint_ns', 'checkpoint_ns', 'lc_agent_name', 'langgraph_node', 'session_id', 'sessionId', 'thread_id', 'threadId',
  'conversation_id', 'conversationId',
]; // prettier-ignore

/** `"id": "chatcmpl-9f…"`, `'id': 'resp_…'`; without it a call that two libraries show counts twice. */
const RESPONSE_ID = String.raw`["'](?:id|response_id)["']\s*:\s*["'](?P<v>(?:resp_|chatcmpl-|cmpl-|gen-|msg_)[A-Za-z0-9_-]{1,150})["']`;
const RESPONSE_ID_PART: Part = { patterns: [{ pattern: RESPONSE_ID, text: '{"id":"%s","stop_reason":""}' }] };

/** Everything before the query, without user and password: `https://api.openai.com/v1/chat/completions`. */
const ADDRESS: Part = {
  patterns: [
    { pattern: String.raw`^(?P<v>https?://)`, text: '%s' },
    { pattern: String.raw`^(?:https?://(?:[^@/?#]*@)?)?(?P<v>[^?#]+)`, text: '%s' },
  ],
};

/** Numbers only: a usage object of one or two levels without texts in it. */
const NUMBERS = String.raw`\{(?:[^{}]|\{[^{}]*\}){0,1000}\}`;

/** `{"replies": [{"meta": {"model": "gpt-5-mini", "usage": {"prompt_tokens": 826, …}}}]}` */
const HAYSTACK_REPLY: Part = {
  patterns: [
    { pattern: String.raw`"model"\s*:\s*(?P<v>"[^"]{1,200}")`, text: '{"model": %s} ' },
    { pattern: String.raw`"usage"\s*:\s*(?P<v>${NUMBERS})`, text: '{"usage": %s}' },
  ],
};

export const LIFTED_PARTS: readonly LiftedPart[] = [
  { key: names.ATTR_GCP_VERTEX_AGENT_LLM_RESPONSE, places: ['span'], part: { members: ADK_RESPONSE } },
  { key: names.ATTR_GCP_VERTEX_AGENT_TOOL_CALL_ARGS, places: ['span'], part: { members: ['agentName', 'agent_name'] } },
  {
    key: names.ATTR_OPENINFERENCE_METADATA,
    places: ['span'],
    part: { members: GRAPH_METADATA, inner: ['configurable'] },
  },
  {
    key: names.ATTR_METADATA_REQUESTER_METADATA,
    places: ['span'],
    part: { members: GRAPH_METADATA, inner: ['configurable'] },
  },
  { key: names.ATTR_LITELLM_HIDDEN_PARAMS, places: ['span'], part: { members: ['cache_key', 'response_cost'] } },
  {
    key: names.ATTR_OUTPUT_VALUE,
    places: ['span'],
    part: {
      patterns: [
        { pattern: RESPONSE_ID, text: '{"id":"%s","stop_reason":""}' },
        // Haystack's agents: `"step_count": 2, "token_usage": {"prompt_tokens": 1178, …}`, and the model inside a Python `repr`.
        { pattern: String.raw`"token_usage"\s*:\s*(?P<v>${NUMBERS})`, text: ' {"token_usage": %s}' },
        { pattern: String.raw`(?s).*"step_count"\s*:\s*(?P<v>\d{1,4})\b`, text: ' {"step_count": %s}' },
        { pattern: String.raw`(?s).*'model': '(?P<v>[^']{1,100})'`, text: " {'model': '%s'}" },
      ],
    },
  },
  {
    key: names.ATTR_INPUT_VALUE,
    places: ['span'],
    part: {
      patterns: [
        // LlamaIndex: `AgentSetup(input=[…], current_agent_name='Writer')`.
        {
          pattern: String.raw`\bcurrent_agent_name["']?\s*[=:]\s*["'](?P<v>[^"']{1,200})["']`,
          text: "current_agent_name='%s'",
        },
      ],
    },
  },
  { key: names.ATTR_HAYSTACK_COMPONENT_OUTPUT, places: ['span'], part: HAYSTACK_REPLY },
  { key: names.ATTR_HAYSTACK_AGENT_STEP_LLM_OUTPUT, places: ['span'], part: HAYSTACK_REPLY },
  { key: names.ATTR_GENKIT_OUTPUT, places: ['span'], part: { members: ['usage'] } },
  { key: names.ATTR_GEN_AI_COMPLETION, places: ['span'], part: RESPONSE_ID_PART },
  {
    key: names.ATTR_CLAUDE_CODE_TOOL_PARAMETERS,
    places: ['span', 'log'],
    part: { members: [names.ATTR_CLAUDE_CODE_SUBAGENT_TYPE] },
  },
  { key: names.ATTR_CODEX_ARGUMENTS, places: ['log'], part: { members: ['agent_type'] } },
  {
    key: names.ATTR_CODEX_OUTPUT,
    places: ['log'],
    part: { members: ['agent_id', 'thread_id', 'task_name', 'nickname'] },
  },
  { key: names.ATTR_ERROR_MESSAGE, places: ['log'], part: { presence: true } },
  { key: names.ATTR_WORKFLOW_DEFINITION, places: ['span'], part: { presence: true } },
  { key: names.ATTR_PYDANTIC_AI_ALL_MESSAGES, places: ['span'], part: { presence: true } },
  { key: names.ATTR_URL_FULL, places: ['span'], part: ADDRESS },
  { key: names.ATTR_HTTP_URL, places: ['span'], part: ADDRESS },
  { key: names.ATTR_HTTP_TARGET, places: ['span'], part: ADDRESS },
];
