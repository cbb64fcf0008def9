import { columnKinds } from './column-kinds.ts';
import type { Column } from '../native/column.ts';

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
export function stampColumns<Row>(of: (row: Row) => Stamp): readonly Column<Row, StampDraft>[] {
  const { amount, label, day, time } = columnKinds<Row, StampDraft>();
  return [
    amount(
      'seg',
      (row) => of(row).segment,
      (draft, value) => (draft.segment = value),
    ),
    label(
      'writer',
      (row) => of(row).writer,
      (draft, value) => (draft.writer = value),
    ),
    day(
      'ingest_day',
      (row) => of(row).day,
      (draft, value) => (draft.day = value),
    ),
    time(
      'ingest_time',
      (row) => of(row).arrivedUs,
      (draft, value) => (draft.arrivedUs = value),
    ),
  ];
}

/** The same, to read rows by. */
export const STAMP_COLUMNS: readonly Column<never, StampDraft>[] = stampColumns<never>((row) => row);

const DAY_US = 86_400_000_000;

/** Days since 1970, UTC. */
export function dayOf(timeUs: number): number {
  return Math.floor(timeUs / DAY_US);
}
