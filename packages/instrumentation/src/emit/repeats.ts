// A framework and the app around it may show the same thing twice: a turn in which the framework runs that very agent, a tool that is
// wrapped twice. The law of accounting counts one of them, so the recorder does as well.

import type { Scope } from '../session/scope.ts';

/** Whether an agent's go that begins is the go that the code is in already: the same agent, and no tool between. */
export function repeatsTurn(outer: Scope, agent: string): boolean {
  return outer.turn !== undefined && outer.identity.agent === agent && toolAround(outer) === undefined;
}

/** Whether a tool call that begins is the one that the code is in already. */
export function repeatsTool(outer: Scope, { name, callId }: ToolCall): boolean {
  const around = toolAround(outer);
  if (around === undefined) return false;
  return around.callId !== undefined && callId !== undefined ? around.callId === callId : around.name === name;
}

/** The code of a tool call is in this scope and below. */
export function enterTool(scope: Scope, call: ToolCall): void {
  calls.set(scope, call);
}

/** A span that shows what another one of ours shows, too: it is in no figure. */
export function noteRepeat(span: object): void {
  repeats.add(span);
}

export function isRepeat(span: object): boolean {
  return repeats.has(span);
}

interface ToolCall {
  readonly name: string;
  readonly callId?: string | undefined;
}

const calls = new WeakMap<Scope, ToolCall>();
const repeats = new WeakSet();

/** The nearest tool with no other agent's turn between. */
function toolAround(scope: Scope): ToolCall | undefined {
  for (let at: Scope | undefined = scope; at !== undefined && at.turn === scope.turn; at = at.parent) {
    const call = calls.get(at);
    if (call !== undefined) return call;
  }
  return undefined;
}
