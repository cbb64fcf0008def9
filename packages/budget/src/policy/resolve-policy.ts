// In: the policies of a tenant and those for all, and where a session or a part of it is. Out: what holds there, each number with where it
// came from. Nothing is refused here: policies were checked when they were written, and what contradicts is settled by the lower amount.

import { POLICY_DEFAULTS } from './defaults.ts';
import { type Limits, OnUnavailable, OnUnpriced, type Policy, type PolicyRule, type PolicyScope } from './policy.ts';
import { holdsFor, isOfSameKind, specificityOf } from './scope.ts';

/** A value that holds, and whose it is. */
export interface Resolved<T> {
  readonly value: T;
  /** The scope of the policy that says so. */
  readonly from: PolicyScope | 'default';
  /** Where the policy's own value lies above another limit that is reached first: that limit, whose value it is now. */
  readonly loweredBy?: string | undefined;
  /** What the policy says itself, where it was lowered. */
  readonly written?: T | undefined;
}

/** Limits of one unit; what nobody gave is undefined. */
export interface ResolvedLimits {
  readonly warning: Resolved<number> | undefined;
  readonly critical: Resolved<number> | undefined;
  readonly stop: Resolved<number> | undefined;
}

/** How calls are made cheaper, once `at` is reached. */
export interface ResolvedDegrade {
  readonly at: Resolved<'warning' | 'critical'>;
  /** Model that is asked for → model that is asked instead; each entry is a field of its own. */
  readonly models: ReadonlyMap<string, Resolved<string>>;
  readonly outputTokensMax: Resolved<number> | undefined;
  readonly agentsMax: Resolved<number> | undefined;
}

/** What holds for a session, or for a part of one. */
export interface ResolvedPolicy {
  /** What it was resolved for. */
  readonly scope: PolicyScope;
  readonly shares: ResolvedLimits;
  readonly usd: ResolvedLimits;
  readonly tokens: ResolvedLimits;
  readonly expectedUsd: Resolved<number> | undefined;
  readonly degrade: ResolvedDegrade;
  readonly pauseShare: Resolved<number> | undefined;
  readonly onUnavailable: Resolved<OnUnavailable>;
  readonly onUnpriced: Resolved<OnUnpriced>;
}

/**
 * What holds for a session of a tenant's workflow, or for one agent's or model's part of it.
 *
 * Each field is the narrowest policy's that gives it; `specificityOf` is the order. Where two policies have the same scope, the stricter
 * value holds. A warning or critical amount above the stop that holds comes down to it, so that no merging ever makes a session stop later
 * than its stop says.
 *
 * With `agent` or `model` in the place, only policies that name the same of the two give amounts, and nothing is added by default: the
 * session's own amounts bound the part already. What is to be done (`degrade`, `onUnavailable`, `onUnpriced`) comes from all.
 */
export function resolvePolicy(rules: readonly PolicyRule[], place: PolicyScope): ResolvedPolicy {
  const holding = rules.filter(({ scope }) => holdsFor(scope, place));
  const bounding = holding.filter(({ scope }) => isOfSameKind(scope, place));
  const isPart = place.agent !== undefined || place.model !== undefined;
  const limitsOf = (unit: 'shares' | 'usd' | 'tokens', defaults: Limits = {}): ResolvedLimits =>
    settle(unit, (level) => {
      const fallback = defaults[level];
      const written = narrowest(bounding, (policy) => policy[unit]?.[level], isLower);
      return written ?? (fallback === undefined ? undefined : byDefault(fallback));
    });
  const shares = limitsOf('shares', isPart ? {} : POLICY_DEFAULTS.shares);
  const pauseShare = narrowest(bounding, (policy) => policy.pauseShare, isLower);
  return {
    scope: place,
    shares,
    usd: limitsOf('usd'),
    tokens: limitsOf('tokens'),
    expectedUsd: narrowest(bounding, (policy) => policy.expectedUsd, isLower),
    degrade: resolveDegrade(holding),
    pauseShare: lowerTo(pauseShare, shares.stop, 'shares.stop'),
    onUnavailable:
      narrowest(holding, (policy) => policy.onUnavailable, isIn(STRICTEST_UNAVAILABLE)) ??
      byDefault<OnUnavailable>(POLICY_DEFAULTS.onUnavailable),
    onUnpriced:
      narrowest(holding, (policy) => policy.onUnpriced, isIn(STRICTEST_UNPRICED)) ??
      byDefault<OnUnpriced>(POLICY_DEFAULTS.onUnpriced),
  };
}

const STRICTEST_UNAVAILABLE = [OnUnavailable.DENY, OnUnavailable.LAST_KNOWN, OnUnavailable.ALLOW];
const STRICTEST_UNPRICED = [OnUnpriced.REFUSE, OnUnpriced.DEAREST, OnUnpriced.WARN];

function resolveDegrade(holding: readonly PolicyRule[]): ResolvedDegrade {
  const asked = new Set(holding.flatMap(({ policy }) => Object.keys(policy.degrade?.models ?? {})));
  const models = [...asked].toSorted().flatMap((model) => {
    // An own field only: a model called "constructor" has no other instead.
    const instead = narrowest(holding, ({ degrade }) => ownField(degrade?.models, model), isLower);
    return instead === undefined ? [] : [[model, instead] as const];
  });
  return {
    at:
      narrowest(holding, ({ degrade }) => degrade?.at, isIn(['warning', 'critical'])) ??
      byDefault<'warning' | 'critical'>(POLICY_DEFAULTS.degradeAt),
    models: new Map(models),
    outputTokensMax: narrowest(holding, ({ degrade }) => degrade?.outputTokensMax, isLower),
    agentsMax: narrowest(holding, ({ degrade }) => degrade?.agentsMax, isLower),
  };
}

function ownField(models: Readonly<Record<string, string>> | undefined, model: string): string | undefined {
  return models !== undefined && Object.hasOwn(models, model) ? models[model] : undefined;
}

/** The value of the narrowest policy that gives one; of two with the same scope the stricter, whichever comes first. */
function narrowest<T>(
  rules: readonly PolicyRule[],
  read: (policy: Policy) => T | undefined,
  isStricter: (value: T, than: T) => boolean,
): Resolved<T> | undefined {
  let found: { readonly rank: number; readonly resolved: Resolved<T> } | undefined;
  for (const { scope, policy } of rules) {
    const value = read(policy);
    if (value === undefined) continue;
    const rank = specificityOf(scope);
    const wins =
      found === undefined || rank > found.rank || (rank === found.rank && isStricter(value, found.resolved.value));
    if (wins) found = { rank, resolved: { value, from: scope } };
  }
  return found?.resolved;
}

function isLower<T extends number | string>(value: T, than: T): boolean {
  return value < than;
}

function isIn<T>(strictestFirst: readonly T[]): (value: T, than: T) => boolean {
  return (value, than) => strictestFirst.indexOf(value) < strictestFirst.indexOf(than);
}

function byDefault<T>(value: T): Resolved<T> {
  return { value, from: 'default' };
}

/** From the stop downward: none is above the next one. */
function settle(unit: string, resolve: (level: keyof Limits) => Resolved<number> | undefined): ResolvedLimits {
  const stop = resolve('stop');
  const critical = lowerTo(resolve('critical'), stop, `${unit}.stop`);
  const isCriticalNext = critical !== undefined;
  const warning = lowerTo(resolve('warning'), critical ?? stop, isCriticalNext ? `${unit}.critical` : `${unit}.stop`);
  return { warning, critical, stop };
}

function lowerTo(
  amount: Resolved<number> | undefined,
  limit: Resolved<number> | undefined,
  limitName: string,
): Resolved<number> | undefined {
  if (amount === undefined || limit === undefined || amount.value <= limit.value) return amount;
  return { value: limit.value, from: amount.from, loweredBy: limit.loweredBy ?? limitName, written: amount.value };
}
