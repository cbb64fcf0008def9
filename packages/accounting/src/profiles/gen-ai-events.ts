// Log events that tell a call's usage again: the conventions' `…operation.details` and whatever else has readable tokens. Counted only
// where nothing of the service reports the call better.

import { EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS } from '@turnmeter/semconv';
import { readCall, readClaim } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { eventNameOf, placeEvent } from '../observe/log-event.ts';
import { Role, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { serviceFamily } from '../observe/service-family.ts';
import type { TelemetryRecord } from '../record/record.ts';

/** How well an event reports the calls of its service. Its spans have rank 0, its metrics have 10 and worse. */
export const EventRank = {
  /** One event for one call, by convention. */
  DETAILS: 1,
  /** An event nobody listed: one for a call, as far as its name tells. */
  CALL: 2,
  /** The name says that it sums up, or that another event of the producer says the same. */
  REPEATED: 3,
} as const;

export const genAiEvents: Profile = {
  name: 'gen-ai-events',
  title: 'Log events with token usage',
  marks: [],
  signals: ['log'],
  claims: (record) => record.signal === 'log',
  read(record, draft) {
    const event = eventNameOf(record);
    placeEvent(record, draft);
    if (event === EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS) readUsageEvent(record, draft, EventRank.DETAILS);
    else readUsageEvent(record, draft, SUMMARY.test(event) ? EventRank.REPEATED : EventRank.CALL);
  },
};

/** `session.finished`, `agent_turn`, `run_summary`: more than one call, or one that another event tells. */
const SUMMARY = /(session|conversation|turn|run|task|workflow|agent|crew|total|summary)/i;

/** Reads an event as a call of its service, if it tells tokens or a failure of one. */
export function readUsageEvent(record: TelemetryRecord, draft: Draft, rank: number): void {
  readCall(record, draft, { role: Role.INFERENCE, wireDistance: WireDistance.UNKNOWN });
  draft.authority = { family: serviceFamily(draft.service), rank };
  draft.claim = readClaim(record, 'client_table');
  const isFailure = draft.error !== '' && rank === EventRank.DETAILS;
  if (draft.usage !== undefined || isFailure) return;
  // A request that is not answered yet, a message, a line of text.
  draft.role = Role.LINEAGE;
  draft.authority = undefined;
  draft.calls = 0;
}
