// Decides for records whose trace or neighbors have news what they are booked as.

import { Grain, type Observation, Role, UsageSource } from '../observe/observation.ts';
import type { Aliases } from './aliases.ts';
import { fillCall, findPrimary } from './call-entry.ts';
import { componentOf } from './copies.ts';
import type { CopyIndex } from './copy-index.ts';
import { draftEntry, exclude } from './entry-draft.ts';
import { type Entry, Reason } from './entry.ts';
import { type Identity, identityOf, mergeIdentities, type Surroundings } from './identity.ts';
import type { Populations } from './populations.ts';
import { fillRecord } from './record-entry.ts';
import type { SecondViews, TurnInstead } from './second-views.ts';
import { keyOf, type TraceNode } from './trace.ts';

/** What one tenant's records know about each other. */
export interface Neighborhood {
  readonly index: CopyIndex;
  readonly populations: Populations;
  readonly aliases: Aliases;
  readonly secondViews: SecondViews;
  readonly surroundings: Surroundings;
}

/** What deciding a record leads to. */
export interface Outcome {
  /** The record is to be booked so; undefined when nothing is to be booked. */
  book(node: TraceNode, entry: Entry | undefined): void;
  /** The record is no longer a copy of those that were decided. */
  part(node: TraceNode): void;
  /** Another source is better than the record's now, or no longer. */
  contest(node: TraceNode): void;
}

/** Decides all records of the call that a record belongs to. */
export function decideCall(start: TraceNode, around: Neighborhood, outcome: Outcome): void {
  const { members } = componentOf(start, around.index);
  if (members.length === 1 && start.copies.length === 0) decideSingle(start, around, outcome);
  else decideCopies(start, members, around, outcome);
}

/** Most calls are seen once. */
function decideSingle(node: TraceNode, around: Neighborhood, outcome: Outcome): void {
  const said = node.observation;
  if (said === undefined) return;
  const identity = identityOf(node, around.surroundings);
  enter(node, identity, around, outcome);
  const isCounting = !isWitness(node, identity, around);
  const entry = draftEntry(said, identity);
  if (isCounting && findPrimary([node]) === node)
    outcome.book(node, closeGap(fillCall(entry, said, []), node, identity, around));
  else outcome.book(node, exclude(entry, said, whyNot(node, said, undefined, isCounting)));
}

function decideCopies(start: TraceNode, members: readonly TraceNode[], around: Neighborhood, outcome: Outcome): void {
  for (const { copies } of [start, ...members])
    for (const node of copies) if (!members.includes(node)) outcome.part(node);
  for (const node of members) node.copies = members.length === 1 ? NO_COPIES : members;
  const identity = mergeIdentities(members, around.surroundings);
  for (const node of members) enter(node, identity, around, outcome);
  const counting = members.filter((node) => !isWitness(node, identity, around));
  // A record that stands for itself stands for its copies too, whatever else reports them.
  const primary = findPrimary(counting.some(standsForItself) ? members : counting);
  for (const node of members) {
    const said = node.observation;
    if (said === undefined) continue;
    const entry = draftEntry(said, identity);
    if (node === primary) {
      outcome.book(node, closeGap(fillCall(entry, said, observationsOf(members, node)), node, identity, around));
    } else {
      const countedBy = node.isCovered || primary === undefined ? '' : keyOf(primary);
      outcome.book(node, exclude(entry, said, whyNot(node, said, primary, counting.includes(node)), countedBy));
    }
  }
}

const NO_COPIES: readonly TraceNode[] = [];

function observationsOf(members: readonly TraceNode[], without: TraceNode): readonly Observation[] {
  return members.flatMap((node) => (node === without || node.observation === undefined ? [] : [node.observation]));
}

function whyNot(node: TraceNode, said: Observation, primary: TraceNode | undefined, isCounting: boolean): Reason {
  if (node.isCovered) return Reason.WRAPS_CALLS;
  if (primary !== undefined) return Reason.COPY;
  if (!isCounting) return Reason.WITNESS;
  return said.grain === Grain.REPEAT ? Reason.REPEATED_USAGE : Reason.CACHE_HIT;
}

/** Decides a record that is no call. */
export function decideRecord(node: TraceNode, said: Observation, around: Neighborhood, outcome: Outcome): void {
  const identity = identityOf(node, around.surroundings);
  enter(node, identity, around, outcome);
  const elsewhere = { isWitness: isWitness(node, identity, around), turnInstead: turnInstead(node, around) };
  outcome.book(node, fillRecord(draftEntry(said, identity), node, said, elsewhere));
}

/** The record that counts instead of the agent's go which a record is, or which it is in. */
function turnInstead(node: TraceNode, { secondViews }: Neighborhood): TurnInstead | undefined {
  const turn = node.observation?.role === Role.AGENT ? node : node.inherited.turn;
  return turn === undefined ? undefined : secondViews.countedInstead(turn);
}

function enter(node: TraceNode, identity: Identity, around: Neighborhood, outcome: Outcome): void {
  const { observation } = node;
  if (observation === undefined) return;
  const { populations, aliases } = around;
  for (const other of populations.enter(node, observation, comparedIn(observation, identity, aliases)))
    outcome.contest(other);
}

function isWitness({ observation }: TraceNode, identity: Identity, { populations, aliases }: Neighborhood): boolean {
  return observation !== undefined && populations.isWitness(observation, comparedIn(observation, identity, aliases));
}

/**
 * Session under which the sources of a producer are compared: the producer's own, which all its signals name, and not the
 * application's around it, which only its spans can know.
 */
function comparedIn(said: Observation, identity: Identity, aliases: Aliases): string {
  if (said.session !== '') return said.session;
  return said.conversation === '' ? identity.session : aliases.rootSession(said.conversation);
}

function standsForItself({ observation }: TraceNode): boolean {
  return observation?.authority === undefined;
}

function isKnownElsewhere({ observation }: TraceNode, identity: Identity, around: Neighborhood): boolean {
  return (
    observation !== undefined &&
    around.populations.hasTokens(observation, comparedIn(observation, identity, around.aliases))
  );
}

/** A call whose tokens are in a sum or a metric that is booked misses nothing. */
function closeGap(entry: Entry, node: TraceNode, identity: Identity, around: Neighborhood): Entry {
  const isGap = entry.usageSource === UsageSource.MISSING && isKnownElsewhere(node, identity, around);
  return isGap ? { ...entry, usageSource: UsageSource.NONE } : entry;
}
