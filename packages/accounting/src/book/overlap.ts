// Copies without a common id and without nesting (two roots, two siblings): same process, equal output tokens, at the same time, and
// seen by different scopes. Matched one to one, closest first, because agents that run in parallel can have equal numbers too.

import type { Observation } from '../observe/observation.ts';
import { contradict, provenCopiesOf } from './copies.ts';
import type { CopyIndex } from './copy-index.ts';
import { byKey, isAbove, type TraceNode } from './trace.ts';

/** How far the ends of two views of one call may lie outside each other, µs. */
const SLACK_US = 10_000;
/** Two views that start this close together are one call even if one ends early (a stream nobody read to its end), µs. */
const START_APART_MAX_US = 100_000;
/** Calls of one busy stretch with equal output; above it nothing could be told apart in bounded time. */
const CLUSTER_MAX = 5000;

/** Calls of one process with equal output tokens, in order of their start. */
export class OverlapBucket {
  readonly #index: CopyIndex;
  readonly #calls: TraceNode[] = [];
  #durationMaxUs = 0;
  /** Matches found in the index's current round; nothing changes within one. */
  #round = -1;
  readonly #matches = new Map<TraceNode, readonly TraceNode[]>();

  constructor(index: CopyIndex) {
    this.#index = index;
  }

  get size(): number {
    return this.#calls.length;
  }

  add(node: TraceNode): void {
    const { startUs, endUs } = timesOf(node);
    this.#durationMaxUs = Math.max(this.#durationMaxUs, endUs - startUs);
    let at = this.#calls.length;
    while (at > 0 && startOf(this.#calls[at - 1]) > startUs) at--;
    this.#calls.splice(at, 0, node);
  }

  remove(node: TraceNode): void {
    const at = this.#find(node);
    if (at !== -1) this.#calls.splice(at, 1);
  }

  #find(node: TraceNode): number {
    const startUs = startOf(node);
    let low = 0;
    for (let high = this.#calls.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (startOf(this.#calls[middle]) < startUs) low = middle + 1;
      else high = middle;
    }
    for (; low < this.#calls.length && startOf(this.#calls[low]) === startUs; low++) {
      if (this.#calls[low] === node) return low;
    }
    return -1;
  }

  /** Calls connected to this one by overlap, over any number of steps. */
  clusterOf(node: TraceNode): readonly TraceNode[] {
    if (this.#calls.length < 2) return [];
    const at = this.#find(node);
    if (at === -1) return [];
    let first = at;
    let last = at;
    let { startUs, endUs } = timesOf(node);
    for (; first > 0 && startOf(this.#calls[first - 1]) + this.#durationMaxUs + SLACK_US >= startUs; first--) {
      startUs = Math.min(startUs, startOf(this.#calls[first - 1]));
    }
    for (; last + 1 < this.#calls.length && startOf(this.#calls[last + 1]) <= endUs + SLACK_US; last++) {
      endUs = Math.max(endUs, timesOf(this.#calls[last + 1]).endUs);
    }
    return this.#calls.slice(first, last + 1);
  }

  matchesOf(node: TraceNode): readonly TraceNode[] {
    if (this.#calls.length < 2) return [];
    if (this.#round !== this.#index.round) {
      this.#round = this.#index.round;
      this.#matches.clear();
    }
    const known = this.#matches.get(node);
    if (known !== undefined) return known;
    const cluster = this.clusterOf(node);
    for (const one of cluster) this.#matches.set(one, []);
    if (cluster.length <= CLUSTER_MAX && hasSeveralScopes(cluster)) {
      for (const [one, copies] of matchOneToOne(cluster, this.#index)) this.#matches.set(one, copies);
    }
    return this.#matches.get(node) ?? [];
  }
}

function hasSeveralScopes(cluster: readonly TraceNode[]): boolean {
  const scope = cluster[0]?.observation?.scope;
  return cluster.some((node) => node.observation?.scope !== scope);
}

interface Pair {
  readonly a: TraceNode;
  readonly b: TraceNode;
  readonly distanceUs: number;
}

function matchOneToOne(cluster: readonly TraceNode[], index: CopyIndex): ReadonlyMap<TraceNode, TraceNode[]> {
  const scopes = new Map(cluster.map((node) => [node, scopesSeenBy(node, index)]));
  const matches = new Map<TraceNode, TraceNode[]>();
  for (const { a, b } of pairsOf(cluster)) {
    const ofA = scopes.get(a);
    const ofB = scopes.get(b);
    // Whoever has a copy of the other's scope already, proven or matched, is not looking for one.
    if (ofA === undefined || ofB === undefined || !ofA.isDisjointFrom(ofB)) continue;
    const both = ofA.union(ofB);
    scopes.set(a, both);
    scopes.set(b, both);
    matches.set(a, [...(matches.get(a) ?? []), b]);
    matches.set(b, [...(matches.get(b) ?? []), a]);
  }
  return matches;
}

function pairsOf(cluster: readonly TraceNode[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const [at, a] of cluster.entries()) {
    const endUs = timesOf(a).endUs + SLACK_US;
    for (let next = at + 1; startOf(cluster[next]) <= endUs; next++) {
      const b = cluster[next];
      if (b === undefined) break;
      if (canBeOne(a, b)) pairs.push({ a, b, distanceUs: distance(a, b) });
    }
  }
  return pairs.toSorted((p, q) => p.distanceUs - q.distanceUs || byKey(p.a, q.a) || byKey(p.b, q.b));
}

function canBeOne(a: TraceNode, b: TraceNode): boolean {
  const left = a.observation;
  const right = b.observation;
  if (left === undefined || right === undefined || left.scope === right.scope || contradict(left, right)) return false;
  return isSameTime(left, right) && canBeSameInput(left, right) && !isAbove(a, b) && !isAbove(b, a);
}

function isSameTime(a: Observation, b: Observation): boolean {
  if (Math.abs(a.startUs - b.startUs) <= START_APART_MAX_US)
    return a.startUs <= b.endUs + SLACK_US && b.startUs <= a.endUs + SLACK_US;
  const [outer, inner] = a.startUs <= b.startUs ? [a, b] : [b, a];
  return inner.endUs <= outer.endUs + SLACK_US;
}

/** Equal input, or input that differs by the cached part that only one of them counts in. */
function canBeSameInput(a: Observation, b: Observation): boolean {
  const left = a.usage?.input;
  const right = b.usage?.input;
  if (left === undefined || right === undefined || left === right) return true;
  const cached = Math.max(cachedOf(a), cachedOf(b));
  return cached > 0 && Math.abs(left - right) === cached;
}

function cachedOf({ usage }: Observation): number {
  return (usage?.cacheRead ?? 0) + (usage?.cacheWrite ?? 0);
}

function scopesSeenBy(node: TraceNode, index: CopyIndex): Set<string> {
  return new Set(provenCopiesOf(node, index).map((copy) => copy.observation?.scope ?? ''));
}

function distance(a: TraceNode, b: TraceNode): number {
  const left = timesOf(a);
  const right = timesOf(b);
  return Math.abs(left.startUs - right.startUs) + Math.abs(left.endUs - right.endUs);
}

function timesOf(node: TraceNode | undefined): { startUs: number; endUs: number } {
  return { startUs: node?.observation?.startUs ?? 0, endUs: node?.observation?.endUs ?? 0 };
}

function startOf(node: TraceNode | undefined): number {
  return node?.observation?.startUs ?? 0;
}
