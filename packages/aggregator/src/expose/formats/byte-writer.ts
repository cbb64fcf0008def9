// Protobuf's wire format, as far as it is needed here: https://protobuf.dev/programming-guides/encoding

const WireType = { VARINT: 0, FIXED64: 1, LENGTH: 2 } as const;

const SIZE_FIRST = 65_536;
/** No varint is longer. */
const VARINT_MAX = 10;
const LOW_BITS = 0x80;

/** Appends fields to bytes that grow as they must. Fields of value 0 are left out by who calls, where that is the default. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(SIZE_FIRST);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    this.#reserve(VARINT_MAX);
    let rest = value;
    while (rest >= LOW_BITS) {
      this.#bytes[this.#length++] = (rest % LOW_BITS) + LOW_BITS;
      rest = Math.floor(rest / LOW_BITS);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Begins a field that has a length. */
  tag(field: number): void {
    this.varint((field << 3) | WireType.LENGTH);
  }

  uint(field: number, value: number): void {
    this.varint((field << 3) | WireType.VARINT);
    this.varint(value);
  }

  /** A whole number that may be negative, in ZigZag. */
  sint(field: number, value: number): void {
    this.uint(field, zigZag(value));
  }

  double(field: number, value: number): void {
    this.varint((field << 3) | WireType.FIXED64);
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  string(field: number, value: string): void {
    this.tag(field);
    this.varint(Buffer.byteLength(value));
    // A character of UTF-16 has three bytes at most.
    this.#reserve(value.length * 3);
    this.#length += this.#bytes.write(value, this.#length);
  }

  bytes(field: number, value: Uint8Array): void {
    this.tag(field);
    this.varint(value.length);
    this.raw(value);
  }

  packedSint(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    this.nested(field, (writer) => {
      for (const value of values) writer.varint(zigZag(value));
    });
  }

  /** A message within; what it has is written first, since its length comes before it. */
  nested(field: number, write: (writer: ByteWriter) => void): void {
    this.tag(field);
    const start = this.#length;
    write(this);
    const length = this.#length - start;
    this.#reserve(VARINT_MAX);
    const bytesOfLength = varintLength(length);
    this.#bytes.copyWithin(start + bytesOfLength, start, this.#length);
    this.#length = start;
    this.varint(length);
    this.#length = start + bytesOfLength + length;
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(SIZE_FIRST);
    this.#length = 0;
    return taken;
  }

  /** The same, where little was written: the room for it is kept. */
  copy(): Uint8Array {
    const copied = Uint8Array.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return copied;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= LOW_BITS; rest = Math.floor(rest / LOW_BITS)) length += 1;
  return length;
}

function zigZag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
