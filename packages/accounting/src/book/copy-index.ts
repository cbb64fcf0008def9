// Finds records of one call across traces: by the provider's response id, and where there is none, by overlap in time.

import { Answers } from './answers.ts';
import { provenCopiesOf } from './copies.ts';
import { Overlaps } from './overlap.ts';
import type { TraceNode } from './trace.ts';

/** One tenant's calls. Response ids and processes of two tenants have nothing to do with each other. */
export class CopyIndex {
  readonly #answers = new Answers();
  readonly #overlaps = new Overlaps((node) => provenCopiesOf(node, this));

  add(node: TraceNode): void {
    this.#answers.add(node);
    this.#overlaps.add(node);
  }

  remove(node: TraceNode): void {
    this.#answers.remove(node);
    this.#overlaps.remove(node);
  }

  /** Begins a stretch in which nothing is added or evaluated: what is found in it is kept for its length. */
  beginRound(): void {
    this.#overlaps.forgetMatches();
  }

  hasResponse(responseId: string): boolean {
    return this.#answers.has(responseId);
  }

  /** Records with the same response id that are the same call. */
  sameResponse(node: TraceNode): readonly TraceNode[] {
    return this.#answers.sameAs(node);
  }

  /** Records of other scopes that ran at the same time with the same numbers, matched one to one. */
  overlapping(node: TraceNode): readonly TraceNode[] {
    return this.#overlaps.matchesOf(node);
  }

  /** Calls whose copies may be others since this one came or changed: they must be decided again. */
  neighborsOf(node: TraceNode): Iterable<TraceNode> {
    const proven = provenCopiesOf(node, this);
    if (proven.length === 1 && this.#overlaps.isAlone(node)) return this.#answers.around(node);
    const neighbors = new Set(this.#answers.around(node));
    // Whom a copy can be matched to depends on which scopes have seen the call already, here and by its id elsewhere.
    for (const copy of provenCopiesOf(node, this)) for (const one of this.#overlaps.clusterOf(copy)) neighbors.add(one);
    return neighbors;
  }
}
