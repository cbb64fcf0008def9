// AG2 (AutoGen): `autogen.opentelemetry` of 0.11 to 0.14, TelemetryMiddleware and hub of 1.x. One scope name, two
// vocabularies.

// What the span is, both generations. An inference is `llm`, nothing else of 0.x counts.
/** One of `Ag2SpanType`. */
export const ATTR_AG2_SPAN_TYPE = 'ag2.span.type';

// 0.x. Conversation spans carry what two clients spent in their whole life: never a sum of the chat.
/** Messages of the initiator's side. */
export const ATTR_GEN_AI_CONVERSATION_TURNS = 'gen_ai.conversation.turns';
export const ATTR_GEN_AI_CONVERSATION_MAX_TURNS = 'gen_ai.conversation.max_turns';
export const ATTR_GEN_AI_CONVERSATION_RESUMED = 'gen_ai.conversation.resumed';
export const ATTR_GEN_AI_AGENT_REMOTE = 'gen_ai.agent.remote';
export const ATTR_AG2_SPEAKER_SELECTION_CANDIDATES = 'ag2.speaker_selection.candidates';
export const ATTR_AG2_SPEAKER_SELECTION_SELECTED = 'ag2.speaker_selection.selected';
export const ATTR_AG2_CHATS_COUNT = 'ag2.chats.count';
export const ATTR_AG2_CHATS_MODE = 'ag2.chats.mode';
export const ATTR_AG2_CHATS_PREREQUISITES = 'ag2.chats.prerequisites';
export const ATTR_AG2_CHATS_RECIPIENTS = 'ag2.chats.recipients';
export const ATTR_PREFIX_AG2_CHATS = 'ag2.chats.';
export const ATTR_AG2_HUMAN_INPUT_PROMPT = 'ag2.human_input.prompt';
export const ATTR_AG2_HUMAN_INPUT_RESPONSE = 'ag2.human_input.response';
export const ATTR_AG2_CODE_EXECUTION_EXIT_CODE = 'ag2.code_execution.exit_code';
export const ATTR_AG2_CODE_EXECUTION_OUTPUT = 'ag2.code_execution.output';
export const SPAN_AG2_SPEAKER_SELECTION = 'speaker_selection';

// 1.x: usage spans without an operation name. `model_call` repeats the chat beside it.
/** One of `Ag2UsageKind`. */
export const ATTR_AG2_USAGE_KIND = 'ag2.usage.kind';
/** The sub-agent. */
export const ATTR_AG2_USAGE_LABEL = 'ag2.usage.label';
/** Input and output, plus thinking for Gemini. */
export const ATTR_AG2_USAGE_TOTAL_TOKENS = 'ag2.usage.total_tokens';
export const SPAN_PREFIX_AG2_RECORD_USAGE = 'record_usage ';

// 1.x with a hub: the channel is the session, on envelope, channel and task spans only.
export const ATTR_AG2_NETWORK_CHANNEL_ID = 'ag2.network.channel_id';
export const ATTR_AG2_NETWORK_ENVELOPE_ID = 'ag2.network.envelope_id';
/** The envelope that caused this one: the order of turns. */
export const ATTR_AG2_NETWORK_CAUSATION_ID = 'ag2.network.causation_id';
export const ATTR_AG2_NETWORK_SENDER_ID = 'ag2.network.sender_id';
export const ATTR_AG2_NETWORK_AUDIENCE = 'ag2.network.audience';
export const ATTR_AG2_NETWORK_CREATOR_ID = 'ag2.network.creator_id';
export const ATTR_AG2_NETWORK_OWNER_ID = 'ag2.network.owner_id';
export const ATTR_AG2_NETWORK_TASK_ID = 'ag2.network.task_id';
export const ATTR_AG2_NETWORK_CAPABILITY = 'ag2.network.capability';
export const ATTR_AG2_NETWORK_EVENT_TYPE = 'ag2.network.event_type';
export const ATTR_AG2_NETWORK_MANIFEST_TYPE = 'ag2.network.manifest_type';
export const ATTR_AG2_NETWORK_OUTCOME = 'ag2.network.outcome';
export const ATTR_AG2_AGENT_ID = 'ag2.agent.id';
/** On span links: `in_channel` points to the channel span. */
export const ATTR_AG2_LINK_KIND = 'ag2.link.kind';
export const ATTR_AG2_ERROR_TYPE = 'ag2.error.type';
/** Content. */
export const ATTR_AG2_ERROR_MESSAGE = 'ag2.error.message';
export const SPAN_PREFIX_NETWORK_CHANNEL = 'network.channel ';
export const SPAN_PREFIX_NETWORK_ENVELOPE = 'network.envelope ';
export const SPAN_PREFIX_NETWORK_TASK = 'network.task ';
/** On `closed`. */
export const ATTR_AG2_REASON = 'reason';
export const EVENT_AG2_OPENED = 'opened';
export const EVENT_AG2_CLOSED = 'closed';
export const EVENT_AG2_TURN_FAILED = 'turn_failed';

// Scopes. 0.x sets the scope's version to AG2's, 1.x leaves it empty.
export const SCOPE_OPENTELEMETRY_INSTRUMENTATION_AG2 = 'opentelemetry.instrumentation.ag2';
/** OpenLIT's AG2 spans say `chat` with estimated usage: never an inference. */
export const SCOPE_OPENLIT_INSTRUMENTATION_AG2 = 'openlit.instrumentation.ag2';

/** Values of `ag2.span.type`. */
export const Ag2SpanType = {
  CONVERSATION: 'conversation',
  MULTI_CONVERSATION: 'multi_conversation',
  AGENT: 'agent',
  LLM: 'llm',
  TOOL: 'tool',
  CODE_EXECUTION: 'code_execution',
  HUMAN_INPUT: 'human_input',
  SPEAKER_SELECTION: 'speaker_selection',
  /** Declared by 0.x, never emitted. */
  HANDOFF: 'handoff',
  /** 1.x from here on. */
  USAGE: 'usage',
  CHANNEL: 'channel',
  ENVELOPE: 'envelope',
  TASK: 'task',
  AGENT_LIFETIME: 'agent_lifetime',
  AGENT_EVENT: 'agent_event',
} as const;
/** @see {@link Ag2SpanType} */
export type Ag2SpanType = (typeof Ag2SpanType)[keyof typeof Ag2SpanType];

/** Values of `ag2.usage.kind`. */
export const Ag2UsageKind = {
  /** Repeats the `chat` span beside it. */
  MODEL_CALL: 'model_call',
  SUBTASK: 'subtask',
  AGGREGATION: 'aggregation',
  COMPACTION: 'compaction',
} as const;
/** @see {@link Ag2UsageKind} */
export type Ag2UsageKind = (typeof Ag2UsageKind)[keyof typeof Ag2UsageKind];

// What of these is content, joined in content.ts.
export const CONTENT_OF_AG2: readonly string[] = [
  ATTR_AG2_CHATS_PREREQUISITES,
  ATTR_AG2_HUMAN_INPUT_PROMPT,
  ATTR_AG2_HUMAN_INPUT_RESPONSE,
  ATTR_AG2_CODE_EXECUTION_OUTPUT,
  ATTR_AG2_ERROR_MESSAGE,
];
