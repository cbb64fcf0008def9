// A segment whose postings are decided: what it holds, on disk and to be checked in the database.

import type { FileHandle } from 'node:fs/promises';
import { stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { PricedPosting } from '../../price/price-postings.ts';
import { readFrames } from '../journal/frame-file.ts';
import { FRAME_HEAD_BYTES, FrameKind, writeHead } from '../journal/frame.ts';
import type { ClosedSegment } from '../journal/journal.ts';
import type { SegmentDirectory } from '../journal/segment-directory.ts';
import { writeBlock } from '../native/block.ts';
import { ByteWriter } from '../native/byte-writer.ts';
import { ENTRY_COLUMNS } from '../rows/entry-columns.ts';
import { dayOf, type Stamp, stampColumns } from '../rows/stamp.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';

/** Rows of one table that a segment has in a file. */
export interface SegmentRows {
  readonly rows: number;
  /** From the beginning of the file. */
  readonly bytes: number;
}

export interface SealedSegment {
  readonly number: number;
  readonly observations: SegmentRows;
  readonly entries: SegmentRows;
  /** When the first of its rows came, µs. */
  readonly beganUs: number;
}

/** Rows that are written before something else has its turn: some milliseconds. */
const BLOCK_ROWS = 4096;
/** What a row takes, about; the buffer grows if it is more. */
const ROW_BYTES = 640;

/**
 * Writes the postings of a closed segment beside its journal. When this resolves the segment is decided: whatever happens, these
 * postings are what it amounts to.
 */
export async function writeSealed(
  directory: SegmentDirectory,
  closed: ClosedSegment,
  { postings, nowUs }: { readonly postings: readonly PricedPosting[]; readonly nowUs: number },
): Promise<SealedSegment> {
  const { number, beganUs } = closed;
  const day = closed.day ?? dayOf(nowUs);
  const stamp: Stamp = { segment: number, writer: directory.writer, day, arrivedUs: nowUs };
  const sealed = (entriesBytes: number): SealedSegment => ({
    number,
    observations: { rows: closed.rows, bytes: closed.bytes },
    entries: { rows: postings.length, bytes: entriesBytes },
    beganUs: beganUs ?? nowUs,
  });
  let bytes = 0;
  await directory.writeEntries(number, async (handle) => {
    const out = new ByteWriter(Math.min(postings.length, BLOCK_ROWS) * ROW_BYTES);
    for (let at = 0; at < postings.length; at += BLOCK_ROWS) {
      const rows = postings.slice(at, at + BLOCK_ROWS);
      out.clear();
      writeBlock(out, [...stampColumns(() => stamp), ...ENTRY_COLUMNS], rows);
      bytes += await writeFrame(handle, { kind: FrameKind.rows, rows: rows.length, payload: out.finish() });
    }
    await writeFrame(handle, { kind: FrameKind.seal, rows: 0, payload: Buffer.from(JSON.stringify(sealed(bytes))) });
  });
  return sealed(bytes);
}

async function writeFrame(
  handle: FileHandle,
  frame: { readonly kind: FrameKind; readonly rows: number; readonly payload: Buffer },
): Promise<number> {
  const { kind, rows, payload } = frame;
  const head = { kind, rows, payloadBytes: payload.length, payloadCrc: crc32(payload), syncedBytes: 0 };
  const { bytesWritten } = await handle.writev([writeHead(head), payload]);
  const bytes = FRAME_HEAD_BYTES + payload.length;
  if (bytesWritten !== bytes) throw new Error(`The disk took ${bytesWritten} of ${bytes} bytes`);
  return bytes;
}

/** What a segment that was sealed before amounts to. @throws SaveError `segment_damaged` */
export async function readSealed(directory: SegmentDirectory, number: number): Promise<SealedSegment> {
  const file = directory.entriesFile(number);
  const { size } = await stat(file);
  let sealed: SealedSegment | undefined;
  let end = 0;
  for await (const frame of readFrames(file, size)) {
    if (frame.kind === FrameKind.seal) sealed = JSON.parse(frame.payload.toString('utf8')) as SealedSegment;
    end = frame.end;
  }
  if (sealed?.number !== number || end !== size) {
    throw new SaveError(
      SaveErrorCode.segmentDamaged,
      `The file ${file} is not sealed: expected its last frame to be the seal of ${number}, received ${JSON.stringify(sealed)}`,
    );
  }
  return sealed;
}
