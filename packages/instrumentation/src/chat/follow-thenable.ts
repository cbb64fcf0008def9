import { AsyncResource } from 'node:async_hooks';
import { completedWith, endingWith } from './ending.ts';
import { followPromise } from './follow-promise.ts';
import type { Follower } from './follower.ts';
import type { IdleTimer } from './idle-timer.ts';
import { type AnyFunction, replaceMethod } from './replace-method.ts';

/**
 * Follows a promise of a client's or database's own class, which stays the object that it is. It is never asked by us: a query builder
 * would run its query, a client would read the answer that the app wants raw. So the app's own asking is what is followed.
 */
export function followThenable(
  thenable: PromiseLike<unknown>,
  { follower, idle }: { readonly follower: Follower; readonly idle: IdleTimer },
): void {
  const isFollowed = replaceMethod(
    thenable,
    'then',
    (original) =>
      function then(this: unknown, onValue: unknown, onError: unknown): unknown {
        // Somebody waits from here on.
        idle.stop();
        const fulfilled = bound(onValue, (value) => value);
        const rejected = bound(onError, (error) => {
          throw error;
        });
        const told = [
          (value: unknown): unknown => {
            follower.ended(completedWith(value));
            return fulfilled(value);
          },
          (error: unknown): unknown => {
            follower.ended(endingWith(error));
            return rejected(error);
          },
        ];
        return follower.within(() => Reflect.apply(original, this, told));
      },
  );
  if (!isFollowed) {
    idle.stop();
    follower.ended(completedWith(undefined));
    return;
  }
  redirect(thenable);
  for (const name of ASKING) replaceMethod(thenable, name, (original) => followed(original, follower, idle));
}

/** Whether something can be waited for. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function'
  );
}

/** Other ways in which OpenAI's and Anthropic's clients are asked; each gives a promise. */
const ASKING = ['asResponse', 'withResponse'] as const;

/** Classes that have these of their own go past `then`; by the language's rules they are nothing but `then`. */
function redirect(thenable: PromiseLike<unknown>): void {
  replaceMethod(thenable, 'catch', () => catchByThen);
  replaceMethod(thenable, 'finally', () => finallyByThen);
}

function catchByThen(this: unknown, onError: unknown): unknown {
  return (this as PromiseLike<unknown>).then(undefined, onError as (error: unknown) => unknown);
}

function finallyByThen(this: unknown, onEnd: unknown): unknown {
  const end = typeof onEnd === 'function' ? (onEnd as () => unknown) : () => undefined;
  return (this as PromiseLike<unknown>).then(
    async (value) => {
      await end();
      return value;
    },
    async (error: unknown) => {
      await end();
      throw error;
    },
  );
}

function followed(original: AnyFunction, follower: Follower, idle: IdleTimer): AnyFunction {
  return function ask(this: unknown, ...args: readonly unknown[]): unknown {
    idle.stop();
    const result = follower.within(() => Reflect.apply(original, this, args));
    return isPromiseLike(result) ? followPromise(result, follower) : result;
  };
}

/** What the app does with the value is not part of the work: it runs where the app asked. `AsyncResource.bind` takes 40 times as long. */
function bound(handler: unknown, otherwise: (value: unknown) => unknown): (value: unknown) => unknown {
  if (typeof handler !== 'function') return otherwise;
  const asked = new AsyncResource('TurnmeterThen');
  return (value) => asked.runInAsyncScope<undefined, unknown>(handler as (value: unknown) => unknown, undefined, value);
}
