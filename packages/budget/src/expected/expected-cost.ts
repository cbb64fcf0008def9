// In: what finished sessions of a workflow cost, by version and in all, and what its owner says it costs. Out: what a session of it is
// expected to cost, and how far that can be trusted. Refused: nothing; figures that are none (a service may lie) count as missing.

import type { CostBaseline } from './baseline.ts';

/** How much an expectation can be trusted, by the number of sessions behind it. */
export const Confidence = { NONE: 'none', LOW: 'low', FAIR: 'fair', GOOD: 'good' } as const;
export type Confidence = (typeof Confidence)[keyof typeof Confidence];

/** What an expectation was made of. */
export const ExpectationSource = {
  /** Sessions of this version of the workflow. */
  VERSION: 'version',
  /** Too few sessions of this version, mixed with those of all versions, or all of these because there are none. */
  WORKFLOW: 'workflow',
  /** Too few sessions, mixed with what the policy says. */
  SESSIONS_AND_DECLARED: 'sessions_and_declared',
  /** What the policy says; no session has ended. */
  DECLARED: 'declared',
  /** Nobody knows. */
  NONE: 'none',
} as const;
export type ExpectationSource = (typeof ExpectationSource)[keyof typeof ExpectationSource];

/** What a session is expected to cost. */
export interface ExpectedCost {
  /** Whole and above zero; undefined where nobody knows: of nothing there are no shares. */
  readonly nanoUsd: number | undefined;
  /** Finished sessions behind it. */
  readonly n: number;
  readonly confidence: Confidence;
  readonly source: ExpectationSource;
}

/** Whose session, and what is known. */
export interface ExpectationInput {
  readonly workflow?: string | undefined;
  /** Of the workflow. */
  readonly version?: string | undefined;
  /** Of any workflows; those of others are passed over. */
  readonly baselines?: readonly CostBaseline[] | undefined;
  /** What the policy says that a session costs. */
  readonly declaredUsd?: number | undefined;
}

/** Nobody knows what a session costs. */
export const NO_EXPECTATION: ExpectedCost = {
  nanoUsd: undefined,
  n: 0,
  confidence: Confidence.NONE,
  source: ExpectationSource.NONE,
};

/** From so many sessions on, they alone decide. */
const SESSIONS_FULL = 10;
// The words and bounds by which the service judges comparisons.
const FAIR_FROM = 5;
const GOOD_FROM = 20;

/** How much can be said from so many sessions. */
export function confidenceOf(n: number): Confidence {
  if (n === 0) return Confidence.NONE;
  return n < FAIR_FROM ? Confidence.LOW : n < GOOD_FROM ? Confidence.FAIR : Confidence.GOOD;
}

/**
 * What a session costs by what is known. Each figure counts by the sessions behind it, a tenth for each up to all of it for ten; the rest is
 * the next wider figure's: of the version, of all versions of the workflow, of the policy. Where there is no wider one, what there is counts
 * alone, however few sessions it comes from: `confidence` says so.
 */
export function expectedCost({ workflow, version, baselines = [], declaredUsd }: ExpectationInput): ExpectedCost {
  const ofWorkflow = baselines.filter(isKnown).filter((baseline) => baseline.workflow === workflow);
  const all = ofWorkflow.find((baseline) => baseline.version === undefined);
  const own = version === undefined ? undefined : ofWorkflow.find((baseline) => baseline.version === version);
  const declared = declaredUsd === undefined ? undefined : declaredUsd * NANO;
  const wide = mix(all, declared);
  const expected = mix(own, wide);
  if (expected === undefined) return NO_EXPECTATION;
  const nanoUsd = Math.max(1, Math.round(expected));
  const isOwn = own !== undefined && own.n >= SESSIONS_FULL;
  const n = isOwn ? own.n : Math.max(own?.n ?? 0, all?.n ?? 0);
  return {
    nanoUsd,
    n,
    confidence: confidenceIn(n, version !== undefined && !isOwn),
    source: sourceOf(own, all, declared),
  };
}

const NANO = 1e9;

/** A baseline with a mean of which there are shares. */
type KnownBaseline = CostBaseline & { readonly meanNanoUsd: number };

function isKnown(baseline: CostBaseline): baseline is KnownBaseline {
  const { n, meanNanoUsd } = baseline;
  const isAmount = meanNanoUsd !== undefined && meanNanoUsd > 0 && meanNanoUsd <= Number.MAX_SAFE_INTEGER;
  return Number.isSafeInteger(n) && n > 0 && isAmount;
}

function mix(baseline: KnownBaseline | undefined, wider: number | undefined): number | undefined {
  if (baseline === undefined) return wider;
  if (wider === undefined || baseline.n >= SESSIONS_FULL) return baseline.meanNanoUsd;
  const weight = baseline.n / SESSIONS_FULL;
  return weight * baseline.meanNanoUsd + (1 - weight) * wider;
}

/** Fewer sessions are no reason to stop one: the first may have been a cheap one, and the second would be stopped for being normal. */
export const ENFORCED_SESSIONS_MIN = 3;

/** Whether there is enough behind an expectation to stop or pause sessions by it: some that have ended, or somebody's word. */
export function isEnforceable({ n, source }: Pick<ExpectedCost, 'n' | 'source'>): boolean {
  const isDeclared = source === ExpectationSource.DECLARED || source === ExpectationSource.SESSIONS_AND_DECLARED;
  return isDeclared || n >= ENFORCED_SESSIONS_MIN;
}

/** However many sessions other versions had, a new one may cost something else. */
function confidenceIn(n: number, isOfOtherVersions: boolean): Confidence {
  const confidence = confidenceOf(n);
  return isOfOtherVersions && confidence === Confidence.GOOD ? Confidence.FAIR : confidence;
}

function sourceOf(
  own: KnownBaseline | undefined,
  all: KnownBaseline | undefined,
  declared: number | undefined,
): ExpectationSource {
  if (own !== undefined && own.n >= SESSIONS_FULL) return ExpectationSource.VERSION;
  const isDeclaredMixedIn = declared !== undefined && (all?.n ?? 0) < SESSIONS_FULL;
  if (own === undefined && all === undefined) return ExpectationSource.DECLARED;
  if (isDeclaredMixedIn) return ExpectationSource.SESSIONS_AND_DECLARED;
  return all === undefined ? ExpectationSource.VERSION : ExpectationSource.WORKFLOW;
}
