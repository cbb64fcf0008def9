import { lossOf, pinball } from './end-bounds.ts';

/** What was foretold of a session's end cost, and at which point; an estimate without bounds has none. */
export interface Foretold {
  readonly lowNanoUsd?: number | undefined;
  readonly midNanoUsd: number;
  readonly highNanoUsd?: number | undefined;
}

/** How good forecasts of end costs were. Every session counts the same, however often it was looked at. */
export interface ForecastScore {
  /** Sessions of which something was foretold. */
  readonly sessions: number;
  readonly forecasts: number;
  /** Share of ends within the interval; undefined for forecasts without one. */
  readonly coverage: number | undefined;
  /** Of the coverage: from session to session, looks at one session being alike. */
  readonly coverageError: number | undefined;
  /** Share of ends below the interval, and above. */
  readonly below: number | undefined;
  readonly above: number | undefined;
  /** Mean of high - low, over the mean end cost. */
  readonly relativeWidth: number | undefined;
  /** Mean of |mid - end cost| / end cost, of sessions that were not free (MAPE). */
  readonly percentageError: number | undefined;
  /**
   * Mean pinball loss of low, mid and high as quantiles 0.05, 0.5 and 0.95 (of mid alone where there is no interval), over the mean end
   * cost: small where intervals are narrow and yet hold.
   */
  readonly pinballLoss: number | undefined;
}

interface SessionTally {
  readonly endCostNanoUsd: number;
  looks: number;
  covered: number;
  below: number;
  above: number;
  width: number;
  error: number;
  pinball: number;
  intervals: number;
}

/** Adds forecasts up, session by session. */
export class ScoreKeeper {
  readonly #bySession = new Map<number, SessionTally>();

  add(session: number, { lowNanoUsd, midNanoUsd, highNanoUsd }: Foretold, endCostNanoUsd: number): void {
    const tally = this.#tallyOf(session, endCostNanoUsd);
    tally.looks++;
    tally.error += Math.abs(midNanoUsd - endCostNanoUsd);
    if (lowNanoUsd === undefined || highNanoUsd === undefined) {
      tally.pinball += pinball(0.5, midNanoUsd, endCostNanoUsd);
      return;
    }
    tally.intervals++;
    tally.pinball += lossOf({ low: lowNanoUsd, mid: midNanoUsd, high: highNanoUsd }, endCostNanoUsd);
    tally.width += highNanoUsd - lowNanoUsd;
    if (endCostNanoUsd < lowNanoUsd) tally.below++;
    else if (endCostNanoUsd > highNanoUsd) tally.above++;
    else tally.covered++;
  }

  score(): ForecastScore {
    const all = [...this.#bySession.values()];
    const hasIntervals = all.some(({ intervals }) => intervals > 0);
    const ofIntervals = (of: (tally: SessionTally) => number): number | undefined =>
      hasIntervals ? meanOf(all.map((tally) => of(tally) / tally.looks)) : undefined;
    const meanEnd = meanOf(all.map(({ endCostNanoUsd }) => endCostNanoUsd));
    const overMeanEnd = (value: number | undefined): number | undefined =>
      value === undefined || meanEnd === undefined || meanEnd === 0 ? undefined : value / meanEnd;
    const costly = all.filter(({ endCostNanoUsd }) => endCostNanoUsd > 0);
    return {
      sessions: all.length,
      forecasts: all.reduce((sum, { looks }) => sum + looks, 0),
      coverage: ofIntervals(({ covered }) => covered),
      coverageError: hasIntervals ? errorOfMean(all.map(({ covered, looks }) => covered / looks)) : undefined,
      below: ofIntervals(({ below }) => below),
      above: ofIntervals(({ above }) => above),
      relativeWidth: overMeanEnd(ofIntervals(({ width }) => width)),
      percentageError: meanOf(costly.map(({ error, looks, endCostNanoUsd }) => error / looks / endCostNanoUsd)),
      pinballLoss: overMeanEnd(meanOf(all.map((tally) => tally.pinball / tally.looks))),
    };
  }

  #tallyOf(session: number, endCostNanoUsd: number): SessionTally {
    const known = this.#bySession.get(session);
    if (known !== undefined) return known;
    const counts = { looks: 0, covered: 0, below: 0, above: 0, width: 0, error: 0, pinball: 0, intervals: 0 };
    const tally = { endCostNanoUsd, ...counts };
    this.#bySession.set(session, tally);
    return tally;
  }
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function errorOfMean(values: readonly number[]): number | undefined {
  const mean = meanOf(values);
  if (mean === undefined || values.length < 2) return undefined;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}
