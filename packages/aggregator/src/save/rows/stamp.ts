import { LABEL } from './column-kinds.ts';
import { DATE, DATETIME_US, TEXT, UINT64 } from '../native/column-type.ts';
import { column, type Column } from '../native/column.ts';

/** What all rows of one request, or of one segment's postings, have in common: where they were before they came into a table. */
export interface Stamp {
  /** Number of the segment. */
  readonly segment: number;
  /** Whose numbers these are: the id of the segments' directory. */
  readonly writer: string;
  /** Day on which the segment was begun, in days since 1970: one per segment, as it names the partition. */
  readonly day: number;
  /** When the rows came, in microseconds since 1970. */
  readonly arrivedUs: number;
}

/** A stamp while it is read. */
export interface StampDraft {
  segment: number;
  writer: string;
  day: number;
  arrivedUs: number;
}

/** The columns that every table begins with. */
export function stampColumns(stamp: Stamp): readonly Column<unknown, StampDraft>[] {
  return [
    column('seg', {
      type: UINT64,
      get: () => stamp.segment,
      set: (draft: StampDraft, value) => (draft.segment = value),
    }),
    column('writer', {
      type: TEXT,
      stored: LABEL,
      get: () => stamp.writer,
      set: (draft: StampDraft, value) => (draft.writer = value),
    }),
    column('ingest_day', {
      type: DATE,
      get: () => stamp.day,
      set: (draft: StampDraft, value) => (draft.day = value),
    }),
    column('ingest_time', {
      type: DATETIME_US,
      get: () => stamp.arrivedUs,
      set: (draft: StampDraft, value) => (draft.arrivedUs = value),
    }),
  ];
}

const DAY_US = 86_400_000_000;

/** Days since 1970, UTC. */
export function dayOf(timeUs: number): number {
  return Math.floor(timeUs / DAY_US);
}
