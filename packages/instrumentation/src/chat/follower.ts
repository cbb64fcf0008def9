import type { Ending } from './ending.ts';

/** What is told of a piece of the app's work, and where it runs. */
export interface Follower {
  /** Runs a step of the work in its place: each one of a generator too. */
  within<T>(step: () => T): T;
  /** The work has ended; only the first news counts. */
  ended(ending: Ending): void;
  /** Milliseconds until work that waits to be asked for more counts as abandoned. */
  readonly idleMsMax: number;
}
