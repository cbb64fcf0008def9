// What a record inherits from the records above it, each kind by its own rule (design §3, point 6).

import { Grain, type Observation, Role, SessionRank } from '../observe/observation.ts';
import { isCallRole } from '../observe/operations.ts';
import type { TraceNode } from './trace.ts';

export interface Context {
  /** Number of telling records above. */
  readonly depth: number;
  /** Nearest name. */
  readonly agent: string;
  readonly agentId: string;
  /** Best rank anywhere above; the nearest of equals. */
  readonly session: string;
  readonly sessionRank: SessionRank;
  /** Outermost: nested chats have ids of their own. */
  readonly conversation: string;
  /** Outermost: what the whole run is called, not a part of it. */
  readonly workflow: string;
  /** Outermost of those that are said of this workflow. */
  readonly workflowVersion: string;
  readonly user: string;
  readonly purpose: string;
  /** Nearest call with no agent, tool or workflow between. */
  readonly call: TraceNode | undefined;
  /** Nearest agent's go; where a framework shows one go as two nested spans, the outer. */
  readonly turn: TraceNode | undefined;
  /** Nearest tool with no agent between. */
  readonly tool: TraceNode | undefined;
  /** Outermost workflow or agent. */
  readonly run: TraceNode | undefined;
  /** Nearest span with links that names no session itself. */
  readonly linking: TraceNode | undefined;
  /** Nearest record whose usage may be the sum of what is below it. */
  readonly sum: TraceNode | undefined;
}

export const NO_CONTEXT: Context = {
  depth: 0,
  agent: '',
  agentId: '',
  session: '',
  sessionRank: SessionRank.NONE,
  conversation: '',
  workflow: '',
  workflowVersion: '',
  user: '',
  purpose: '',
  call: undefined,
  turn: undefined,
  tool: undefined,
  run: undefined,
  linking: undefined,
  sum: undefined,
};

/**
 * Gives a record and all above it their contexts in the trace's current evaluation. Walks up only as far as nobody has been
 * before, so all contexts of a trace cost one visit to each record, however deep it is nested.
 */
export function resolveContext(node: TraceNode): Context {
  const { evaluation } = node.trace;
  const path: TraceNode[] = [];
  let above: TraceNode | undefined = node;
  while (above !== undefined && above.evaluation !== evaluation) {
    above.evaluation = evaluation;
    path.push(above);
    above = above.parent;
  }
  let index = path.length - 1;
  if (above !== undefined) {
    // Ids are the sender's, so parents may form a circle. What is in one has no parent.
    for (const circleStart = path.indexOf(above); circleStart !== -1 && index >= circleStart; index--) {
      setContext(path[index], NO_CONTEXT);
    }
  }
  for (; index >= 0; index--) {
    const step = path[index];
    setContext(step, step?.parent?.context ?? NO_CONTEXT);
  }
  return node.context;
}

function setContext(node: TraceNode | undefined, inherited: Context): void {
  if (node === undefined) return;
  node.inherited = inherited;
  node.context = node.observation === undefined ? inherited : descend(inherited, node, node.observation);
}

/** Context below a record that says something. */
function descend(from: Context, node: TraceNode, said: Observation): Context {
  const isAgent = said.role === Role.AGENT;
  const isWorkflow = said.role === Role.WORKFLOW;
  const namesSession = said.session !== '' && said.sessionRank <= from.sessionRank;
  const endsCall = isAgent || isWorkflow || said.role === Role.TOOL || said.role === Role.HUMAN_INPUT;
  return {
    depth: from.depth + 1,
    agent: said.agent !== '' ? said.agent : said.endsAgent ? '' : from.agent,
    agentId: said.agentId !== '' || said.agent !== '' || said.endsAgent ? said.agentId : from.agentId,
    session: namesSession ? said.session : from.session,
    sessionRank: namesSession ? said.sessionRank : from.sessionRank,
    conversation: from.conversation !== '' ? from.conversation : said.conversation,
    workflow: from.workflow !== '' ? from.workflow : said.workflow,
    workflowVersion: from.workflowVersion !== '' || isOfOther(from, said) ? from.workflowVersion : said.workflowVersion,
    user: said.user !== '' ? said.user : from.user,
    // An agent speaks for itself, also where it was picked by whoever spoke before.
    purpose: said.purpose !== '' || isAgent ? said.purpose : from.purpose,
    call: isCallRole(said.role) ? node : endsCall ? undefined : from.call,
    turn: isAgent ? (repeatsTurn(from, said) ? from.turn : node) : isWorkflow ? undefined : from.turn,
    tool: said.role === Role.TOOL ? node : isAgent || isWorkflow ? undefined : from.tool,
    run: from.run ?? (isAgent || isWorkflow ? node : undefined),
    linking: said.links.length > 0 && said.session === '' && said.conversation === '' ? node : from.linking,
    sum: canBeSum(said) ? node : from.sum,
  };
}

/** A workflow within a workflow, whose version is not the version of the whole. */
function isOfOther(from: Context, said: Observation): boolean {
  return from.workflow !== '' && said.workflow !== '' && said.workflow !== from.workflow;
}

/** The same agent directly inside itself: LangGraph's node and graph, a framework's span in an instrumentation's. */
function repeatsTurn(from: Context, said: Observation): boolean {
  const outer = from.turn?.observation;
  if (outer === undefined || from.tool !== undefined || said.agent === '' || outer.agent !== said.agent) return false;
  // Two ids are two agents of one name: Codex's threads.
  return outer.agentId === '' || said.agentId === '' || outer.agentId === said.agentId;
}

function canBeSum(said: Observation): boolean {
  return (
    said.usage !== undefined &&
    (said.role === Role.UNDECIDED || said.mayBeSum || said.grain === Grain.SUM || said.grain === Grain.OWN_SUM)
  );
}
