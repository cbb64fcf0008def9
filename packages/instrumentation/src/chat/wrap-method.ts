import { Patches } from '../attach/patches.ts';
import { warnOnce } from '../emit/guarded.ts';

/** The names of an object's methods; any other text too, for those that its type does not show. */
export type MethodName<Holder extends object> = keyof Holder | (string & Record<never, never>);

/** Stands around a call of the method: calls it by `call`, whose `this` and arguments are the caller's. */
export type Around = (call: () => unknown, self: unknown, args: readonly unknown[]) => unknown;

/**
 * Puts something around a method of one object, or of all objects of a class by its prototype. Once: who wraps it again shares the first
 * wrapping, which is there until all of them have restored.
 *
 * @returns restores the method; calls that are under way end as they began.
 */
export function wrapMethod(holder: object, name: PropertyKey, around: Around): () => void {
  const method: unknown = Reflect.get(holder, name);
  const shared = typeof method === 'function' ? wrappings.get(method) : undefined;
  const wrapping = shared ?? wrap(holder, name, around);
  if (wrapping === undefined) {
    warnOnce(
      `wrap ${String(name)}`,
      `there is no method ${String(name)} that could be wrapped; expected a method's name`,
    );
    return () => undefined;
  }
  wrapping.users++;
  let isRestored = false;
  return () => {
    if (isRestored) return;
    isRestored = true;
    if (--wrapping.users === 0) wrapping.patches.undo();
  };
}

interface Wrapping {
  readonly patches: Patches;
  /** Without any the method is as it was, also where somebody wrapped it once more and keeps ours inside. */
  users: number;
}

/** By the function that stands in for the method. */
const wrappings = new WeakMap<object, Wrapping>();

function wrap(holder: object, name: PropertyKey, around: Around): Wrapping | undefined {
  const wrapping: Wrapping = { patches: new Patches(), users: 0 };
  const isWrapped = wrapping.patches.wrap(holder, name, (original) => {
    const replacement = function (this: unknown, ...args: readonly unknown[]): unknown {
      const call = (): unknown => Reflect.apply(original, this, args);
      return wrapping.users === 0 ? call() : around(call, this, args);
    };
    wrappings.set(replacement, wrapping);
    return replacement;
  });
  return isWrapped ? wrapping : undefined;
}
