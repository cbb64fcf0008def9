// When a balance will be used up.

import { drawForecast, type ForecastOptions } from './forecast-use.ts';
import { type Steps, takeSteps } from '../steps.ts';
import { quantilesOver } from './paths.ts';

export interface RunOutQuestion {
  /** What is left now. */
  readonly remaining: number;
  /** Parts of it that expire, earliest first: at which step, with parts of one. They are used first. @default none */
  readonly expiring?: readonly { readonly step: number; readonly amount: number }[];
  /** Use by step, oldest first, without the one that runs; undefined is unknown. */
  readonly history: readonly (number | undefined)[];
}

export interface RunOutOptions extends ForecastOptions {
  /** Steps that are looked ahead. @default 365 */
  readonly horizon?: number;
  /** Share of the first step that is over, if it runs. @default 0 */
  readonly passedOfFirstStep?: number;
}

/** Steps from the beginning of the first to be forecast, with parts of a step; undefined is later than the horizon. */
export interface RunOutSteps {
  readonly low: number | undefined;
  readonly mid: number | undefined;
  readonly high: number | undefined;
}

export type RunOut =
  | { readonly status: 'runs_out'; readonly steps: RunOutSteps; readonly n: number }
  /** Even the most likely use does not reach it within the horizon; `low` may. */
  | { readonly status: 'not_within_horizon'; readonly steps: RunOutSteps; readonly n: number; readonly horizon: number }
  | { readonly status: 'used_up' }
  | { readonly status: 'not_enough_history'; readonly n: number; readonly needed: number };

const HORIZON = 365;

/**
 * When cumulated use passes what remains, over paths that use may take: the early bound, the middle and the late bound of the moments at which
 * they do. Paths that never do count as later than all.
 */
export function forecastRunOut(question: RunOutQuestion, options: RunOutOptions = {}): RunOut {
  return takeSteps(runOutForecasting(question, options));
}

/** The same in steps of about a millisecond, for those who have other things to do in between. */
export function* runOutForecasting(question: RunOutQuestion, options: RunOutOptions = {}): Steps<RunOut> {
  const { remaining, history, expiring = [] } = question;
  if (remaining <= 0) return { status: 'used_up' };
  const { horizon = HORIZON, coverage = 0.9 } = options;
  const drawn = yield* drawForecast(history, { ...options, horizon });
  if (drawn.status !== 'ok') return drawn;
  const tail = (1 - coverage) / 2;
  const moments = quantilesOver(drawn.paths, (path) => passing(path, { remaining, expiring }, options), [
    tail,
    0.5,
    1 - tail,
  ]).map((moment) => (moment < horizon ? moment : undefined));
  const [low, mid, high] = moments;
  const steps = { low, mid, high };
  return mid === undefined
    ? { status: 'not_within_horizon', steps, n: drawn.n, horizon }
    : { status: 'runs_out', steps, n: drawn.n };
}

type Lots = Required<Pick<RunOutQuestion, 'remaining' | 'expiring'>>;

/** Where in the path the amount is used up or gone, use being even within a step; beyond its end if nowhere. */
function passing(
  path: Float64Array,
  { remaining, expiring }: Lots,
  { usedInFirstStep = 0, passedOfFirstStep = 0 }: RunOutOptions,
): number {
  let left = remaining;
  let used = 0;
  /** Of what expires until now, what was used in time or is gone. */
  let due = 0;
  let gone = 0;
  let next = 0;
  for (let step = 0; step < path.length; step++) {
    let from = step === 0 ? passedOfFirstStep : 0;
    let use = Math.max(0, (path[step] ?? 0) - (step === 0 ? usedInFirstStep : 0));
    for (let lot = expiring[next]; ; lot = expiring[++next]) {
      const until = lot !== undefined && lot.step < step + 1 ? Math.max(from, lot.step - step) : 1;
      const part = from < 1 ? (use * (until - from)) / (1 - from) : 0;
      if (part > 0 && part >= left) return step + from + ((until - from) * left) / part;
      left -= part;
      used += part;
      use -= part;
      from = until;
      if (lot === undefined || lot.step >= step + 1) break;
      due += lot.amount;
      const expired = Math.max(0, due - used - gone);
      gone += expired;
      left -= expired;
      if (left <= 0) return Math.max(lot.step, 0);
    }
  }
  return path.length + 1;
}
