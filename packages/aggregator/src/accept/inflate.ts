// Compressed bodies. A few kilobytes can hold gigabytes, so what comes out is bounded while it comes out, and so is how many do it at a time.

import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Refusal, RefusalReason } from './refusal.ts';

export const ContentEncoding = { IDENTITY: 'identity', GZIP: 'gzip', DEFLATE: 'deflate', ZSTD: 'zstd' } as const;
export type ContentEncoding = (typeof ContentEncoding)[keyof typeof ContentEncoding];
type CompressedEncoding = Exclude<ContentEncoding, 'identity'>;

/**
 * Bodies up to this size are first tried in this thread, up to the second size of what comes out: a trip to another thread costs more
 * than inflating a usual request, and a bomb costs five milliseconds.
 */
const INLINE_BYTES_MAX = 128 * 1024;
const INLINE_RESULT_MAX = 2 * 1024 * 1024;

/** Pieces that what comes out is joined from. */
const CHUNK_BYTES_MIN = 16 * 1024;
/** Telemetry becomes so many times smaller, about. */
const USUAL_RATIO = 12;
/** A piece that is filled to the last byte is followed by another. */
const CHUNK_BYTES_TO_SPARE = 64;

/** The header's value as one known encoding; several at once (`gzip, gzip`) are a way to build bombs and nothing else. */
export function parseContentEncoding(header: string | undefined): ContentEncoding {
  const value = (header ?? '').trim().toLowerCase();
  if (value === '') return ContentEncoding.IDENTITY;
  const known = Object.values(ContentEncoding).find((encoding) => encoding === value);
  if (known !== undefined) return known;
  throw new Refusal(
    RefusalReason.BAD_CONTENT_ENCODING,
    'unknown content encoding, expected one of gzip, deflate, zstd or none',
  );
}

/** With `info`, the result says how many bytes were read: the rest would be passed over in silence. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

interface InflateOptions {
  readonly maxOutputLength: number;
  readonly chunkSize?: number;
  readonly info: true;
}

type InflateNow = (body: Uint8Array, options: InflateOptions) => unknown;
type InflateLater = (body: Uint8Array, options: InflateOptions) => Promise<unknown>;

const NOW: Readonly<Record<CompressedEncoding, InflateNow>> = {
  gzip: zlib.gunzipSync,
  deflate: zlib.inflateSync,
  zstd: zlib.zstdDecompressSync,
};
const LATER: Readonly<Record<CompressedEncoding, InflateLater>> = {
  gzip: promisify(zlib.gunzip) as InflateLater,
  deflate: promisify(zlib.inflate) as InflateLater,
  zstd: promisify(zlib.zstdDecompress) as InflateLater,
};

/** Parts of one body: gzip members and zstd frames may follow one another. Node joins the former by itself. */
const FRAMES_MAX = 256;

/** Undoes the content encoding. Refuses what is larger than `bytesMax`, damaged, or has anything else behind its end. */
export async function inflate(
  body: Buffer,
  encoding: ContentEncoding,
  { bytesMax, slots }: { bytesMax: number; slots: InflationSlots },
): Promise<Buffer> {
  if (encoding === ContentEncoding.IDENTITY) return body;
  try {
    return inflateNow(body, encoding, bytesMax) ?? (await inflateLater(body, encoding, bytesMax, slots));
  } catch (error) {
    throw refusalFor(error, bytesMax);
  }
}

/** Undefined when the body or its content is too large for this way. */
function inflateNow(body: Buffer, encoding: CompressedEncoding, bytesMax: number): Buffer | undefined {
  if (body.length > INLINE_BYTES_MAX) return undefined;
  try {
    const { buffer, engine } = NOW[encoding](body, {
      maxOutputLength: Math.min(bytesMax, INLINE_RESULT_MAX),
      chunkSize: guessLength(body, encoding),
      info: true,
    }) as Inflated;
    return isWhole(body, engine.bytesWritten) ? buffer : undefined;
  } catch (error) {
    if (isTooLarge(error)) return undefined;
    throw error;
  }
}

/** As large as what will come out, so that it needs no joining: gzip says so in its last four bytes. A hint, which may be wrong. */
function guessLength(body: Buffer, encoding: CompressedEncoding): number {
  const told = encoding === 'gzip' && body.length >= 4 ? body.readUInt32LE(body.length - 4) : body.length * USUAL_RATIO;
  return Math.min(Math.max(CHUNK_BYTES_MIN, told + CHUNK_BYTES_TO_SPARE), INLINE_RESULT_MAX);
}

async function inflateLater(
  body: Buffer,
  encoding: CompressedEncoding,
  bytesMax: number,
  slots: InflationSlots,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let room = bytesMax;
  let at = 0;
  await slots.take();
  try {
    do {
      const part = (await LATER[encoding](body.subarray(at), { maxOutputLength: room, info: true })) as Inflated;
      parts.push(part.buffer);
      room -= part.buffer.length;
      at += part.engine.bytesWritten;
    } while (encoding === ContentEncoding.ZSTD && at < body.length && room > 0 && parts.length < FRAMES_MAX);
  } finally {
    slots.give();
  }
  if (!isWhole(body, at))
    throw new Refusal(RefusalReason.BAD_DATA, 'compressed body goes on behind its end', { code: 'bad_compression' });
  return parts.length === 1 ? (parts[0] ?? body) : Buffer.concat(parts);
}

/** Was all of the body read? Zeros behind the end are padding, which gzip allows. */
function isWhole(body: Buffer, bytesRead: number): boolean {
  return body.subarray(bytesRead).every((byte) => byte === 0);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function refusalFor(error: unknown, bytesMax: number): Refusal {
  if (error instanceof Refusal) return error;
  if (isTooLarge(error))
    return new Refusal(
      RefusalReason.TOO_LARGE,
      `body is too large: expected at most ${bytesMax} bytes after inflating`,
    );
  return new Refusal(RefusalReason.BAD_DATA, 'compressed body is damaged', { code: 'bad_compression', cause: error });
}

/** How many inflations may run at a time, and how many may wait for their turn. */
export class InflationSlots {
  #free: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number, waitingMax: number) {
    this.#free = slots;
    this.#waitingMax = waitingMax;
  }

  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= this.#waitingMax)
      throw new Refusal(RefusalReason.OVERLOADED, 'too many bodies wait to be inflated', { code: 'inflation_busy' });
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
