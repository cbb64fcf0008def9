// An entry while it is put together: one object, filled in by those who decide what a record counts as.

import { type Observation, type Usage, UsageSource } from '../observe/observation.ts';
import { type Entry, EntryKind, Reason } from './entry.ts';
import type { Identity } from './identity.ts';

export type EntryDraft = { -readonly [Name in keyof Entry]: Entry[Name] };

/** An entry that adds nothing yet. Written out field by field: this is done for every record, and copying parts would double its cost. */
export function draftEntry(said: Observation, identity: Identity): EntryDraft {
  return {
    inferences: 0,
    turns: 0,
    toolCalls: 0,
    handoffs: 0,
    errors: 0,
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    cacheWrite1h: 0,
    reasoning: 0,
    inputAudio: 0,
    outputAudio: 0,
    inputImage: 0,
    outputImage: 0,
    responseTimeUs: 0,
    humanWaitUs: 0,
    excludedInput: 0,
    excludedOutput: 0,
    tenant: said.tenant,
    session: identity.session,
    // A workflow that nobody named is called after the service that runs it.
    workflow: identity.workflow !== '' ? identity.workflow : said.service !== '' ? said.service : 'unknown',
    workflowVersion: identity.workflowVersion,
    user: identity.user,
    agent: identity.agent,
    provider: said.provider,
    model: said.model,
    requestModel: said.requestModel,
    tool: said.tool,
    handoffTo: said.handoffTo,
    purpose: identity.purpose,
    operation: said.operation,
    service: said.service,
    profile: said.profile,
    signal: said.signal,
    traceId: said.traceId,
    recordId: said.id,
    kind: EntryKind.EXCLUDED,
    reason: Reason.WITNESS,
    countedBy: '',
    startUs: said.startUs,
    endUs: said.endUs,
    timeToFirstTokenUs: 0,
    usageSource: UsageSource.NONE,
    isInputKnown: false,
    isOutputKnown: false,
    serviceTier: said.serviceTier,
    claim: undefined,
    charges: NO_CHARGES,
    error: '',
    notes: said.notes,
  };
}

const NO_CHARGES: Entry['charges'] = [];

/** Adds usage. What is not known adds nothing, and `isInputKnown`, `isOutputKnown` say so. */
export function addUsage(entry: EntryDraft, usage: Usage | undefined): void {
  if (usage === undefined) return;
  entry.isInputKnown = usage.input !== undefined;
  entry.isOutputKnown = usage.output !== undefined;
  entry.input = usage.input ?? 0;
  entry.output = usage.output ?? 0;
  entry.cacheRead = usage.cacheRead ?? 0;
  entry.cacheWrite = usage.cacheWrite ?? 0;
  entry.cacheWrite1h = usage.cacheWrite1h ?? 0;
  entry.reasoning = usage.reasoning ?? 0;
  entry.inputAudio = usage.inputAudio ?? 0;
  entry.outputAudio = usage.outputAudio ?? 0;
  entry.inputImage = usage.inputImage ?? 0;
  entry.outputImage = usage.outputImage ?? 0;
}

/** Says why a record does not count, and what it would have added. */
export function exclude(entry: EntryDraft, said: Observation, reason: Reason, countedBy: string = ''): EntryDraft {
  entry.reason = reason;
  entry.countedBy = countedBy;
  leaveOutUsage(entry, said);
  return entry;
}

/** Keeps what a record reports and does not add. */
export function leaveOutUsage(entry: EntryDraft, said: Observation): void {
  entry.excludedInput = said.usage?.input ?? 0;
  entry.excludedOutput = said.usage?.output ?? 0;
}
