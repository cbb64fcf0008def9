// Notes where the attributes of a record lie, under which name, and which of them answers for which field: one pass, no values made.

import { type AttributeValue, FLATTEN_DEPTH_MAX } from '@turnmeter/accounting';
import { Answers } from './answers.ts';
import { isMap, readAnyValue, readKeyValue, readName, type Reading } from './any-value.ts';
import { DecodeError, DecodeFault } from './decode-error.ts';
import { type NameTable, Telling, UNKNOWN_NAME } from './name-table.ts';
import { DecodeNote } from './report.ts';
import { NO_SLOT, Slots, ValueKind } from './slots.ts';
import { type FieldVisitor, NO_WIRE, type Wire } from './wire.ts';

/** Slots beyond the limit, for what tells something better than all before: each spelling of each field can do so once. */
const SLOTS_SPARE = 1024;
/** A byte from here on says that more bytes follow. */
const LONG = 0x80;
const NO_VALUE = -1;
const IN_PIECES = -2;

export class AttributeIndex {
  readonly slots: Slots;
  wire: Wire = NO_WIRE;
  reading: Reading;
  readonly answers: Answers;
  readonly #names: NameTable;
  #lastName = UNKNOWN_NAME;
  /** Names of this record that the table does not keep: their slots, and by slot the names. */
  readonly #others = new Map<string, number>();
  readonly #otherNames = new Map<number, string>();

  constructor(names: NameTable, reading: Reading) {
    this.#names = names;
    this.answers = new Answers(names);
    this.reading = reading;
    this.slots = new Slots(reading.limits.attributesMax + SLOTS_SPARE);
  }

  /** Forgets the record before; attributes of the next one lie in `wire`. */
  begin(wire: Wire, reading: Reading): void {
    this.wire = wire;
    this.reading = reading;
    this.slots.count = 0;
    this.#lastName = UNKNOWN_NAME;
    this.answers.begin();
    if (this.#others.size === 0) return;
    this.#others.clear();
    this.#otherNames.clear();
  }

  /** Lets go of the request. */
  release(): void {
    this.begin(NO_WIRE, this.reading);
    this.slots.release();
  }

  slotOfName(name: string): number {
    const id = this.#names.knownId(name);
    if (id !== undefined) return this.slots.of(id);
    return this.#others.size === 0 ? NO_SLOT : (this.#others.get(name) ?? NO_SLOT);
  }

  nameOfSlot(slot: number): string {
    const id = this.slots.id(slot);
    return id === UNKNOWN_NAME ? (this.#otherNames.get(slot) ?? '') : this.#names.nameOf(id);
  }

  /** Goes through the fields of a record: takes in those with the tag of its attributes, visits the others. */
  readFields(from: number, to: number, attributeTag: number, visit: FieldVisitor): void {
    const { wire } = this;
    for (let at = from; at < to;) {
      if (wire.view.getUint8(at) === attributeTag) at = this.addRun(at, to, attributeTag);
      else at = wire.field(at, to, visit);
    }
  }

  /**
   * Takes in attributes from `from` on, as long as fields with this tag follow one another; answers where they end.
   *
   * KeyValue: 1 key string LENGTH · 2 value AnyValue LENGTH. A Collector writes the value first.
   */
  // In one piece on purpose: cut in two, decoding takes a fifth longer, for the positions no longer stay in registers.
  // oxlint-disable-next-line max-lines-per-function
  addRun(from: number, to: number, tag: number): number {
    const { wire, slots } = this;
    const { view } = wire;
    const names = this.#names;
    const slotsMax = this.reading.limits.attributesMax;
    let id = this.#lastName;
    let at = from;
    while (at < to && view.getUint8(at) === tag) {
      at++;
      let length = at < to ? view.getUint8(at) : LONG;
      if (length < LONG) at++;
      else {
        length = wire.length(at, to);
        at = wire.at;
      }
      const start = at;
      const end = at + length;
      if (end > to) throw new DecodeError(DecodeFault.TRUNCATED, at);
      let keyAt = start;
      let keyLength = 0;
      let valueAt = start;
      let valueLength = NO_VALUE;
      while (at < end) {
        const part = view.getUint8(at++);
        if (part !== 0x0a && part !== 0x12) {
          at = wire.skip(wire.tag(at - 1, end), wire.at, end);
          continue;
        }
        length = at < end ? view.getUint8(at) : LONG;
        if (length < LONG) at++;
        else {
          length = wire.length(at, end);
          at = wire.at;
        }
        if (part === 0x0a) {
          keyAt = at;
          keyLength = length;
        } else {
          valueLength = valueLength === NO_VALUE ? length : IN_PIECES;
          valueAt = at;
        }
        at += length;
      }
      if (at !== end) throw new DecodeError(DecodeFault.TRUNCATED, start);
      id = names.find(view, keyAt, keyLength, id);
      if (id === UNKNOWN_NAME || valueLength < 2 || slots.of(id) !== NO_SLOT || slots.count >= slotsMax) {
        if (valueLength === IN_PIECES) this.#addPieces(start, end);
        else
          this.#addUnusual(
            readName(wire, keyAt, keyAt + keyLength, this.reading),
            valueAt,
            valueAt + Math.max(valueLength, 0),
          );
        continue;
      }
      const slot = slots.open(id);
      const type = view.getUint8(valueAt);
      const first = view.getUint8(valueAt + 1);
      let isEmpty = false;
      if (type === 0x0a && first < LONG && first === valueLength - 2) {
        slots.putBytes(slot, ValueKind.TEXT, valueAt + 2, valueAt + valueLength);
        isEmpty = first === 0;
      } else if (type === 0x18 && first < LONG && valueLength === 2) {
        slots.putNumber(slot, ValueKind.NUMBER, first);
      } else if (type === 0x18 && valueLength === 3 && view.getUint8(valueAt + 2) < LONG) {
        slots.putNumber(slot, ValueKind.NUMBER, (first & 0x7f) | (view.getUint8(valueAt + 2) << 7));
      } else {
        isEmpty = this.#put(slot, valueAt, valueAt + valueLength);
        if (slots.kind(slot) === ValueKind.BOXED) this.#flatten(names.nameOf(id), slots.boxed(slot), 0);
      }
      const telling = names.tellingOf(id);
      if (telling !== Telling.NOTHING) this.#tell(slot, telling, isEmpty);
    }
    this.#lastName = id;
    return at;
  }

  /** Names that the table does not find by their bytes, names that come again, and all that is past the limit. */
  #addUnusual(name: string, valueAt: number, valueTo: number): void {
    const known = this.slotOfName(name);
    if (known !== NO_SLOT) {
      this.#replace(known, name, readAnyValue(this.wire, valueAt, valueTo, this.reading));
      return;
    }
    const telling = this.#names.tellingOfName(name, this.reading.tally);
    const slot = this.#open(name, telling);
    if (slot === NO_SLOT) return;
    this.#tell(slot, telling, this.#put(slot, valueAt, valueTo));
    if (this.slots.kind(slot) === ValueKind.BOXED) this.#flatten(name, this.slots.boxed(slot), 0);
  }

  /** Takes in an attribute whose value was made already, as JSON's are. */
  addValue(name: string, value: AttributeValue): void {
    const known = this.slotOfName(name);
    if (known === NO_SLOT) this.#addBoxed(name, value, 0);
    else this.#replace(known, name, value);
  }

  /**
   * A name that comes again: the later value stands, as if the attribute had been set twice (OpenTelemetry's Rust SDK sends both).
   * An empty one takes nothing away.
   */
  #replace(slot: number, name: string, value: AttributeValue): void {
    this.reading.tally.note(DecodeNote.DUPLICATE_ATTRIBUTE);
    if (value === null || value === '') return;
    this.slots.putBoxed(slot, value);
    this.#tell(slot, this.#names.tellingOfName(name, this.reading.tally), false);
    this.#flatten(name, value, 0);
  }

  /** Protobuf lets a message come in several pieces, which are one; no producer is known to write values so. */
  #addPieces(from: number, to: number): void {
    const { name, value } = readKeyValue(this.wire, from, to, this.reading);
    this.addValue(name, value);
  }

  /** `{usage: {input: 5}}` is also read as `usage.input`. */
  #addBoxed(name: string, value: AttributeValue, depth: number): void {
    if (this.slotOfName(name) === NO_SLOT) {
      const telling = this.#names.tellingOfName(name, this.reading.tally);
      const slot = this.#open(name, telling);
      if (slot !== NO_SLOT) this.#tell(slot, telling, this.#putBoxed(slot, value));
    }
    this.#flatten(name, value, depth);
  }

  #flatten(name: string, value: AttributeValue, depth: number): void {
    if (!isMap(value) || depth >= FLATTEN_DEPTH_MAX) return;
    for (const [key, inner] of Object.entries(value)) this.#addBoxed(`${name}.${key}`, inner, depth + 1);
  }

  /** Opens a slot. Past the limit there is room only for what says something better than what is there: no usage is lost. */
  #open(name: string, telling: number): number {
    const { slots } = this;
    const id = this.#names.knownId(name) ?? UNKNOWN_NAME;
    const hasRoom = slots.count < this.reading.limits.attributesMax;
    if (!hasRoom && (slots.count === slots.capacity || !this.answers.wants(telling))) {
      this.reading.tally.note(DecodeNote.ATTRIBUTES_OVER_LIMIT);
      if (telling >= Telling.MARK) this.answers.mark(id);
      return NO_SLOT;
    }
    const slot = slots.open(id);
    if (id === UNKNOWN_NAME) {
      this.#others.set(name, slot);
      this.#otherNames.set(slot, name);
    }
    return slot;
  }

  #tell(slot: number, telling: number, isEmpty: boolean): void {
    if (telling >= Telling.MARK) this.answers.mark(this.slots.id(slot));
    // Null and empty text tell nothing.
    if (!isEmpty) this.answers.offer(slot, telling);
  }

  /**
   * Notes a value; answers whether it is none (null or empty text).
   *
   * AnyValue: 1 string_value LENGTH · 2 bool_value VARINT · 3 int_value VARINT · 4 double_value FIXED64 · 5 array_value LENGTH ·
   * 7 bytes_value LENGTH: where one of them is all there is. The rest takes the slower way.
   */
  #put(slot: number, from: number, to: number): boolean {
    if (from === to) return true;
    const { wire, slots } = this;
    const { view } = wire;
    const tag = view.getUint8(from);
    if (tag === 0x21 && from + 9 === to) {
      slots.putNumber(slot, ValueKind.NUMBER, view.getFloat64(from + 1, true));
      return false;
    }
    return this.#putLong(slot, from, to);
  }

  /** Long texts, large numbers, lists. */
  #putLong(slot: number, from: number, to: number): boolean {
    const { wire, slots } = this;
    const tag = wire.view.getUint8(from);
    if (tag === 0x0a || tag === 0x2a || tag === 0x3a) {
      const length = wire.varint(from + 1, to);
      if (wire.at + length === to) {
        if (tag === 0x2a) slots.putBytes(slot, ValueKind.LIST, from, to);
        else slots.putBytes(slot, tag === 0x0a ? ValueKind.TEXT : ValueKind.BASE64, wire.at, to);
        return length === 0 && tag !== 0x2a;
      }
    } else if (tag === 0x10 || tag === 0x18) {
      const value = wire.signedVarint(from + 1, to);
      if (wire.at === to) {
        slots.putNumber(
          slot,
          tag === 0x18 ? ValueKind.NUMBER : ValueKind.BOOL,
          tag === 0x18 || value === 0 ? value : 1,
        );
        return false;
      }
    }
    return this.#putBoxed(slot, readAnyValue(wire, from, to, this.reading));
  }

  #putBoxed(slot: number, value: AttributeValue): boolean {
    this.slots.putBoxed(slot, value);
    return value === null || value === '';
  }
}
