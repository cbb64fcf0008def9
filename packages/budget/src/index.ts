export type { SpendAmount } from './amount.ts';
export { BudgetError, BudgetErrorCode } from './budget-error.ts';
export {
  evaluate,
  type BindingLimit,
  type EvaluatedPart,
  type Evaluation,
  type EvaluationInput,
  type ProjectedCost,
  type Spent,
} from './evaluate/evaluate.ts';
export { BudgetAction, BudgetStatus, Level } from './evaluate/level.ts';
export {
  RecommendationCode,
  recommendations,
  type Recommendation,
  type SpendingFacts,
  type SpentBy,
} from './evaluate/recommendations.ts';
export {
  actionAt,
  levelAt,
  nanoUsdOf,
  stopLimits,
  thresholdsOf,
  type LevelAmounts,
  type LimitName,
  type StopLimits,
  type Threshold,
  type Thresholds,
} from './evaluate/thresholds.ts';
export type { CostBaseline } from './expected/baseline.ts';
export {
  Confidence,
  confidenceOf,
  ENFORCED_SESSIONS_MIN,
  ExpectationSource,
  expectedCost,
  NO_EXPECTATION,
  type ExpectationInput,
  type ExpectedCost,
} from './expected/expected-cost.ts';
export { robustMean, robustMoments, type RobustMoments } from './expected/robust-mean.ts';
export { checkPolicy } from './policy/check-policy.ts';
export { checkRule } from './policy/check-rule.ts';
export { COST_THRESHOLDS, POLICY_DEFAULTS } from './policy/defaults.ts';
export {
  OnUnavailable,
  OnUnpriced,
  type Degrade,
  type Limits,
  type Policy,
  type PolicyRule,
  type PolicyScope,
} from './policy/policy.ts';
export type { PolicyProblem } from './policy/policy-problem.ts';
export {
  resolvePolicy,
  type Resolved,
  type ResolvedDegrade,
  type ResolvedLimits,
  type ResolvedPolicy,
} from './policy/resolve-policy.ts';
export { describeScope, specificityOf } from './policy/scope.ts';
export { backtest, backtesting, type Backtest, type BacktestProgress } from './project/backtest.ts';
export type { ForecastScore } from './project/forecast-score.ts';
export { HISTORY_SESSIONS_MAX } from './project/comparable.ts';
export { projectEndCost } from './project/end-cost.ts';
export {
  compareAtProgress,
  type ProgressComparison,
  type ProgressMeasure,
  ProgressVerdict,
} from './project/equal-progress.ts';
export type { FinishedSession, RunningSession, SessionTraits } from './project/finished-session.ts';
export type { Learned } from './project/learning.ts';
export { NaiveMethod } from './project/naive-forecasts.ts';
export {
  type NoProjection,
  type Projection,
  ProjectionConfidence,
  ProjectionMethod,
  SESSIONS_NEEDED,
} from './project/project-from.ts';
export { historyPreparation, prepareHistory, type SessionHistory } from './project/session-history.ts';
export { Likeness, similarSessions, type SimilarSession } from './project/similar-sessions.ts';
export {
  Reservations,
  type Refusal,
  type Reservation,
  type ReservationsOptions,
  type SpendLimit,
  type SpendLimits,
} from './reserve/reservations.ts';
export { worstCase, type CallSize, type WorstRates } from './reserve/worst-case.ts';
export {
  costMonitorStatus,
  monitorRule,
  type CostMonitorStatus,
  type MonitorThresholds,
} from './seed-names/cost-monitor-status.ts';
export {
  costThresholdCheck,
  type BindingLimitAnalysis,
  type CostThresholdCheck,
  type ThresholdAnalysis,
} from './seed-names/cost-threshold-check.ts';
export {
  GuardEvent,
  type BaselineDocument,
  type GuardAction,
  type GuardSession,
  type GuardSessionAnswer,
  type GuardSyncAnswer,
  type GuardSyncRequest,
  type StopOrder,
} from './wire/guard-sync.ts';
export type { LimitsDocument, PolicyDocument } from './wire/policy-document.ts';
export { inDocument, readPolicyDocument, type PolicyReading } from './wire/read-policy-document.ts';
export { policyDocument } from './wire/write-policy-document.ts';
