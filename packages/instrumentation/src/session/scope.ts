import { context, ROOT_CONTEXT, trace, type Attributes, type Context, type Span } from '@opentelemetry/api';
import type { TokenUsage } from '@turnmeter/pricing';
import type { Purpose } from '@turnmeter/semconv';
import { recorder } from '../emit/recorder.ts';
import type { Admission, Reservation } from '../guard/guarded-call.ts';
import type { AnswerFacts } from '../usage/answer-facts.ts';
import type { AwayTime } from './away-time.ts';
import { mergeIdentity, type Identity } from './identity.ts';
import type { LiveSession } from './live-session.ts';
import { liveSessions } from './live-sessions.ts';
import { processState } from './process-state.ts';

/** Where in a run the code is: who speaks, for which session, below which span. Immutable; each level points to the one above. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly identity: Identity;
  /** The figures of the session, where there is one. */
  readonly live: LiveSession | undefined;
  /** Counts what happens in this go, where there is one. */
  readonly turn: TurnCounts | undefined;
  /** The model call that this code is part of: a call that begins here is that very call, seen nearer to the wire. */
  readonly inference: CallOwner | undefined;
  readonly purpose: Purpose | undefined;
  /** With the span of this level, for those who have no OpenTelemetry context of their own. */
  readonly otel: Context;
}

/** A call that was counted: what a second witness of it, which has no id of the answer, can be known by. */
export interface CountedFacts {
  readonly usage: TokenUsage;
  readonly model: string | undefined;
}

/** What a turn wants to know of what happens in it. */
export interface TurnCounts {
  inferenceCalls: number;
  toolCalls: number;
  /** Time that people took, each of them. */
  humanWaitMs: number;
  /** When people and other agents' turns within it were waited for. */
  readonly away: AwayTime;
  /** Calls that were counted in it with their usage, the last ones. */
  readonly counted: CountedFacts[];
  /** Calls in it that have not ended yet. */
  openCalls: number;
  /** What waits until none is open: reports of calls that may be those. */
  readonly afterCalls: (() => void)[];
}

/** A model call that takes numbers from the same call seen below it. */
export interface CallOwner {
  readonly isEnded: boolean;
  /** Whether its tokens are known; only asked after its end. */
  readonly hadUsage: boolean;
  /** It may be made, as this says; what was reserved for it is kept until its end. */
  hold(admission: Admission): void;
  /** Takes what was reserved for it, for who sees it nearer to the wire and reserves it anew. */
  claim(): readonly Reservation[];
  /** The same call begins nearer to the wire, where what is asked for is known. */
  learn(request: RequestFacts): void;
  /** A part of the answer has arrived. */
  chunk(): void;
  /** The same call, seen nearer to the wire, has its answer, or an error. */
  takeFrom(facts: AnswerFacts, firstChunkMs: number | undefined, retries: number, error?: unknown): void;
}

/** What a model call says of itself when it begins. */
export interface RequestFacts {
  readonly provider: string;
  readonly model?: string | undefined;
  readonly isStream?: boolean | undefined;
  readonly attributes?: Attributes | undefined;
}

/** What a level changes. A turn or tool in a call is work of its own: whoever opens one sets `inference` to undefined. */
export interface ScopeChanges {
  readonly identity?: Identity;
  readonly live?: LiveSession | undefined;
  readonly turn?: TurnCounts | undefined;
  readonly inference?: CallOwner | undefined;
  readonly purpose?: Purpose | undefined;
  readonly span?: Span;
}

/** Where code is that no one has put anywhere: whose work it is then, the configuration says. */
export function rootScope(): Scope {
  const state = processState();
  if (state.root === undefined) {
    const { workflow, tenant, session } = recorder().config;
    const identity = mergeIdentity({}, { workflow, tenant, session });
    state.root = {
      parent: undefined,
      identity,
      live: liveSessions().of(identity),
      turn: undefined,
      inference: undefined,
      purpose: undefined,
      otel: ROOT_CONTEXT,
    };
  }
  return state.root;
}

/** A level below another one. */
export function scopeBelow(parent: Scope, changes: ScopeChanges): Scope {
  return {
    parent,
    identity: changes.identity === undefined ? parent.identity : mergeIdentity(parent.identity, changes.identity),
    live: 'live' in changes ? changes.live : parent.live,
    turn: 'turn' in changes ? changes.turn : parent.turn,
    inference: 'inference' in changes ? changes.inference : parent.inference,
    purpose: 'purpose' in changes ? changes.purpose : parent.purpose,
    otel: changes.span === undefined ? parentContext(parent) : trace.setSpan(parentContext(parent), changes.span),
  };
}

/**
 * Where the calling code is. Frameworks that keep their own context (and cannot set ours) are asked too; they win where they are
 * further inside.
 */
export function currentScope(): Scope {
  return findScope({ isLook: false });
}

/** The same for who only looks: an agent whose turn begins with its first work does not begin it for that. */
export function scopeToLookAt(): Scope {
  return findScope({ isLook: true });
}

function findScope(asked: ScopeQuestion): Scope {
  const state = processState();
  let scope = state.scopes.getStore() ?? rootScope();
  for (const source of state.scopeSources) {
    const theirs = source(asked);
    if (theirs !== undefined && isBelow(theirs, scope)) scope = theirs;
  }
  return scope;
}

/** Runs code in a scope, with its span as OpenTelemetry's active one. */
export function runInScope<T>(scope: Scope, work: () => T): T {
  return processState().scopes.run(scope, () => context.with(scope.otel, work));
}

/** Why somebody wants to know where the code is. */
export interface ScopeQuestion {
  /** Whether nothing begins there. */
  readonly isLook: boolean;
}

/** Someone who knows where the code is; undefined where they do not. */
export type ScopeSource = (asked: ScopeQuestion) => Scope | undefined;

/** Adds someone who knows where the code is; the answer takes it away again. */
export function addScopeSource(source: ScopeSource): () => void {
  const { scopeSources } = processState();
  scopeSources.add(source);
  return () => scopeSources.delete(source);
}

/** The OpenTelemetry context for spans that begin in a scope: the active one where it is further inside. */
export function parentContext(scope: Scope): Context {
  const active = context.active();
  // Without a context manager nothing is ever active; with one, code of this scope runs in its context or below.
  return processState().scopes.getStore() === scope || scope.parent === undefined
    ? trace.getSpan(active) === undefined
      ? scope.otel
      : active
    : scope.otel;
}

/** Whether a scope is the other one or further inside it. */
export function isBelow(scope: Scope, other: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) if (at === other) return true;
  return false;
}
