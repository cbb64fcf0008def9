// Two instrumentations of one app may each have a trace of the same run. Its calls tell: a go of an agent with the same call in it is the
// same go, and a trace that names no session belongs to the one that the other views of its calls name.

import { Role } from '../observe/observation.ts';
import { componentOf } from './copies.ts';
import type { CopyIndex } from './copy-index.ts';
import { byKey, isAbove, type Trace, type TraceNode } from './trace.ts';
import { isOneView } from './views.ts';

/** A go is known by its first calls, a trace by some of its calls: all of a long one would say the same. */
const CALLS_OF_TURN_MAX = 3;
const CALLS_OF_TRACE_MAX = 100;

/** The record that counts as a turn instead of another view of the same go. */
export interface TurnInstead {
  readonly node: TraceNode;
  /** Whoever shows it shows tools too. */
  readonly hasTools: boolean;
}

/** Finds them among one tenant's records. What it has found it keeps until {@link SecondViews.forgetFindings}. */
export class SecondViews {
  readonly #index: CopyIndex;
  readonly #sessions = new Map<Trace, string>();
  readonly #turns = new Map<TraceNode, TurnInstead | undefined>();

  constructor(index: CopyIndex) {
    this.#index = index;
  }

  forgetFindings(): void {
    this.#sessions.clear();
    this.#turns.clear();
  }

  /** The one session that other traces name for the calls of this one, which names none; '' if there is none, or several. */
  sessionOf(trace: Trace): string {
    let session = this.#sessions.get(trace);
    if (session === undefined) this.#sessions.set(trace, (session = this.#findSession(trace)));
    return session;
  }

  /** The record that counts as a turn instead of this one. */
  countedInstead(turn: TraceNode): TurnInstead | undefined {
    if (turn.go.calls.length === 0) return undefined;
    if (!this.#turns.has(turn)) this.#turns.set(turn, this.#findTurn(turn));
    return this.#turns.get(turn);
  }

  #findSession(trace: Trace): string {
    let only = '';
    for (const call of firstOf(trace.observed.filter(isCall), CALLS_OF_TRACE_MAX)) {
      for (const copy of componentOf(call, this.#index).members) {
        const session = copy.trace === trace ? '' : namedSession(copy);
        if (session === '' || session === only) continue;
        if (only !== '') return '';
        only = session;
      }
    }
    return only;
  }

  #findTurn(turn: TraceNode): TurnInstead | undefined {
    let best = turn;
    for (const call of firstOf(turn.go.calls, CALLS_OF_TURN_MAX)) {
      for (const copy of componentOf(call, this.#index).members) {
        const other = copy.inherited.turn;
        if (other !== undefined && isSameTurn(turn, other) && compareTurns(other, best) < 0) best = other;
      }
    }
    return best === turn ? undefined : { node: best, hasTools: showsTools(best) };
  }
}

/** In the whole trace: some show a handoff as the tool that makes it, others as what it is. */
function showsTools({ trace, observation: turn }: TraceNode): boolean {
  return trace.observed.some(
    ({ observation: said }) =>
      said !== undefined &&
      turn !== undefined &&
      (said.role === Role.TOOL || said.handoffTo !== '') &&
      isOneView(said, turn),
  );
}

function isCall(node: TraceNode): boolean {
  return node.isCall;
}

/** In an order that does not depend on their arrival. */
function firstOf(calls: readonly TraceNode[], count: number): readonly TraceNode[] {
  if (calls.length <= count) return calls;
  return calls.toSorted((a, b) => startOf(a) - startOf(b) || byKey(a, b)).slice(0, count);
}

function startOf({ observation }: TraceNode): number {
  return observation?.startUs ?? 0;
}

function namedSession({ context, trace }: TraceNode): string {
  if (context.session !== '') return context.session;
  return context.conversation !== '' ? context.conversation : trace.onlySession;
}

/** One inside the other is two agents, and one instrumentation sees a go once. */
function isSameTurn(a: TraceNode, b: TraceNode): boolean {
  const left = a.observation;
  const right = b.observation;
  if (a === b || left === undefined || right === undefined || isOneView(left, right)) return false;
  const canCount = right.role === Role.AGENT && right.canBeTurn && b.context.turn === b && b.context.agent !== '';
  return canCount && !isAbove(a, b) && !isAbove(b, a);
}

/** First comes the view that counts: the finer one, which tells agents apart; then one that knows its session. */
function compareTurns(a: TraceNode, b: TraceNode): number {
  return a.go.calls.length - b.go.calls.length || unnamed(a) - unnamed(b) || byKey(a, b);
}

function unnamed(node: TraceNode): number {
  return namedSession(node) === '' ? 1 : 0;
}
