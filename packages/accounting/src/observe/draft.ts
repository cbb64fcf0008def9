// The observation while a profile works on it: what all dialects share is filled in before, the profile says the rest.

import type { Attributes, TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { OWN_SESSION_SPELLINGS } from '../vocabulary/identity-spellings.ts';
import { WEAK_GUESS_RANK } from '../vocabulary/spelling.ts';
import { isControlFlow } from './control-flow.ts';
import { isResponseId, isSessionId } from './ids.ts';
import type { Note } from './notes.ts';
import { Coverage, Grain, type Observation, Role, SessionRank, UsageSource, WireDistance } from './observation.ts';
import { factsOf } from './resource-facts.ts';
import { namedRun } from './run-names.ts';
import { repairTimes, type TimeFault } from './times.ts';

export type Draft = { -readonly [Name in keyof Observation]: Observation[Name] } & { notes: Note[] };

/** Where and when a record was, by signal. */
interface Place {
  readonly id: string;
  readonly traceId: string;
  readonly parentId: string;
  readonly startUs: number;
  readonly endUs: number;
}

/** A draft that says where the record is and no more: enough for spans that only link others. */
export function lineageDraft(record: TelemetryRecord, tenant: string, receivedUs: number): Draft {
  const facts = factsOf(record.resource);
  const place = placeOf(record);
  const times = repairTimes(place.startUs, place.endUs, receivedUs);
  return {
    tenant,
    signal: record.signal,
    id: place.id,
    traceId: place.traceId,
    parentId: place.parentId,
    links: record.signal === 'span' ? record.links : NO_LINKS,
    profile: '',
    role: Role.LINEAGE,
    operation: '',
    scope: record.scope.name,
    service: facts.service,
    process: facts.process,
    startUs: times.startUs,
    endUs: times.endUs,
    usage: undefined,
    grain: Grain.CALL,
    usageSource: UsageSource.NONE,
    coverage: Coverage.BELOW,
    mayBeSum: false,
    wireDistance: WireDistance.UNKNOWN,
    authority: undefined,
    calls: 0,
    provider: '',
    model: '',
    requestModel: '',
    responseId: '',
    serviceTier: '',
    claim: undefined,
    charges: NO_CHARGES,
    timeToFirstTokenUs: 0,
    session: '',
    sessionRank: SessionRank.NONE,
    conversation: '',
    agent: '',
    agentId: '',
    endsAgent: false,
    canBeTurn: true,
    workflow: '',
    workflowVersion: '',
    user: '',
    tool: '',
    toolCallId: '',
    handoffTo: '',
    purpose: '',
    error: '',
    alias: undefined,
    notes: noteTimes(times.fault, record.droppedAttributes),
  };
}

const NO_LINKS: Observation['links'] = [];
const NO_CHARGES: Observation['charges'] = [];

function placeOf(record: TelemetryRecord): Place {
  switch (record.signal) {
    case 'span':
      return {
        id: record.spanId,
        traceId: record.traceId,
        parentId: record.parentId,
        startUs: record.startUs,
        endUs: record.endUs,
      };
    case 'log': {
      const timeUs = record.timeUs === 0 ? record.observedTimeUs : record.timeUs;
      return { id: record.id, traceId: record.traceId, parentId: record.spanId, startUs: timeUs, endUs: timeUs };
    }
    case 'metric': {
      const startUs = record.startUs === 0 ? record.timeUs : record.startUs;
      return { id: record.seriesId, traceId: '', parentId: '', startUs, endUs: record.timeUs };
    }
  }
}

function noteTimes(fault: TimeFault | undefined, droppedAttributes: number): Note[] {
  const notes: Note[] = [];
  if (fault !== undefined) notes.push(fault);
  if (droppedAttributes > 0) notes.push('attributes_dropped_by_producer');
  return notes;
}

/** Adds whom and what the record names, in any spelling. */
export function nameParts(record: TelemetryRecord, draft: Draft): void {
  const { attributes } = record;
  const facts = factsOf(record.resource);
  draft.operation = textOf(attributes, Field.OPERATION).slice(0, 100);
  draft.provider = textOf(attributes, Field.PROVIDER);
  draft.requestModel = textOf(attributes, Field.REQUEST_MODEL);
  draft.model = textOf(attributes, Field.RESPONSE_MODEL);
  if (draft.model === '') draft.model = draft.requestModel;
  const responseId = textOf(attributes, Field.RESPONSE_ID);
  if (isResponseId(responseId)) draft.responseId = responseId;
  draft.serviceTier = textOf(attributes, Field.SERVICE_TIER);
  nameSession(record, draft, facts.session);
  const conversation = textOf(attributes, Field.CONVERSATION);
  if (isSessionId(conversation) && !isThreadNumber(record, conversation)) draft.conversation = conversation;
  draft.agent = textOf(attributes, Field.AGENT);
  draft.agentId = textOf(attributes, Field.AGENT_ID);
  draft.workflow = namedRun(textOf(attributes, Field.WORKFLOW));
  draft.workflowVersion = textOf(attributes, Field.WORKFLOW_VERSION);
  draft.user = textOf(attributes, Field.USER);
  draft.tool = textOf(attributes, Field.TOOL);
  draft.toolCallId = textOf(attributes, Field.TOOL_CALL_ID);
  draft.error = readError(record);
}

function textOf(attributes: Attributes, field: Field): string {
  return unquoted(attributes.text(field) ?? '');
}

/** MLflow and Langfuse write values as JSON, so that a name comes in quotes. */
export function unquoted(text: string): string {
  return text.startsWith('"') && /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text;
}

/** `thread_id: 42` is a chat's thread in one producer and the operating system's in the next, which are small numbers. */
function isThreadNumber({ attributes }: TelemetryRecord, id: string): boolean {
  return attributes.rankOf(Field.CONVERSATION) === WEAK_GUESS_RANK && /^\d{1,9}$/.test(id);
}

function nameSession(record: TelemetryRecord, draft: Draft, resourceSession: string): void {
  const session = textOf(record.attributes, Field.SESSION);
  if (isSessionId(session)) {
    const rank = record.attributes.rankOf(Field.SESSION);
    draft.session = session;
    draft.sessionRank = rank < OWN_SESSION_SPELLINGS.length ? (rank as SessionRank) : SessionRank.PRODUCT;
  } else if (resourceSession !== '') {
    draft.session = resourceSession;
    draft.sessionRank = SessionRank.RESOURCE;
  }
}

/** Class of the failure: never a message, never control flow. */
function readError(record: TelemetryRecord): string {
  const named = record.attributes.text(Field.ERROR_TYPE);
  if (record.signal !== 'span') return named ?? '';
  const type = record.exceptionType !== '' ? record.exceptionType : (named ?? '');
  if (isControlFlow(type) || (named !== undefined && isControlFlow(named))) return '';
  if (record.status !== 2) return '';
  return (named ?? (type === '' ? 'error' : type)).slice(0, 100);
}
