import { dayOf } from '../rows/stamp.ts';
import type { SealedSegment } from './sealed-segment.ts';

/** A segment that waits for the database. */
export interface Queued {
  readonly segment: SealedSegment;
  /** Whether no insert of it was ever tried. */
  isFresh: boolean;
  /** Whether it comes by itself, since one of those it came with cannot be right. */
  isAlone: boolean;
}

/** Rows of one INSERT, which ClickHouse sorts in memory: some 100 MB. A segment alone may have more. */
export const GROUP_ROWS_MAX = 131_072;
/** Segments of one INSERT: where a database was away for long, some are of a few rows each. */
const GROUP_SEGMENTS_MAX = 256;

/** The segments from the front of the queue that come into the database together: of one day, as a part is in one partition. */
export function takeGroup(queue: readonly Queued[]): readonly Queued[] {
  const [first] = queue;
  if (first === undefined || first.isAlone) return queue.slice(0, 1);
  const day = dayOf(first.segment.beganUs);
  let rows = 0;
  let count = 0;
  for (const { segment, isAlone } of queue.slice(0, GROUP_SEGMENTS_MAX)) {
    rows += rowsOf(segment);
    if (count > 0 && (isAlone || rows > GROUP_ROWS_MAX || dayOf(segment.beganUs) !== day)) break;
    count++;
  }
  return queue.slice(0, count);
}

/** Of the table that gets more. */
export function rowsOf({ entries, observations }: SealedSegment): number {
  return Math.max(entries.rows, observations.rows);
}
