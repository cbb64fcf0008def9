// OTLP's `AnyValue` from bytes as a whole, for the few values that are asked for: lists, maps, bodies, resources.

import type { AttributeValue } from '@turnmeter/accounting';
import { DecodeError } from './decode-error.ts';
import type { DecodeLimits } from './limits.ts';
import { DecodeNote, type Tally } from './report.ts';
import { cutAt, decodeText } from './text-cache.ts';
import type { Wire } from './wire.ts';

/** What reading values needs to know, the same for a whole request. */
export interface Reading {
  readonly limits: DecodeLimits;
  readonly tally: Tally;
}

/**
 * Reads an `AnyValue`; `before` is what earlier pieces of the same message held, for protobuf merges repeated messages.
 *
 * 1 string_value LENGTH · 2 bool_value VARINT · 3 int_value VARINT · 4 double_value FIXED64 · 5 array_value LENGTH ·
 * 6 kvlist_value LENGTH · 7 bytes_value LENGTH. Of several the last one counts.
 */
export function readAnyValue(
  wire: Wire,
  from: number,
  to: number,
  reading: Reading,
  before: AttributeValue = null,
  depth = 0,
): AttributeValue {
  let value = before;
  wire.fields(from, to, (tag, at, end) => {
    switch (tag) {
      case 0x0a:
        value = readText(wire, at, end, reading);
        return;
      case 0x10:
        value = wire.varint(at, end) !== 0;
        return;
      case 0x18:
        value = wire.signedVarint(at, end);
        return;
      case 0x21:
        value = wire.view.getFloat64(at, true);
        return;
      case 0x2a:
        value = readList(wire, at, end, { reading, depth, before: value });
        return;
      case 0x32:
        value = readMap(wire, at, end, { reading, depth, before: value });
        return;
      case 0x3a:
        value = readBase64(wire, at, end, reading);
        return;
      default:
    }
  });
  return value;
}

/** As {@link readAnyValue}, for values that are read long after their record was found sound: damage inside is noted and reads as null. */
export function readLateValue(wire: Wire, from: number, to: number, reading: Reading): AttributeValue {
  try {
    return readAnyValue(wire, from, to, reading);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    reading.tally.note(DecodeNote.UNREADABLE_VALUE);
    return null;
  }
}

/** Text of a field, cut to the limit. */
export function readText(wire: Wire, from: number, to: number, { limits, tally }: Reading): string {
  const end = cutAt(wire.bytes, from, to, limits.valueBytesMax);
  if (end !== to) tally.note(DecodeNote.VALUE_CUT);
  return decodeText(wire.bytes, from, end, tally);
}

/** Bytes read as base64, which is what OTLP/JSON writes for them. */
export function readBase64(wire: Wire, from: number, to: number, { limits, tally }: Reading): string {
  const whole = Math.floor(limits.valueBytesMax / 3) * 3;
  if (to - from > whole) tally.note(DecodeNote.VALUE_CUT);
  return wire.bytes.toString('base64', from, Math.min(to, from + whole));
}

/** A place inside a value. Recursion ends at the depth that the limits allow. */
interface Inside {
  readonly reading: Reading;
  readonly depth: number;
  readonly before: AttributeValue;
}

/** ArrayValue: 1 values, AnyValue, repeated, LENGTH. */
function readList(wire: Wire, from: number, to: number, inside: Inside): readonly AttributeValue[] | null {
  if (isTooDeep(inside)) return null;
  const list: AttributeValue[] = Array.isArray(inside.before) ? [...(inside.before as readonly AttributeValue[])] : [];
  wire.fields(from, to, (tag, at, end) => {
    if (tag === 0x0a) list.push(readAnyValue(wire, at, end, inside.reading, null, inside.depth + 1));
  });
  return list;
}

/** KeyValueList: 1 values, KeyValue, repeated, LENGTH. Of a name that comes twice the first value stays. */
function readMap(
  wire: Wire,
  from: number,
  to: number,
  inside: Inside,
): { readonly [key: string]: AttributeValue } | null {
  if (isTooDeep(inside)) return null;
  // No prototype: `__proto__` is a name like any other.
  const map = Object.create(null) as Record<string, AttributeValue>;
  if (isMap(inside.before)) Object.assign(map, inside.before);
  wire.fields(from, to, (tag, at, end) => {
    if (tag !== 0x0a) return;
    const { name, value } = readKeyValue(wire, at, end, inside.reading, inside.depth + 1);
    if (!(name in map)) map[name] = value;
  });
  return map;
}

export interface NamedValue {
  readonly name: string;
  readonly value: AttributeValue;
}

/** KeyValue: 1 key string LENGTH · 2 value AnyValue LENGTH. In any order. */
export function readKeyValue(wire: Wire, from: number, to: number, reading: Reading, depth = 0): NamedValue {
  let name = '';
  let value: AttributeValue = null;
  wire.fields(from, to, (tag, at, end) => {
    if (tag === 0x0a) name = readName(wire, at, end, reading);
    else if (tag === 0x12) value = readAnyValue(wire, at, end, reading, value, depth);
  });
  return { name, value };
}

/** An attribute's name, cut to the limit. */
export function readName(wire: Wire, from: number, to: number, { limits, tally }: Reading): string {
  const end = cutAt(wire.bytes, from, to, limits.nameBytesMax);
  if (end !== to) tally.note(DecodeNote.NAME_CUT);
  return decodeText(wire.bytes, from, end, tally);
}

export function isMap(value: AttributeValue | undefined): value is { readonly [key: string]: AttributeValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTooDeep({ depth, reading }: Inside): boolean {
  if (depth < reading.limits.nestingMax) return false;
  reading.tally.note(DecodeNote.UNREADABLE_VALUE);
  return true;
}
