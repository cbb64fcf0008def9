// In: what holds for a session, what it has spent, what one is expected to cost. Out: how far it has come, which limit says so, and what
// is to be done. Refused: spending that is no amount; it would otherwise be below every limit.

import { refuseNoAmount, type SpendAmount } from '../amount.ts';
import type { ExpectedCost } from '../expected/expected-cost.ts';
import type { ResolvedPolicy } from '../policy/resolve-policy.ts';
import type { PolicyScope } from '../policy/policy.ts';
import { BudgetAction, type BudgetStatus, highestLevel, Level, statusOf, strongestAction } from './level.ts';
import { actionAt, levelAt, type Threshold, type Thresholds, thresholdsOf } from './thresholds.ts';

/** What has been spent. */
export interface Spent extends SpendAmount {
  /** Tokens without a price: there was more spent than `nanoUsd`. */
  readonly unpricedTokens?: number | undefined;
}

/** Between which costs a session will end. */
export interface ProjectedCost {
  readonly lowNanoUsd: number;
  readonly midNanoUsd: number;
  readonly highNanoUsd: number;
}

/** A part of a session with limits of its own: an agent's, a model's, or an agent's with a model. */
export interface EvaluatedPart {
  readonly policy: ResolvedPolicy;
  readonly spend: Spent;
}

/** What is known of a session. */
export interface EvaluationInput {
  readonly policy: ResolvedPolicy;
  readonly spend: Spent;
  readonly expected: ExpectedCost;
  readonly projected?: ProjectedCost | undefined;
  readonly parts?: readonly EvaluatedPart[] | undefined;
}

/** A limit, and how much of it is used. */
export interface BindingLimit extends Threshold {
  /** What has been spent in its unit. */
  readonly spent: number;
  /** 1 where it is reached. */
  readonly used: number;
  /** Whose limit it is: the session, or a part of it. */
  readonly scope: PolicyScope;
}

/** How far a session has come. */
export interface Evaluation {
  readonly status: BudgetStatus;
  readonly level: Level;
  readonly action: BudgetAction;
  /** Spent money as a share of the expected cost; undefined where nobody knows what to expect. */
  readonly fraction: number | undefined;
  /** The limit that decided, or where none is reached the one that is nearest; undefined where there is none. */
  readonly bindingLimit: BindingLimit | undefined;
  /** The level that the session will end at by its projected cost; undefined without one. */
  readonly projectedLevel: Level | undefined;
  /** Whether there is nothing that would ever stop the session. */
  readonly isUnlimited: boolean;
  /** Whether too few sessions tell what to expect for a stop at a share of it: from there on the level is told, and nothing is stopped. */
  readonly isHeldBack: boolean;
  readonly spend: Spent;
  readonly expected: ExpectedCost;
  readonly projected: ProjectedCost | undefined;
}

/**
 * Compares what a session has spent with everything that bounds it. A limit is reached when as much is spent as it says: with the defaults a
 * session is ok below 75 % of the expected cost, warned from there, critical from 90 %, and stopped from 150 %.
 *
 * @throws BudgetError `invalid_amount`
 */
export function evaluate({ policy, spend, expected, projected, parts = [] }: EvaluationInput): Evaluation {
  const measured = [{ policy, spend }, ...parts].map((part) => measure(part, expected));
  const [session] = measured;
  const level = highestLevel(measured.map((part) => part.level));
  const action = strongestAction(measured.map((part) => part.action));
  const { nanoUsd } = spend;
  const stops = (session?.thresholds.list ?? []).filter((threshold) => threshold.level === Level.STOP);
  return {
    status: statusOf(level),
    level,
    action,
    fraction: expected.nanoUsd === undefined ? undefined : nanoUsd / expected.nanoUsd,
    bindingLimit: bindingLimit(measured, level, action),
    projectedLevel:
      projected === undefined || session === undefined
        ? undefined
        : highestLevel([level, levelAt(session.thresholds, Math.max(nanoUsd, projected.midNanoUsd), spend.tokens)]),
    isUnlimited: !stops.some(({ isEnforced }) => isEnforced),
    isHeldBack: measured.some(({ thresholds }) => thresholds.list.some(({ isEnforced }) => !isEnforced)),
    spend,
    expected,
    projected,
  };
}

interface Measured {
  readonly thresholds: Thresholds;
  readonly spend: Spent;
  readonly level: Level;
  readonly action: BudgetAction;
}

function measure({ policy, spend }: EvaluatedPart, expected: ExpectedCost): Measured {
  refuseNoAmount(spend);
  const thresholds = thresholdsOf(policy, expected);
  const level = levelAt(thresholds, spend.nanoUsd, spend.tokens);
  return { thresholds, spend, level, action: actionAt(thresholds, level, spend) };
}

/** The limit of the level that is reached, or of the pause; of several the one that is used the most. */
function bindingLimit(measured: readonly Measured[], level: Level, action: BudgetAction): BindingLimit | undefined {
  const limits = measured.flatMap(({ thresholds, spend }) =>
    thresholds.list.map((threshold) => {
      const spent = spend[threshold.unit];
      return { ...threshold, spent, used: spent / threshold.amount, scope: thresholds.scope };
    }),
  );
  const reached = limits.filter(({ used }) => used >= 1);
  const deciding =
    action === BudgetAction.PAUSE
      ? reached.filter(({ name }) => name === 'pauseShare')
      : reached.filter((limit) => limit.level === level);
  return (deciding.length > 0 ? deciding : limits).toSorted((a, b) => b.used - a.used)[0];
}
