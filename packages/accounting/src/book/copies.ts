// Which records are the same model call (design §3, point 4). Exact rules, measured: python-producers.md §2, ag2.md §1.

import { Coverage, type Observation } from '../observe/observation.ts';
import type { CopyIndex } from './copy-index.ts';
import { byKey, type TraceNode } from './trace.ts';
import { contradict, isSameRole } from './views.ts';

/** All records of one call, joined transitively: A may meet B by nesting and C by response id. */
export interface Component {
  readonly members: readonly TraceNode[];
}

/** More copies than any set-up makes; only a cache's unmarked repetitions of one answer can pass it. */
const MEMBERS_MAX = 2000;

/** Finds the component of a call, through nesting, response id and overlap. */
export function componentOf(start: TraceNode, index: CopyIndex): Component {
  return { members: collect(start, index, (node) => index.overlapping(node)) };
}

/** The component without overlap: what ids and nesting alone prove. */
export function provenCopiesOf(start: TraceNode, index: CopyIndex): readonly TraceNode[] {
  return collect(start, index, () => NO_NODES);
}

const NO_NODES: readonly TraceNode[] = [];

function collect(
  start: TraceNode,
  index: CopyIndex,
  more: (node: TraceNode) => readonly TraceNode[],
): readonly TraceNode[] {
  // Most calls are seen once: a set for each would be garbage.
  if (start.nestedCopies.length === 0 && index.sameResponse(start).length === 0 && more(start).length === 0)
    return [start];
  const members = new Set([start]);
  for (const node of members) {
    if (members.size >= MEMBERS_MAX) break;
    for (const copy of node.nestedCopies) members.add(copy);
    for (const copy of index.sameResponse(node)) members.add(copy);
    for (const copy of more(node)) members.add(copy);
  }
  return [...members];
}

/**
 * Joins a call with the calls directly inside it. One inside is the same call, seen nearer to the wire. Of several, the one with
 * the same numbers is; the others are calls of their own (attempts, a fallback chain), and an outer call that matches none of them
 * only wraps them. Returns true for such a wrapper.
 */
export function joinNested(outer: TraceNode, inside: readonly TraceNode[]): boolean {
  const own = outer.observation;
  if (own === undefined) return false;
  // The embedding of a question is not the chat that it was asked in.
  const inner = inside.filter(({ observation }) => observation !== undefined && isSameRole(own, observation));
  if (isSumOf(own, inner)) return true;
  const possible = inner.filter(({ observation }) => observation !== undefined && !contradict(own, observation));
  const twin = inner.length === 1 ? possible[0] : findTwin(own, possible.toSorted(byKey));
  if (twin === undefined) return inner.length > 1 && inner.some((node) => node.observation?.usage !== undefined);
  joinPair(outer, twin);
  return false;
}

/** Does the outer call add up the inner ones? It then often has the id of the last (a client around a loop that invokes tools). */
function isSumOf({ usage }: Observation, inner: readonly TraceNode[]): boolean {
  const parts = inner.flatMap(({ observation }) => observation?.usage ?? []);
  const sumOf = (part: 'input' | 'output'): number => parts.reduce((sum, one) => sum + (one[part] ?? 0), 0);
  return (
    parts.length > 1 &&
    usage?.output !== undefined &&
    sumOf('output') === usage.output &&
    sumOf('input') === usage.input
  );
}

function joinPair(a: TraceNode, b: TraceNode): void {
  a.nestedCopies = [...a.nestedCopies, b];
  b.nestedCopies = [...b.nestedCopies, a];
}

/** Of several calls inside, the one that is the outer call itself. */
function findTwin(own: Observation, inner: readonly TraceNode[]): TraceNode | undefined {
  const byId = inner.find((node) => own.responseId !== '' && node.observation?.responseId === own.responseId);
  if (byId !== undefined) return byId;
  // What ended in an error ended with the last attempt's, what did not with the last that had none.
  const possible = own.error === '' ? inner.filter((node) => node.observation?.error === '') : inner;
  const last = possible.toSorted((a, b) => (b.observation?.endUs ?? 0) - (a.observation?.endUs ?? 0) || byKey(a, b))[0];
  // One side knows no numbers.
  if (own.usage === undefined || inner.every((node) => node.observation?.usage === undefined)) return last;
  return inner.find((node) => node.observation?.usage?.output === own.usage?.output);
}

/**
 * Joins the beginnings and ends of streams that a producer reports apart: a span without usage that ends when the stream begins,
 * and a record of the same scope beside it that has the usage. One to one, the closest first: streams may run in parallel.
 */
export function joinStreams(calls: readonly TraceNode[]): void {
  const ends = calls.filter(({ observation }) => observation?.coverage === Coverage.COMPLETES);
  if (ends.length === 0) return;
  const pairs = ends.flatMap((end) =>
    calls.filter((begin) => canBegin(begin, end)).map((begin) => ({ begin, end, apartUs: gapBetween(begin, end) })),
  );
  const joined = new Set<TraceNode>();
  for (const { begin, end } of pairs.toSorted(
    (p, q) => p.apartUs - q.apartUs || byKey(p.begin, q.begin) || byKey(p.end, q.end),
  )) {
    if (joined.has(begin) || joined.has(end)) continue;
    joined.add(begin).add(end);
    joinPair(begin, end);
  }
}

function canBegin(begin: TraceNode, end: TraceNode): boolean {
  const left = begin.observation;
  const right = end.observation;
  if (left === undefined || right === undefined || left.usage !== undefined || left.coverage === Coverage.COMPLETES)
    return false;
  if (left.scope !== right.scope || left.requestModel !== right.requestModel || !isSameRole(left, right)) return false;
  return (begin.parentId === end.parentId || begin.id === end.parentId) && left.startUs <= right.endUs;
}

function gapBetween({ observation: begin }: TraceNode, { observation: end }: TraceNode): number {
  return Math.abs((end?.startUs ?? 0) - (begin?.endUs ?? 0));
}
