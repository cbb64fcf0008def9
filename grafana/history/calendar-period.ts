// Calendar days and months, UTC, at every tick.

import { DAY_MS } from './calendar.ts';
import type { Ticks } from './clock.ts';

interface Period {
  readonly beginMs: number;
  readonly endMs: number;
}

export class Calendar {
  readonly #ticks: Ticks;

  constructor(ticks: Ticks) {
    this.#ticks = ticks;
  }

  /** How long the period is, seconds. */
  seconds(name: string | undefined): Float64Array {
    return this.#ticks.map((timeMs) => (periodAt(timeMs, name).endMs - periodAt(timeMs, name).beginMs) / 1000);
  }

  /** When it ends, seconds since 1970. */
  ends(name: string | undefined): Float64Array {
    return this.#ticks.map((timeMs) => periodAt(timeMs, name).endMs / 1000);
  }

  /** For each tick the last one before its period began; the first there is, if it began earlier. */
  beginTicks(name: string | undefined): Int32Array {
    const begins = new Int32Array(this.#ticks.length);
    let [begin, beginMs] = [0, 0];
    for (const [tick, timeMs] of this.#ticks.entries()) {
      const period = periodAt(timeMs, name);
      if (period.beginMs !== beginMs) [begin, beginMs] = [Math.max(0, tick - 1), period.beginMs];
      begins[tick] = begin;
    }
    return begins;
  }
}

function periodAt(timeMs: number, name: string | undefined): Period {
  if (name === 'day') {
    const beginMs = timeMs - (timeMs % DAY_MS);
    return { beginMs, endMs: beginMs + DAY_MS };
  }
  const date = new Date(timeMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { beginMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
}
