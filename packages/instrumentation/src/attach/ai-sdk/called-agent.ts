import { AsyncLocalStorage } from 'node:async_hooks';
import { guarded } from '../../emit/guarded.ts';
import type { Inference } from '../../emit/inference.ts';

/** A function of the SDK, or an agent object, that was called: the call of a model comes next, and tells nothing of it. */
interface Called {
  readonly agent: string | undefined;
  isTaken: boolean;
  /** The call of a model that is under way in it. */
  inference?: () => Inference | undefined;
  /** Wants to hear how the call failed. */
  onError?: (error: unknown) => void;
}

const called = new AsyncLocalStorage<Called>();

/** Calls an agent, or something that has no name, so that what the SDK tells next is known to be of this call. */
export function callAgent<T>(agent: string | undefined, work: () => T): T {
  const call: Called = { agent, isTaken: false };
  const result = called.run(call, work);
  if (!(result instanceof Promise)) return result;
  // Of an async function all promises are alike; one that follows it keeps a rejection that nobody handles what it is.
  const followed: Promise<unknown> = result.catch((error: unknown) => {
    guarded('error of the AI SDK', () => call.onError?.(error));
    throw error;
  });
  return followed as T;
}

/** Whoever follows the call that the code is in says where its calls of models are to be found. */
export function linkCall(inference: () => Inference | undefined): void {
  const call = called.getStore();
  if (call !== undefined) call.inference ??= inference;
}

/** The call of a model that the code is in, where the SDK does not run it within our scope. */
export function inferenceOfCall(): Inference | undefined {
  return called.getStore()?.inference?.();
}

/** Who was called; each call is told once, since what the agent's tools call is not its own. */
export function takeCalledAgent(onError?: (error: unknown) => void): string | undefined {
  const call = called.getStore();
  if (call === undefined || call.isTaken) return undefined;
  call.isTaken = true;
  if (onError !== undefined) call.onError = onError;
  return call.agent;
}
