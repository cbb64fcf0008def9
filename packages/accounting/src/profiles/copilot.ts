// GitHub Copilot: the CLI (spans, two kinds of metrics) and Copilot Chat in VS Code (spans, two kinds of events, one metric). Their calls
// are the conventions' chat spans; the agent above repeats its own, its sub-agents' left out.

import {
  ATTR_COPILOT_CHAT_SESSION_ID,
  ATTR_COPILOT_CHAT_TIME_TO_FIRST_TOKEN,
  ATTR_COPILOT_CHAT_TURN_ID,
  ATTR_GITHUB_COPILOT_COST,
  ATTR_GITHUB_COPILOT_INTERACTION_ID,
  ATTR_GITHUB_COPILOT_TURN_COUNT,
  ATTR_GITHUB_COPILOT_TURN_ID,
  EVENT_COPILOT_CHAT_AGENT_TURN,
  EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS,
} from '@turnmeter/semconv';
import { readCall, readSum } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { durationUs, eventNameOf, placeEvent } from '../observe/log-event.ts';
import { Grain, Role, SessionRank, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { SpanRecord, TelemetryRecord } from '../record/record.ts';
import { EventRank, readUsageEvent } from './gen-ai-events.ts';

const EVENT_PREFIX = /^(copilot_chat|github\.copilot)\./;
/** `copilot-chat`, `github.copilot`, `@github/copilot`. */
const SCOPE = /^(@?github[./-])?copilot/;
const SCOPES: readonly string[] = ['copilot*', 'github.copilot*', 'github-copilot*', '@github/copilot*'];

export const copilot: Profile = {
  name: 'copilot',
  title: 'GitHub Copilot CLI, Copilot Chat in VS Code',
  marks: [
    ATTR_COPILOT_CHAT_SESSION_ID,
    ATTR_COPILOT_CHAT_TIME_TO_FIRST_TOKEN,
    ATTR_COPILOT_CHAT_TURN_ID,
    ATTR_GITHUB_COPILOT_COST,
    ATTR_GITHUB_COPILOT_INTERACTION_ID,
    ATTR_GITHUB_COPILOT_TURN_COUNT,
    ATTR_GITHUB_COPILOT_TURN_ID,
  ],
  scopes: SCOPES,
  signals: ['log'],
  // Its metrics are the conventions'.
  claims: (record) =>
    record.signal === 'span' ||
    (record.signal === 'log' && (SCOPE.test(record.scope.name) || EVENT_PREFIX.test(eventNameOf(record)))),
  read(record, draft) {
    if (record.signal === 'span') readSpan(record, draft);
    else readEvent(record, draft);
  },
};

function readEvent(record: TelemetryRecord, draft: Draft): void {
  const event = eventNameOf(record);
  placeEvent(record, draft);
  if (draft.sessionRank === SessionRank.RESOURCE) draft.sessionRank = SessionRank.WINDOW;
  if (event === EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS) readUsageEvent(record, draft, EventRank.DETAILS);
  // One round trip of an agent: the event and the span of its call say the same.
  else if (event === EVENT_COPILOT_CHAT_AGENT_TURN) readUsageEvent(record, draft, EventRank.REPEATED);
}

function readSpan(record: SpanRecord, draft: Draft): void {
  nameSession(draft);
  const role = roleOfOperation(draft.operation) ?? Role.STEP;
  if (isCallRole(role)) {
    // The cost it reports counts premium requests and is no money.
    readCall(record, draft, { wireDistance: WireDistance.CLIENT });
    const firstTokenUs = durationUs(record.attributes.get(ATTR_COPILOT_CHAT_TIME_TO_FIRST_TOKEN));
    if (firstTokenUs > 0) draft.timeToFirstTokenUs = firstTokenUs;
  } else if (role === Role.AGENT) {
    readSum(record, draft, { role, grain: Grain.OWN_SUM });
  } else {
    draft.role = role;
  }
}

/**
 * The chat is the conversation, and a sub-agent's lies within its parent's. What a call names as conversation is its request, and
 * the resource's session is a window with many chats in it.
 */
function nameSession(draft: Draft): void {
  if (draft.sessionRank < SessionRank.PRODUCT) return;
  if (draft.sessionRank === SessionRank.PRODUCT) draft.conversation = draft.session;
  draft.session = '';
  draft.sessionRank = SessionRank.NONE;
}
