/** Methods that were replaced, and how they were before. */
export class Patches {
  readonly #undo: (() => void)[] = [];
  readonly #wrapped = new Map<object, Set<PropertyKey>>();

  /**
   * Replaces a method by what `wrap` makes of it; once per object and name. False where there is no such method, or where it may not be replaced:
   * the framework has another shape then, which is for the caller to tell.
   */
  wrap<Args extends readonly unknown[], Result>(
    holder: object | undefined | null,
    name: PropertyKey,
    wrap: (original: (this: unknown, ...args: Args) => Result) => (this: unknown, ...args: Args) => Result,
  ): boolean {
    if (holder === undefined || holder === null) return false;
    if (this.#wrapped.get(holder)?.has(name) === true) return true;
    const own = Object.getOwnPropertyDescriptor(holder, name);
    const original: unknown = Reflect.get(holder, name);
    if (typeof original !== 'function') return false;
    const replacement = wrap(original as (this: unknown, ...args: Args) => Result);
    // Readers of a function's name or length see no difference.
    Object.defineProperties(replacement, {
      name: { value: original.name, configurable: true },
      length: { value: original.length, configurable: true },
    });
    const isDefined = Reflect.defineProperty(holder, name, {
      value: replacement,
      configurable: true,
      writable: true,
      enumerable: own?.enumerable ?? false,
    });
    if (!isDefined) return false;
    const names = this.#wrapped.get(holder) ?? new Set();
    this.#wrapped.set(holder, names.add(name));
    this.#undo.push(() => {
      // Somebody may have wrapped it again in the meantime: then ours stays below theirs, and is told by its owner to be silent.
      if (Reflect.get(holder, name) !== replacement) return;
      if (own === undefined) Reflect.deleteProperty(holder, name);
      else Reflect.defineProperty(holder, name, own);
    });
    return true;
  }

  /** Puts everything back as it was. */
  undo(): void {
    for (const undo of this.#undo.splice(0).toReversed()) undo();
    this.#wrapped.clear();
  }
}
