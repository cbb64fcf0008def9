// Comes in: a function of the app. Goes out: what it returns, as it is, and once the news of its end: when it returns, when its promise
// settles, when its generator or stream was read to the end. Refused: nothing; what cannot be followed ends when it is returned.

import { types } from 'node:util';
import { guarded } from '../emit/guarded.ts';
import { completedWith, endingWith } from './ending.ts';
import type { Follower } from './follower.ts';
import { followIterable, followIterator } from './follow-iterator.ts';
import { followPromise } from './follow-promise.ts';
import { followThenable } from './follow-thenable.ts';
import { IdleTimer } from './idle-timer.ts';

/** Runs the work and follows it to its end. What it throws is thrown. */
export function follow<T>(work: () => T, follower: Follower): T {
  let result: T;
  try {
    result = follower.within(work);
  } catch (error) {
    follower.ended(endingWith(error));
    throw error;
  }
  const kind = typeof result === 'object' && result !== null ? kindOf(result) : Kind.VALUE;
  switch (kind) {
    case Kind.VALUE:
      follower.ended(completedWith(result));
      return result;
    case Kind.PROMISE:
      return followPromise(result as PromiseLike<unknown>, follower) as T;
    case Kind.THENABLE:
      followThenable(result as PromiseLike<unknown>, { follower, idle: new IdleTimer(follower) });
      return result;
    case Kind.ITERATOR:
      followIterator(result as object, { follower, idle: new IdleTimer(follower) });
      return result;
    case Kind.ITERABLE:
      followIterable(result as AsyncIterable<unknown>, { follower, idle: new IdleTimer(follower) });
      return result;
  }
}

const Kind = {
  VALUE: 'value',
  /** A plain one. */
  PROMISE: 'promise',
  /** A promise of a client's or database's own class, or what only looks like one. */
  THENABLE: 'thenable',
  /** A generator, or something that behaves like one. */
  ITERATOR: 'iterator',
  /** A stream. */
  ITERABLE: 'iterable',
} as const;
type Kind = (typeof Kind)[keyof typeof Kind];

/** Looks at the app's own objects: a getter or a proxy may throw. */
function kindOf(result: object): Kind {
  return guarded('looking at what a turn returned', () => kindUnguarded(result)) ?? Kind.VALUE;
}

function kindUnguarded(result: object): Kind {
  if (isPlainPromise(result)) return Kind.PROMISE;
  const { then, next } = result as { readonly then?: unknown; readonly next?: unknown };
  if (typeof then === 'function') return Kind.THENABLE;
  const isAsync = typeof (result as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function';
  const isSync = typeof (result as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
  if (typeof next === 'function' && (isAsync || isSync)) return Kind.ITERATOR;
  return isAsync ? Kind.ITERABLE : Kind.VALUE;
}

/** Of the language's own class, of any realm: Jest runs tests in one of their own. */
function isPlainPromise(result: object): boolean {
  if (!types.isPromise(result) || Object.hasOwn(result, 'then')) return false;
  const prototype: unknown = Object.getPrototypeOf(result);
  if (typeof prototype !== 'object' || prototype === null || !Object.hasOwn(prototype, 'then')) return false;
  const above: unknown = Object.getPrototypeOf(prototype);
  return typeof above === 'object' && above !== null && !('then' in above);
}
