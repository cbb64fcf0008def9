// The parts that all entries of a record have in common, before its amounts.

import { type Observation, type Usage, UsageSource } from '../observe/observation.ts';
import { type Amounts, type Entry, EntryKind, NOTHING, Reason } from './entry.ts';
import type { Identity } from './identity.ts';

export type Base = Entry;

/** An entry that adds nothing yet. */
export function baseEntry(said: Observation, identity: Identity): Base {
  return {
    ...NOTHING,
    tenant: said.tenant,
    session: identity.session,
    // A workflow that nobody named is called after the service that runs it.
    workflow: identity.workflow !== '' ? identity.workflow : said.service !== '' ? said.service : 'unknown',
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
    charges: [],
    error: '',
    notes: said.notes,
  };
}

/** Usage as amounts: what is not known adds nothing, and `isInputKnown`, `isOutputKnown` say so. */
export function amountsOf(usage: Usage | undefined): Pick<Amounts, keyof Usage> {
  return {
    input: usage?.input ?? 0,
    output: usage?.output ?? 0,
    cacheRead: usage?.cacheRead ?? 0,
    cacheWrite: usage?.cacheWrite ?? 0,
    cacheWrite1h: usage?.cacheWrite1h ?? 0,
    reasoning: usage?.reasoning ?? 0,
    inputAudio: usage?.inputAudio ?? 0,
    outputAudio: usage?.outputAudio ?? 0,
    inputImage: usage?.inputImage ?? 0,
    outputImage: usage?.outputImage ?? 0,
  };
}

/** An entry that says why a record does not count, and what it would have added. */
export function excludedEntry(base: Base, said: Observation, why: { reason: Reason; countedBy?: string }): Entry {
  return {
    ...base,
    reason: why.reason,
    countedBy: why.countedBy ?? '',
    excludedInput: said.usage?.input ?? 0,
    excludedOutput: said.usage?.output ?? 0,
  };
}
