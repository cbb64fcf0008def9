import { guarded } from '../emit/guarded.ts';

/** A function of which nothing is known. */
export type AnyFunction = (this: unknown, ...args: readonly unknown[]) => unknown;

/** Gives one object a method of its own in place of its class's; false where the object does not allow it, or has none. */
export function replaceMethod(
  object: object,
  name: PropertyKey,
  replace: (original: AnyFunction) => AnyFunction,
): boolean {
  return (
    guarded('following what a turn returned', () => {
      const original: unknown = Reflect.get(object, name);
      if (typeof original !== 'function') return false;
      return Reflect.defineProperty(object, name, {
        value: replace(original as AnyFunction),
        configurable: true,
        writable: true,
        enumerable: false,
      });
    }) ?? false
  );
}
