// The rows of a segment's file as the body of an INSERT.

import { readFrames } from '../journal/frame-file.ts';
import { writeBlock } from '../native/block.ts';
import { ByteWriter } from '../native/byte-writer.ts';
import type { Column } from '../native/column.ts';
import { OBSERVATION_COLUMNS, type SavedObservation } from '../rows/observation-columns.ts';
import { stampColumns } from '../rows/stamp.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';
import type { SegmentRows } from './sealed-segment.ts';
import { readRequest } from './unsealed-segment.ts';

/** Every frame's block as it is. @throws SaveError `segment_damaged` if there are other rows than were written */
export async function* entriesBody(file: string, content: SegmentRows): AsyncGenerator<Buffer> {
  let rows = 0;
  for await (const frame of readFrames(file, content.bytes)) {
    rows += frame.rows;
    yield frame.payload;
  }
  check(file, content, rows);
}

/** Requests of fewer rows are put together: ClickHouse takes half a millisecond for a block of these tables, however small. */
const SMALL_ROWS = 256;
/** Together they make blocks of about so many: some milliseconds of work. */
const BLOCK_ROWS = 4096;
/** What a row takes, about; the buffer grows if it is more. */
const ROW_BYTES = 512;

/** The blocks of requests, small ones put together. @throws SaveError `segment_damaged` if there are other rows than were written */
export async function* observationsBody(
  file: string,
  content: SegmentRows,
  of: { readonly segment: number; readonly writer: string },
): AsyncGenerator<Buffer> {
  let rows = 0;
  let small: SavedObservation[] = [];
  for await (const frame of readFrames(file, content.bytes)) {
    rows += frame.rows;
    if (frame.rows >= SMALL_ROWS) {
      yield frame.payload;
      continue;
    }
    small.push(...readRequest(file, frame));
    if (small.length < BLOCK_ROWS) continue;
    yield writeTogether(small, of);
    small = [];
  }
  if (small.length > 0) yield writeTogether(small, of);
  check(file, content, rows);
}

function writeTogether(
  saved: readonly SavedObservation[],
  { segment, writer }: { readonly segment: number; readonly writer: string },
): Buffer {
  const observations = saved.map(({ observation }) => observation);
  const columns: Column<SavedObservation, never>[] = [
    ...stampColumns<SavedObservation>(({ day, arrivedUs }) => ({ segment, writer, day, arrivedUs })),
    ...OBSERVATION_COLUMNS.map((column) => ({
      ...column,
      write: (out: ByteWriter): void => column.write(out, observations),
    })),
  ];
  const out = new ByteWriter(saved.length * ROW_BYTES);
  writeBlock(out, columns, saved);
  return out.finish();
}

function check(file: string, content: SegmentRows, rows: number): void {
  if (rows === content.rows) return;
  throw new SaveError(
    SaveErrorCode.segmentDamaged,
    `The file ${file} has other rows than were written: expected ${content.rows}, received ${rows}`,
  );
}
