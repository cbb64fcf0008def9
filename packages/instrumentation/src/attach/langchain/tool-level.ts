import { OpenTool } from '../../emit/tool.ts';
import type { OpenTurn } from '../../emit/turn.ts';
import type { Scope } from '../../session/scope.ts';
import { handoffsOf, type RunFailure } from './control-flow.ts';
import type { Level } from './level.ts';

/** A tool's run that begins. */
export interface ToolRunStart {
  readonly runId: string;
  readonly name: string;
  readonly type?: string | undefined;
  readonly callId?: string | undefined;
  readonly scope: Scope;
  /** Of the agent that asked for it. */
  readonly turn: OpenTurn | undefined;
  readonly input: unknown;
}

/** A tool, or a retriever, that is under way. */
export class ToolLevel implements Level {
  readonly runId: string;
  /** Agents that the tool asks have turns of their own. */
  readonly turn: undefined;
  readonly #tool: OpenTool;
  readonly #asker: OpenTurn | undefined;

  constructor({ runId, name, type, callId, scope, turn, input }: ToolRunStart) {
    this.runId = runId;
    this.#asker = turn;
    this.#tool = new OpenTool({ name, type, callId, scope, arguments: () => input });
  }

  get scope(): Scope {
    return this.#tool.scope;
  }

  scopeForWork(): Scope {
    return this.#tool.scope;
  }

  scopeForTool(): Scope {
    return this.#tool.scope;
  }

  answer(output: unknown): void {
    for (const agent of handoffsOf(output)) this.#asker?.handoff(agent);
    this.#tool.end({ result: () => output });
  }

  end({ error }: RunFailure): void {
    this.#tool.end({ error });
  }

  abandon(): void {
    this.#tool.end();
  }
}
