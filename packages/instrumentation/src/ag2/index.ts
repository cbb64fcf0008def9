/**
 * For people who come from AG2: its analytics' names, on top of `groupChat`. See docs/from-ag2.md.
 *
 * @packageDocumentation
 */
export {
  AgentResponseTimeTracker,
  type AgentResponseTimes,
  type ResponseTimes,
  type ResponseToken,
} from './agent-response-time-tracker.ts';
export { checkWorkflowCostThresholds, type CostCheck, type CostCheckResult } from './cost-thresholds.ts';
export type { AgentLike } from './message-parts.ts';
export type { BalanceHeld, BalancePaid, PrepaidBalance } from './prepaid-balance.ts';
export {
  createResponseTrackingHooks,
  type BeforeReply,
  type BeforeSend,
  type ResponseTrackingOptions,
} from './response-tracking-hooks.ts';
export {
  ReportReason,
  type AgentPerformance,
  type ComparedMetric,
  type PerformanceComparison,
  type SessionReport,
  type SessionSummary,
} from './session-report.ts';
export type { Statistics } from './statistics.ts';
export { TokenManager, type AgentResponseTime, type TokenManagerOptions, type TrackedUsage } from './token-manager.ts';
export {
  WorkflowCostMonitor,
  type SpentSoFar,
  type WorkflowCostMonitorOptions,
  type WorkflowCostStatus,
} from './workflow-cost-monitor.ts';
export { COST_THRESHOLDS, type CostMonitorStatus, type CostThresholdCheck } from '@turnmeter/budget';
export { humanInput } from '../chat/human-input.ts';
