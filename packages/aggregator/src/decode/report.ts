// What decoding a request found: how many records, which were refused, what was noticed.

import { DecodeError, DecodeFault } from './decode-error.ts';
import type { DecodeLimits } from './limits.ts';

/** Why single records are refused while the rest of their request is kept. */
export const RejectReason = {
  /** A trace id that is missing, all zero or not 16 bytes. */
  BAD_TRACE_ID: 'bad_trace_id',
  /** A span id that is missing, all zero or not 8 bytes. */
  BAD_SPAN_ID: 'bad_span_id',
  /** More records than one request may have. */
  TOO_MANY_RECORDS: 'too_many_records',
  /** JSON of another type than the field has. */
  WRONG_TYPE: 'wrong_type',
} as const;
export type RejectReason = (typeof RejectReason)[keyof typeof RejectReason];

/** What was repaired, cut or passed over; the records were kept. */
export const DecodeNote = {
  /** Bytes that are no UTF-8 in a text that was read: replaced by U+FFFD. */
  INVALID_UTF8: 'invalid_utf8',
  /** Attributes past the limit that can no longer be asked for by name. */
  ATTRIBUTES_OVER_LIMIT: 'attributes_over_limit',
  /** Unlisted names past the limit, which were not looked at for their words. */
  NAMES_OVER_LIMIT: 'names_over_limit',
  LINKS_OVER_LIMIT: 'links_over_limit',
  VALUE_CUT: 'value_cut',
  NAME_CUT: 'name_cut',
  /** The same name again in one record: the first is read. */
  DUPLICATE_ATTRIBUTE: 'duplicate_attribute',
  /** A value that is nested too deep or whose bytes are damaged: read as null. */
  UNREADABLE_VALUE: 'unreadable_value',
  /** A parent id that is not 8 bytes: the span is read as a root. */
  BAD_PARENT_ID: 'bad_parent_id',
  BAD_LINK: 'bad_link',
  /** Metric points that say that they have no value, and summaries, which hold no sums to count. */
  POINT_WITHOUT_VALUE: 'point_without_value',
} as const;
export type DecodeNote = (typeof DecodeNote)[keyof typeof DecodeNote];

export interface DecodeReport {
  /** Records that were handed on. */
  readonly records: number;
  readonly rejected: ReadonlyMap<RejectReason, number>;
  readonly notes: ReadonlyMap<DecodeNote, number>;
}

/** The report while it is being made. */
export class Tally implements DecodeReport {
  records = 0;
  readonly rejected: Map<RejectReason, number> = new Map();
  readonly notes: Map<DecodeNote, number> = new Map();
  readonly #limits: DecodeLimits;
  #seen = 0;
  #parts = 0;

  constructor(limits: DecodeLimits) {
    this.#limits = limits;
  }

  /** May one more record be read? Past the limit it is rejected unread. */
  admitsRecord(): boolean {
    if (this.#seen === this.#limits.recordsMax) {
      this.reject(RejectReason.TOO_MANY_RECORDS);
      return false;
    }
    this.#seen++;
    return true;
  }

  /** Counts a resource, a scope or a metric: an empty one has two bytes and costs a thousand times what it cost to send. */
  countPart(): void {
    if (this.#parts === this.#limits.partsMax) throw new DecodeError(DecodeFault.TOO_MANY_PARTS, -1);
    this.#parts++;
  }

  reject(reason: RejectReason): void {
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }

  note(note: DecodeNote): void {
    this.notes.set(note, (this.notes.get(note) ?? 0) + 1);
  }
}
