import { findGoodEnd } from '../journal/frame-file.ts';
import type { ClosedSegment } from '../journal/journal.ts';
import type { SegmentDirectory } from '../journal/segment-directory.ts';
import type { SavedObservation } from '../rows/observation-columns.ts';
import { SaveError } from '../save-error.ts';
import type { SaveLogger } from '../save-logger.ts';
import { readSealed, type SealedSegment } from './sealed-segment.ts';
import { readJournal } from './unsealed-segment.ts';

/** What an earlier process left in a directory, in order. */
export interface LeftSegments {
  /** Decided; may be in the database already. */
  readonly sealed: readonly SealedSegment[];
  /** To be booked. */
  readonly unsealed: readonly ClosedSegment[];
  /** Put aside, now or before. */
  readonly quarantined: readonly number[];
  /** The highest number that any of them has. */
  readonly numberMax: number;
}

/** Looks through a directory: cuts off what a crash left behind, removes what is empty, puts aside what is damaged. */
export async function findLeftSegments(directory: SegmentDirectory, logger: SaveLogger): Promise<LeftSegments> {
  const sealed: SealedSegment[] = [];
  const unsealed: ClosedSegment[] = [];
  const quarantined = [...(await directory.listQuarantined())];
  let numberMax = Math.max(0, ...quarantined);
  for (const { number, hasEntries } of await directory.list()) {
    numberMax = Math.max(numberMax, number);
    try {
      if (hasEntries) {
        sealed.push(await readSealed(directory, number));
        continue;
      }
      const closed = await closeLeft(directory, number);
      if (closed.rows > 0) unsealed.push(closed);
      else await directory.remove(number);
    } catch (error) {
      if (!(error instanceof SaveError)) throw error;
      logger.error({ segment: number, error }, 'a segment is put aside: it needs a person to look at it');
      await directory.quarantine(number);
      quarantined.push(number);
    }
  }
  return { sealed, unsealed, quarantined, numberMax };
}

/**
 * A journal that nobody appends to any more, up to its last whole request. All of it is read as it will be booked: what cannot be read
 * is put aside now, and not when half of it is in the book.
 */
async function closeLeft(directory: SegmentDirectory, number: number): Promise<ClosedSegment> {
  const file = directory.journalFile(number);
  const bytes = await findGoodEnd(file);
  await directory.truncateJournal(number, bytes);
  let rows = 0;
  let first: SavedObservation | undefined;
  for await (const request of readJournal(file, bytes)) {
    first ??= request[0];
    rows += request.length;
  }
  return { number, bytes, rows, day: first?.day, beganUs: first?.arrivedUs };
}
