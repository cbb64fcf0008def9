import { currentScope, type CallOwner, type Scope } from '../session/scope.ts';
import type { Inference, InferenceStart } from './inference.ts';
import { NestedInference } from './nested-inference.ts';
import { OwnInference } from './own-inference.ts';

/** Begins a model call; within another one that is under way it is that call, seen nearer to the wire. */
export function startInference(start: InferenceStart): Inference {
  const scope = start.scope ?? currentScope();
  const owner = openOwner(scope);
  return owner === undefined ? new OwnInference(scope, start) : new NestedInference(owner, scope, start);
}

/** The innermost call that is still under way; a turn, a tool or a run in between is work of its own. */
export function openOwner(scope: Scope): CallOwner | undefined {
  for (let at: Scope | undefined = scope; at?.inference !== undefined; at = at.parent) {
    if (!at.inference.isEnded) return at.inference;
  }
  return undefined;
}
