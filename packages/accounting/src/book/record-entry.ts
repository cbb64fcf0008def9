// The entry of a record that is no call: a turn, a tool, a sum that stands in for calls nobody saw.

import { Grain, type Observation, Role, UsageSource } from '../observe/observation.ts';
import { type Entry, EntryKind, Reason } from './entry.ts';
import { amountsOf, type Base } from './entry-base.ts';
import { endOfTurn, type TraceNode } from './trace.ts';

/** What has to be known beside the record itself. */
export interface Standing {
  /** A better source reports the same population. */
  readonly isWitness: boolean;
  /** Nothing has arrived in its trace for the quiet time: weaker evidence may be booked. */
  readonly isQuiet: boolean;
}

/** Entry of a record other than a call; undefined when it adds nothing and has nothing to explain. */
export function recordEntry(node: TraceNode, said: Observation, base: Base, standing: Standing): Entry | undefined {
  if (said.usage === undefined && standing.isWitness) return { ...base, reason: Reason.WITNESS };
  const acted = actEntry(node, said, base, standing);
  if (said.usage === undefined) return acted;
  const entry = acted ?? { ...base, kind: EntryKind.USAGE };
  const reason = usageReason(node, said, standing);
  return COUNTING.has(reason) ? withUsage(entry, said, reason) : withoutUsage(entry, said, reason, acted !== undefined);
}

/** What the record did, apart from tokens. */
function actEntry(node: TraceNode, said: Observation, base: Base, standing: Standing): Entry | undefined {
  switch (said.role) {
    case Role.AGENT:
      return turnEntry(node, said, base) ?? runEntry(node, base);
    case Role.WORKFLOW:
      return runEntry(node, base);
    case Role.TOOL:
      return toolEntry(node, said, base);
    case Role.HANDOFF:
      return { ...base, ...failure(said), kind: EntryKind.HANDOFF, reason: Reason.HANDOFF, handoffs: 1 };
    case Role.HUMAN_INPUT:
      return { ...base, kind: EntryKind.HUMAN_WAIT, reason: Reason.HUMAN_WAIT, humanWaitUs: said.endUs - said.startUs };
    case Role.MODEL_REQUEST:
      return modelRequestEntry(node, said, base, standing);
    default:
      return undefined;
  }
}

/**
 * An agent's go counts as a turn when a call was made in it that is no nested agent's. Its response time is its own: without
 * nested agents' goes and without waiting for people.
 */
function turnEntry(node: TraceNode, said: Observation, base: Base): Entry | undefined {
  const isRepeated = node.context.turn !== node;
  const hasCalls = node.hasCall || said.usage !== undefined || said.calls > 0;
  if (!said.canBeTurn || isRepeated || base.agent === '' || !hasCalls) return undefined;
  const endUs = endOfTurn(node);
  return {
    ...base,
    endUs,
    ...failure(said),
    // An agent's failure is its call's failure seen again (ag2.md §2.7): errors are counted on calls and tools.
    errors: 0,
    kind: EntryKind.TURN,
    reason: Reason.TURN,
    turns: 1,
    handoffs: said.handoffTo === '' ? 0 : 1,
    responseTimeUs: Math.max(0, endUs - said.startUs - node.othersTimeUs - node.humanWaitUs),
  };
}

function runEntry(node: TraceNode, base: Base): Entry | undefined {
  return node.context.run === node ? { ...base, kind: EntryKind.RUN, reason: Reason.RUN } : undefined;
}

/** A tool span right inside a tool span is the same call seen by two instrumentations, unless the model's ids tell two calls. */
function toolEntry(node: TraceNode, said: Observation, base: Base): Entry {
  const outer = node.inherited.tool;
  const outerId = outer?.observation?.toolCallId ?? '';
  if (outer !== undefined && (outerId === '' || said.toolCallId === '' || outerId === said.toolCallId)) {
    return { ...base, reason: Reason.REPEATED_TOOL, countedBy: outer.id };
  }
  return {
    ...base,
    ...failure(said),
    kind: EntryKind.TOOL,
    reason: Reason.TOOL_CALL,
    toolCalls: 1,
    handoffs: said.handoffTo === '' ? 0 : 1,
    charges: said.charges,
  };
}

/** A request to a model whose caller's span never came: a call of which no more is known. */
function modelRequestEntry(node: TraceNode, said: Observation, base: Base, standing: Standing): Entry | undefined {
  const isOrphan = said.parentId !== '' && node.parent === undefined;
  if (!isOrphan || !standing.isQuiet || node.inherited.call !== undefined) return undefined;
  return {
    ...base,
    ...failure(said),
    kind: EntryKind.INFERENCE,
    reason: Reason.MODEL_REQUEST_WITHOUT_SPAN,
    inferences: 1,
    usageSource: said.error === '' ? UsageSource.MISSING : UsageSource.NONE,
  };
}

function failure(said: Observation): Pick<Entry, 'errors' | 'error'> {
  return { errors: said.error === '' ? 0 : 1, error: said.error };
}

/** Reasons under which usage is added. */
const COUNTING: ReadonlySet<Reason> = new Set([
  Reason.CALL,
  Reason.REPORTED_BESIDE_CALLS,
  Reason.SUM_FALLBACK,
  Reason.METRIC_FALLBACK,
]);

/** Are the record's tokens added, and why or why not? */
function usageReason(node: TraceNode, said: Observation, standing: Standing): Reason {
  switch (said.grain) {
    case Grain.LIFETIME:
      return Reason.LIFETIME_TOTAL;
    case Grain.REPEAT:
      return Reason.REPEATED_USAGE;
    case Grain.CACHE_HIT:
      return Reason.CACHE_HIT;
    case Grain.SUM:
    case Grain.OWN_SUM:
      if (standing.isWitness) return Reason.WITNESS;
      if (node.isCovered) return Reason.SUM_OF_COUNTED_CALLS;
      // A sum that stands for calls nobody else reports is no fallback (VoltAgent's agents).
      if (said.calls > 0) return Reason.CALL;
      return standing.isQuiet ? Reason.SUM_FALLBACK : Reason.WAITING_FOR_QUIET;
    case Grain.CALL:
      return callReason(node, said, standing);
  }
}

function callReason(node: TraceNode, said: Observation, standing: Standing): Reason {
  if (standing.isWitness) return Reason.WITNESS;
  if (said.role === Role.UNDECIDED) {
    // The call around it has the numbers, unless it reports none.
    if (node.inherited.call?.observation?.usage !== undefined) return Reason.COPY;
    return node.isCovered ? Reason.SUM_OF_COUNTED_CALLS : Reason.CALL;
  }
  if (node.isCovered) return Reason.SUM_OF_COUNTED_CALLS;
  if (!standing.isQuiet) return Reason.WAITING_FOR_QUIET;
  return said.signal === 'metric' ? Reason.METRIC_FALLBACK : Reason.REPORTED_BESIDE_CALLS;
}

function withUsage(entry: Entry, said: Observation, reason: Reason): Entry {
  return {
    ...entry,
    ...amountsOf(said.usage),
    kind: said.role === Role.UNDECIDED ? EntryKind.INFERENCE : entry.kind,
    reason: entry.kind === EntryKind.USAGE || reason === Reason.SUM_FALLBACK ? reason : entry.reason,
    inferences: said.calls,
    usageSource: said.usageSource,
    isInputKnown: said.usage?.input !== undefined,
    isOutputKnown: said.usage?.output !== undefined,
    claim: said.claim,
  };
}

function withoutUsage(entry: Entry, said: Observation, reason: Reason, hasActed: boolean): Entry {
  return {
    ...entry,
    kind: hasActed ? entry.kind : EntryKind.EXCLUDED,
    reason: hasActed ? entry.reason : reason,
    excludedInput: said.usage?.input ?? 0,
    excludedOutput: said.usage?.output ?? 0,
  };
}
