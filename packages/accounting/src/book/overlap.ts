// Copies without a common id and without nesting (two roots, two siblings, a gateway in a trace of its own): seen by different scopes at
// the same time with the same numbers. Matched one to one, closest first, because agents that run in parallel can have equal numbers too.

import type { Observation } from '../observe/observation.ts';
import { CallLine, isSameTime, type Peers } from './call-line.ts';
import { byKey, isAbove, type TraceNode } from './trace.ts';
import { canBeSameInput, canBeSameMaker, contradict, isGateway, isOneView, isSameRole } from './views.ts';

/** How far the ends of two views of one call may lie outside each other, where one clock told them, µs. */
const SLACK_US = 10_000;
/** The same between an application and its gateway, on two machines, µs. */
const CLOCK_SKEW_MAX_US = 500_000;
/** Who could be the same call as more others than this is told apart from none of them. */
const CANDIDATES_MAX = 200;
/** Processes that a gateway's call is compared with. */
const PROCESSES_MAX = 500;

const NO_NODES: readonly TraceNode[] = [];

/** What two views of one call have in common; 0 is nothing. */
type Numbers = number | string;

/** Finds matches among one tenant's calls. What it has found it keeps until {@link Overlaps.forgetMatches}. */
export class Overlaps {
  readonly #byNumbers = new Map<Numbers, Peers>();
  readonly #provenCopies: (node: TraceNode) => readonly TraceNode[];
  readonly #candidates = new Map<TraceNode, readonly TraceNode[]>();
  readonly #matches = new Map<TraceNode, readonly TraceNode[]>();

  constructor(provenCopies: (node: TraceNode) => readonly TraceNode[]) {
    this.#provenCopies = provenCopies;
  }

  /**
   * Matches follow from the set of calls and from what else proves some to be one; candidates also from who is above whom, which
   * records that are no calls can tell later.
   */
  forgetMatches(): void {
    this.#matches.clear();
    this.#candidates.clear();
  }

  add(node: TraceNode): void {
    this.#forgetCandidates();
    const said = node.observation;
    if (said === undefined) return;
    const numbers = numbersOf(node, said);
    if (numbers === 0) return;
    let peers = this.#byNumbers.get(numbers);
    if (peers === undefined) this.#byNumbers.set(numbers, (peers = { lines: new Map(), gateways: new Set() }));
    let line = peers.lines.get(said.process);
    if (line === undefined) peers.lines.set(said.process, (line = new CallLine(peers)));
    line.add(node);
    node.line = line;
    if (line.gateways > 0) peers.gateways.add(said.process);
  }

  /** Emptying what is empty would still make a new table each time. */
  #forgetCandidates(): void {
    if (this.#candidates.size > 0) this.#candidates.clear();
  }

  remove(node: TraceNode): void {
    this.#forgetCandidates();
    const { line, observation: said } = node;
    if (line === undefined || said === undefined) return;
    const { peers } = line;
    line.remove(node);
    node.line = undefined;
    if (line.gateways === 0) peers.gateways.delete(said.process);
    if (line.size === 0) peers.lines.delete(said.process);
    if (peers.lines.size === 0) this.#byNumbers.delete(numbersOf(node, said));
  }

  /** Could it be the same call as no other? */
  isAlone(node: TraceNode): boolean {
    return this.#candidatesOf(node).length === 0;
  }

  /** Records that are the same call as this one by overlap. */
  matchesOf(node: TraceNode): readonly TraceNode[] {
    if (this.isAlone(node)) return NO_NODES;
    const known = this.#matches.get(node);
    if (known !== undefined) return known;
    const cluster = this.clusterOf(node);
    for (const one of cluster) this.#matches.set(one, []);
    if (cluster.length > 1) this.#matchOneToOne(cluster);
    return this.#matches.get(node) ?? NO_NODES;
  }

  /** Calls connected by what could be a match, over any number of steps: what one of them is matched to can depend on all. */
  clusterOf(node: TraceNode): readonly TraceNode[] {
    const cluster = new Set([node]);
    for (const one of cluster) for (const other of this.#partnersOf(one)) cluster.add(other);
    return [...cluster];
  }

  #partnersOf(node: TraceNode): readonly TraceNode[] {
    const candidates = this.#candidatesOf(node);
    if (candidates.length === 0 || candidates.length > CANDIDATES_MAX) return NO_NODES;
    return candidates.filter((other) => this.#candidatesOf(other).length <= CANDIDATES_MAX);
  }

  #candidatesOf(node: TraceNode): readonly TraceNode[] {
    if (!hasOthersToMeet(node)) return NO_NODES;
    let candidates = this.#candidates.get(node);
    if (candidates === undefined) this.#candidates.set(node, (candidates = this.#findCandidates(node)));
    return candidates;
  }

  #findCandidates(node: TraceNode): readonly TraceNode[] {
    const { line, observation: said } = node;
    if (line === undefined || said === undefined) return NO_NODES;
    const { peers } = line;
    const found: TraceNode[] = [];
    if (line.hasOtherScope(said.scope)) {
      line.near(said, SLACK_US, (other) => {
        if (canBeOne(node, other, SLACK_US)) found.push(other);
      });
    }
    if (!isGateway(said) && peers.gateways.size === 0) return found.length === 0 ? NO_NODES : found;
    const others = isGateway(said) ? peers.lines.keys() : peers.gateways;
    if (peers.lines.size > PROCESSES_MAX) return found;
    for (const process of others) {
      if (process === said.process) continue;
      peers.lines.get(process)?.near(said, CLOCK_SKEW_MAX_US, (other) => {
        if (isAcrossGateway(said, other.observation) && canBeOne(node, other, CLOCK_SKEW_MAX_US)) found.push(other);
      });
    }
    return found.length === 0 ? NO_NODES : found;
  }

  #matchOneToOne(cluster: readonly TraceNode[]): void {
    const groups = new Groups(cluster, this.#provenCopies);
    for (const { a, b } of pairsOf(cluster, (node) => this.#partnersOf(node))) {
      if (!groups.join(a, b)) continue;
      this.#matches.set(a, [...(this.#matches.get(a) ?? []), b]);
      this.#matches.set(b, [...(this.#matches.get(b) ?? []), a]);
    }
  }
}

/** Most calls are reported by one scope, and gateways are few: then nobody could be the same call, whatever its time. */
function hasOthersToMeet({ line, observation: said }: TraceNode): boolean {
  if (line === undefined || said === undefined) return false;
  return line.peers.gateways.size > 0 || line.hasOtherScope(said.scope);
}

/**
 * What the views of one call agree in: the output; for embeddings, which have none, the input; for a call that nobody got numbers of,
 * whether it failed. '' where nothing can be compared.
 */
function numbersOf(node: TraceNode, { usage, error }: Observation): Numbers {
  // Calls without numbers are compared with their siblings alone.
  if (usage === undefined) return `${error === '' ? 'unreported' : 'failed'}/${node.trace.id}/${node.parentId}`;
  if ((usage.output ?? 0) > 0) return usage.output ?? 0;
  return -(usage.input ?? 0);
}

function isAcrossGateway(a: Observation, b: Observation | undefined): boolean {
  return (
    b !== undefined && isGateway(a) !== isGateway(b) && a.usage?.input !== undefined && b.usage?.input !== undefined
  );
}

function canBeOne(a: TraceNode, b: TraceNode, slackUs: number): boolean {
  const left = a.observation;
  const right = b.observation;
  if (a === b || left === undefined || right === undefined || isOneView(left, right)) return false;
  if (!isSameRole(left, right) || !isSameTime(left, right, slackUs) || !canBeSameInput(left, right)) return false;
  // Calls without numbers have only their time in common: they must be siblings.
  if (left.usage === undefined && (a.trace !== b.trace || a.parentId !== b.parentId)) return false;
  return !contradict(left, right) && canBeSameMaker(left, right) && !isAbove(a, b) && !isAbove(b, a);
}

interface Pair {
  readonly a: TraceNode;
  readonly b: TraceNode;
  readonly kinship: number;
  readonly distanceUs: number;
}

/** Siblings before strangers, then the closest in time. */
function pairsOf(
  cluster: readonly TraceNode[],
  partnersOf: (node: TraceNode) => readonly TraceNode[],
): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const a of cluster) {
    for (const b of partnersOf(a)) {
      if (byKey(a, b) < 0) pairs.push({ a, b, kinship: kinshipOf(a, b), distanceUs: distance(a, b) });
    }
  }
  return pairs.toSorted(
    (p, q) => p.kinship - q.kinship || p.distanceUs - q.distanceUs || byKey(p.a, q.a) || byKey(p.b, q.b),
  );
}

function kinshipOf(a: TraceNode, b: TraceNode): number {
  if (a.trace !== b.trace) return 2;
  return a.parentId === b.parentId ? 0 : 1;
}

function distance({ observation: a }: TraceNode, { observation: b }: TraceNode): number {
  return Math.abs((a?.startUs ?? 0) - (b?.startUs ?? 0)) + Math.abs((a?.endUs ?? 0) - (b?.endUs ?? 0));
}

/** Who has been joined to whom, and which views of the call each group has already. */
class Groups {
  readonly #groupOf = new Map<TraceNode, { readonly nodes: TraceNode[]; readonly views: Set<string> }>();

  constructor(cluster: readonly TraceNode[], provenCopies: (node: TraceNode) => readonly TraceNode[]) {
    for (const node of cluster) {
      if (this.#groupOf.has(node)) continue;
      const nodes = [...provenCopies(node)];
      const views = nodes.map(({ observation }) => `${observation?.process}|${observation?.scope}`);
      const group = { nodes, views: new Set(views) };
      for (const copy of nodes) this.#groupOf.set(copy, group);
    }
  }

  /** Joins two groups, unless they are one or a scope would see the call twice. */
  join(a: TraceNode, b: TraceNode): boolean {
    const left = this.#groupOf.get(a);
    const right = this.#groupOf.get(b);
    if (left === undefined || right === undefined || left === right) return false;
    if (!left.views.isDisjointFrom(right.views)) return false;
    for (const view of right.views) left.views.add(view);
    for (const node of right.nodes) {
      left.nodes.push(node);
      this.#groupOf.set(node, left);
    }
    return true;
  }
}
