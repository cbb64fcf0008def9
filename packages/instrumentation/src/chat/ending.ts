import { TurnOutcome } from '@turnmeter/semconv';
import { isAbort } from '../emit/error-type.ts';

/** How a piece of the app's work ended. */
export interface Ending {
  readonly outcome: TurnOutcome;
  /** What it threw, where it failed; never undefined then. */
  readonly error?: unknown;
  /** What it gave, where it came to its end. */
  readonly value?: unknown;
  /** Milliseconds since 1970, where that is not now. */
  readonly endMs?: number | undefined;
}

/** It came to its end and gave this. */
export function completedWith(value: unknown): Ending {
  return { outcome: TurnOutcome.COMPLETED, value };
}

/** Whoever wanted it wants no more of it. */
export const STOPPED: Ending = Object.freeze({ outcome: TurnOutcome.STOPPED });

/** The ending of work that threw. An abort is the caller's will and no failure. */
export function endingWith(error: unknown): Ending {
  // Some throw undefined, which would look like no error.
  return isAbort(error) ? STOPPED : { outcome: TurnOutcome.FAILED, error: error ?? 'nothing' };
}

/** The ending of work that nobody ended: it counts up to where it was last seen. */
export function abandonedAt(endMs: number): Ending {
  return { outcome: TurnOutcome.ABANDONED, endMs };
}
