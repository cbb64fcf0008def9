// In: what holds for a session, and what one is expected to cost. Out: at which whole amounts which level begins, computed once, so that a check
// before each call is a few comparisons of integers.

import type { SpendAmount } from '../amount.ts';
import { type ExpectedCost, isEnforceable } from '../expected/expected-cost.ts';
import type { Limits, PolicyScope } from '../policy/policy.ts';
import type { Resolved, ResolvedLimits, ResolvedPolicy } from '../policy/resolve-policy.ts';
import { BudgetAction, isAtLeast, Level } from './level.ts';

/** Which field of a policy a limit is. */
export type LimitName = `${'shares' | 'usd' | 'tokens'}.${keyof Limits}` | 'pauseShare';

/** An amount at which something begins. */
export interface Threshold {
  readonly name: LimitName;
  /** Undefined where it is the pause, which is no level. */
  readonly level: Exclude<Level, 'ok'> | undefined;
  readonly unit: 'nanoUsd' | 'tokens';
  /** Whole; it is reached by this amount, and not by one less. Shares are rounded up. */
  readonly amount: number;
  /** As the policy has it: a share, US dollars, tokens. */
  readonly value: number;
  readonly from: PolicyScope | 'default';
  /** False of a stop at a share of what too few sessions tell: its level is told, and nothing is stopped by it. */
  readonly isEnforced: boolean;
}

/** Where each level begins in one unit: the least of all thresholds; Infinity where there is none. */
export interface LevelAmounts {
  readonly warning: number;
  readonly critical: number;
  readonly stop: number;
}

/** All amounts that matter to a session, or to a part of one. */
export interface Thresholds {
  readonly scope: PolicyScope;
  readonly list: readonly Threshold[];
  readonly nanoUsd: LevelAmounts;
  readonly tokens: LevelAmounts;
  readonly pauseNanoUsd: number;
  /** From where on something is stopped; at `nanoUsd.stop`, unless that is not enforced. */
  readonly enforcedStopNanoUsd: number;
  /** The level from which on calls are made cheaper; undefined where the policy does not say how. */
  readonly degradeAt: 'warning' | 'critical' | undefined;
}

/**
 * The thresholds of a resolved policy. Shares are of the expected cost, and there are none where nobody knows it: then only absolute limits
 * hold. A part of a session has shares of what its own policy expects of it, or else of what the session is expected to cost. By an
 * expectation that is made of fewer than three sessions, and that nobody declared, nothing is stopped or paused.
 */
export function thresholdsOf(policy: ResolvedPolicy, expected: ExpectedCost): Thresholds {
  const { nanoUsd: expectedNanoUsd, isEnforceable: isEnforced } = expectationFor(policy, expected);
  const shares =
    expectedNanoUsd === undefined
      ? []
      : amountsOf('shares', 'nanoUsd', policy.shares, (share) => shareOf(share, expectedNanoUsd)).map(
          (threshold): Threshold => (threshold.level === Level.STOP ? { ...threshold, isEnforced } : threshold),
        );
  const pause = expectedNanoUsd === undefined || !isEnforced ? [] : pauseOf(policy.pauseShare, expectedNanoUsd);
  const list = [
    ...shares,
    ...amountsOf('usd', 'nanoUsd', policy.usd, nanoUsdOf),
    ...amountsOf('tokens', 'tokens', policy.tokens, (tokens) => tokens),
    ...pause,
  ];
  const { models, outputTokensMax, agentsMax, at } = policy.degrade;
  const canDegrade = models.size > 0 || outputTokensMax !== undefined || agentsMax !== undefined;
  return {
    scope: policy.scope,
    list,
    nanoUsd: leastOf(list, 'nanoUsd'),
    tokens: leastOf(list, 'tokens'),
    pauseNanoUsd: pause[0]?.amount ?? Infinity,
    enforcedStopNanoUsd: leastOf(
      list.filter((threshold) => threshold.isEnforced),
      'nanoUsd',
    ).stop,
    degradeAt: canDegrade ? at.value : undefined,
  };
}

/** The level of a session that has spent so much. What is no number counts as too much. */
export function levelAt({ nanoUsd, tokens }: Thresholds, spentNanoUsd: number, spentTokens: number): Level {
  if (!(spentNanoUsd < nanoUsd.stop && spentTokens < tokens.stop)) return Level.STOP;
  if (spentNanoUsd >= nanoUsd.critical || spentTokens >= tokens.critical) return Level.CRITICAL;
  return spentNanoUsd >= nanoUsd.warning || spentTokens >= tokens.warning ? Level.WARNING : Level.OK;
}

/** What is to be done at a level, after so much was spent. */
export function actionAt(thresholds: Thresholds, level: Level, spent: SpendAmount): BudgetAction {
  const isWithin = spent.nanoUsd < thresholds.enforcedStopNanoUsd && spent.tokens < thresholds.tokens.stop;
  if (level === Level.STOP && !isWithin) return BudgetAction.STOP;
  if (spent.nanoUsd >= thresholds.pauseNanoUsd) return BudgetAction.PAUSE;
  if (level === Level.OK) return BudgetAction.NONE;
  const { degradeAt } = thresholds;
  return degradeAt !== undefined && isAtLeast(level, degradeAt) ? BudgetAction.DEGRADE : BudgetAction.NOTIFY;
}

/** What a session may spend, with the limits that say so: for {@link Reservations}. */
export interface StopLimits {
  readonly nanoUsd: Threshold | undefined;
  readonly tokens: Threshold | undefined;
}

/** The lowest stop of each unit that is enforced; undefined where there is none. */
export function stopLimits({ list }: Thresholds): StopLimits {
  const lowest = (unit: Threshold['unit']): Threshold | undefined =>
    list
      .filter((threshold) => threshold.unit === unit && threshold.level === Level.STOP && threshold.isEnforced)
      .toSorted((a, b) => a.amount - b.amount)[0];
  return { nanoUsd: lowest('nanoUsd'), tokens: lowest('tokens') };
}

/** Whole nano-USD of an amount that a person wrote: 0.1 + 0.2 is 300,000,000. */
export function nanoUsdOf(usd: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(usd * 1e9));
}

function expectationFor(
  { scope, expectedUsd }: ResolvedPolicy,
  expected: ExpectedCost,
): { readonly nanoUsd: number | undefined; readonly isEnforceable: boolean } {
  const isPart = scope.agent !== undefined || scope.model !== undefined;
  return isPart && expectedUsd !== undefined
    ? { nanoUsd: nanoUsdOf(expectedUsd.value), isEnforceable: true }
    : { nanoUsd: expected.nanoUsd, isEnforceable: isEnforceable(expected) };
}

function amountsOf(
  name: 'shares' | 'usd' | 'tokens',
  unit: Threshold['unit'],
  limits: ResolvedLimits,
  amountOf: (value: number) => number,
): readonly Threshold[] {
  return ([Level.WARNING, Level.CRITICAL, Level.STOP] as const).flatMap((level) => {
    const limit = limits[level];
    if (limit === undefined) return [];
    const { value, from } = limit;
    return [{ name: `${name}.${level}` as const, level, unit, amount: amountOf(value), value, from, isEnforced: true }];
  });
}

function pauseOf(pauseShare: Resolved<number> | undefined, expectedNanoUsd: number): readonly Threshold[] {
  if (pauseShare === undefined) return [];
  const { value, from } = pauseShare;
  const amount = shareOf(value, expectedNanoUsd);
  return [{ name: 'pauseShare', level: undefined, unit: 'nanoUsd', amount, value, from, isEnforced: true }];
}

function leastOf(list: readonly Threshold[], unit: Threshold['unit']): LevelAmounts {
  const least = (level: Level): number =>
    list
      .filter((threshold) => threshold.unit === unit && threshold.level === level)
      .reduce((lowest, { amount }) => Math.min(lowest, amount), Infinity);
  return { warning: least(Level.WARNING), critical: least(Level.CRITICAL), stop: least(Level.STOP) };
}

// '0.75', '1e-7': the shortest decimal of a number, which is what somebody wrote.
const DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/**
 * The first whole amount that is at least this share, without the noise of floating point: three quarters of 4 are 3, and 0.9 of 10
 * are 9, where 0.9 × 10 in doubles may be a digit above.
 */
function shareOf(share: number, amount: number): number {
  const [, whole = '0', decimals = '', exponent = '0'] = DECIMAL.exec(String(share)) ?? [];
  const places = decimals.length - Number(exponent);
  const digits = BigInt(whole + decimals) * BigInt(amount) * 10n ** BigInt(Math.max(0, -places));
  const unit = 10n ** BigInt(Math.max(0, places));
  return Math.min(Number.MAX_SAFE_INTEGER, Number((digits + unit - 1n) / unit));
}
