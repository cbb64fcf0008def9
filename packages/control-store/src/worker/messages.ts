// What the thread of the store and whoever uses it tell each other.

import { ControlStoreError, ControlStoreErrorCode } from '../control-store-error.ts';

/** A method of a repository, or `stop` of the store. */
export interface Call {
  readonly id: number;
  readonly repository: string;
  readonly method: string;
  readonly values: readonly unknown[];
}

export type Reply =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: Failed };

/** An error as it gets over to another thread: of errors of our own only the text would. */
interface Failed {
  readonly code: ControlStoreErrorCode | null;
  readonly field: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: unknown;
}

/** The reply of this number says that the store is open, or why not. */
export const OPENED = 0;

export function failedOf(error: unknown): Failed {
  if (!(error instanceof Error)) {
    return { code: null, field: undefined, message: String(error), stack: undefined, cause: undefined };
  }
  const isOurs = error instanceof ControlStoreError;
  return {
    code: isOurs ? error.code : null,
    field: isOurs ? error.field : undefined,
    message: error.message,
    stack: error.stack,
    cause: error.cause instanceof Error ? error.cause.message : undefined,
  };
}

export function errorOf({ code, field, message, stack, cause }: Failed): Error {
  const error = code === null ? new Error(message, { cause }) : new ControlStoreError(message, { code, field, cause });
  // Where it happened; where it was asked from is added by whoever awaits.
  if (stack !== undefined) error.stack = stack;
  return error;
}

export function threadGone(cause: unknown): ControlStoreError {
  return new ControlStoreError('The thread of the control store ended: what was asked of it may have happened.', {
    code: ControlStoreErrorCode.UNAVAILABLE,
    cause,
  });
}
