// Looks into values nobody has checked: answers of SDK classes, plain JSON, or something else altogether.

/** An object of any class; what its properties hold is not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** No name or id of a provider is longer; what is longer is cut, so that no answer fills memory with one. */
const TEXT_LENGTH_MAX = 256;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const EMPTY: JsonObject = Object.freeze({});

/** The value as an object; an empty one if it is none. */
export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : EMPTY;
}

/** The value as a list; an empty one if it is none. */
export function listOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a number; undefined if it is none. */
export function numberOr(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value as a name or an id; undefined if it is no text, or an empty one (Azure's first chunk has an empty id). */
export function textOr(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.length > TEXT_LENGTH_MAX ? value.slice(0, TEXT_LENGTH_MAX) : value;
}
