// GitHub Copilot CLI (spans, third-generation metrics) and Copilot Chat in VS Code (spans, events, first-generation
// metrics).

// Cost: premium requests and AI units, not USD.
export const ATTR_GITHUB_COPILOT_COST = 'github.copilot.cost';
export const ATTR_GITHUB_COPILOT_AIU = 'github.copilot.aiu';
export const ATTR_GITHUB_COPILOT_NANO_AIU = 'github.copilot.nano_aiu';

// Identity and timing.
export const ATTR_GITHUB_COPILOT_TURN_ID = 'github.copilot.turn_id';
export const ATTR_GITHUB_COPILOT_TURN_COUNT = 'github.copilot.turn_count';
export const ATTR_GITHUB_COPILOT_INTERACTION_ID = 'github.copilot.interaction_id';
export const ATTR_GITHUB_COPILOT_INITIATOR = 'github.copilot.initiator';
export const ATTR_GITHUB_COPILOT_SERVER_DURATION = 'github.copilot.server_duration';
export const ATTR_COPILOT_CHAT_SESSION_ID = 'copilot_chat.session_id';
export const ATTR_COPILOT_CHAT_TURN_ID = 'copilot_chat.turn.id';
export const ATTR_TURN_INDEX = 'turn.index';
/** Milliseconds, on chat spans; also a metric. */
export const ATTR_COPILOT_CHAT_TIME_TO_FIRST_TOKEN = 'copilot_chat.time_to_first_token';

// Content.
export const ATTR_GITHUB_COPILOT_MESSAGE = 'github.copilot.message';
export const ATTR_COPILOT_CHAT_USER_REQUEST = 'copilot_chat.user_request';
export const ATTR_COPILOT_CHAT_REASONING_CONTENT = 'copilot_chat.reasoning_content';

// Events.
export const EVENT_COPILOT_CHAT_SESSION_START = 'copilot_chat.session.start';
export const EVENT_COPILOT_CHAT_AGENT_TURN = 'copilot_chat.agent.turn';
export const EVENT_COPILOT_CHAT_TOOL_CALL = 'copilot_chat.tool.call';
export const EVENT_GITHUB_COPILOT_SESSION_TRUNCATION = 'github.copilot.session.truncation';
export const EVENT_GITHUB_COPILOT_SESSION_COMPACTION_START = 'github.copilot.session.compaction_start';
export const EVENT_GITHUB_COPILOT_SESSION_COMPACTION_COMPLETE = 'github.copilot.session.compaction_complete';

// Metrics.
export const METRIC_COPILOT_CHAT_AGENT_TURN_COUNT = 'copilot_chat.agent.turn.count';
/** Unit `s`. */
export const METRIC_COPILOT_CHAT_AGENT_INVOCATION_DURATION = 'copilot_chat.agent.invocation.duration';
export const METRIC_COPILOT_CHAT_TOOL_CALL_COUNT = 'copilot_chat.tool.call.count';
/** Unit `ms`. */
export const METRIC_COPILOT_CHAT_TOOL_CALL_DURATION = 'copilot_chat.tool.call.duration';
export const METRIC_COPILOT_CHAT_SESSION_COUNT = 'copilot_chat.session.count';
/** Unit `s`. */
export const METRIC_COPILOT_CHAT_TIME_TO_FIRST_TOKEN = 'copilot_chat.time_to_first_token';
export const METRIC_GITHUB_COPILOT_AGENT_TURN_COUNT = 'github.copilot.agent.turn.count';
export const METRIC_GITHUB_COPILOT_TOOL_CALL_COUNT = 'github.copilot.tool.call.count';
export const METRIC_GITHUB_COPILOT_TOOL_CALL_DURATION = 'github.copilot.tool.call.duration';

// What of these is content, joined in content.ts.
export const CONTENT_OF_COPILOT: readonly string[] = [
  ATTR_GITHUB_COPILOT_MESSAGE,
  ATTR_COPILOT_CHAT_USER_REQUEST,
  ATTR_COPILOT_CHAT_REASONING_CONTENT,
];
