// Which finished sessions a running one is like, and how much.

import type { RunningSession, SessionTraits } from './finished-session.ts';
import type { SessionHistory } from './session-history.ts';

/** The sessions that count for a projection, as parallel lists. */
export interface Comparable {
  /** Logarithm of what each had cost at the same point. */
  readonly spent: Float64Array;
  /** Logarithm of what each cost in the end. */
  readonly end: Float64Array;
  readonly weights: Float64Array;
  /** Weight of a session that is like the running one in everything. */
  readonly unseen: number;
  /** As many equal sessions would tell as much: (Σw)² / Σw² (L. Kish, "Survey Sampling", 1965). */
  readonly effective: number;
}

/** Sessions that are looked at; of more, those that ended last. Older ones weigh next to nothing. */
export const HISTORY_SESSIONS_MAX = 1000;
/** Of those that came as far so many are weighed, the latest: the next would count a sixteenth at most. */
const COMPARED_MAX = 400;
/** A session that ended so many sessions ago counts half. */
const HALF_LIFE_SESSIONS = 100;
/** Logarithm of a ratio of spendings at which likeness is down to 0.6: twice as much, or half. */
const SPENDING_BANDWIDTH = 0.7;
/** The same of the sizes of first prompts. */
const PROMPT_BANDWIDTH = 0.5;
/** Sessions of another version, or begun by another agent, count a tenth: many of them stand in until there are some. */
const OTHER_TRAIT_WEIGHT = 0.1;
/** However unlike in size, a session is one of the workflow. */
const LEAST_LIKENESS = 0.02;
/** Where fewer than this would be left to decide, likeness is taken less seriously. */
const EFFECTIVE_WANTED = 25;
/** Powers that weights are raised to until enough sessions decide; with 0 all count the same. */
const TEMPERS: readonly number[] = [1, 0.5, 0.25, 0.1, 0];

/**
 * Of the first `known` sessions of a history those that came as far, weighted by recency (exponentially, as in R. F. Barber, E. Candès,
 * A. Ramdas, R. Tibshirani, "Conformal Prediction Beyond Exchangeability", Annals of Statistics 51, 2023) and by likeness (a kernel on
 * spending and traits, as in L. Guan, "Localized Conformal Prediction", Biometrika 110, 2023).
 */
export function comparableTo(history: SessionHistory, known: number, running: RunningSession): Comparable {
  const { sessions, logCosts, floorNanoUsd } = history;
  const { turns, costNanoUsd } = running;
  const here = Math.log(Math.max(costNanoUsd, floorNanoUsd));
  const beginning = Math.log(floorNanoUsd);
  const first = Math.max(0, known - HISTORY_SESSIONS_MAX);
  const spent = new Float64Array(COMPARED_MAX);
  const end = new Float64Array(COMPARED_MAX);
  const likeness = new Float64Array(COMPARED_MAX);
  let n = 0;
  for (let place = known - 1; place >= first && n < COMPARED_MAX; place--) {
    const logs = logCosts[place] ?? NO_COSTS;
    const log = turns === 0 ? beginning : turns === undefined ? nearestTo(here, logs) : spentBy(turns, logs);
    if (log === undefined) continue;
    const recency = RECENCY[known - 1 - place] ?? 0;
    spent[n] = log;
    end[n] = logs[logs.length - 1] ?? 0;
    likeness[n] = recency * kernel(log - here, SPENDING_BANDWIDTH) * likenessOf(running, sessions[place] ?? running);
    n++;
  }
  return { spent: spent.subarray(0, n), end: end.subarray(0, n), ...temper(likeness.subarray(0, n)) };
}

const NO_COSTS = new Float64Array();
/** By how many sessions ended since. */
const RECENCY = Float64Array.from({ length: HISTORY_SESSIONS_MAX }, (_, age) => 0.5 ** (age / HALF_LIFE_SESSIONS));

/** What a session had spent after so many turns; undefined where it was over before. */
function spentBy(turns: number, logs: Float64Array): number | undefined {
  // The last is the end cost, which is no turn's.
  return turns < logs.length ? logs[turns - 1] : undefined;
}

/** How far above its end cost a session is still laid beside one, in logarithms. */
const BEYOND_END_MAX = 0.2;

/**
 * What a session had spent at the end of the turn at which it was nearest to an amount: where only the spending of the running one is
 * known, which is seen when something ends too. Undefined where it was over before, by more than half of its last step.
 */
function nearestTo(here: number, logs: Float64Array): number | undefined {
  const last = logs.length - 2;
  const end = logs[last + 1] ?? 0;
  if (here >= end) {
    const step = last < 1 ? Infinity : end - (logs[last - 1] ?? 0);
    return here - end <= Math.min(BEYOND_END_MAX, step / 2) ? end : undefined;
  }
  let low = 0;
  let high = last + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((logs[middle] ?? 0) < here) low = middle + 1;
    else high = middle;
  }
  const above = logs[low] ?? end;
  const below = logs[low - 1];
  // Every session has once spent less than its first turn took: what is seen within a turn says nothing of its size.
  if (below === undefined) return here;
  return here - below < above - here ? below : above;
}

/** What either does not tell is no difference. */
function likenessOf(running: SessionTraits, session: SessionTraits): number {
  let likeness = 1;
  if (isOther(running.version, session.version)) likeness *= OTHER_TRAIT_WEIGHT;
  if (isOther(running.entryAgent, session.entryAgent)) likeness *= OTHER_TRAIT_WEIGHT;
  const ratio = promptRatio(running.firstPromptTokens, session.firstPromptTokens);
  return ratio === undefined ? likeness : likeness * kernel(ratio, PROMPT_BANDWIDTH);
}

function isOther(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** Logarithm of how much larger the first prompt of one is; undefined where either is unknown. */
export function promptRatio(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined || one <= 0 || other <= 0) return undefined;
  return Math.log(one / other);
}

function kernel(distance: number, bandwidth: number): number {
  const widths = distance / bandwidth;
  return Math.exp(-0.5 * widths * widths) + LEAST_LIKENESS;
}

/** Raises weights to the highest power with which enough sessions decide. */
function temper(likeness: Float64Array): Pick<Comparable, 'weights' | 'unseen' | 'effective'> {
  const wanted = Math.min(likeness.length, EFFECTIVE_WANTED);
  for (const power of TEMPERS) {
    const weights = power === 1 ? likeness : likeness.map((weight) => weight ** power);
    const effective = effectiveOf(weights);
    if (effective < wanted * (1 - 1e-9) && power > 0) continue;
    let most = 0;
    for (const weight of weights) if (weight > most) most = weight;
    return { weights, unseen: Math.max(most, 1), effective };
  }
  return { weights: likeness, unseen: 1, effective: 0 };
}

function effectiveOf(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
