// Mastra: agents, generations and steps nest around one `chat` each, and only that carries usage. Failed chats have no status.

import {
  ATTR_MASTRA_COMPLETION_START_TIME,
  ATTR_MASTRA_SPAN_TYPE,
  ATTR_OPENINFERENCE_SPAN_KIND,
  MastraSpanType,
} from '@turnmeter/semconv';
import { readCall } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { Role, UsageSource, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import { readRawUsage } from '../observe/usage.ts';
import type { SpanRecord } from '../record/record.ts';
import { endedInError, hasEnded } from './finish-reasons.ts';
import { workflowInName } from './generic-role.ts';
import { transferTarget } from './langgraph.ts';
import { readMetadata } from './openinference-metadata.ts';

const ROLES: Readonly<Record<string, Role>> = {
  [MastraSpanType.AGENT_RUN]: Role.AGENT,
  [MastraSpanType.WORKFLOW_RUN]: Role.WORKFLOW,
  [MastraSpanType.TOOL_CALL]: Role.TOOL,
  [MastraSpanType.MCP_TOOL_CALL]: Role.TOOL,
};

export const mastra: Profile = {
  name: 'mastra',
  title: 'Mastra (otel-exporter 0.3 and 1.x)',
  marks: [ATTR_MASTRA_SPAN_TYPE],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    if (record.signal !== 'span') return;
    const type = record.attributes.string(ATTR_MASTRA_SPAN_TYPE) ?? '';
    const named = roleOfOperation(draft.operation);
    const isCall =
      (named !== undefined && isCallRole(named)) || readRawUsage(record.attributes, []).input !== undefined;
    // For Arize, usage is on the generation, which may be several calls, and sessions are in the metadata.
    const isForArize = record.attributes.has(ATTR_OPENINFERENCE_SPAN_KIND);
    if (isForArize) readMetadata(record, draft);
    const isGeneration = isForArize && type === MastraSpanType.MODEL_GENERATION;
    if (isGeneration) draft.notes.push('steps_not_reported');
    if (isCall || isGeneration) readChat(record, draft);
    else draft.role = ROLES[type] ?? Role.STEP;
    if (draft.role === Role.AGENT && draft.agent === '') draft.agent = draft.agentId;
    if (draft.role === Role.WORKFLOW && draft.workflow === '')
      draft.workflow = workflowInName(record.name.slice(0, 200));
    if (draft.role === Role.TOOL) draft.handoffTo = transferTarget(draft.tool);
  },
};

function readChat(record: SpanRecord, draft: Draft): void {
  readCall(record, draft, { wireDistance: WireDistance.FRAMEWORK });
  draft.timeToFirstTokenUs = firstTokenUs(record);
  if (draft.usage !== undefined || draft.error !== '') return;
  if (hasEnded(record) && !endedInError(record)) return;
  // Its answer never came; the error is on the agent's span alone.
  draft.error = 'error';
  draft.usageSource = UsageSource.NONE;
  draft.notes.push('failure_inferred');
}

function firstTokenUs(record: SpanRecord): number {
  const timeUs = Date.parse(record.attributes.string(ATTR_MASTRA_COMPLETION_START_TIME) ?? '') * 1000;
  return Number.isFinite(timeUs) ? Math.max(0, timeUs - record.startUs) : 0;
}
