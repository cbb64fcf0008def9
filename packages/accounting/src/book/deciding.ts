// Decides for records whose trace or neighbors have news what they are booked as.

import { type Observation, UsageSource } from '../observe/observation.ts';
import type { Aliases } from './aliases.ts';
import { callEntry, findPrimary } from './call-entry.ts';
import { componentOf } from './copies.ts';
import type { CopyIndex } from './copy-index.ts';
import { baseEntry, excludedEntry } from './entry-base.ts';
import { type Entry, Reason } from './entry.ts';
import { type Identity, identityOf, mergeIdentities, type Surroundings } from './identity.ts';
import type { Populations } from './populations.ts';
import { recordEntry } from './record-entry.ts';
import { keyOf, type TraceNode } from './trace.ts';

/** What one tenant's records know about each other. */
export interface Neighborhood {
  readonly index: CopyIndex;
  readonly populations: Populations;
  readonly aliases: Aliases;
  readonly surroundings: Surroundings;
}

export interface Decision {
  readonly node: TraceNode;
  /** Undefined when nothing is to be booked. */
  readonly entry: Entry | undefined;
}

export interface Decisions {
  readonly decisions: readonly Decision[];
  /** Records that are no longer copies of these. */
  readonly news: Iterable<TraceNode>;
  /** Records that another source is better than now, or no longer. */
  readonly contested: Iterable<TraceNode>;
}

/** Decides all records of the call that a record belongs to. */
export function decideCall(start: TraceNode, around: Neighborhood): Decisions {
  const { members } = componentOf(start, around.index);
  const parted = [start, ...members].flatMap(({ copies }) => copies).filter((node) => !members.includes(node));
  for (const node of members) node.copies = members.length === 1 ? NO_COPIES : members;
  const identity =
    members.length === 1 ? identityOf(start, around.surroundings) : mergeIdentities(members, around.surroundings);
  const contested = members.flatMap((node) => enter(node, identity, around));
  const counting = members.filter((node) => !isWitness(node, identity, around));
  // A record that stands for itself stands for its copies too, whatever else reports them.
  const primary = findPrimary(counting.some(standsForItself) ? members : counting);
  const decisions = members.map((node): Decision => {
    const said = node.observation;
    if (said === undefined) return { node, entry: undefined };
    const base = baseEntry(said, identity);
    if (node !== primary) return { node, entry: excludedEntry(base, said, whyNot(node, said, primary, counting)) };
    const entry = callEntry(base, [said, ...observationsOf(members, node)]);
    return { node, entry: isMissing(entry) && isKnownElsewhere(node, identity, around) ? withoutGap(entry) : entry };
  });
  return { decisions, news: parted, contested };
}

const NO_COPIES: readonly TraceNode[] = [];

function observationsOf(members: readonly TraceNode[], without: TraceNode): readonly Observation[] {
  return members.flatMap((node) => (node === without || node.observation === undefined ? [] : [node.observation]));
}

function whyNot(
  node: TraceNode,
  said: Observation,
  primary: TraceNode | undefined,
  counting: readonly TraceNode[],
): { reason: Reason; countedBy?: string } {
  if (node.isCovered) return { reason: Reason.WRAPS_CALLS };
  if (primary !== undefined) return { reason: Reason.COPY, countedBy: keyOf(primary) };
  if (!counting.includes(node)) return { reason: Reason.WITNESS };
  return { reason: said.grain === 'repeat' ? Reason.REPEATED_USAGE : Reason.CACHE_HIT };
}

/** Decides a record that is no call. */
export function decideRecord(node: TraceNode, said: Observation, around: Neighborhood): Decisions {
  const identity = identityOf(node, around.surroundings);
  const contested = enter(node, identity, around);
  const standing = { isWitness: isWitness(node, identity, around), isQuiet: node.trace.isQuiet };
  const entry = recordEntry(node, said, baseEntry(said, identity), standing);
  return { decisions: [{ node, entry }], news: NO_COPIES, contested };
}

function enter(node: TraceNode, identity: Identity, { populations, aliases }: Neighborhood): readonly TraceNode[] {
  const { observation } = node;
  return observation === undefined
    ? NO_COPIES
    : populations.enter(node, observation, comparedIn(observation, identity, aliases));
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

function isMissing({ usageSource }: Entry): boolean {
  return usageSource === UsageSource.MISSING;
}

function isKnownElsewhere({ observation }: TraceNode, identity: Identity, around: Neighborhood): boolean {
  return (
    observation !== undefined &&
    around.populations.hasTokens(observation, comparedIn(observation, identity, around.aliases))
  );
}

/** The call's tokens are in a sum or a metric that is booked: nothing is missing. */
function withoutGap(entry: Entry): Entry {
  return { ...entry, usageSource: UsageSource.NONE };
}
