// Whom a record belongs to: session, workflow, agent, user, as far as its trace and its copies tell (design §3, point 6).

import { WireDistance } from '../observe/observation.ts';
import { usesAliases } from './aliases.ts';
import { byKey, type Trace, type TraceNode } from './trace.ts';

/** How a session was found, behind those that a record names itself (`SessionRank`). */
export const InferredSessionRank = { CONVERSATION: 4, LINK: 5, ONLY_ONE: 6, COPIES: 7, TRACE: 8, NONE: 9 } as const;

export interface Identity {
  readonly session: string;
  /** `SessionRank` or {@link InferredSessionRank}; lower is better. */
  readonly sessionRank: number;
  readonly workflow: string;
  readonly workflowVersion: string;
  readonly user: string;
  readonly agent: string;
  readonly purpose: string;
}

/** What the rest of the tenant's records know. */
export interface Surroundings {
  /** Session of a span in another trace, '' when it is not here or has none. */
  sessionOf(traceId: string, spanId: string): string;
  /** Session that other views of a trace's calls name, '' if none. */
  copiedSession(trace: Trace): string;
  rootSession(session: string): string;
  agentName(agentId: string): string;
}

export function identityOf(node: TraceNode, surroundings: Surroundings): Identity {
  const { context } = node;
  const [session, sessionRank] = findSession(node, surroundings);
  const mayBeChild = node.observation !== undefined && usesAliases(node.observation);
  return {
    session: mayBeChild ? surroundings.rootSession(session) : session,
    sessionRank,
    workflow: context.workflow,
    workflowVersion: context.workflowVersion,
    user: context.user,
    agent: agentOf(node, surroundings),
    purpose: context.purpose,
  };
}

/** What the tenant's records call an agent by its id says more than what its own record calls it: `custom`, `main`. */
function agentOf({ context }: TraceNode, surroundings: Surroundings): string {
  const named = context.agentId === '' ? '' : surroundings.agentName(context.agentId);
  return named === '' ? context.agent : named;
}

function findSession(node: TraceNode, surroundings: Surroundings): readonly [session: string, rank: number] {
  const { context, trace } = node;
  if (context.session !== '') return [context.session, context.sessionRank];
  if (context.conversation !== '') return [context.conversation, InferredSessionRank.CONVERSATION];
  const linked = context.linking === undefined ? '' : linkedSession(context.linking, surroundings);
  if (linked !== '') return [linked, InferredSessionRank.LINK];
  if (trace.onlySession !== '') return [trace.onlySession, InferredSessionRank.ONLY_ONE];
  if (!isRun(context.run, trace)) return ['', InferredSessionRank.NONE];
  const copied = surroundings.copiedSession(trace);
  if (copied !== '') return [copied, InferredSessionRank.COPIES];
  // A run that names no session is one of its own, once its producer can tell no more; unless nothing was done in it.
  if (trace.hasWork && trace.askQuiet()) return [`trace:${trace.id}`, InferredSessionRank.TRACE];
  return ['', InferredSessionRank.NONE];
}

function linkedSession(linking: TraceNode, surroundings: Surroundings): string {
  for (const { traceId, spanId } of linking.observation?.links ?? []) {
    if (traceId === linking.trace.id) continue;
    const session = surroundings.sessionOf(traceId, spanId);
    if (session !== '') return session;
  }
  return '';
}

/** Is the outermost workflow or agent above the record the trace's own run, with nothing but plumbing (a server span) above it? */
function isRun(run: TraceNode | undefined, trace: Trace): boolean {
  return run !== undefined && run.trace === trace;
}

/** Identity of several records of one call: each part from whichever knows it best. */
export function mergeIdentities(nodes: readonly TraceNode[], surroundings: Surroundings): Identity {
  const identities = nodes.toSorted(byOwnership).map((node) => identityOf(node, surroundings));
  const bySession = identities.toSorted((a, b) => a.sessionRank - b.sessionRank)[0];
  const first = (part: 'workflow' | 'user' | 'agent' | 'purpose'): string =>
    identities.find((identity) => identity[part] !== '')?.[part] ?? '';
  const workflow = first('workflow');
  return {
    session: bySession?.session ?? '',
    sessionRank: bySession?.sessionRank ?? InferredSessionRank.NONE,
    workflow,
    workflowVersion: versionOf(workflow, identities),
    user: first('user'),
    agent: first('agent'),
    purpose: first('purpose'),
  };
}

/** Views of a call may name different workflows; a version is said of one of them. */
function versionOf(workflow: string, identities: readonly Identity[]): string {
  const own = identities.filter((identity) => identity.workflow === workflow || identity.workflow === '');
  return own.find(({ workflowVersion }) => workflowVersion !== '')?.workflowVersion ?? '';
}

/** The framework knows who acts, the wire does not. */
function byOwnership(a: TraceNode, b: TraceNode): number {
  return distanceOf(b) - distanceOf(a) || byKey(a, b);
}

function distanceOf({ observation }: TraceNode): number {
  const distance = observation?.wireDistance ?? WireDistance.UNKNOWN;
  return distance === WireDistance.UNKNOWN ? -1 : distance;
}
