import { TurnOutcome } from '@turnmeter/semconv';
import { isAbort } from '../../emit/error-type.ts';
import { isObject } from '../../usage/json-object.ts';

/** How a run ended, as turns, runs and tools are told. */
export interface RunFailure {
  readonly error?: unknown;
  readonly outcome?: TurnOutcome | undefined;
}

/**
 * What LangGraph throws to steer is no failure: `ParentCommand` hands over to another agent, `GraphInterrupt` waits for a person. Nor is an
 * abort by the caller, who stopped the work.
 */
export function failureOf(error: unknown): RunFailure {
  if (isControlFlow(error)) return {};
  return isAborted(error) ? { outcome: TurnOutcome.STOPPED } : { error };
}

/** Whom a tool's answer hands over to: `Command({ goto: 'Writer', graph: Command.PARENT })`. */
export function handoffsOf(output: unknown): readonly string[] {
  if (!isObject(output) || output['lg_name'] !== 'Command' || output['graph'] === undefined) return [];
  const { goto } = output;
  return (Array.isArray(goto) ? (goto as unknown[]) : [goto]).flatMap((target) => {
    const name = isObject(target) ? target['node'] : target;
    return typeof name === 'string' && name !== '' && !name.startsWith('__') ? [name] : [];
  });
}

/** Versions differ in the field that says so; all have the names. */
function isControlFlow(error: unknown): boolean {
  if (!isObject(error)) return false;
  return error['is_bubble_up'] === true || (typeof error['name'] === 'string' && STEERING.has(error['name']));
}

const STEERING = new Set(['ParentCommand', 'GraphInterrupt', 'NodeInterrupt', 'GraphDrained', 'GraphBubbleUp']);

/** LangChain's own aborts are plain errors in some versions. */
function isAborted(error: unknown): boolean {
  if (isAbort(error)) return true;
  return error instanceof Error && (error.name === 'ModelAbortError' || ABORT_MESSAGES.has(error.message));
}

const ABORT_MESSAGES = new Set(['Abort', 'Aborted', 'AbortError']);
