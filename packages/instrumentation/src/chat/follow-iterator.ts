import { isPromiseLike } from './follow-thenable.ts';
import { completedWith, type Ending, endingWith, STOPPED } from './ending.ts';
import type { Follower } from './follower.ts';
import type { IdleTimer } from './idle-timer.ts';
import { replaceMethod } from './replace-method.ts';

interface Following {
  readonly follower: Follower;
  readonly idle: IdleTimer;
}

/**
 * Follows a generator, which stays the object that it is: its own methods are replaced. Each step runs in the place of the work, since
 * a generator runs wherever it is asked for more.
 */
export function followIterator(iterator: object, { follower, idle }: Following): void {
  let isOver = false;
  const end = (ending: Ending): void => {
    isOver = true;
    idle.stop();
    follower.ended(ending);
  };
  const settled = (result: unknown, name: string): void => {
    idle.idle();
    // One that is left early was not asked to its end, which is no failure; one that is thrown into may go on.
    if (isDone(result)) end(name === 'next' ? completedWith(result.value) : STOPPED);
  };
  const failed = (error: unknown): void => {
    idle.idle();
    end(endingWith(error));
  };
  for (const name of STEPS) {
    replaceMethod(
      iterator,
      name,
      (original) =>
        function step(this: unknown, ...args: readonly unknown[]): unknown {
          const run = (): unknown => follower.within(() => Reflect.apply(original, this, args));
          if (isOver) return run();
          idle.busy();
          let result: unknown;
          try {
            result = run();
          } catch (error) {
            failed(error);
            throw error;
          }
          if (!isPromiseLike(result)) {
            settled(result, name);
            return result;
          }
          return result.then(
            (value) => {
              settled(value, name);
              return value;
            },
            (error: unknown) => {
              failed(error);
              throw error;
            },
          );
        },
    );
  }
}

/** Follows a stream by whoever reads it. Read in another way than by iterating, it ends as abandoned where it was last seen. */
export function followIterable(iterable: AsyncIterable<unknown>, following: Following): void {
  replaceMethod(
    iterable,
    Symbol.asyncIterator,
    (original) =>
      function iterate(this: unknown, ...args: readonly unknown[]): unknown {
        const iterator: unknown = following.follower.within(() => Reflect.apply(original, this, args));
        if (typeof iterator === 'object' && iterator !== null) followIterator(iterator, following);
        return iterator;
      },
  );
}

const STEPS = ['next', 'return', 'throw'] as const;

function isDone(result: unknown): result is { readonly value?: unknown } {
  return typeof result === 'object' && result !== null && (result as { readonly done?: unknown }).done === true;
}
