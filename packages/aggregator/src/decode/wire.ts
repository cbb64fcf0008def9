// The wire format of protocol buffers: tags, varints, lengths. Knows no message.
// Every read is checked against the end of the message it belongs to, so no length from outside is ever trusted.

import { DecodeError, DecodeFault } from './decode-error.ts';

/** `from` and `to` enclose the field's content: behind the tag and, for lengths, behind the length. */
export type FieldVisitor = (tag: number, from: number, to: number) => void;

/** A part of the body that holds one message. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const VARINT_BYTES_MAX = 10;

export class Wire {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Position behind what was read last: with the returned value two results without an allocation. */
  at = 0;

  constructor(body: Uint8Array) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  }

  /** Calls `visit` for each field of a message. A tag is `field number << 3 | wire type`: `0x12` is field 2 with a length. */
  fields(from: number, to: number, visit: FieldVisitor): void {
    for (let at = from; at < to;) at = this.field(at, to, visit);
  }

  /** Calls `visit` for the field at `from`; answers where it ends. */
  field(from: number, to: number, visit: FieldVisitor): number {
    const tag = this.tag(from, to);
    const content = this.at;
    const next = this.skip(tag, content, to);
    // A field with a length begins behind it: `at` is where the length ended.
    visit(tag, (tag & 7) === 2 ? this.at : content, next);
    return next;
  }

  tag(from: number, to: number): number {
    if (from + 1 < to) {
      // Fields 16 to 2047 (a span's `flags` is 16) have a tag of two bytes.
      const second = this.view.getUint8(from + 1);
      if (this.view.getUint8(from) > 0x7f && second < 0x80 && second > 0) {
        this.at = from + 2;
        return (this.view.getUint8(from) & 0x7f) | (second << 7);
      }
    }
    const tag = this.varint(from, to);
    // Field numbers end at 2^29 - 1, so a tag fits into 32 bits.
    if (tag < 8 || tag > 0xffff_ffff) throw new DecodeError(DecodeFault.FIELD_NUMBER, from);
    return tag | 0;
  }

  /** Position behind a field whose content begins at `from`; of a length-delimited one, `at` is set behind the length. */
  skip(tag: number, from: number, to: number): number {
    switch (tag & 7) {
      case 0:
        this.varint(from, to);
        return this.at;
      case 1:
        return this.#within(from + 8, to, from);
      case 2: {
        const length = this.length(from, to);
        return this.at + length;
      }
      case 5:
        return this.#within(from + 4, to, from);
      default:
        throw new DecodeError(DecodeFault.WIRE_TYPE, from);
    }
  }

  /**
   * Length of what follows, which ends inside `to`; `at` is set to where it begins. Always a small integer: were it ever
   * anything else, the engine would compute all positions as doubles.
   */
  length(from: number, to: number): number {
    if (from < to) {
      const byte = this.view.getUint8(from);
      if (byte < 0x80 && byte < to - from) {
        this.at = from + 1;
        return byte;
      }
    }
    return this.#longLength(from, to);
  }

  #longLength(from: number, to: number): number {
    const length = this.varint(from, to);
    if (length > to - this.at) throw new DecodeError(DecodeFault.TRUNCATED, from);
    return length | 0;
  }

  /** An unsigned varint; above 2^53 it is rounded. */
  varint(from: number, to: number): number {
    let value = 0;
    let scale = 1;
    const last = from + VARINT_BYTES_MAX;
    for (let position = from; position < to;) {
      const byte = this.view.getUint8(position++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.at = position;
        return value;
      }
      if (position === last) throw new DecodeError(DecodeFault.VARINT_TOO_LONG, from);
      scale *= 128;
    }
    throw new DecodeError(DecodeFault.TRUNCATED, from);
  }

  /** A varint that holds an `int64`: negative numbers are ten bytes of two's complement. Above 2^53 it is rounded. */
  signedVarint(from: number, to: number): number {
    let low = 0;
    let high = 0;
    const last = from + VARINT_BYTES_MAX;
    for (let position = from, shift = 0; position < to; shift += 7) {
      const byte = this.view.getUint8(position++);
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        // The fifth byte has four bits of the lower half and three of the upper.
        low |= bits << 28;
        high = bits >>> 4;
      } else if (shift < 63) high |= bits << (shift - 32);
      else high |= (bits & 1) << 31;
      if (byte < 0x80) {
        this.at = position;
        return high * 4_294_967_296 + (low >>> 0);
      }
      if (position === last) throw new DecodeError(DecodeFault.VARINT_TOO_LONG, from);
    }
    throw new DecodeError(DecodeFault.TRUNCATED, from);
  }

  /** An `sfixed64`; above 2^53 it is rounded. */
  signedFixed64(from: number): number {
    return this.view.getInt32(from + 4, true) * 4_294_967_296 + this.view.getUint32(from, true);
  }

  /** A `fixed64`; above 2^53 it is rounded. */
  fixed64(from: number): number {
    return this.view.getUint32(from + 4, true) * 4_294_967_296 + this.view.getUint32(from, true);
  }

  /** Nanoseconds in a `fixed64` as whole microseconds, exact: 2^32 ns = 4,294,967 µs and 296 ns. */
  micros(from: number): number {
    const low = this.view.getUint32(from, true);
    const high = this.view.getUint32(from + 4, true);
    return high * 4_294_967 + Math.floor((high * 296 + low) / 1000);
  }

  /**
   * A message that came in several pieces, which protobuf says to merge, in one: reading the pieces one behind the other is just
   * that. The usual single piece is not copied.
   */
  joined(pieces: readonly Range[]): { wire: Wire; from: number; to: number } {
    const [only] = pieces;
    if (only === undefined) return { wire: NO_WIRE, from: 0, to: 0 };
    if (pieces.length === 1) return { wire: this, from: only.from, to: only.to };
    const bytes = Buffer.concat(pieces.map((piece) => this.bytes.subarray(piece.from, piece.to)));
    return { wire: new Wire(bytes), from: 0, to: bytes.length };
  }

  #within(next: number, to: number, from: number): number {
    if (next > to) throw new DecodeError(DecodeFault.TRUNCATED, from);
    return next;
  }
}

/** A wire with nothing on it. */
export const NO_WIRE: Wire = new Wire(new Uint8Array(0));
