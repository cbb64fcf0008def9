// Decides for records whose trace or neighbors have news what they are booked as.

import type { Observation } from '../observe/observation.ts';
import type { Aliases } from './aliases.ts';
import { callEntry, findPrimary } from './call-entry.ts';
import { componentOf } from './copies.ts';
import type { CopyIndex } from './copy-index.ts';
import { baseEntry, excludedEntry } from './entry-base.ts';
import { type Entry, Reason } from './entry.ts';
import { identityOf, mergeIdentities, type Surroundings } from './identity.ts';
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
  /** Records whose standing these decisions changed. */
  readonly news: Iterable<TraceNode>;
}

/** Decides all records of the call that a record belongs to. */
export function decideCall(start: TraceNode, around: Neighborhood): Decisions {
  const { members } = componentOf(start, around.index);
  const parted = [start, ...members].flatMap(({ copies }) => copies).filter((node) => !members.includes(node));
  for (const node of members) node.copies = members.length === 1 ? NO_COPIES : members;
  const primary = findPrimary(members);
  const identity =
    members.length === 1 ? identityOf(start, around.surroundings) : mergeIdentities(members, around.surroundings);
  const news = new Set<TraceNode>(parted);
  for (const node of members) {
    if (node.observation?.usage === undefined) continue;
    for (const other of around.populations.enter(node, node.observation, identity.session)) news.add(other);
  }
  const decisions = members.map((node): Decision => {
    const said = node.observation;
    if (said === undefined) return { node, entry: undefined };
    const base = baseEntry(said, identity);
    if (node !== primary) return { node, entry: excludedEntry(base, said, whyNot(node, said, primary)) };
    if (around.populations.isWitness(said, identity.session))
      return { node, entry: excludedEntry(base, said, { reason: Reason.WITNESS }) };
    return { node, entry: callEntry(base, [said, ...observationsOf(members, node)]) };
  });
  return { decisions, news };
}
const NO_COPIES: readonly TraceNode[] = [];

function observationsOf(members: readonly TraceNode[], without: TraceNode): readonly Observation[] {
  return members.flatMap((node) => (node === without || node.observation === undefined ? [] : [node.observation]));
}

function whyNot(
  node: TraceNode,
  said: Observation,
  primary: TraceNode | undefined,
): { reason: Reason; countedBy?: string } {
  if (node.isCovered) return { reason: Reason.WRAPS_CALLS };
  if (primary !== undefined) return { reason: Reason.COPY, countedBy: keyOf(primary) };
  return { reason: said.grain === 'repeat' ? Reason.REPEATED_USAGE : Reason.CACHE_HIT };
}

/** Decides a record that is no call. */
export function decideRecord(node: TraceNode, said: Observation, around: Neighborhood): Decisions {
  const identity = identityOf(node, around.surroundings);
  const news = said.authority === undefined ? [] : around.populations.enter(node, said, identity.session);
  const standing = {
    isWitness: around.populations.isWitness(said, identity.session),
    isQuiet: node.trace.isQuiet,
  };
  return { decisions: [{ node, entry: recordEntry(node, said, baseEntry(said, identity), standing) }], news };
}
