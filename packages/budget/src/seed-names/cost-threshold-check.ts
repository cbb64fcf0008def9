// What `checkWorkflowCostThresholds` gives, in the process and as `POST /api/v1/cost/check`: one shape, made in one place.

import type { Evaluation } from '../evaluate/evaluate.ts';
import type { BudgetAction, BudgetStatus, Level } from '../evaluate/level.ts';
import type { Recommendation, RecommendationCode } from '../evaluate/recommendations.ts';
import type { LimitName } from '../evaluate/thresholds.ts';
import type { Confidence, ExpectationSource } from '../expected/expected-cost.ts';
import type { PolicyScope } from '../policy/policy.ts';

/** US dollars; null where nothing is known. */
type Usd = number | null;

/** The limit that decided, or where none is reached the nearest one. */
export interface BindingLimitAnalysis {
  readonly limit: LimitName;
  /** As the policy has it: a share of the expected cost, US dollars, tokens. */
  readonly value: number;
  /** In percent; 100 where it is reached. */
  readonly percent_used: number;
  /** The scope of the policy that gives it. */
  readonly from: PolicyScope | 'default';
}

/** Why the status is what it is. */
export interface ThresholdAnalysis {
  readonly level: Level;
  /** Of a whole session. */
  readonly expected_cost: Usd;
  readonly current_cost: number;
  readonly current_tokens: number;
  readonly percent_of_expected: number | null;
  /** Of the session at its end; null where too little is known. */
  readonly projected_cost: { readonly low: number; readonly mid: number; readonly high: number } | null;
  readonly projected_level: Level | null;
  /** By the sessions behind the expectation. */
  readonly confidence: Confidence;
  /** Finished sessions behind the expectation. */
  readonly sessions: number;
  readonly expected_from: ExpectationSource;
  readonly binding_limit: BindingLimitAnalysis | null;
  /** What a guard does. */
  readonly action: BudgetAction;
  /** Nothing would ever stop the session. */
  readonly is_unlimited: boolean;
  /** In the order of the recommendations. */
  readonly recommendation_codes: readonly RecommendationCode[];
}

/** Whether a session is within what it may cost. */
export interface CostThresholdCheck {
  readonly status: BudgetStatus;
  /** Sentences, most pressing first. */
  readonly recommendations: readonly string[];
  readonly threshold_analysis: ThresholdAnalysis;
}

/** Writes an evaluation, and what is recommended for it, in the words of the cost check. */
export function costThresholdCheck(evaluation: Evaluation, found: readonly Recommendation[]): CostThresholdCheck {
  const { status, level, action, expected, fraction, projected, projectedLevel, isUnlimited, spend } = evaluation;
  return {
    status,
    recommendations: found.map(({ text }) => text),
    threshold_analysis: {
      level,
      expected_cost: expected.nanoUsd === undefined ? null : usd(expected.nanoUsd),
      current_cost: usd(spend.nanoUsd),
      current_tokens: spend.tokens,
      percent_of_expected: fraction === undefined ? null : fraction * 100,
      projected_cost:
        projected === undefined
          ? null
          : { low: usd(projected.lowNanoUsd), mid: usd(projected.midNanoUsd), high: usd(projected.highNanoUsd) },
      projected_level: projectedLevel ?? null,
      confidence: expected.confidence,
      sessions: expected.n,
      expected_from: expected.source,
      binding_limit: bindingLimitAnalysis(evaluation),
      action,
      is_unlimited: isUnlimited,
      recommendation_codes: found.map(({ code }) => code),
    },
  };
}

function bindingLimitAnalysis({ bindingLimit }: Evaluation): BindingLimitAnalysis | null {
  if (bindingLimit === undefined) return null;
  const { name, value, used, from } = bindingLimit;
  return { limit: name, value, percent_used: used * 100, from };
}

function usd(nanoUsd: number): number {
  return nanoUsd / 1e9;
}
