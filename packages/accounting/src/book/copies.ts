// Which records are the same model call (design §3, point 4). Exact rules, measured: python-producers.md §2, ag2.md §1.

import { type Observation, WireDistance } from '../observe/observation.ts';
import type { CopyIndex } from './copy-index.ts';
import { byKey, type TraceNode } from './trace.ts';

/** All records of one call, joined transitively: A may meet B by nesting and C by response id. */
export interface Component {
  readonly members: readonly TraceNode[];
}

/** More copies than any set-up makes; a component that would grow past it is an attack or a constant "response id". */
const MEMBERS_MAX = 64;

/** Finds the component of a call, through nesting, response id and overlap. */
export function componentOf(start: TraceNode, index: CopyIndex): Component {
  return {
    members: collect(start, (node) => [...node.nestedCopies, ...index.sameResponse(node), ...index.overlapping(node)]),
  };
}

/** The component without overlap: what ids and nesting alone prove. */
export function provenCopiesOf(start: TraceNode, index: CopyIndex): readonly TraceNode[] {
  return collect(start, (node) => [...node.nestedCopies, ...index.sameResponse(node)]);
}

function collect(start: TraceNode, next: (node: TraceNode) => readonly TraceNode[]): readonly TraceNode[] {
  const members = [start];
  const seen = new Set(members);
  for (let at = 0; at < members.length && members.length < MEMBERS_MAX; at++) {
    const node = members[at];
    if (node === undefined) break;
    for (const copy of next(node)) {
      if (seen.has(copy)) continue;
      seen.add(copy);
      members.push(copy);
    }
  }
  return members;
}

/**
 * Joins a call with the calls directly inside it. One inside is the same call, seen nearer to the wire. Of several, the one with
 * the same numbers is; the others are calls of their own (attempts, a fallback chain), and an outer call that matches none of them
 * only wraps them. Returns true for such a wrapper.
 */
export function joinNested(outer: TraceNode, inner: readonly TraceNode[]): boolean {
  const own = outer.observation;
  if (own === undefined) return false;
  const possible = inner.filter((node) => node.observation !== undefined && !contradict(own, node.observation));
  const twin = inner.length === 1 ? possible[0] : findTwin(own, possible.toSorted(byKey));
  if (twin === undefined) return inner.length > 1 && inner.some((node) => node.observation?.usage !== undefined);
  outer.nestedCopies.push(twin);
  twin.nestedCopies.push(outer);
  return false;
}

/** Ids that differ say two calls, unless one side is a gateway, which may make up its own. */
export function contradict(a: Observation, b: Observation): boolean {
  if (a.responseId === '' || b.responseId === '' || a.responseId === b.responseId) return false;
  return a.wireDistance !== WireDistance.GATEWAY && b.wireDistance !== WireDistance.GATEWAY;
}

/** Of several calls inside, the one that is the outer call itself. */
function findTwin(own: Observation, inner: readonly TraceNode[]): TraceNode | undefined {
  const byId = inner.find((node) => own.responseId !== '' && node.observation?.responseId === own.responseId);
  if (byId !== undefined) return byId;
  const succeeded = inner.filter((node) => node.observation?.error === '');
  const last = succeeded.toSorted(
    (a, b) => (b.observation?.endUs ?? 0) - (a.observation?.endUs ?? 0) || byKey(a, b),
  )[0];
  // One side knows no numbers: what answered is the last that did not fail.
  if (own.usage === undefined || inner.every((node) => node.observation?.usage === undefined)) return last;
  return inner.find((node) => node.observation?.usage?.output === own.usage?.output);
}
