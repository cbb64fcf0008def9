/** Text up to this length is copied character by character, which is faster than a call into the runtime. */
const SHORT_TEXT = 40;
const BYTES_MIN = 4096;

/** Bytes that grow at the end. Numbers are little-endian. */
export class ByteWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(capacity: number = BYTES_MIN) {
    this.#bytes = Buffer.allocUnsafe(Math.max(capacity, BYTES_MIN));
  }

  get length(): number {
    return this.#at;
  }

  /** What was written, until {@link clear}: the bytes are not copied. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Begins anew in the same memory. */
  clear(): void {
    this.#at = 0;
  }

  /** Bytes that it takes in memory. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Makes room for so many bytes and returns where they begin in {@link bytes}; the caller fills all of them. */
  take(length: number): number {
    this.#reserve(length);
    const at = this.#at;
    this.#at += length;
    return at;
  }

  /** The bytes so far and the room behind them; another object after each {@link take}. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** An unsigned integer in groups of seven bits, the lowest first. */
  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  /** Length and UTF-8. Halves of surrogate pairs become U+FFFD. */
  text(value: string): void {
    const { length } = value;
    if (length > SHORT_TEXT) {
      this.#longText(value);
      return;
    }
    this.#reserve(length + 1);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = length;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) {
        this.#longText(value);
        return;
      }
      bytes[at++] = code;
    }
    this.#at = at;
  }

  /** The text of each row. Texts of one column repeat: what is the same as before is copied, and most are empty. */
  texts<Row>(rows: readonly Row[], get: (row: Row) => string): void {
    let last = '';
    let lastAt = 0;
    for (const row of rows) {
      const value = get(row);
      if (value === '') this.#byte(0);
      else if (value === last) this.#repeat(lastAt, lastAt + last.length + 1);
      else {
        const at = this.#at;
        this.text(value);
        // Only what has one byte for each character and for its length is as long as it looks.
        if (this.#at - at !== value.length + 1) continue;
        last = value;
        lastAt = at;
      }
    }
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  #repeat(from: number, to: number): void {
    this.#reserve(to - from);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let index = from; index < to; index++) bytes[at++] = bytes[index] ?? 0;
    this.#at = at;
  }

  #longText(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.#reserve(length);
    this.#bytes.write(value, this.#at, length);
    this.#at += length;
  }

  #reserve(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}
