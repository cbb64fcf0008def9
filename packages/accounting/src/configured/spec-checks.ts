// Checks of the parts of a profile's description. Each takes a value of unknown shape and the path to it, and gives it back typed or
// throws a ProfileSpecError that says where and what.

import { nearestName } from './nearest-name.ts';
import { ProfileSpecError, shown } from './spec-error.ts';

/** Longer names are content in the wrong place (characters). */
const TEXT_LENGTH_MAX = 256;
const LIST_LENGTH_MAX = 32;
/** Entries of a map of roles or of conditions. */
const ENTRIES_MAX = 64;

export type SpecObject = ReadonlyMap<string, unknown>;

/** An object with known keys only. Reads own keys alone: a description may come from anywhere. */
export function checkObject(value: unknown, path: string, keys: readonly string[]): SpecObject {
  const object = checkMap(value, path);
  for (const key of object.keys()) {
    if (keys.includes(key)) continue;
    const nearest = nearestName(key, keys);
    const hint =
      nearest === undefined ? `expected one of ${keys.join(', ')}` : `did you mean ${JSON.stringify(nearest)}?`;
    throw new ProfileSpecError(joinPath(path, key), `unknown key; ${hint}`);
  }
  return object;
}

/** An object with keys of the operator's own. */
export function checkMap(value: unknown, path: string): SpecObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProfileSpecError(path, `expected an object, received ${shown(value)}`);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length > ENTRIES_MAX)
    throw new ProfileSpecError(path, `expected at most ${ENTRIES_MAX} keys, received ${entries.length}`);
  return new Map(entries);
}

export function checkText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '')
    throw new ProfileSpecError(path, `expected a text, received ${shown(value)}`);
  if (value.length > TEXT_LENGTH_MAX)
    throw new ProfileSpecError(path, `expected at most ${TEXT_LENGTH_MAX} characters, received ${value.length}`);
  return value;
}

/** One name or a list of them, as a list. */
export function checkNames(value: unknown, path: string): readonly string[] {
  if (!Array.isArray(value)) return [checkText(value, path)];
  if (value.length === 0 || value.length > LIST_LENGTH_MAX)
    throw new ProfileSpecError(path, `expected 1 to ${LIST_LENGTH_MAX} names, received ${value.length}`);
  return value.map((one, at) => checkText(one, `${path}[${at}]`));
}

export function checkOneOf<T extends string>(value: unknown, path: string, names: readonly T[]): T {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  const nearest = typeof value === 'string' ? nearestName(value, names) : undefined;
  const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
  throw new ProfileSpecError(path, `expected one of ${names.join(', ')}, received ${shown(value)}${hint}`);
}

export function checkBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new ProfileSpecError(path, `expected true or false, received ${shown(value)}`);
  return value;
}

/** A part that may be left out. */
export function optional<T>(
  object: SpecObject,
  key: string,
  path: string,
  check: (value: unknown, path: string) => T,
): T | undefined {
  return object.has(key) ? check(object.get(key), joinPath(path, key)) : undefined;
}

/** `usage.input`; keys that are no words come quoted: `match.attributes["gen_ai.system"]`. */
export function joinPath(path: string, key: string): string {
  if (!/^\w+$/.test(key)) return `${path}[${JSON.stringify(key.slice(0, TEXT_LENGTH_MAX))}]`;
  return path === '' ? key : `${path}.${key}`;
}
