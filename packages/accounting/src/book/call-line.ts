// Calls in order of their start, to find those that ran at the same time.

import type { Observation } from '../observe/observation.ts';
import { isGateway } from './views.ts';
import type { TraceNode } from './trace.ts';

/** How many calls are looked at on either side: beyond it lie only the longest ones of a very busy process. */
const REACH_MAX = 2000;
/** Two views that start this close together are one call even if one ends early (a stream nobody read to its end), µs. */
const START_APART_MAX_US = 100_000;

/** Calls of one tenant with equal numbers, by process. */
export interface Peers {
  readonly lines: Map<string, CallLine>;
  /** Processes that are gateways. */
  readonly gateways: Set<string>;
}

/** Calls of one process with equal numbers. */
export class CallLine {
  /** Its own process and the others. */
  readonly peers: Peers;
  readonly #calls: TraceNode[] = [];
  #durationMaxUs = 0;
  /** How many calls each scope reports: a process whose calls one scope reports has no copies to look for. */
  readonly #scopes = new Map<string, number>();
  /** How many of them a gateway reports. */
  gateways = 0;

  constructor(peers: Peers) {
    this.peers = peers;
  }

  get size(): number {
    return this.#calls.length;
  }

  add(node: TraceNode): void {
    const startUs = startOf(node);
    this.#durationMaxUs = Math.max(this.#durationMaxUs, endOf(node) - startUs);
    if (startOf(this.#calls.at(-1)) <= startUs) this.#calls.push(node);
    else this.#calls.splice(this.#firstAfter(startUs), 0, node);
    if (node.observation === undefined) return;
    const { scope } = node.observation;
    this.#scopes.set(scope, (this.#scopes.get(scope) ?? 0) + 1);
    if (isGateway(node.observation)) this.gateways++;
  }

  /** Does any other scope report calls here? */
  hasOtherScope(scope: string): boolean {
    return this.#scopes.size > (this.#scopes.has(scope) ? 1 : 0);
  }

  remove(node: TraceNode): void {
    const at = this.#calls.indexOf(node, this.#firstFrom(startOf(node)));
    if (at === -1) return;
    this.#calls.splice(at, 1);
    if (node.observation === undefined) return;
    const { scope } = node.observation;
    const left = (this.#scopes.get(scope) ?? 0) - 1;
    if (left > 0) this.#scopes.set(scope, left);
    else this.#scopes.delete(scope);
    if (isGateway(node.observation)) this.gateways--;
  }

  /** Visits calls that may have run at the same time as this one, with `slackUs` to spare. */
  near(said: Observation, slackUs: number, visit: (node: TraceNode) => void): void {
    const middle = this.#firstFrom(said.startUs);
    const fromUs = said.startUs - this.#durationMaxUs - slackUs;
    for (let at = middle - 1; at >= 0 && middle - at <= REACH_MAX; at--) {
      const node = this.#calls[at];
      if (node === undefined || startOf(node) < fromUs) break;
      if (endOf(node) >= said.startUs - slackUs) visit(node);
    }
    for (let at = middle; at < this.#calls.length && at - middle <= REACH_MAX; at++) {
      const node = this.#calls[at];
      if (node === undefined || startOf(node) > said.endUs + slackUs) break;
      visit(node);
    }
  }

  #firstFrom(startUs: number): number {
    return this.#first((start) => start >= startUs);
  }

  #firstAfter(startUs: number): number {
    return this.#first((start) => start > startUs);
  }

  /** The first whose start is late enough, which those of all that follow are then. */
  #first(isLateEnough: (startUs: number) => boolean): number {
    let low = 0;
    for (let high = this.#calls.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (isLateEnough(startOf(this.#calls[middle]))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** One lies within the other, or both began together. */
export function isSameTime(a: Observation, b: Observation, slackUs: number): boolean {
  if (Math.abs(a.startUs - b.startUs) <= START_APART_MAX_US)
    return a.startUs <= b.endUs + slackUs && b.startUs <= a.endUs + slackUs;
  const [outer, inner] = a.startUs <= b.startUs ? [a, b] : [b, a];
  return inner.endUs <= outer.endUs + slackUs;
}

function startOf(node: TraceNode | undefined): number {
  return node?.observation?.startUs ?? 0;
}

function endOf(node: TraceNode | undefined): number {
  return node?.observation?.endUs ?? 0;
}
