import { TurnOutcome } from '@turnmeter/semconv';
import type { OpenTurn } from '../../emit/turn.ts';
import { scopeBelow, type Scope } from '../../session/scope.ts';
import type { RunFailure } from './control-flow.ts';
import { openTurn, type GraphLevel } from './graph-level.ts';
import type { Level } from './level.ts';

/**
 * A node of a graph. In a hand-written graph the node in which a model is asked is the agent that speaks; a node that asks none (routing,
 * tools, database) has no turn. The nodes of an agent's loop belong to the graph's turn.
 */
export class NodeLevel implements Level {
  readonly runId: string;
  readonly graph: GraphLevel;
  readonly #name: string;
  readonly #isInLoop: boolean;
  readonly #startMs: number = Date.now();
  #turn: OpenTurn | undefined;

  constructor({ runId, name, graph }: { readonly runId: string; readonly name: string; readonly graph: GraphLevel }) {
    this.runId = runId;
    this.graph = graph;
    this.#name = name;
    this.#isInLoop = LOOP_NODES.has(name) || MIDDLEWARE_NODE.test(name);
  }

  get scope(): Scope {
    return this.turn?.scope ?? this.graph.scope;
  }

  get turn(): OpenTurn | undefined {
    return this.#isInLoop ? this.graph.turn : this.#turn;
  }

  scopeForWork(): Scope {
    if (this.#isInLoop) return this.graph.scopeForWork();
    const { turn, identity } = this.graph.scope;
    // A hand-written chat has called this very agent: it speaks already.
    if (turn !== undefined && identity.agent === this.#name) return this.graph.scope;
    this.#turn ??= openTurn(this.#name, this.graph, this.#startMs);
    return this.#turn.scope;
  }

  scopeForTool(): Scope {
    if (this.#isInLoop) return this.graph.scopeForWork();
    if (this.#turn !== undefined) return this.#turn.scope;
    const { scope, floor } = this.graph;
    // Whoever spoke last has asked for it.
    return scope.turn !== undefined || floor.speaker === undefined
      ? scope
      : scopeBelow(scope, { identity: { agent: floor.speaker } });
  }

  end(failure: RunFailure): void {
    this.#turn?.end(failure);
  }

  abandon(): void {
    this.#turn?.end({ outcome: TurnOutcome.ABANDONED });
  }
}

/** Of `createReactAgent` and `createAgent`. */
const LOOP_NODES = new Set([
  'agent',
  'model_request',
  'tools',
  'pre_model_hook',
  'post_model_hook',
  'generate_structured_response',
]);

/** `createAgent` makes nodes of middleware: `Summarize.before_model`. */
const MIDDLEWARE_NODE = /\.(?:before|after)_(?:agent|model)$/;
