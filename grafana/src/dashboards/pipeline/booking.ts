// What was not counted and why, what was taken back, and by which prices.

import { REASON_SENTENCES } from '@turnmeter/accounting';
import type { Row } from '../../dashboard.ts';
import { stat } from '../../panel/stat.ts';
import { table } from '../../panel/table.ts';
import { timeSeries } from '../../panel/time-series.ts';
import { booked } from '../../query/booked.ts';
import { rows } from '../../query/clickhouse-query.ts';
import { atEnd, overTime } from '../../query/prometheus-query.ts';
import { ofTenants } from '../../query/selected.ts';
import { sql } from '../../query/sql.ts';
import { Color, rising, Unit } from '../../style.ts';
import { own, rate } from './own.ts';

export function bookingRow(): Row {
  return {
    title: 'Counted, not counted, taken back, priced',
    panels: [excluded(), reversals(), repairs(), prices(), priceAge()],
  };
}

/** Days that the time range touches: from the sums by day. */
const DAYS_IN_RANGE = [
  ofTenants('entries'),
  "toDate(entries.ended_at) BETWEEN toDate($__fromTime, 'UTC') AND toDate($__toTime, 'UTC')",
].join('\n  AND ');

function excluded() {
  return table({
    title: 'Which tokens were seen and not counted?',
    description:
      'Tokens that a record carried and that are in no sum, by reason, on the days of the time range. Most producers report the same tokens on several spans, so much of this is normal. `call_without_usage` and `witness` with more tokens than are counted are not: `turnmeter doctor` says which producer.',
    width: 24,
    height: 8,
    noValue: 'All tokens that were seen were counted.',
    columns: [
      { name: 'reason', header: 'Reason', width: 180 },
      { name: 'producer', header: 'Producer', width: 150 },
      { name: 'records', header: 'Records', unit: Unit.COUNT, width: 90 },
      { name: 'tokens', header: 'Tokens', unit: Unit.TOKENS, width: 90 },
      { name: 'why', header: 'Why', states: sentences() },
    ],
    queries: [
      rows(sql`
        SELECT
          entries.reason AS reason,
          entries.profile AS producer,
          sum(entries.sign) AS records,
          sum(entries.sign * entries.excluded_input_tokens) + sum(entries.sign * entries.excluded_output_tokens) AS tokens,
          reason AS why
        FROM entries
        WHERE ${DAYS_IN_RANGE}
        GROUP BY
          entries.reason,
          entries.profile
        HAVING tokens > 0 OR (records > 0 AND reason = 'call_without_usage')
        ORDER BY tokens DESC, reason, producer
        LIMIT 100`),
    ],
  });
}

function sentences(): Readonly<Record<string, { readonly text: string; readonly color: Color }>> {
  return Object.fromEntries(
    Object.entries(REASON_SENTENCES).map(([code, text]) => [code, { text, color: Color.PLAIN }]),
  );
}

function reversals() {
  return timeSeries({
    title: 'What is taken back, and booked as what?',
    description:
      'Entries a minute that were taken back because of later news, by what they are booked as now. It happens where parents come after their children. Much more than usual: spans arrive late, or two instrumentations report the same calls. `repriced` is `turnmeter reprice`.',
    unit: Unit.PER_MINUTE,
    isStacked: true,
    isBars: true,
    noValue: 'Nothing was taken back.',
    width: 6,
    height: 7,
    queries: [overTime(`sum by (because) (${rate('turnmeter_entries_reversed_total')}) * 60 > 0`, '{{because}}')],
  });
}

const PRICED_IN_RANGE = [
  ofTenants('entries'),
  "entries.ingest_day >= toDate($__fromTime, 'UTC') - 1",
  '$__timeFilter(entries.ended_at)',
  "entries.book_version != ''",
].join('\n  AND ');

function prices() {
  return table({
    title: 'Which price book is in use?',
    description:
      'Versions of the price book by which calls of the time range were priced. The one of the last call should be the one of the running release; `turnmeter prices` looks a price up.',
    width: 9,
    height: 7,
    noValue: 'Nothing was priced.',
    columns: [
      { name: 'book', header: 'Price book' },
      { name: 'last', header: 'Last call', width: 150 },
      { name: 'calls', header: 'Calls', unit: Unit.COUNT, width: 70 },
      { name: 'unpriced', header: 'No price', unit: Unit.RATIO, decimals: 1, width: 80 },
    ],
    queries: [
      rows(sql`
        SELECT
          entries.book_version AS book,
          max(entries.ended_at) AS last,
          sum(entries.sign * entries.inferences) AS calls,
          sum(entries.sign * entries.inferences * (entries.cost_status = 'unpriced')) / nullIf(calls, 0) AS unpriced
        FROM ${booked({ columns: ['sign', 'book_version', 'ended_at', 'inferences', 'cost_status'], where: PRICED_IN_RANGE })}
        GROUP BY book
        HAVING calls > 0
        ORDER BY last DESC
        LIMIT 20`),
    ],
  });
}

function priceAge() {
  return stat({
    title: 'Newest price',
    description:
      'Age of the newest price in the price list of the running release: the list is at least that new. 0: it begins on a day to come. Providers change prices every few weeks; from three months on, update, or give what has changed in `prices` of the configuration.',
    unit: Unit.SECONDS,
    decimals: 0,
    steps: rising(90 * DAY, 180 * DAY),
    noValue: 'not known',
    width: 3,
    height: 7,
    queries: [atEnd(`clamp_min(time() - min(${own('turnmeter_price_book_timestamp_seconds')}), 0)`, 'age')],
  });
}

const DAY = 86_400;

function repairs() {
  return timeSeries({
    title: 'What had to be repaired?',
    description:
      'Values a minute that could not be and were repaired or left out, by reason, and records that say nothing about calls. A new reason after a deployment is an instrumentation that changed: `turnmeter explain` shows it on one span.',
    unit: Unit.PER_MINUTE,
    isStacked: true,
    isBars: true,
    noValue: 'Nothing had to be repaired.',
    width: 6,
    height: 7,
    queries: [
      overTime(`sum by (reason) (${rate('turnmeter_values_clamped_total')}) * 60 > 0`, '{{reason}}'),
      overTime(`sum(${rate('turnmeter_records_passed_over_total')}) * 60 > 0`, 'not about calls'),
    ],
  });
}
