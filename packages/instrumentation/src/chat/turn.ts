import { guarded } from '../emit/guarded.ts';
import type { OpenTurn } from '../emit/turn.ts';
import { currentScope, isBelow, type Scope, type TurnCounts } from '../session/scope.ts';
import { callTool, type ToolOptions } from './call-tool.ts';
import { humanInput } from './human-input.ts';
import { type CallOptions, recordCall } from './record-call.ts';

/** An agent's go, as the code in it sees it. Nothing of it throws. */
export interface Turn {
  readonly agent: string;
  /** Its number in the session, from 1. */
  readonly index: number;
  /** Counts a model call of this turn that nobody saw: see {@link recordCall}. */
  recordCall(answer: unknown, options?: CallOptions): void;
  /** The speaker passes on to another agent. */
  handoff(to: string): void;
  /** The speaker sends a message. */
  message(): void;
  /** Runs a tool for the speaker. */
  tool<T>(name: string, work: () => T, options?: ToolOptions): T;
  /** Runs code that waits for a person, which is not the speaker's time. */
  humanInput<T>(work: () => T): T;
}

/** The handle of a turn that is under way. */
export function turnOf(open: OpenTurn): Turn {
  const turn = new TurnHandle(open);
  const { turn: counts } = open.scope;
  if (counts !== undefined) handles.set(counts, turn);
  return turn;
}

/** The handle of the turn that the calling code is in, if it is one of a handwritten chat. */
export function currentTurn(): Turn | undefined {
  const { turn } = currentScope();
  return turn === undefined ? undefined : handles.get(turn);
}

const handles = new WeakMap<TurnCounts, Turn>();

class TurnHandle implements Turn {
  readonly #open: OpenTurn;

  constructor(open: OpenTurn) {
    this.#open = open;
  }

  get agent(): string {
    return this.#open.agent;
  }

  get index(): number {
    return this.#open.index;
  }

  recordCall(answer: unknown, options?: CallOptions): void {
    recordCall(answer, options, this.#scope());
  }

  handoff(to: string): void {
    this.#open.handoff(to);
  }

  message(): void {
    this.#open.message();
  }

  tool<T>(name: string, work: () => T, options?: ToolOptions): T {
    return callTool(name, work, options, this.#scope());
  }

  humanInput<T>(work: () => T): T {
    return humanInput(work, this.#scope());
  }

  /** Where the calling code is, as long as that is within this turn: the handle may be used from anywhere. */
  #scope(): Scope {
    const scope = currentScope();
    return isBelow(scope, this.#open.scope) ? scope : this.#open.scope;
  }
}

/** Stands in for a turn that telemetry failed to open. */
export function plainTurn(agent: string): Turn {
  return {
    agent,
    index: 0,
    recordCall: (answer, options) => recordCall(answer, options),
    handoff: () => undefined,
    message: () => undefined,
    tool: (_name, work) => work(),
    humanInput: (work) => work(),
  };
}

/** Tells the turn that the calling code is in of a handoff; between turns the next one tells by itself. */
export function handoff(to: string): void {
  guarded('handoff', () => currentTurn()?.handoff(to));
}
