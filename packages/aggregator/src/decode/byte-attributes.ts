// Attributes of one record as they lie in the request: values are made where they are asked for, and nowhere else.
// One object serves all records of all requests; what it says is true until the next record begins.

import { type Attributes, type AttributeValue, type Field, TEXT_LENGTH_MAX } from '@turnmeter/accounting';
import { readBase64, readLateValue, readText } from './any-value.ts';
import type { AttributeIndex } from './attribute-index.ts';
import { ValueKind } from './slots.ts';
import { cutAt, TEXT_KEPT_MAX, type TextCache } from './text-cache.ts';

/** More than any body has. */
const ALL_BYTES = 0x3fff_ffff;
/** Enough bytes for the longest text that names something: a UTF-16 unit has at most three. */
const NAMING_BYTES_MAX = TEXT_LENGTH_MAX * 3 + 3;

export class ByteAttributes implements Attributes {
  readonly #index: AttributeIndex;
  readonly #texts: TextCache;

  constructor(index: AttributeIndex, texts: TextCache) {
    this.#index = index;
    this.#texts = texts;
  }

  get isBare(): boolean {
    return !this.#index.answers.isTelling;
  }

  text(field: Field): string | undefined {
    const slot = this.#index.answers.slotOf(field);
    const text = slot < 0 ? undefined : this.#text(slot, NAMING_BYTES_MAX);
    return text === undefined || text.length <= TEXT_LENGTH_MAX ? text : text.slice(0, TEXT_LENGTH_MAX);
  }

  raw(field: Field): AttributeValue | undefined {
    const slot = this.#index.answers.slotOf(field);
    return slot < 0 ? undefined : this.#value(slot);
  }

  rankOf(field: Field): number {
    return this.#index.answers.rankOf(field);
  }

  get(name: string): AttributeValue | undefined {
    const slot = this.#index.slotOfName(name);
    return slot < 0 ? undefined : this.#value(slot);
  }

  string(name: string): string | undefined {
    const slot = this.#index.slotOfName(name);
    return slot < 0 ? undefined : this.#text(slot);
  }

  has(name: string): boolean {
    return this.#index.slotOfName(name) >= 0;
  }

  *names(): Iterable<string> {
    for (let slot = 0; slot < this.#index.slots.count; slot++) yield this.#index.nameOfSlot(slot);
  }

  hasMark(profileIndex: number): boolean {
    return this.#index.answers.hasMark(profileIndex);
  }

  /** Ids may be numbers (AG2's conversation ids are); other shapes are no text. */
  #text(slot: number, bytesMax: number = ALL_BYTES): string | undefined {
    const { slots } = this.#index;
    if (slots.kind(slot) === ValueKind.TEXT) return this.#textAt(slot, bytesMax) || undefined;
    const value = this.#value(slot);
    if (typeof value === 'string') return value || undefined;
    return typeof value === 'number' ? String(value) : undefined;
  }

  #textAt(slot: number, bytesMax: number): string {
    const { slots, wire, reading } = this.#index;
    const from = slots.start(slot);
    const whole = slots.end(slot);
    const to = whole - from > bytesMax ? cutAt(wire.bytes, from, whole, bytesMax) : whole;
    if (to - from > TEXT_KEPT_MAX) return readText(wire, from, to, reading);
    return this.#texts.read(wire.bytes, wire.view, from, to - from, reading.tally);
  }

  #value(slot: number): AttributeValue {
    const { slots, wire, reading } = this.#index;
    switch (slots.kind(slot)) {
      case ValueKind.NULL:
        return null;
      case ValueKind.TEXT:
        return this.#textAt(slot, ALL_BYTES);
      case ValueKind.NUMBER:
        return slots.number(slot);
      case ValueKind.BOOL:
        return slots.number(slot) === 1;
      case ValueKind.LIST:
        return readLateValue(wire, slots.start(slot), slots.end(slot), reading);
      case ValueKind.BASE64:
        return readBase64(wire, slots.start(slot), slots.end(slot), reading);
      case ValueKind.BOXED:
        return slots.boxed(slot);
    }
  }
}
