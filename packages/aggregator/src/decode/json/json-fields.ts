// Fields of OTLP/JSON objects, as the specification has them and as they come: int64 as text or number, enums as numbers or names,
// lowerCamelCase or the original snake_case. Unknown fields are not looked at. Null is absent, as protobuf's JSON says.

import { DecodeError, DecodeFault } from '../decode-error.ts';
import { RejectReason } from '../report.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A record of which one field has a type that cannot be read; only this record is rejected. */
export class RecordFault extends Error {
  override readonly name = 'RecordFault';
  readonly reason: RejectReason;

  constructor(reason: RejectReason) {
    super(`record cannot be read: ${reason}`);
    this.reason = reason;
  }
}

/** `timeUnixNano` or `time_unix_nano`; undefined when neither is there. */
export function fieldOf(object: JsonObject, name: string): unknown {
  return object[name] ?? object[snakeCase(name)] ?? undefined;
}

const snakeNames = new Map<string, string>();

/** The names asked for are ours and few, so each is converted once. */
function snakeCase(name: string): string {
  let snake = snakeNames.get(name);
  if (snake === undefined) {
    snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(name, snake);
  }
  return snake;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects of a list that holds the request together: were it something else, nothing in it could be found. */
export function partsOf(object: JsonObject, name: string): readonly JsonObject[] {
  const list = fieldOf(object, name) ?? [];
  if (!Array.isArray(list) || !list.every(isObject)) throw new DecodeError(DecodeFault.WRONG_SHAPE, -1);
  return list;
}

/** Objects of a list inside a record. */
export function listOf(object: JsonObject, name: string): readonly JsonObject[] {
  const list = fieldOf(object, name) ?? [];
  if (!Array.isArray(list) || !list.every(isObject)) throw new RecordFault(RejectReason.WRONG_TYPE);
  return list;
}

export function textOf(object: JsonObject, name: string): string {
  const text = fieldOf(object, name);
  return typeof text === 'string' ? text : '';
}

/** A number, or text that holds one: OTLP/JSON writes 64-bit integers as text, and NaN and the infinities by name. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return /^[+-]?\d{1,400}(\.\d{1,400})?(e[+-]?\d{1,4})?$/i.test(value) ? Number(value) : undefined;
}

/** An unsigned integer of at most 32 bits: counts, flags. */
export function countOf(object: JsonObject, name: string): number {
  const count = numberOf(fieldOf(object, name));
  return count !== undefined && count > 0 && count <= 0xffff_ffff ? Math.floor(count) : 0;
}

/** An enum by number or by name; `names` in the order of their numbers. */
export function enumOf(object: JsonObject, name: string, names: readonly string[]): number {
  const value = fieldOf(object, name);
  if (typeof value === 'string' && names.includes(value)) return names.indexOf(value);
  return countOf(object, name);
}

/** Nanoseconds as whole microseconds: exact where they come as text, as they should. */
export function microsOf(object: JsonObject, name: string): number {
  const nanos = fieldOf(object, name);
  if (typeof nanos === 'string') return /^\d{4,20}$/.test(nanos) ? Number(nanos.slice(0, -3)) : 0;
  return typeof nanos === 'number' && nanos > 0 && nanos < 2 ** 64 ? Math.floor(nanos / 1000) : 0;
}

/** A hexadecimal id in lower case; '' when it is none, all zero or of another length. Base64, which plain protobuf's JSON has, is none. */
export function idOf(object: JsonObject, name: string, digits: 16 | 32): string {
  const id = textOf(object, name);
  return id.length === digits && /^[0-9a-f]+$/i.test(id) && /[^0]/.test(id) ? id.toLowerCase() : '';
}
