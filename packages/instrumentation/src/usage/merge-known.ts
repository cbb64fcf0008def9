import type { JsonObject } from './json-object.ts';

/** Takes over the named fields that the newer object has; a stream repeats what grew and leaves out or nulls the rest. */
export function mergeKnown(target: Record<string, unknown>, names: readonly string[], newer: JsonObject): void {
  for (const name of names) {
    const value = newer[name];
    if (value !== undefined && value !== null) target[name] = value;
  }
}
