import { SaveError, SaveErrorCode } from '../save-error.ts';

/** The bytes end before what they began; more of them may complete it. */
export class TruncatedError extends Error {
  override readonly name = 'TruncatedError';
}

/** Longest varint that is read: 7 groups of 7 bits are exact in a number. */
const VARINT_BYTES_MAX = 7;

/** Reads what {@link ByteWriter} and ClickHouse write. Numbers are little-endian. */
export class ByteReader {
  readonly bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number = 0) {
    this.bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  /** Goes past so many bytes and returns where they begin. @throws TruncatedError */
  take(length: number): number {
    const at = this.#at;
    if (at + length > this.bytes.length) throw new TruncatedError('The bytes end within a value');
    this.#at = at + length;
    return at;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < VARINT_BYTES_MAX; count++) {
      const byte = this.bytes[this.take(1)] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new SaveError(
      SaveErrorCode.blockInvalid,
      `A length is no length: expected at most ${VARINT_BYTES_MAX} bytes, received more at ${this.#at}`,
    );
  }

  text(): string {
    const length = this.varint();
    if (length === 0) return '';
    const at = this.take(length);
    return this.bytes.toString('utf8', at, at + length);
  }
}
