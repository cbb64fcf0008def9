/** A JSON object as a request brings it: nothing about its fields is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a value is, or an empty one: what a request leaves out or gets wrong reads as absent. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Whether a value is a JSON object, neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; anything else in it, or anything but a list, reads as absent. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The text that a value is, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The arguments of a tool call, which some APIs write as text and others as an object. */
export function parseArguments(value: unknown): JsonObject {
  if (typeof value !== 'string') return objectOf(value);
  try {
    return objectOf(JSON.parse(value));
  } catch {
    return {};
  }
}
