// What the panels look at, as SQL.

import { ofTenants } from '../../query/selected.ts';

/** Every hour that the time range touches: from the sums by hour. */
export const HOURS_IN_RANGE = [ofTenants(), 'time >= toStartOfHour($__fromTime)', 'time <= $__toTime'].join('\n  AND ');

/** The same hours a week before. */
const HOURS_BEFORE = ['time >= toStartOfHour($__fromTime) - INTERVAL 7 DAY', 'time <= $__toTime - INTERVAL 7 DAY'].join(
  ' AND ',
);

/** The time range and the one a week before; they overlap where it is longer than a week. */
export const BOTH = [ofTenants(), 'time >= toStartOfHour($__fromTime) - INTERVAL 7 DAY', 'time <= $__toTime'].join(
  '\n  AND ',
);

/** Sum over the time range, of rows that are in {@link BOTH}. */
export function now(column: string): string {
  return `sumIf(${column}, time >= toStartOfHour($__fromTime))`;
}

/** Sum over the time a week before. */
export function before(column: string): string {
  return `sumIf(${column}, ${HOURS_BEFORE})`;
}

/** Days that the time range touches: from the sums by day. */
export const DAYS_IN_RANGE = [
  ofTenants('entries'),
  "toDate(entries.ended_at) BETWEEN toDate($__fromTime, 'UTC') AND toDate($__toTime, 'UTC')",
].join('\n  AND ');

/** A tenant that was not seen for so long is new again. */
export const FORGOTTEN_DAYS = 30;

/** The time range, and what was before it as far as it matters for who is new. */
export const DAYS_AND_BEFORE = [
  ofTenants('entries'),
  `toDate(entries.ended_at) BETWEEN toDate($__fromTime, 'UTC') - ${FORGOTTEN_DAYS} AND toDate($__toTime, 'UTC')`,
].join('\n  AND ');
