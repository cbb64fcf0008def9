import { completedWith, endingWith } from './ending.ts';
import type { Follower } from './follower.ts';

/**
 * Not the very promise but the one behind it: with a handler of ours on it, a rejection that the app forgot to handle would no longer
 * be noticed by anybody.
 */
export function followPromise(promise: PromiseLike<unknown>, follower: Follower): PromiseLike<unknown> {
  return promise.then(
    (value) => {
      follower.ended(completedWith(value));
      return value;
    },
    (error: unknown) => {
      follower.ended(endingWith(error));
      throw error;
    },
  );
}
