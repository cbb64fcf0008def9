// The past of the metrics that the service has of itself: made up in proportion to the records that arrived, and ending at what it really printed.

import { PAST, runningSum, type Ticks } from './clock.ts';
import type { Course } from './courses.ts';
import type { Ledger } from './ledger.ts';
import type { Sample } from './page.ts';

const COUNTED = /_(?:total|bucket|sum|count)$/;
const MEASURED = /_(?:bucket|sum|count)$/;
/** Moments that go along with time, unless they are longer ago. */
const MOMENT = /_timestamp_seconds$/;
const RECENT_MS = 3_600_000;
/** Gauges that are never quite the same. */
const UNSTEADY = /_bytes$|_lag_seconds$|eventloop|_book_records$/;
/** Records in one request of an app. */
const RECORDS_PER_REQUEST = 12;

export class OwnPast {
  readonly #ticks: Ticks;
  /** Share of all records that had arrived. */
  readonly #share: Float64Array;
  readonly #requests: number;

  constructor(ledger: Ledger, ticks: Ticks) {
    const records = runningSum(
      ticks,
      ledger.spending.map(({ timeMs, records: amount }) => ({ timeMs, amount })),
    );
    const all = records.at(-1) ?? 1;
    this.#ticks = ticks;
    this.#share = records.map((sum) => sum / all);
    this.#requests = all / RECORDS_PER_REQUEST;
  }

  /** `counts` has how often each histogram was observed, by name without its ending. */
  course({ name, value }: Sample, counts: ReadonlyMap<string, number>): Course {
    const pastMs = PAST.DAY;
    if (COUNTED.test(name)) {
      const observed = counts.get(name.replace(MEASURED, ''));
      // Few requests were measured at the end of the history: as many more are taken to have been alike.
      const last =
        MEASURED.test(name) && observed !== undefined && observed > 0 ? (value * this.#requests) / observed : value;
      const isWhole = !name.endsWith('_sum') && !name.includes('seconds_total');
      return { pastMs, values: this.#share.map((share) => (isWhole ? Math.floor(share * last) : share * last)) };
    }
    const lastMs = this.#ticks.at(-1) ?? 0;
    if (MOMENT.test(name) && value * 1000 > lastMs - RECENT_MS)
      return { pastMs, values: this.#ticks.map((timeMs) => timeMs / 1000) };
    if (!UNSTEADY.test(name)) return { pastMs: PAST.WEEK, values: this.#ticks.map(() => value) };
    return { pastMs, values: this.#ticks.map((timeMs) => value * (1 + 0.06 * wobble(timeMs, name.length))) };
  }
}

/** Between -1 and 1, without a plain period. */
function wobble(timeMs: number, seed: number): number {
  const minutes = timeMs / 60_000;
  return (Math.sin(minutes / 7 + seed) + Math.sin(minutes / 41 + 2 * seed) + Math.sin(minutes * 1.7 + seed)) / 3;
}
