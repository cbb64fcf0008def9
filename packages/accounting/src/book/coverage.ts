// Usage that may be the sum of calls below it: booked only as far as nothing below holds the same spend (design §3, point 3).

import { Coverage, Grain, type Observation, Role, type Usage } from '../observe/observation.ts';
import type { Trace, TraceNode } from './trace.ts';

/** Decides for each record of the trace whose usage may be a sum whether its tokens are counted elsewhere. */
export function coverSums(trace: Trace): void {
  markUsageBelow(trace);
  const sums = trace.observed.filter((node) => node.context.sum === node);
  if (sums.length > 0) {
    // Innermost first, so that a sum knows what the sums below it come to.
    const innermostFirst = sums.toSorted((a, b) => b.context.depth - a.context.depth);
    const below = new Map<TraceNode, Tokens>();
    for (const node of trace.observed)
      if (node.isCall) addTo(below, node.inherited.sum, tokensOf(node.observation?.usage));
    const taking = new Set<TraceNode>();
    for (const node of innermostFirst) passUp(node, below, taking);
    for (const node of innermostFirst.toReversed()) node.isCovered = !taking.has(node) || isWithinTaking(node, taking);
  }
  for (const node of trace.observed) {
    if (node.observation?.role === Role.USAGE) node.isCovered = isCoveredBeside(node, node.observation, trace);
  }
}

/** Every record above a call with usage has usage below. */
function markUsageBelow(trace: Trace): void {
  for (const node of trace.observed) {
    if (!node.isCall || node.observation?.usage === undefined) continue;
    let above = node.parent;
    while (above !== undefined && above.usageBelowIn !== trace.evaluation) {
      above.usageBelowIn = trace.evaluation;
      above = above.parent;
    }
  }
}

interface Tokens {
  input: number;
  output: number;
}

function tokensOf(usage: Usage | undefined): Tokens {
  return { input: usage?.input ?? 0, output: usage?.output ?? 0 };
}

function addTo(below: Map<TraceNode, Tokens>, node: TraceNode | undefined, tokens: Tokens): void {
  if (node === undefined) return;
  const so = below.get(node) ?? { input: 0, output: 0 };
  below.set(node, { input: so.input + tokens.input, output: so.output + tokens.output });
}

/** Decides whether a record's own usage is taken, and hands what its part of the trace comes to upwards. */
function passUp(node: TraceNode, below: Map<TraceNode, Tokens>, taking: Set<TraceNode>): void {
  const said = node.observation;
  if (said === undefined) return;
  const own = tokensOf(said.usage);
  const inside = below.get(node);
  const takes = inside === undefined || takesBeside(node, said, own, inside);
  if (takes) taking.add(node);
  const isBeside = said.grain === Grain.OWN_SUM || said.role === Role.UNDECIDED;
  const total = !takes ? inside : isBeside ? plus(own, inside) : own;
  addTo(below, node.inherited.sum, total ?? own);
}

function plus(a: Tokens, b: Tokens | undefined): Tokens {
  return { input: a.input + (b?.input ?? 0), output: a.output + (b?.output ?? 0) };
}

/** There is usage below: is this one's own still to be counted? */
function takesBeside(node: TraceNode, said: Observation, own: Tokens, inside: Tokens): boolean {
  // A call of an unknown dialect holds other calls (a tool that asks a model) unless its numbers can be their sum.
  if (said.role === Role.UNDECIDED) return own.input < inside.input || own.output < inside.output;
  if (node.hasUsageBelow) return false;
  // Only sums below: theirs are finer if they come to the same, and an agent's own calls are not another's.
  return said.grain === Grain.OWN_SUM || own.input !== inside.input || own.output !== inside.output;
}

/** A sum of everything below takes the place of the sums within it. */
function isWithinTaking(node: TraceNode, taking: ReadonlySet<TraceNode>): boolean {
  for (let above = node.inherited.sum; above !== undefined; above = above.inherited.sum) {
    if (taking.has(above) && above.observation?.grain === Grain.SUM && above.observation.role !== Role.UNDECIDED)
      return true;
  }
  return false;
}

/** AG2's `record_usage`: counted unless a call that is counted anyway holds the same spend. */
function isCoveredBeside(node: TraceNode, said: Observation, trace: Trace): boolean {
  switch (said.coverage) {
    case Coverage.BELOW:
      return node.hasUsageBelow;
    case Coverage.SIBLING:
      return trace.observed.some(
        (other) =>
          other.isCall &&
          other.parent === node.parent &&
          other.parentId === node.parentId &&
          other.observation?.usage?.output === said.usage?.output,
      );
    case Coverage.SIBLING_TOOL:
      return trace.observed.some(
        (other) =>
          other.observation?.role === Role.TOOL &&
          other.parentId === node.parentId &&
          (said.tool === '' || other.observation.tool === said.tool) &&
          other.hasUsageBelow,
      );
    case Coverage.COMPLETES:
      return false;
  }
}
