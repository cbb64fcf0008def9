// A frame of a segment's file: a head that says what follows, and the bytes that follow.
//
// | offset | bytes | field |
// |---|---|---|
// | 0 | 4 | "TMF1" |
// | 4 | 4 | kind |
// | 8 | 4 | length of the payload |
// | 12 | 4 | rows in the payload |
// | 16 | 8 | bytes of the file that were on disk for sure when this was written |
// | 24 | 4 | CRC-32 of the payload |
// | 28 | 4 | CRC-32 of the 28 bytes before |
//
// Numbers are little-endian. All before byte 16's count was acknowledged: what is broken there is damage, what is broken behind the
// last count may be a write that a crash cut off.

import { crc32 } from 'node:zlib';

/** What a frame holds. */
export const FrameKind = {
  /** A block in ClickHouse's Native format. */
  rows: 1,
  /** What the segment amounts to, as JSON: the last frame of a file with entries. */
  seal: 2,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export interface FrameHead {
  readonly kind: number;
  readonly payloadBytes: number;
  readonly rows: number;
  readonly syncedBytes: number;
  readonly payloadCrc: number;
}

export const FRAME_HEAD_BYTES = 32;
/** "TMF1" as a little-endian number. */
const MAGIC = 0x31_46_4d_54;
export const FRAME_MAGIC: Buffer = Buffer.from('TMF1', 'latin1');
/** One request's rows; the largest body that is accepted makes less. */
export const PAYLOAD_BYTES_MAX: number = 1024 * 1024 * 1024;

export function writeHead(head: FrameHead): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEAD_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(head.kind, 4);
  bytes.writeUInt32LE(head.payloadBytes, 8);
  bytes.writeUInt32LE(head.rows, 12);
  bytes.writeBigUInt64LE(BigInt(head.syncedBytes), 16);
  bytes.writeUInt32LE(head.payloadCrc, 24);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
}

/** The head at an offset; undefined if there is none, or not all of it. */
export function readHead(bytes: Buffer, at: number): FrameHead | undefined {
  if (at + FRAME_HEAD_BYTES > bytes.length || bytes.readUInt32LE(at) !== MAGIC) return undefined;
  if (bytes.readUInt32LE(at + 28) !== crc32(bytes.subarray(at, at + 28))) return undefined;
  const payloadBytes = bytes.readUInt32LE(at + 8);
  if (payloadBytes > PAYLOAD_BYTES_MAX) return undefined;
  return {
    kind: bytes.readUInt32LE(at + 4),
    payloadBytes,
    rows: bytes.readUInt32LE(at + 12),
    syncedBytes: Number(bytes.readBigUInt64LE(at + 16)),
    payloadCrc: bytes.readUInt32LE(at + 24),
  };
}
