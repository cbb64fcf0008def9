// Reads files of frames: whole ones for sure, and after a crash as far as they go.

import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import { FRAME_HEAD_BYTES, FRAME_MAGIC, type FrameHead, readHead } from './frame.ts';

export interface Frame extends Omit<FrameHead, 'payloadBytes' | 'payloadCrc'> {
  readonly payload: Buffer;
  /** Offset behind the frame. */
  readonly end: number;
}

/** Bytes that are read at once. Small frames, of which a segment has thousands, come many at a time. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Frames from the beginning of a file to an offset, each checked.
 *
 * @throws SaveError `segment_damaged` at the first bytes that are no frame.
 */
export async function* readFrames(file: string, endBytes: number): AsyncGenerator<Frame> {
  const handle = await openForReading(file);
  try {
    const window = new FileWindow(handle, endBytes);
    for (let at = 0; at < endBytes;) {
      const frame = await readFrame(window, at);
      if (frame === undefined) throw damaged(file, `a frame at byte ${at} of ${endBytes}`, 'something else');
      yield frame;
      at = frame.end;
    }
  } finally {
    await handle.close();
  }
}

/**
 * How far a file goes that may have been cut off by a crash: to the end of its last whole frame. What is behind was never
 * acknowledged.
 *
 * @throws SaveError `segment_damaged` if a later frame says that more was on disk already: then what is broken was acknowledged.
 */
export async function findGoodEnd(file: string): Promise<number> {
  const handle = await openForReading(file);
  try {
    const { size } = await handle.stat();
    const window = new FileWindow(handle, size);
    let end = 0;
    for (;;) {
      const frame = await readFrame(window, end);
      if (frame === undefined) break;
      end = frame.end;
    }
    const syncedBytes = await findSyncedBytes(window, { from: end, to: size });
    if (syncedBytes > end) {
      throw damaged(file, `whole frames in the first ${syncedBytes} bytes`, `something else at byte ${end}`);
    }
    return end;
  } finally {
    await handle.close();
  }
}

async function openForReading(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw damaged(file, 'a file', cause instanceof Error ? cause.message : String(cause));
  }
}

/** The frame at an offset, if there is a whole and sound one. */
async function readFrame(window: FileWindow, at: number): Promise<Frame | undefined> {
  const start = await window.bytes(at, FRAME_HEAD_BYTES);
  const head = start === undefined ? undefined : readHead(start, 0);
  if (head === undefined) return undefined;
  const payload = await window.bytes(at + FRAME_HEAD_BYTES, head.payloadBytes);
  if (payload === undefined || crc32(payload) !== head.payloadCrc) return undefined;
  const { kind, rows, syncedBytes } = head;
  return { kind, rows, syncedBytes, payload, end: at + FRAME_HEAD_BYTES + payload.length };
}

/** The most that any head in a part of the file says was on disk. */
async function findSyncedBytes(
  window: FileWindow,
  part: { readonly from: number; readonly to: number },
): Promise<number> {
  let syncedBytes = 0;
  for (let at = part.from; at + FRAME_HEAD_BYTES <= part.to; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES + FRAME_HEAD_BYTES, part.to - at);
    const bytes = (await window.bytes(at, length)) ?? Buffer.alloc(0);
    for (let found = bytes.indexOf(FRAME_MAGIC); found !== -1; found = bytes.indexOf(FRAME_MAGIC, found + 1)) {
      syncedBytes = Math.max(syncedBytes, readHead(bytes, found)?.syncedBytes ?? 0);
    }
  }
  return syncedBytes;
}

/** Part of a file in memory, moved on as it is read. */
class FileWindow {
  readonly #handle: FileHandle;
  readonly #fileBytes: number;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(handle: FileHandle, fileBytes: number) {
    this.#handle = handle;
    this.#fileBytes = fileBytes;
  }

  /** So many bytes from an offset on; undefined if the file ends before. They stay as they are when the window moves on. */
  async bytes(at: number, length: number): Promise<Buffer | undefined> {
    if (at + length > this.#fileBytes) return undefined;
    if (at < this.#start || at + length > this.#start + this.#bytes.length) await this.#load(at, length);
    if (at + length > this.#start + this.#bytes.length) return undefined;
    return this.#bytes.subarray(at - this.#start, at - this.#start + length);
  }

  async #load(at: number, length: number): Promise<void> {
    const wanted = Math.min(Math.max(length, CHUNK_BYTES), this.#fileBytes - at);
    const bytes = Buffer.allocUnsafeSlow(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.#handle.read(bytes, filled, wanted - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.#start = at;
    this.#bytes = bytes.subarray(0, filled);
  }
}

function damaged(file: string, expected: string, received: string): SaveError {
  return new SaveError(
    SaveErrorCode.segmentDamaged,
    `The segment's file ${file} is not as it was written: expected ${expected}, received ${received}`,
  );
}
