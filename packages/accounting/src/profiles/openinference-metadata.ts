// OpenInference's `metadata`: what the application or its framework wants to be remembered with a span, as JSON.

import { ATTR_OPENINFERENCE_METADATA } from '@turnmeter/semconv';
import type { Draft } from '../observe/draft.ts';
import { isSessionId } from '../observe/ids.ts';
import { parseObject } from '../observe/literal.ts';
import { SessionRank } from '../observe/observation.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { agentOfGraph, sessionOfGraph } from './langgraph.ts';

/** LangChain's agent and session, and whatever else is named like them (Mastra). Returns the agent that the graph names. */
export function readMetadata(record: TelemetryRecord, draft: Draft): string {
  const metadata = parseObject(record.attributes.string(ATTR_OPENINFERENCE_METADATA));
  if (metadata === undefined) return '';
  const agent = agentOfGraph(metadata);
  if (draft.agent === '') draft.agent = agent;
  const session = sessionOfGraph(metadata);
  if (draft.sessionRank > SessionRank.PRODUCT && isSessionId(session)) {
    draft.session = session;
    draft.sessionRank = SessionRank.PRODUCT;
  }
  return agent;
}
