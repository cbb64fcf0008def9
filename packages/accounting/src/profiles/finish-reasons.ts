// How an answer ended, where a producer tells a failure there and not in the span's status.

import type { TelemetryRecord } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';

/** `["error"]` as a list, as JSON or alone. */
const FAILED = /^\W*(error|failed|failure)\W*$/i;

/** Did the answer end in an error? */
export function endedInError({ attributes }: TelemetryRecord): boolean {
  const reasons = attributes.raw(Field.FINISH_REASONS);
  const first = Array.isArray(reasons) ? (reasons as readonly unknown[])[0] : reasons;
  return typeof first === 'string' && first.length < 50 && FAILED.test(first);
}

/** Is there an ending at all? A call without one got no answer. */
export function hasEnded({ attributes }: TelemetryRecord): boolean {
  return attributes.raw(Field.FINISH_REASONS) !== undefined;
}
