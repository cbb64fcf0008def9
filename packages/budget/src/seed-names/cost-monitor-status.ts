// What `WorkflowCostMonitor.checkCurrentStatus()` gives.

import type { Evaluation } from '../evaluate/evaluate.ts';
import { BudgetAction, type BudgetStatus, type Level } from '../evaluate/level.ts';
import type { Recommendation } from '../evaluate/recommendations.ts';
import { nanoUsdOf } from '../evaluate/thresholds.ts';
import type { PolicyRule } from '../policy/policy.ts';

/** What the code that makes a monitor says itself, in US dollars of one session. */
export interface MonitorThresholds {
  readonly warningThreshold?: number | undefined;
  readonly criticalThreshold?: number | undefined;
}

/** How a session stands, for code that asks before it goes on. */
export interface CostMonitorStatus {
  /** Whether to wait for somebody before the next turn. */
  readonly shouldPause: boolean;
  readonly status: BudgetStatus;
  readonly level: Level;
  /** US dollars. */
  readonly currentCost: number;
  /** US dollars at the end: the median; undefined where too little is known. */
  readonly projectedCost: number | undefined;
  /** Sentences, most pressing first. */
  readonly recommendations: readonly string[];
}

/** The thresholds of a monitor as a policy, as narrow as can be: it holds before those that are written elsewhere, and never lifts a stop. */
export function monitorRule(
  { warningThreshold, criticalThreshold }: MonitorThresholds,
  { tenant, workflow }: { readonly tenant?: string | undefined; readonly workflow: string },
): PolicyRule {
  const usd = { warning: warningThreshold, critical: criticalThreshold };
  return { scope: { tenant, workflow }, policy: { usd } };
}

/**
 * Pauses where the policy pauses or stops, and from the critical threshold of the code on. A critical level of the expected cost alone is no
 * reason: every other normal session comes to it.
 */
export function costMonitorStatus(
  evaluation: Evaluation,
  found: readonly Recommendation[],
  { criticalThreshold }: MonitorThresholds = {},
): CostMonitorStatus {
  const { status, level, action, spend, projected } = evaluation;
  const isCritical = criticalThreshold !== undefined && spend.nanoUsd >= nanoUsdOf(criticalThreshold);
  return {
    shouldPause: isCritical || action === BudgetAction.PAUSE || action === BudgetAction.STOP,
    status,
    level,
    currentCost: spend.nanoUsd / 1e9,
    projectedCost: projected === undefined ? undefined : projected.midNanoUsd / 1e9,
    recommendations: found.map(({ text }) => text),
  };
}
