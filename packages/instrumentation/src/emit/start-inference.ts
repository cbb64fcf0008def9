import { currentScope } from '../session/scope.ts';
import type { Inference, InferenceStart } from './inference.ts';
import { NestedInference } from './nested-inference.ts';
import { OwnInference } from './own-inference.ts';

/** Begins a model call; within another one that is under way it is that call, seen nearer to the wire. */
export function startInference(start: InferenceStart): Inference {
  const scope = start.scope ?? currentScope();
  const owner = scope.inference;
  if (owner !== undefined && !owner.isEnded) return new NestedInference(owner, scope, start);
  return new OwnInference(scope, start);
}
