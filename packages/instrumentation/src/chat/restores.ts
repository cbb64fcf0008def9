/** What undoes changes of objects, without keeping the objects: a chat may make its agents anew for every request. */
export class Restores {
  readonly #byObject = new WeakMap<object, (() => void)[]>();
  #objects: WeakRef<object>[] = [];
  #lookedAt = OBJECTS_MIN;

  has(object: object): boolean {
    return this.#byObject.has(object);
  }

  add(object: object, restore: () => void): void {
    const restores = this.#byObject.get(object);
    if (restores !== undefined) {
      restores.push(restore);
      return;
    }
    this.#byObject.set(object, [restore]);
    this.#objects.push(new WeakRef(object));
    if (this.#objects.length < this.#lookedAt) return;
    this.#objects = this.#objects.filter((each) => each.deref() !== undefined);
    this.#lookedAt = Math.max(OBJECTS_MIN, this.#objects.length * 2);
  }

  /** Undoes all, the last first. */
  restore(): void {
    for (const each of this.#objects.splice(0).toReversed()) {
      const object = each.deref();
      if (object === undefined) continue;
      for (const restore of (this.#byObject.get(object) ?? []).toReversed()) restore();
      this.#byObject.delete(object);
    }
  }
}

/** So many are kept before the ones that are gone are looked for. */
const OBJECTS_MIN = 100;
