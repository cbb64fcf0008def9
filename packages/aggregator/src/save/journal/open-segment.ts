import type { FileHandle } from 'node:fs/promises';
import { FRAME_HEAD_BYTES, FrameKind, writeHead } from './frame.ts';

/** A frame that is not written yet. */
export interface PendingFrame {
  readonly payload: Buffer;
  readonly payloadCrc: number;
  readonly rows: number;
}

/** The journal of the segment that requests are appended to. One write at a time. */
export class OpenSegment {
  readonly number: number;
  readonly #handle: FileHandle;
  /** Partition of the segment's rows, in days since 1970: that of the first rows that came. */
  day: number | undefined;
  /** When its first rows came, µs. */
  beganUs: number | undefined;
  /** What is on disk for sure. */
  bytes = 0;
  rows = 0;

  constructor(number: number, handle: FileHandle) {
    this.number = number;
    this.#handle = handle;
  }

  /** Resolves when the frames are on disk. If it rejects, none of them counts. */
  async write(frames: readonly PendingFrame[]): Promise<void> {
    const buffers: Buffer[] = [];
    let bytes = 0;
    let rows = 0;
    for (const { payload, payloadCrc, rows: frameRows } of frames) {
      const head = { kind: FrameKind.rows, payloadBytes: payload.length, rows: frameRows, payloadCrc };
      buffers.push(writeHead({ ...head, syncedBytes: this.bytes }), payload);
      bytes += FRAME_HEAD_BYTES + payload.length;
      rows += frameRows;
    }
    try {
      const { bytesWritten } = await this.#handle.writev(buffers, this.bytes);
      if (bytesWritten !== bytes) throw new Error(`The disk took ${bytesWritten} of ${bytes} bytes`);
      await this.#handle.datasync();
    } catch (error) {
      // The next write begins here in any case; cut off, what failed cannot be found after a crash either.
      await this.#handle.truncate(this.bytes).catch(() => undefined);
      throw error;
    }
    this.bytes += bytes;
    this.rows += rows;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
