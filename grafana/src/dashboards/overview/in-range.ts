// What the panels look at, as SQL: the chosen tenants and workflows, by the sums that the ledger keeps.

import { isAmong, ofTenants } from '../../query/selected.ts';

const CHOSEN = [ofTenants('entries'), isAmong('entries.workflow', 'workflow')].join('\n  AND ');

/** Every hour that the time range touches: from the sums by hour. */
export const HOURS_IN_RANGE = `${CHOSEN}
  AND toStartOfHour(entries.ended_at) BETWEEN toStartOfHour($__fromTime) AND $__toTime`;

/** The day in which the time range ends, UTC: from the sums by day. */
export const LAST_DAY = `${CHOSEN}
  AND toDate(entries.ended_at) = toDate($__toTime, 'UTC')`;

/** The month in which the time range ends, as far as that: from the sums by day. */
export const LAST_MONTH = `${CHOSEN}
  AND toDate(entries.ended_at) BETWEEN toStartOfMonth(toDate($__toTime, 'UTC')) AND toDate($__toTime, 'UTC')`;

export const COST_USD = 'sum(entries.sign * entries.cost_nano_usd) / 1e9';

/** Seconds between points that are at least an hour apart. */
export const STEP_SECONDS = 'greatest(3600, $__interval_s)';
