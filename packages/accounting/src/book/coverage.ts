// Usage that may be the sum of calls below it: booked only as far as nothing below holds the same spend (design §3, point 3).

import { Coverage, Grain, type Observation, Role, type Usage } from '../observe/observation.ts';
import { byKey, type Trace, type TraceNode } from './trace.ts';

/** Decides for each record of the trace whose usage may be a sum whether its tokens are counted elsewhere. */
export function coverSums(trace: Trace): void {
  markUsageBelow(trace);
  const sums = trace.observed.filter((node) => node.context.sum === node);
  if (sums.length > 0) {
    // Innermost first, so that a sum knows what the sums below it come to. Those in a circle of parents are equally deep.
    const innermostFirst = sums.toSorted((a, b) => b.context.depth - a.context.depth || byKey(a, b));
    const below = callsBelow(trace);
    const taking = new Set<TraceNode>();
    for (const node of innermostFirst) passUp(node, below, taking);
    coverWithin(innermostFirst.toReversed(), below, taking);
  }
  const beside = trace.observed.filter(({ observation }) => observation?.role === Role.USAGE);
  if (beside.length === 0) return;
  const spent = spentBeside(trace);
  for (const node of beside) node.isCovered = isCoveredBeside(node, spent);
}

/** Every record above a call with usage has usage below. */
function markUsageBelow(trace: Trace): void {
  for (const node of trace.observed) {
    if (isCertainCall(node)) markAbove(node);
  }
}

function markAbove(node: TraceNode): void {
  const { evaluation } = node.trace;
  for (let above = node.parent; above !== undefined && above.usageBelowIn !== evaluation; above = above.parent) {
    above.usageBelowIn = evaluation;
  }
}

/** A call with usage that cannot be the sum of others, nor what another record says again. */
function isCertainCall({ isCall, observation: said }: TraceNode): boolean {
  return isCall && said?.usage !== undefined && !said.mayBeSum && said.grain !== Grain.REPEAT;
}

/** What is known to be spent below a record. */
interface Below extends Tokens {
  /** Some of it was spent by calls of the record's own agent, not inside its tools. */
  readonly hasOwnCalls: boolean;
}

interface Tokens {
  readonly input: number;
  readonly output: number;
}

function tokensOf(usage: Usage | undefined): Tokens {
  return { input: usage?.input ?? 0, output: usage?.output ?? 0 };
}

/** Certain calls by the nearest record above that may be their sum. A call that two instrumentations nested in each other counts once. */
function callsBelow(trace: Trace): Map<TraceNode, Below> {
  const below = new Map<TraceNode, Below>();
  for (const node of trace.observed) {
    const outer = node.inherited.call;
    const isInnerCopy = outer !== undefined && node.nestedCopies.includes(outer) && isCertainCall(outer);
    if (!isCertainCall(node) || node.isCovered || isInnerCopy) continue;
    addTo(below, node.inherited.sum, { ...tokensOf(node.observation?.usage), hasOwnCalls: isOwnCall(node) });
  }
  return below;
}

/** Did the agent of the sum above make the call itself, not one of its tools nor an agent nested in it? */
function isOwnCall({ inherited }: TraceNode): boolean {
  return inherited.tool === undefined && inherited.turn === inherited.sum?.context.turn;
}

function addTo(below: Map<TraceNode, Below>, node: TraceNode | undefined, more: Below): void {
  if (node === undefined) return;
  const so = below.get(node) ?? { input: 0, output: 0, hasOwnCalls: false };
  below.set(node, {
    input: so.input + more.input,
    output: so.output + more.output,
    hasOwnCalls: so.hasOwnCalls || more.hasOwnCalls,
  });
}

/** Decides whether a record's own usage is taken, and hands what its part of the trace comes to upwards. */
function passUp(node: TraceNode, below: Map<TraceNode, Below>, taking: Set<TraceNode>): void {
  const said = node.observation;
  if (said === undefined) return;
  const own = tokensOf(said.usage);
  const inside = below.get(node);
  const takes = inside === undefined || takesBeside(node, said, own, inside);
  if (takes) taking.add(node);
  const isCall = said.role === Role.UNDECIDED || said.mayBeSum;
  if (takes && isCall) markAbove(node);
  const isBeside = isCall || said.grain === Grain.OWN_SUM || isTooSmall(own, inside);
  const total = !takes ? (inside ?? own) : isBeside ? plus(own, inside) : own;
  addTo(below, node.inherited.sum, { ...total, hasOwnCalls: isCall && isOwnCall(node) });
}

function plus(a: Tokens, b: Tokens | undefined): Tokens {
  return { input: a.input + (b?.input ?? 0), output: a.output + (b?.output ?? 0) };
}

/** Less than what is known to be spent below cannot be the sum of it. */
function isTooSmall(own: Tokens, inside: Tokens | undefined): boolean {
  return inside !== undefined && (own.input < inside.input || own.output < inside.output);
}

/** There is usage below: is this one's own still to be counted? */
function takesBeside(node: TraceNode, said: Observation, own: Tokens, inside: Below): boolean {
  // A call of an unknown dialect holds other calls (a tool that asks a model) unless its numbers can be their sum. Equal output is
  // one call seen twice, with the cached part counted in or left out.
  if (said.role === Role.UNDECIDED || said.mayBeSum) return isTooSmall(own, inside) && own.output !== inside.output;
  // An agent's own calls are not those of another below it, nor those that its tools made.
  if (said.grain === Grain.OWN_SUM) return !inside.hasOwnCalls;
  if (node.hasUsageBelow) return false;
  // Only sums below: theirs are finer if they come to the same.
  return own.input !== inside.input || own.output !== inside.output;
}

/** A sum of everything below takes the place of the sums within it, unless it is too small to hold them. Outermost come first. */
function coverWithin(
  outermostFirst: readonly TraceNode[],
  below: ReadonlyMap<TraceNode, Below>,
  taking: ReadonlySet<TraceNode>,
): void {
  const within = new Set<TraceNode>();
  for (const node of outermostFirst) {
    const above = node.inherited.sum;
    const isHeld = above !== undefined && taking.has(above) && isWholeSum(above, below.get(above));
    if (above !== undefined && (isHeld || within.has(above))) within.add(node);
    node.isCovered ||= !taking.has(node) || within.has(node);
  }
}

function isWholeSum({ observation: said }: TraceNode, inside: Tokens | undefined): boolean {
  if (said?.grain !== Grain.SUM || said.role === Role.UNDECIDED || said.mayBeSum) return false;
  return !isTooSmall(tokensOf(said.usage), inside);
}

/** What calls and tools below each parent spent, as keys: a trace may hold thousands of reports beside as many calls. */
interface SpentBeside {
  /** Parent and output of each call. */
  readonly outputs: ReadonlySet<string>;
  /** Parent and name of each tool that made a call; the name is '' for any. */
  readonly tools: ReadonlySet<string>;
}

function spentBeside(trace: Trace): SpentBeside {
  const outputs = new Set<string>();
  const tools = new Set<string>();
  for (const node of trace.observed) {
    const said = node.observation;
    if (node.isCall) outputs.add(`${node.parentId}|${said?.usage?.output}`);
    if (said?.role === Role.TOOL && node.hasUsageBelow)
      tools.add(`${node.parentId}|`).add(`${node.parentId}|${said.tool}`);
  }
  return { outputs, tools };
}

/** AG2's `record_usage`: counted unless a call that is counted anyway holds the same spend. */
function isCoveredBeside(node: TraceNode, { outputs, tools }: SpentBeside): boolean {
  const said = node.observation;
  switch (said?.coverage) {
    case Coverage.BELOW:
      return node.hasUsageBelow;
    case Coverage.AGENT_ABOVE:
      return node.hasUsageBelow || node.inherited.turn?.observation?.usage !== undefined;
    case Coverage.SIBLING:
      return outputs.has(`${node.parentId}|${said.usage?.output}`);
    case Coverage.SIBLING_TOOL:
      return tools.has(`${node.parentId}|${said.tool}`);
    case Coverage.COMPLETES:
    case undefined:
      return false;
  }
}
