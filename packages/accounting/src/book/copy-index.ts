// Finds records of one call across traces: by the provider's response id, and where there is none, by overlap in time.

import type { Observation } from '../observe/observation.ts';
import { OverlapBucket } from './overlap.ts';
import type { TraceNode } from './trace.ts';

/** One tenant's calls. Response ids and processes of two tenants have nothing to do with each other. */
export class CopyIndex {
  /** Counts the stretches in which nothing is added or evaluated, so that what was found in one can be kept for its length. */
  round = 0;
  readonly #byResponse = new Map<string, Set<TraceNode>>();
  readonly #byOverlap = new Map<string, OverlapBucket>();

  add(node: TraceNode): void {
    const { observation } = node;
    if (observation === undefined) return;
    if (observation.responseId !== '') getOrCreate(this.#byResponse, observation.responseId, () => new Set()).add(node);
    const key = overlapKeyOf(observation);
    if (key !== undefined) getOrCreate(this.#byOverlap, key, () => new OverlapBucket(this)).add(node);
  }

  remove(node: TraceNode): void {
    const { observation } = node;
    if (observation === undefined) return;
    const group = this.#byResponse.get(observation.responseId);
    group?.delete(node);
    if (group?.size === 0) this.#byResponse.delete(observation.responseId);
    const key = overlapKeyOf(observation);
    const bucket = key === undefined ? undefined : this.#byOverlap.get(key);
    bucket?.remove(node);
    if (key !== undefined && bucket?.size === 0) this.#byOverlap.delete(key);
  }

  hasResponse(responseId: string): boolean {
    return this.#byResponse.has(responseId);
  }

  /** Records with the same response id that can be the same call. */
  sameResponse(node: TraceNode): readonly TraceNode[] {
    const own = node.observation;
    if (own === undefined || own.responseId === '') return [];
    const group = this.#byResponse.get(own.responseId);
    if (group === undefined || group.size === 1) return [];
    return [...group].filter(
      (other) => other !== node && other.observation !== undefined && isSameAnswer(own, other.observation),
    );
  }

  /** Records of other scopes that ran at the same time with the same numbers, matched one to one. */
  overlapping(node: TraceNode): readonly TraceNode[] {
    const key = node.observation === undefined ? undefined : overlapKeyOf(node.observation);
    return (key === undefined ? undefined : this.#byOverlap.get(key))?.matchesOf(node) ?? [];
  }

  /** Calls whose matches may be others since this one came or changed: they must be decided again. */
  neighborsOf(node: TraceNode): readonly TraceNode[] {
    const key = node.observation === undefined ? undefined : overlapKeyOf(node.observation);
    return (key === undefined ? undefined : this.#byOverlap.get(key))?.clusterOf(node) ?? [];
  }
}

/**
 * One scope that gives several calls one response id does not mean the provider's: then only equal numbers make a copy. Different
 * scopes see one answer with their own eyes.
 */
function isSameAnswer(a: Observation, b: Observation): boolean {
  if (a.scope !== b.scope || a.usage === undefined || b.usage === undefined) return true;
  return a.usage.output === b.usage.output && a.usage.input === b.usage.input;
}

/** Calls can be copies by overlap only within one process, which has one clock, and only with equal output. */
function overlapKeyOf(observation: Observation): string | undefined {
  const output = observation.usage?.output;
  return output === undefined || output === 0 ? undefined : `${observation.process}|${output}`;
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
