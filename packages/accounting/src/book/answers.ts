// Calls by the provider's id of their answer: whoever saw the call, in whatever trace or service, saw the same id.

import { isSameTime } from './call-line.ts';
import { byKey, type TraceNode } from './trace.ts';
import { canBeSameInput, isOneView, isSameRole } from './views.ts';

/**
 * How many neighbors of equal id are compared. They stand in the order of their numbers, so that equal ones are neighbors: a
 * cache that gives out one id ten thousand times is one long chain, each link of which is found in bounded time.
 */
const NEIGHBORS_MAX = 32;
/** How far two observers of one answer may be apart in time: with one clock, and with two, µs. */
const SLACK_US = 10_000;
const CLOCK_SKEW_MAX_US = 1_000_000;

const NO_NODES: readonly TraceNode[] = [];

/** One tenant's calls by response id: mostly one, for which a list would be a waste. Calls of one id know each other. */
export class Answers {
  readonly #groups = new Map<string, TraceNode | TraceNode[]>();

  add(node: TraceNode): void {
    const responseId = node.observation?.responseId ?? '';
    if (responseId === '') return;
    const known = this.#groups.get(responseId);
    if (known === undefined) {
      this.#groups.set(responseId, node);
      return;
    }
    const group = Array.isArray(known) ? known : this.#group(responseId, known);
    group.splice(positionOf(group, node), 0, node);
    node.sameId = group;
  }

  #group(responseId: string, first: TraceNode): TraceNode[] {
    const group = [first];
    first.sameId = group;
    this.#groups.set(responseId, group);
    return group;
  }

  remove(node: TraceNode): void {
    const responseId = node.observation?.responseId ?? '';
    const group = node.sameId;
    if (group !== undefined) {
      group.splice(group.indexOf(node), 1);
      node.sameId = undefined;
    }
    if (responseId !== '' && (group === undefined || group.length === 0)) this.#groups.delete(responseId);
  }

  has(responseId: string): boolean {
    return this.#groups.has(responseId);
  }

  /** Records with the same response id that are the same call. */
  sameAs(node: TraceNode): readonly TraceNode[] {
    const around = this.around(node, NEIGHBORS_MAX);
    return around.length === 0 ? around : around.filter((other) => isSameAnswer(node, other));
  }

  /** Records with the same id that may lose or win a neighbor by this one. */
  around(node: TraceNode, reach: number = NEIGHBORS_MAX + 1): readonly TraceNode[] {
    const group = node.sameId;
    if (group === undefined || group.length === 1) return NO_NODES;
    const at = positionOf(group, node);
    return group.slice(Math.max(0, at - reach), at + reach + 1).filter((other) => other !== node);
  }
}

/**
 * An id alone is not enough: some servers count to a thousand and begin again, some give all answers one. Equal numbers make one
 * answer of them, also when a cache repeats it later; records whose numbers differ (exclusive output, an estimate, none at all)
 * must have seen it at the same time, with eyes of their own.
 */
function isSameAnswer(a: TraceNode, b: TraceNode): boolean {
  const left = a.observation;
  const right = b.observation;
  if (left === undefined || right === undefined || !isSameRole(left, right)) return false;
  const isOne = isOneView(left, right);
  if (left.usage !== undefined && right.usage !== undefined && left.usage.output === right.usage.output) {
    if (isOne ? left.usage.input === right.usage.input : canBeSameInput(left, right)) return true;
  }
  const isOneOpen = left.usage === undefined || right.usage === undefined;
  return (
    (isOneOpen || !isOne) && isSameTime(left, right, left.process === right.process ? SLACK_US : CLOCK_SKEW_MAX_US)
  );
}

/** Orders by numbers, then by key: not by arrival. */
function compare(a: TraceNode, b: TraceNode): number {
  const left = a.observation?.usage;
  const right = b.observation?.usage;
  return (left?.output ?? -1) - (right?.output ?? -1) || (left?.input ?? -1) - (right?.input ?? -1) || byKey(a, b);
}

function positionOf(group: readonly TraceNode[], node: TraceNode): number {
  let low = 0;
  for (let high = group.length; low < high;) {
    const middle = (low + high) >>> 1;
    const other = group[middle];
    if (other !== undefined && compare(other, node) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
