import { isObject } from '../../usage/json-object.ts';

/** What happens around each step of a generator. */
export interface StepMarks {
  /** Takes the step. */
  readonly run: (step: () => unknown) => unknown;
  /** Whoever reads has stopped, and the generator has cleaned up after itself. LangChain's callbacks are not told of it. */
  readonly left: () => void;
}

type Step = (this: unknown, ...args: unknown[]) => unknown;

/** Has the steps of an asynchronous generator taken within a mark; it stays the object that it is. */
export function markSteps(iterator: unknown, { run, left }: StepMarks): void {
  if (!isObject(iterator)) return;
  for (const name of ['next', 'return', 'throw']) {
    const step: unknown = Reflect.get(iterator, name);
    if (typeof step !== 'function') continue;
    const marked = function (this: unknown, ...args: unknown[]): unknown {
      const result = run(() => (step as Step).apply(iterator, args));
      if (name !== 'next' && result instanceof Promise) result.then(left, left);
      return result;
    };
    Object.defineProperty(iterator, name, { value: marked, configurable: true, writable: true });
  }
}
