// How wrong forecasts were.

/** Errors of forecasts of steps that have come. */
export interface ForecastErrors {
  /** Steps forecast, by all origins together. */
  readonly n: number;
  /**
   * Mean absolute error over that of the seasonal naive method one period ahead within the history (Hyndman and Koehler 2006); below 1 is better.
   * Undefined where every period is alike, so that there is nothing to divide by.
   */
  readonly mase: number | undefined;
  /** Symmetric mean absolute percentage error, 0 to 200; steps with neither use nor forecast count as 0. */
  readonly smape: number;
}

/** Adds up errors, step by step. */
export class ErrorSums {
  #n = 0;
  #absolute = 0;
  #symmetric = 0;

  add(actual: number, forecast: number): void {
    const size = Math.abs(actual) + Math.abs(forecast);
    this.#n++;
    this.#absolute += Math.abs(actual - forecast);
    this.#symmetric += size === 0 ? 0 : (200 * Math.abs(actual - forecast)) / size;
  }

  /** Undefined where nothing was forecast. */
  errors(scale: number): ForecastErrors | undefined {
    if (this.#n === 0) return undefined;
    const mase = scale > 0 ? this.#absolute / this.#n / scale : undefined;
    return { n: this.#n, mase, smape: this.#symmetric / this.#n };
  }
}

/** Mean absolute difference to one period before; to the step before where there are not two of them. 0 where nothing can be told. */
export function seasonalScale(values: readonly number[], period: number): number {
  const lag = values.length >= 2 * period ? period : 1;
  let sum = 0;
  let count = 0;
  for (let at = lag; at < values.length; at++) {
    const difference = Math.abs((values[at] ?? Number.NaN) - (values[at - lag] ?? Number.NaN));
    if (Number.isNaN(difference)) continue;
    sum += difference;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** The last value for ever. */
export function naive(values: readonly number[], horizon: number): readonly number[] {
  const last = values.findLast((value) => !Number.isNaN(value)) ?? 0;
  return Array.from({ length: horizon }, () => last);
}

/** The last period again and again. */
export function seasonalNaive(values: readonly number[], horizon: number, period: number): readonly number[] {
  const last = naive(values, 1)[0] ?? 0;
  return Array.from({ length: horizon }, (_, step) => {
    for (let at = values.length + (step % period) - period; at >= 0; at -= period) {
      const value = values[at] ?? Number.NaN;
      if (!Number.isNaN(value)) return value;
    }
    return last;
  });
}
