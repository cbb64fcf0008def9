import type { OpenTurn } from '../../emit/turn.ts';
import type { Scope } from '../../session/scope.ts';
import type { RunFailure } from './control-flow.ts';

/** A run of LangChain's that is open, as far as it matters for whose work something is. */
export interface Level {
  readonly runId: string;
  /** Where what begins below it belongs. */
  readonly scope: Scope;
  /** The same for work of an agent: its turn begins, at the latest, when it first asks a model. */
  scopeForWork(): Scope;
  /** The same for a tool: an agent asked for it, but a node that only runs tools is no agent. */
  scopeForTool(): Scope;
  /** The turn that work here is part of, where one has begun. */
  readonly turn: OpenTurn | undefined;
  end(failure: RunFailure): void;
  /** Nobody will end it any more. */
  abandon(): void;
}

/** A run that is nothing by itself, such as a chain without a graph: its calls are counted, it has no turns. */
export class ChainLevel implements Level {
  readonly runId: string;
  readonly scope: Scope;
  readonly turn: undefined;

  constructor(runId: string, scope: Scope) {
    this.runId = runId;
    this.scope = scope;
  }

  scopeForWork(): Scope {
    return this.scope;
  }

  scopeForTool(): Scope {
    return this.scope;
  }

  end(): void {
    // Nothing was begun.
  }

  abandon(): void {
    // Nothing was begun.
  }
}
