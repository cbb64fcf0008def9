// What the panels look at, as SQL.

import { booked } from '../../query/booked.ts';
import { isAmong, ofTenant } from '../../query/selected.ts';

/** Entries that ended in the time range. Days on which they cannot have arrived are not opened: clocks are ahead by less than a day. */
const IN_RANGE = [
  ofTenant('entries'),
  isAmong('entries.workflow', 'workflow'),
  isAmong('entries.agent', 'agent'),
  "entries.ingest_day >= toDate($__fromTime, 'UTC') - 1",
  '$__timeFilter(entries.ended_at)',
].join('\n  AND ');

/** Those entries, for `FROM`, where they are called `entries`: turns with their agents are in no sum of an hour. */
export function entriesInRange(columns: readonly string[], condition?: string): string {
  return booked({ columns, where: condition === undefined ? IN_RANGE : `${IN_RANGE}\n  AND ${condition}` });
}

/** After `FROM entries`. */
export const TURNS_IN_RANGE = `${IN_RANGE}\n  AND entries.kind = 'turn'`;

export function turnsInRange(columns: readonly string[]): string {
  return entriesInRange(columns, "entries.kind = 'turn'");
}

/** Of the views that add up by the hour: every hour that the time range touches. */
const HOURS_IN_RANGE = [
  ofTenant(),
  isAmong('workflow', 'workflow'),
  'time >= toStartOfHour($__fromTime)',
  'time <= $__toTime',
].join('\n  AND ');

export const MODELS_IN_RANGE = [HOURS_IN_RANGE, "model != ''", isAmong('model', 'model')].join('\n  AND ');

/** Turns are seconds to minutes long: shorter steps would be empty or full. */
export const STEP_SECONDS = 'greatest(300, $__interval_s)';

export const TIME = `toStartOfInterval(toDateTime(entries.ended_at), INTERVAL ${STEP_SECONDS} second)`;

/**
 * Microseconds in 16 steps a doubling, so that percentiles are at most 2 % off.
 *
 * What was taken back is counted against the same step. Percentiles of the rows themselves would have it thrice: booked, taken back and booked anew.
 */
export function stepOf(microseconds: string): string {
  return `exp2(round(log2(${microseconds} + 1) * 16) / 16)`;
}

/** How many stand in a step, as a weight. */
export const STANDING = 'toUInt64(greatest(sum(entries.sign), 0))';
