// OTLP/JSON's `AnyValue`.

import type { AttributeValue } from '@turnmeter/accounting';
import type { Reading } from '../any-value.ts';
import { DecodeNote } from '../report.ts';
import { cutAt } from '../text-cache.ts';
import { fieldOf, isObject, type JsonObject, numberOf } from './json-fields.ts';

/** `{"intValue": "5"}` → 5. What stands there as plain JSON is taken as it is: some producers forget the wrapping. */
export function readJsonValue(value: unknown, reading: Reading, depth = 0): AttributeValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return cutText(value, reading);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!isObject(value)) return unreadable(reading);
  return readWrapped(value, reading, depth);
}

/** AnyValue is an object with one key; of several the last one counts. */
function readWrapped(wrapped: JsonObject, reading: Reading, depth: number): AttributeValue {
  let value: AttributeValue = null;
  for (const key of Object.keys(wrapped)) {
    const content = wrapped[key];
    if (content !== null && content !== undefined) value = readContent(key, content, reading, depth) ?? value;
  }
  return value;
}

function readContent(key: string, content: unknown, reading: Reading, depth: number): AttributeValue | undefined {
  switch (key) {
    case 'stringValue':
    case 'string_value':
    case 'bytesValue':
    case 'bytes_value':
      return typeof content === 'string' ? cutText(content, reading) : unreadable(reading);
    case 'intValue':
    case 'int_value':
    case 'doubleValue':
    case 'double_value':
      // Text that is no number is handed on: whoever wants a number from it says that it is none.
      return numberOf(content) ?? (typeof content === 'string' ? cutText(content, reading) : unreadable(reading));
    case 'boolValue':
    case 'bool_value':
      return typeof content === 'boolean' ? content : unreadable(reading);
    case 'arrayValue':
    case 'array_value':
      return readList(content, reading, depth);
    case 'kvlistValue':
    case 'kvlist_value':
      return readMap(content, reading, depth);
    default:
      return undefined;
  }
}

function readList(list: unknown, reading: Reading, depth: number): AttributeValue {
  const values = isObject(list) ? (fieldOf(list, 'values') ?? []) : list;
  if (!Array.isArray(values) || depth >= reading.limits.nestingMax) return unreadable(reading);
  return values.map((value: unknown) => readJsonValue(value, reading, depth + 1));
}

function readMap(map: unknown, reading: Reading, depth: number): AttributeValue {
  const pairs = isObject(map) ? (fieldOf(map, 'values') ?? []) : map;
  if (!Array.isArray(pairs) || depth >= reading.limits.nestingMax) return unreadable(reading);
  // No prototype: `__proto__` is a name like any other.
  const values = Object.create(null) as Record<string, AttributeValue>;
  for (const pair of pairs as readonly unknown[]) {
    if (!isObject(pair)) continue;
    const name = readJsonName(pair['key'], reading);
    if (!(name in values)) values[name] = readJsonValue(pair['value'], reading, depth + 1);
  }
  return values;
}

export function readJsonName(name: unknown, { limits, tally }: Reading): string {
  if (typeof name !== 'string') return '';
  const cut = cutTo(name, limits.nameBytesMax);
  if (cut !== name) tally.note(DecodeNote.NAME_CUT);
  return cut;
}

function cutText(text: string, { limits, tally }: Reading): string {
  const cut = cutTo(text, limits.valueBytesMax);
  if (cut !== text) tally.note(DecodeNote.VALUE_CUT);
  return cut;
}

/** At most so many bytes of UTF-8, as the protobuf reader cuts. A UTF-16 unit has at most three. */
function cutTo(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text;
  const bytes = Buffer.from(text);
  return bytes.length <= bytesMax ? text : bytes.toString('utf8', 0, cutAt(bytes, 0, bytes.length, bytesMax));
}

function unreadable({ tally }: Reading): null {
  tally.note(DecodeNote.UNREADABLE_VALUE);
  return null;
}
