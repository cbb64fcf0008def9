import { types } from 'node:util';
import { isObject } from '../../usage/json-object.ts';

/** A function of a module, whatever it is. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Makes another function of one of the module's; undefined leaves it. */
export type Wrap = (name: string, original: AnyFunction) => AnyFunction | undefined;

/**
 * Replaces functions that a module exports, for those who import it from now on. An ES module comes as a proxy whose exports may be set; a
 * CommonJS one may have exports that are getters for good, and is then replaced as a whole. A namespace that was imported
 * already cannot be changed: it is given back as it is.
 */
export function replaceFunctions(moduleExports: object, names: readonly string[], wrap: Wrap): unknown {
  const replaced: PropertyDescriptorMap = {};
  for (const name of names) {
    const original: unknown = Reflect.get(moduleExports, name);
    const value = typeof original === 'function' ? wrap(name, original as AnyFunction) : undefined;
    if (value === undefined) continue;
    // Readers of a function's name see no difference.
    Object.defineProperty(value, 'name', { value: name, configurable: true });
    replaced[name] = { value, configurable: true, enumerable: true, writable: true };
  }
  if (types.isProxy(moduleExports)) {
    for (const [name, { value }] of Object.entries(replaced)) Reflect.set(moduleExports, name, value);
    return moduleExports;
  }
  if (types.isModuleNamespaceObject(moduleExports) || !isObject(moduleExports)) return moduleExports;
  const copy: unknown = Object.create(Object.getPrototypeOf(moduleExports) as object | null, {
    ...Object.getOwnPropertyDescriptors(moduleExports),
    ...replaced,
  });
  return copy;
}
