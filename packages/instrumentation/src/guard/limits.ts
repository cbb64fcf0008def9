import {
  expectedCost,
  resolvePolicy,
  thresholdsOf,
  type CostBaseline,
  type OnUnavailable,
  type OnUnpriced,
  type PolicyRule,
  type PolicyScope,
  type ResolvedPolicy,
  type Threshold,
} from '@turnmeter/budget';
import type { BudgetLevel } from '@turnmeter/semconv';
import { TOLD_TENANT } from './sync/read-answer.ts';

/** What bounds an account, in the guard's own units. */
export interface AccountLimits {
  /** Where levels begin. */
  readonly thresholds: readonly Threshold[];
  readonly expectedNanoUsd: number | undefined;
  readonly pauseNanoUsd: number;
  readonly degradeAt: 'warning' | 'critical';
  /** Whether anybody has said how calls are made cheaper. */
  readonly mayDegrade: boolean;
  readonly degradeModels: ReadonlyMap<string, string>;
  readonly degradeOutputTokensMax: number | undefined;
  readonly agentsMax: number | undefined;
  readonly onUnpriced: OnUnpriced;
  readonly onUnavailable: OnUnavailable;
}

/** Whose limits, and of which policies. */
export interface LimitsInput {
  readonly place: PolicyScope;
  /** Of the workflow. */
  readonly version?: string | undefined;
  /** This process's own. */
  readonly own: readonly PolicyRule[];
  /** The aggregator's. */
  readonly told?: readonly PolicyRule[] | undefined;
  readonly baselines?: readonly CostBaseline[] | undefined;
}

/** Levels from the lowest. */
export const LEVEL_RANK: Readonly<Record<BudgetLevel, number>> = { ok: 0, warning: 1, critical: 2, stop: 3 };

/**
 * What this process's own policy and the aggregator's bound together. Each limit of either holds, so that the aggregator can make a
 * session stop earlier and never later; only defaults of the one give way to what the other one says.
 */
export function limitsOf({
  place,
  version,
  own: ownRules,
  told: toldRules = [],
  baselines,
}: LimitsInput): AccountLimits {
  const own = resolvePolicy(ownRules, place);
  const told = toldRules.length === 0 ? undefined : resolvePolicy(toldRules, { ...place, tenant: TOLD_TENANT });
  const declaredUsd = own.expectedUsd?.value ?? told?.expectedUsd?.value;
  const expected = expectedCost({ workflow: place.workflow, version, baselines, declaredUsd });
  const ofOwn = thresholdsOf(own, expected);
  const ofTold = told === undefined ? undefined : thresholdsOf(told, expected);
  const thresholds = [
    ...ofOwn.list.filter((threshold) => !givesWay(threshold, ofTold?.list)),
    ...(ofTold?.list.filter((threshold) => !givesWay(threshold, ofOwn.list)) ?? []),
  ];
  return {
    // A stop that is not enforced stops nothing; warnings below it are told as ever.
    thresholds: thresholds.filter(({ level, isEnforced }) => level !== undefined && isEnforced),
    expectedNanoUsd: expected.nanoUsd,
    pauseNanoUsd: Math.min(ofOwn.pauseNanoUsd, ofTold?.pauseNanoUsd ?? Infinity),
    onUnpriced: stricter(own, told, ({ onUnpriced }) => onUnpriced),
    onUnavailable: stricter(own, told, ({ onUnavailable }) => onUnavailable),
    ...degradeOf(own, told),
  };
}

/** A default where the other policy says something. */
function givesWay({ from, name }: Threshold, others: readonly Threshold[] | undefined): boolean {
  return from === 'default' && others?.some((other) => other.name === name && other.from !== 'default') === true;
}

function stricter<T>(
  own: ResolvedPolicy,
  told: ResolvedPolicy | undefined,
  read: (policy: ResolvedPolicy) => { readonly value: T; readonly from: unknown },
): T {
  const { value, from } = read(own);
  return from === 'default' && told !== undefined ? read(told).value : value;
}

function degradeOf(
  own: ResolvedPolicy,
  told: ResolvedPolicy | undefined,
): Pick<AccountLimits, 'degradeAt' | 'mayDegrade' | 'degradeModels' | 'degradeOutputTokensMax' | 'agentsMax'> {
  const { degrade } = own;
  const degradeModels = new Map(
    [...(told?.degrade.models ?? []), ...degrade.models].map(([model, instead]) => [model, instead.value]),
  );
  const degradeOutputTokensMax = lowest(degrade.outputTokensMax?.value, told?.degrade.outputTokensMax?.value);
  const isSaid = degrade.at.from !== 'default' || (told !== undefined && told.degrade.at.from !== 'default');
  return {
    degradeAt: stricter(own, told, ({ degrade: { at } }) => at),
    mayDegrade: isSaid || degradeModels.size > 0 || degradeOutputTokensMax !== undefined,
    degradeModels,
    degradeOutputTokensMax,
    agentsMax: lowest(degrade.agentsMax?.value, told?.degrade.agentsMax?.value),
  };
}

function lowest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
