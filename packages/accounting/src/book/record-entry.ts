// The entry of a record that is no call: a turn, a tool, a sum that stands in for calls nobody saw.

import { Grain, type Observation, Role, UsageSource } from '../observe/observation.ts';
import { type Entry, EntryKind, Reason } from './entry.ts';
import { addUsage, type EntryDraft, exclude, leaveOutUsage } from './entry-draft.ts';
import type { TurnInstead } from './second-views.ts';
import { endOfTurn, keyOf, type TraceNode } from './trace.ts';
import { isOneView } from './views.ts';

/**
 * Entry of a record other than a call, made of its draft; undefined when it adds nothing and has nothing to explain. `isWitness`: a better
 * source reports the same population. `turnInstead`: the record that counts as a turn instead of the agent's go which this one is or is in.
 */
export function fillRecord(
  entry: EntryDraft,
  node: TraceNode,
  said: Observation,
  { isWitness, turnInstead }: Elsewhere,
): Entry | undefined {
  if (said.usage === undefined && isWitness) return exclude(entry, said, Reason.WITNESS);
  const hasActed =
    turnInstead !== undefined && fillRepeated(entry, said, turnInstead) ? true : fillAct(entry, node, said);
  if (said.usage === undefined) return hasActed ? entry : undefined;
  const reason = usageReason(node, said, isWitness);
  if (COUNTING.has(reason)) return countUsage(entry, said, { reason, hasActed });
  // Nothing is decided yet, and an entry that says so would be reversed in a moment.
  if (reason === Reason.WAITING_FOR_QUIET) return hasActed ? entry : undefined;
  if (!hasActed) entry.reason = reason;
  leaveOutUsage(entry, said);
  return entry;
}

/** What else is known of what a record says. */
export interface Elsewhere {
  readonly isWitness: boolean;
  readonly turnInstead: TurnInstead | undefined;
}

/** What another view of the agent's go tells too. */
function fillRepeated(entry: EntryDraft, { role }: Observation, turnInstead: TurnInstead): boolean {
  if (role === Role.AGENT) entry.reason = Reason.REPEATED_TURN;
  else if (role === Role.TOOL && turnInstead.hasTools) entry.reason = Reason.REPEATED_TOOL;
  else return false;
  entry.countedBy = keyOf(turnInstead.node);
  return true;
}

/** What the record did, apart from tokens. */
function fillAct(entry: EntryDraft, node: TraceNode, said: Observation): boolean {
  switch (said.role) {
    case Role.AGENT:
      return fillTurn(entry, node, said) || fillRun(entry, node);
    case Role.WORKFLOW:
      return fillRun(entry, node);
    case Role.TOOL:
      return fillTool(entry, node, said);
    case Role.HANDOFF:
      entry.handoffs = 1;
      return fillKind(entry, said, { kind: EntryKind.HANDOFF, reason: Reason.HANDOFF });
    case Role.HUMAN_INPUT:
      entry.humanWaitUs = said.endUs - said.startUs;
      return fillKind(entry, said, { kind: EntryKind.HUMAN_WAIT, reason: Reason.HUMAN_WAIT });
    case Role.MODEL_REQUEST:
      return fillModelRequest(entry, node, said);
    default:
      return false;
  }
}

function fillKind(entry: EntryDraft, said: Observation, as: { kind: EntryKind; reason: Reason }): true {
  entry.kind = as.kind;
  entry.reason = as.reason;
  entry.errors = said.error === '' ? 0 : 1;
  entry.error = said.error;
  return true;
}

/**
 * An agent's go counts as a turn when a call was made in it that is no nested agent's. Its response time is its own: without
 * nested agents' goes and without waiting for people.
 */
function fillTurn(entry: EntryDraft, node: TraceNode, said: Observation): boolean {
  const isRepeated = node.context.turn !== node;
  // A sum of calls that nested agents made is no sign of one of its own.
  const hasCalls = node.go.hasCall || (said.usage !== undefined && !node.isCovered) || said.calls > 0;
  if (!said.canBeTurn || isRepeated || entry.agent === '' || !hasCalls) return false;
  fillKind(entry, said, { kind: EntryKind.TURN, reason: Reason.TURN });
  // An agent's failure is its call's failure seen again (ag2.md §2.7): errors are counted on calls and tools.
  entry.errors = 0;
  entry.turns = 1;
  entry.handoffs = said.handoffTo === '' ? 0 : 1;
  entry.endUs = endOfTurn(node);
  // What it lasted is not known, which is not a time of 0: those who read times leave out turns of this note.
  if (said.notes.includes('untimed_turn')) return true;
  entry.responseTimeUs = Math.max(0, entry.endUs - said.startUs - node.go.othersTimeUs - node.go.humanWaitUs);
  return true;
}

function fillRun(entry: EntryDraft, node: TraceNode): boolean {
  if (node.context.run !== node) return false;
  entry.kind = EntryKind.RUN;
  entry.reason = Reason.RUN;
  return true;
}

function fillTool(entry: EntryDraft, node: TraceNode, said: Observation): true {
  const outer = node.inherited.tool;
  if (outer?.observation !== undefined && isSameToolCall(outer.observation, said)) {
    entry.reason = Reason.REPEATED_TOOL;
    entry.countedBy = keyOf(outer);
    return true;
  }
  entry.toolCalls = 1;
  entry.handoffs = said.handoffTo === '' ? 0 : 1;
  entry.charges = said.charges;
  return fillKind(entry, said, { kind: EntryKind.TOOL, reason: Reason.TOOL_CALL });
}

/**
 * A tool span right inside a tool span is the same call seen by two instrumentations, unless the model's ids tell two calls, or one
 * instrumentation saw two tools: one that uses another.
 */
function isSameToolCall(outer: Observation, inner: Observation): boolean {
  if (outer.toolCallId !== '' && inner.toolCallId !== '') return outer.toolCallId === inner.toolCallId;
  return outer.tool === inner.tool || !isOneView(outer, inner);
}

/** A request to a model whose caller's span never came: a call of which no more is known. */
function fillModelRequest(entry: EntryDraft, node: TraceNode, said: Observation): boolean {
  const isOrphan = said.parentId !== '' && node.parent === undefined;
  if (!isOrphan || node.inherited.call !== undefined || !node.trace.askQuiet()) return false;
  entry.inferences = 1;
  entry.usageSource = said.error === '' ? UsageSource.MISSING : UsageSource.NONE;
  return fillKind(entry, said, { kind: EntryKind.INFERENCE, reason: Reason.MODEL_REQUEST_WITHOUT_SPAN });
}

/** Reasons under which usage is added. */
const COUNTING: ReadonlySet<Reason> = new Set([
  Reason.CALL,
  Reason.REPORTED_BESIDE_CALLS,
  Reason.SUM_FALLBACK,
  Reason.METRIC_FALLBACK,
]);

/** Are the record's tokens added, and why or why not? */
function usageReason(node: TraceNode, said: Observation, isWitness: boolean): Reason {
  switch (said.grain) {
    case Grain.LIFETIME:
      return Reason.LIFETIME_TOTAL;
    case Grain.REPEAT:
      return Reason.REPEATED_USAGE;
    case Grain.CACHE_HIT:
      return Reason.CACHE_HIT;
    case Grain.SUM:
    case Grain.OWN_SUM:
      if (isWitness) return Reason.WITNESS;
      if (node.isCovered) return Reason.SUM_OF_COUNTED_CALLS;
      // A sum that stands for calls nobody else reports is no fallback (VoltAgent's agents).
      if (said.calls > 0) return Reason.CALL;
      return node.trace.askQuiet() ? Reason.SUM_FALLBACK : Reason.WAITING_FOR_QUIET;
    case Grain.CALL:
      return callReason(node, said, isWitness);
  }
}

function callReason(node: TraceNode, said: Observation, isWitness: boolean): Reason {
  if (isWitness) return Reason.WITNESS;
  if (said.role === Role.UNDECIDED) {
    // The call around it has the numbers, unless it reports none.
    if (node.inherited.call?.observation?.usage !== undefined) return Reason.COPY;
    return node.isCovered ? Reason.SUM_OF_COUNTED_CALLS : Reason.CALL;
  }
  if (node.isCovered) return Reason.SUM_OF_COUNTED_CALLS;
  if (!node.trace.askQuiet()) return Reason.WAITING_FOR_QUIET;
  return said.signal === 'metric' ? Reason.METRIC_FALLBACK : Reason.REPORTED_BESIDE_CALLS;
}

function countUsage(entry: EntryDraft, said: Observation, why: { reason: Reason; hasActed: boolean }): Entry {
  addUsage(entry, said.usage);
  if (!why.hasActed || why.reason === Reason.SUM_FALLBACK) entry.reason = why.reason;
  if (!why.hasActed) entry.kind = said.role === Role.UNDECIDED ? EntryKind.INFERENCE : EntryKind.USAGE;
  entry.inferences = said.calls;
  entry.usageSource = said.usageSource;
  entry.claim = said.claim;
  return entry;
}
