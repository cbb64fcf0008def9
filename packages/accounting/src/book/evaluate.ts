// Evaluates a trace as it stands: contexts, nested copies, sums, turns. A pure function of the set of its records, so that their order
// of arrival cannot matter; run again whenever the set has grown.

import { Role } from '../observe/observation.ts';
import { resolveContext } from './context.ts';
import { joinNested, joinStreams } from './copies.ts';
import { coverSums } from './coverage.ts';
import { byKey, endOfTurn, type Go, NO_GO, type Trace, type TraceNode } from './trace.ts';

export function evaluate(trace: Trace): void {
  trace.evaluation++;
  for (const node of trace.observed) {
    node.nestedCopies = NO_NODES;
    node.isCovered = false;
    node.go = NO_GO;
    resolveContext(node);
  }
  joinNestedCalls(trace);
  coverSums(trace);
  measureTurns(trace);
  trace.onlySession = findOnlySession(trace);
  trace.hasWork = trace.observed.some(isWork);
  trace.hasRun = trace.observed.some(({ context }) => context.run !== undefined);
}

function isWork({ isCall, observation }: TraceNode): boolean {
  return isCall || observation?.usage !== undefined || observation?.role === Role.TOOL;
}

/** Most records have no copies: one list does for all of them. */
const NO_NODES: readonly TraceNode[] = [];

function joinNestedCalls(trace: Trace): void {
  const inside = new Map<TraceNode, TraceNode[]>();
  for (const node of trace.observed) {
    const outer = node.isCall ? node.inherited.call : undefined;
    if (outer === undefined) continue;
    addTo(inside, outer, node);
  }
  for (const [outer, inner] of inside) outer.isCovered = joinNested(outer, inner.toSorted(byKey));
  joinStreams(trace.observed.filter((node) => node.isCall));
}

/** Finds which agents' goes made calls of their own, and how much of their time belongs to nested agents and to people. */
function measureTurns(trace: Trace): void {
  for (const node of trace.observed) {
    const outer = node.inherited.turn;
    const said = node.observation;
    if (outer === undefined || said === undefined) continue;
    const go = goOf(outer);
    if (node.isCall && node.inherited.call === undefined) go.calls.push(node);
    if (node.isCall || (said.usage !== undefined && said.role !== Role.AGENT)) go.hasCall = true;
    go.lastWithinUs = Math.max(go.lastWithinUs, said.endUs);
    if (said.role === Role.HUMAN_INPUT) go.humanWaitUs += durationOf(node);
    if (said.role === Role.AGENT && node.context.turn === node) go.nested.push(node);
  }
  for (const node of trace.observed) {
    if (node.go.nested.length > 0) node.go.othersTimeUs = unionWithin(node, node.go.nested);
  }
}

function goOf(turn: TraceNode): Go {
  if (turn.go === NO_GO) {
    turn.go = { hasCall: false, calls: [], nested: [], othersTimeUs: 0, humanWaitUs: 0, lastWithinUs: 0 };
  }
  return turn.go;
}

function addTo(lists: Map<TraceNode, TraceNode[]>, outer: TraceNode, node: TraceNode): void {
  const list = lists.get(outer);
  if (list === undefined) lists.set(outer, [node]);
  else list.push(node);
}

function durationOf(node: TraceNode): number {
  return (node.observation?.endUs ?? 0) - (node.observation?.startUs ?? 0);
}

/** Time that the inner records cover together inside the outer one, µs: agents that run in parallel count once. */
function unionWithin(outer: TraceNode, inner: readonly TraceNode[]): number {
  const from = outer.observation?.startUs ?? 0;
  const to = endOfTurn(outer);
  const spans = inner
    .map(({ observation }) => ({
      start: Math.max(from, observation?.startUs ?? 0),
      end: Math.min(to, observation?.endUs ?? 0),
    }))
    .toSorted((a, b) => a.start - b.start);
  let covered = 0;
  let reached = from;
  for (const { start, end } of spans) {
    if (end <= reached) continue;
    covered += end - Math.max(start, reached);
    reached = end;
  }
  return covered;
}

/**
 * The session that everybody in the trace who names one agrees on. It serves those who name none: a root whose id was scrubbed, a
 * client's span beside the framework's.
 */
function findOnlySession(trace: Trace): string {
  let only = '';
  for (const { context } of trace.observed) {
    const session = context.session !== '' ? context.session : context.conversation;
    if (session === '' || session === only) continue;
    if (only !== '') return '';
    only = session;
  }
  return only;
}
