// Where the attributes of a record are noted while it is looked at: one slot each, in arrays that are used again and again.

import type { AttributeValue } from '@turnmeter/accounting';
import { NAMES_MAX } from './name-table.ts';

/** How a slot holds its value. */
export const ValueKind = {
  NULL: 0,
  /** `start` and `end` enclose the text's bytes. */
  TEXT: 1,
  NUMBER: 2,
  /** As a number, 0 or 1. */
  BOOL: 3,
  /** `start` and `end` enclose the whole `AnyValue`. */
  LIST: 4,
  /** `start` and `end` enclose bytes, which are read as base64. */
  BASE64: 5,
  /** Made into a value already. */
  BOXED: 6,
} as const;
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind];

/** Answers instead of a slot. */
export const NO_SLOT = -1;

// A slot is four integers side by side, which lie in one line of the processor's cache.
const ID = 0;
const KIND = 1;
const START = 2;
const END = 3;

/** Where a number is: among the integers, in the place of a start, or among the floats. */
const WHOLE = 1;
const FRACTIONAL = 0;

export class Slots {
  count = 0;
  readonly capacity: number;
  readonly #parts: Int32Array;
  readonly #numbers: Float64Array;
  readonly #boxes: AttributeValue[] = [];
  /** Slot of each name; true only where that slot names it too, so nothing must be cleared between records. */
  readonly #slotOfId = new Int32Array(NAMES_MAX);

  constructor(slotsMax: number) {
    this.capacity = slotsMax;
    this.#parts = new Int32Array(slotsMax * 4);
    this.#numbers = new Float64Array(slotsMax);
  }

  /** Opens the next slot, with the value null. The caller knows that there is room. */
  open(id: number): number {
    const slot = this.count++;
    this.#parts[slot * 4 + ID] = id;
    this.#parts[slot * 4 + KIND] = ValueKind.NULL;
    if (id >= 0) this.#slotOfId[id] = slot;
    return slot;
  }

  /** The slot that holds this name's value, {@link NO_SLOT} when the record has no such name. */
  of(id: number): number {
    const slot = this.#slotOfId[id] ?? 0;
    return slot < this.count && this.#parts[slot * 4 + ID] === id ? slot : NO_SLOT;
  }

  putBytes(slot: number, kind: ValueKind, start: number, end: number): void {
    const parts = this.#parts;
    parts[slot * 4 + KIND] = kind;
    parts[slot * 4 + START] = start;
    parts[slot * 4 + END] = end;
  }

  /**
   * Notes a number; whole ones, as nearly all are, among the integers: V8 makes an object of what it reads out of floats, and once it
   * has seen one in a part of an observation or entry, it makes one for that part of all of them, a tenth of their memory.
   */
  putNumber(slot: number, kind: ValueKind, value: number): void {
    const parts = this.#parts;
    const whole = value | 0;
    const isWhole = Object.is(whole, value);
    parts[slot * 4 + KIND] = kind;
    parts[slot * 4 + START] = whole;
    parts[slot * 4 + END] = isWhole ? WHOLE : FRACTIONAL;
    if (!isWhole) this.#numbers[slot] = value;
  }

  putBoxed(slot: number, value: AttributeValue): void {
    this.#parts[slot * 4 + KIND] = ValueKind.BOXED;
    this.#boxes[slot] = value;
  }

  id(slot: number): number {
    return this.#parts[slot * 4 + ID] ?? 0;
  }

  kind(slot: number): ValueKind {
    return (this.#parts[slot * 4 + KIND] ?? ValueKind.NULL) as ValueKind;
  }

  start(slot: number): number {
    return this.#parts[slot * 4 + START] ?? 0;
  }

  end(slot: number): number {
    return this.#parts[slot * 4 + END] ?? 0;
  }

  number(slot: number): number {
    const parts = this.#parts;
    return (parts[slot * 4 + END] === WHOLE ? parts[slot * 4 + START] : this.#numbers[slot]) ?? 0;
  }

  boxed(slot: number): AttributeValue {
    return this.#boxes[slot] ?? null;
  }

  /** Lets go of values that were made, so that a large one does not stay until another takes its place. */
  release(): void {
    this.count = 0;
    this.#boxes.length = 0;
  }
}
