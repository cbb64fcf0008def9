import { type Entry, EntryKind, type Observation, Role, UsageSource, usageOf } from '@turnmeter/accounting';
import type { Cost } from '@turnmeter/pricing';
import { Purpose } from '@turnmeter/semconv';
import type { Identity } from '../session/identity.ts';
import type { CountedCall } from '../session/spend.ts';
import { priceOwnCall } from './price-entry.ts';

/** What one record adds to a session's figures. */
export interface Counted {
  readonly identity: Identity;
  readonly startMs: number;
  readonly endMs: number;
  readonly model: string;
  readonly purpose: Purpose | undefined;
  readonly call: CountedCall | undefined;
  /** Undefined where it is no turn. */
  readonly responseMs: number | undefined;
  readonly toolCalls: number;
  readonly handoffs: number;
  readonly humanWaitMs: number;
}

/** What an entry adds; undefined where it adds nothing. */
export function countedOf(entry: Entry, cost: Cost | undefined): Counted | undefined {
  if (entry.kind === EntryKind.EXCLUDED) return undefined;
  const hasTokens = entry.isInputKnown || entry.isOutputKnown;
  const hasCall = entry.inferences > 0 || hasTokens || cost !== undefined;
  return {
    identity: identityOf(entry),
    startMs: entry.startUs / 1000,
    endMs: entry.endUs / 1000,
    model: entry.model === '' ? UNKNOWN_MODEL : entry.model,
    purpose: purposeOf(entry.purpose),
    call: hasCall ? callOf(entry, hasTokens, cost) : undefined,
    responseMs: entry.turns > 0 ? entry.responseTimeUs / 1000 : undefined,
    toolCalls: entry.toolCalls,
    handoffs: entry.handoffs,
    humanWaitMs: entry.humanWaitUs / 1000,
  };
}

function callOf(entry: Entry, hasTokens: boolean, cost: Cost | undefined): CountedCall {
  return {
    usage: hasTokens ? usageOf(entry) : undefined,
    cost,
    inferences: entry.inferences,
    // A tool that failed is no model call that failed.
    isFailed: entry.inferences > 0 && entry.errors > 0,
    isMissing: entry.inferences > 0 && entry.usageSource === UsageSource.MISSING,
    retries: 0,
  };
}

/** What the recorder counted when this record of its own was made; undefined where that was nothing. */
export function recordedOf(said: Observation): Counted | undefined {
  if (said.session === '') return undefined;
  const nothing: Counted = {
    identity: identityOf(said),
    startMs: said.startUs / 1000,
    endMs: said.endUs / 1000,
    model: said.model === '' ? UNKNOWN_MODEL : said.model,
    purpose: purposeOf(said.purpose),
    call: undefined,
    responseMs: undefined,
    toolCalls: 0,
    handoffs: 0,
    humanWaitMs: 0,
  };
  switch (said.role) {
    case Role.INFERENCE:
    case Role.EMBEDDING:
    case Role.RERANK:
      return { ...nothing, call: ownCallOf(said) };
    case Role.AGENT:
      return { ...nothing, responseMs: (said.endUs - said.startUs) / 1000, handoffs: said.handoffTo === '' ? 0 : 1 };
    case Role.TOOL:
      return { ...nothing, toolCalls: 1 };
    case Role.HUMAN_INPUT:
      return { ...nothing, humanWaitMs: (said.endUs - said.startUs) / 1000 };
    default:
      return undefined;
  }
}

function ownCallOf(said: Observation): CountedCall {
  return {
    usage: said.usage,
    cost: priceOwnCall(said),
    isFailed: said.error !== '',
    isMissing: said.usageSource === UsageSource.MISSING,
    retries: 0,
  };
}

/** Whether both add the same to the same session, so that one may stand for the other. Times are measured in two ways and left out. */
export function isSameCount(a: Counted | undefined, b: Counted | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    IDENTITY.every((field) => a.identity[field] === b.identity[field]) &&
    a.model === b.model &&
    a.purpose === b.purpose &&
    (a.responseMs === undefined) === (b.responseMs === undefined) &&
    a.toolCalls === b.toolCalls &&
    a.handoffs === b.handoffs &&
    isSameCall(a.call, b.call)
  );
}

const IDENTITY = ['session', 'tenant', 'agent'] as const;

function isSameCall(a: CountedCall | undefined, b: CountedCall | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    (a.inferences ?? 1) === (b.inferences ?? 1) &&
    a.isFailed === b.isFailed &&
    a.isMissing === b.isMissing &&
    a.cost?.totalNanoUsd === b.cost?.totalNanoUsd &&
    a.cost?.status === b.cost?.status &&
    PARTS.every((part) => (a.usage?.[part] ?? 0) === (b.usage?.[part] ?? 0))
  );
}

const PARTS = ['input', 'output', 'cacheRead', 'cacheWrite', 'reasoning'] as const;

/** Whom something belongs to; a workflow that nobody named is none here. */
export function identityOf(
  said: Pick<Entry, 'session' | 'tenant' | 'workflow' | 'user' | 'agent' | 'service'>,
): Identity {
  const isNamed = said.workflow !== '' && said.workflow !== said.service && said.workflow !== UNNAMED_WORKFLOW;
  return {
    session: textOf(said.session),
    tenant: textOf(said.tenant),
    workflow: isNamed ? said.workflow : undefined,
    user: textOf(said.user),
    agent: textOf(said.agent),
  };
}

const UNKNOWN_MODEL = 'unknown';
/** What the book calls the workflow of records that name neither one nor a service. */
const UNNAMED_WORKFLOW = 'unknown';

function textOf(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function purposeOf(text: string): Purpose | undefined {
  return Object.values(Purpose).find((purpose) => purpose === text);
}
