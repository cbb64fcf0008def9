/** How a quantity is distributed. All but the count are undefined where nothing was measured; the deviation needs two values. */
export interface Statistics {
  readonly n: number;
  readonly mean: number | undefined;
  readonly standardDeviation: number | undefined;
  readonly min: number | undefined;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

/** A sample of times in milliseconds. Percentiles are of the last ten thousand; all else is of all. */
export class Sample {
  #n = 0;
  /** Welford's: sums of squares of large numbers lose their digits. */
  #mean = 0;
  #squares = 0;
  #min = Infinity;
  #max = -Infinity;
  readonly #last: number[] = [];

  /** What is no time is left out. */
  add(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) return;
    this.#last[this.#n % KEPT_MAX] = ms;
    this.#n++;
    const difference = ms - this.#mean;
    this.#mean += difference / this.#n;
    this.#squares += difference * (ms - this.#mean);
    this.#min = Math.min(this.#min, ms);
    this.#max = Math.max(this.#max, ms);
  }

  statistics(): Statistics {
    if (this.#n === 0) return NOTHING;
    const sorted = this.#last.toSorted((a, b) => a - b);
    return {
      n: this.#n,
      mean: this.#mean,
      standardDeviation: this.#n === 1 ? undefined : Math.sqrt(this.#squares / (this.#n - 1)),
      min: this.#min,
      p50: percentile(sorted, 0.5),
      p95: percentile(sorted, 0.95),
      p99: percentile(sorted, 0.99),
      max: this.#max,
    };
  }
}

/** 80 KB an agent. */
const KEPT_MAX = 10_000;

const NOTHING: Statistics = Object.freeze({
  n: 0,
  mean: undefined,
  standardDeviation: undefined,
  min: undefined,
  p50: undefined,
  p95: undefined,
  p99: undefined,
  max: undefined,
});

/** Between the two nearest values, as spreadsheets do. */
function percentile(sorted: readonly number[], share: number): number | undefined {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  return below === undefined || above === undefined ? undefined : below + (above - below) * (at - Math.floor(at));
}
