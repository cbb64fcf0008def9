import { TurnOutcome } from '@turnmeter/semconv';
import { isInRun, OpenRun } from '../../emit/run.ts';
import { OpenTurn } from '../../emit/turn.ts';
import type { Identity } from '../../session/identity.ts';
import { liveSessions } from '../../session/live-sessions.ts';
import { rootScope, scopeBelow, type Scope } from '../../session/scope.ts';
import type { RunFailure } from './control-flow.ts';
import type { Level } from './level.ts';
import type { NodeLevel } from './node-level.ts';
import { DEFAULT_GRAPH_NAME } from './run-facts.ts';

/** A graph's run that begins. */
export interface GraphStart {
  readonly runId: string;
  /** Where the app asks the graph. */
  readonly outer: Scope;
  readonly name: string | undefined;
  /** Session and user, as the run's metadata say. */
  readonly identity: Identity;
  /** Whether LangChain's `createAgent` made it: then its name is an agent's, and a workflow's only where nothing else is known. */
  readonly isAgent: boolean;
  /** The node of another graph that it runs in. */
  readonly node: NodeLevel | undefined;
}

/** Who spoke last in the runs of one request, for apps that name no session. */
export interface Floor {
  speaker: string | undefined;
}

/**
 * A graph's run. The outermost is a run of a workflow. A graph of the agent loop that LangGraph and LangChain make (`agent` and `tools`,
 * `model_request` and `tools`) is one agent's turn; the nodes of any other graph speak for themselves.
 */
export class GraphLevel implements Level {
  readonly runId: string;
  readonly scope: Scope;
  readonly floor: Floor;
  readonly #start: GraphStart;
  readonly #startMs: number = Date.now();
  readonly #run: OpenRun | undefined;
  #turn: OpenTurn | undefined;

  constructor(start: GraphStart) {
    this.#start = start;
    this.runId = start.runId;
    this.floor = start.node?.graph.floor ?? { speaker: undefined };
    const { outer } = start;
    if (start.node === undefined && outer.turn === undefined && !isInRun(outer)) {
      this.#run = new OpenRun({ identity: { ...start.identity, workflow: workflowOf(start) }, scope: outer });
      this.scope = this.#run.scope;
    } else {
      this.scope = withIdentity(outer, start.identity);
    }
  }

  get turn(): OpenTurn | undefined {
    return this.#turn ?? (this.#isPartOfNode ? this.#start.node?.turn : undefined);
  }

  scopeForWork(): Scope {
    if (this.#isPartOfNode) return this.#start.node?.scopeForWork() ?? this.scope;
    const name = this.#ownName;
    const { turn, identity } = this.scope;
    // An agent that a hand-written chat calls in that agent's turn, or one without a name, is who speaks there already.
    if (turn !== undefined && (name === undefined || name === identity.agent)) return this.scope;
    this.#turn ??= openTurn(name ?? UNNAMED_AGENT, this, this.#startMs);
    return this.#turn.scope;
  }

  scopeForTool(): Scope {
    return this.scopeForWork();
  }

  end(failure: RunFailure): void {
    this.#turn?.end(failure);
    this.#run?.end(failure);
  }

  abandon(): void {
    this.#turn?.end({ outcome: TurnOutcome.ABANDONED });
    this.#run?.end({ outcome: TurnOutcome.ABANDONED });
  }

  /** A graph without a name that a node runs is what that node does. */
  get #isPartOfNode(): boolean {
    return this.#ownName === undefined && this.#start.node !== undefined;
  }

  get #ownName(): string | undefined {
    const { name } = this.#start;
    return name === DEFAULT_GRAPH_NAME ? undefined : name;
  }
}

/** Begins the turn of an agent in a graph's run. */
export function openTurn(agent: string, graph: Pick<GraphLevel, 'scope' | 'floor'>, startMs: number): OpenTurn {
  const { scope, floor } = graph;
  const isNested = scope.turn !== undefined;
  // A session knows by itself who spoke before.
  const from = isNested || scope.live !== undefined ? undefined : floor.speaker;
  if (!isNested) floor.speaker = agent;
  return new OpenTurn({ agent, scope, startMs, from });
}

/** A scope for those whose run names a session or a user, with that session's sums. */
export function withIdentity(outer: Scope, identity: Identity): Scope {
  if (identity.session === undefined && identity.user === undefined) return outer;
  const named = scopeBelow(outer, { identity });
  return outer.live !== undefined ? named : { ...named, live: liveSessions().of(named.identity) };
}

/** What frameworks show where an agent was given no name. */
const UNNAMED_AGENT = 'agent';

/** Code that says the workflow wins over a graph's name; the configuration is for where nothing says it. */
function workflowOf({ name, isAgent, outer }: GraphStart): string | undefined {
  const { workflow } = outer.identity;
  if (name === undefined || name === DEFAULT_GRAPH_NAME) return workflow;
  const isConfigured = outer === rootScope();
  return workflow !== undefined && (isAgent || !isConfigured) ? workflow : name;
}
