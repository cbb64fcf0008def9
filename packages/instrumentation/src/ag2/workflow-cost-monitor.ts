import {
  BudgetStatus,
  costMonitorStatus,
  monitorRule,
  recommendations,
  type CostMonitorStatus,
} from '@turnmeter/budget';
import { currentSession, findSession } from '../session/current-session.ts';
import type { SessionFigures } from '../session/figures.ts';
import { checkWorkflowCostThresholds, evaluateLocally, type CostCheckResult } from './cost-thresholds.ts';

/** Whose sessions are watched, and from where on. */
export interface WorkflowCostMonitorOptions {
  readonly workflow: string;
  readonly tenant?: string | undefined;
  /** Which session. @default the one that the calling code belongs to */
  readonly sessionId?: string | undefined;
  /** US dollars of one session, beside the shares of what such a session costs. @default none */
  readonly warningThreshold?: number | undefined;
  /** The same; from here on the chat is to be paused. @default none */
  readonly criticalThreshold?: number | undefined;
  /** @default `TURNMETER_URL` */
  readonly aggregatorUrl?: string | undefined;
  /** @default `TURNMETER_KEY` */
  readonly key?: string | undefined;
}

/** What a session has cost, for code that counts by itself. */
export interface SpentSoFar {
  /** US dollars. @default what the session's figures say */
  readonly currentCost?: number | undefined;
  readonly currentTokens?: number | undefined;
}

/** How a session stands, and whether to go on. */
export interface WorkflowCostStatus extends CostMonitorStatus {
  /** Who says so: the aggregator with the thresholds of the code, or this process alone. */
  readonly source: CostCheckResult['source'];
  readonly reason: CostCheckResult['reason'];
}

/**
 * Watches what a session costs, for code that asks before it goes on. What stops a session whether or not somebody asks is its budget.
 *
 * @example
 * ```ts
 * const monitor = new WorkflowCostMonitor({ workflow: 'blog-post', tenant: 'acme', warningThreshold: 0.5, criticalThreshold: 1 });
 * const { shouldPause, recommendations } = await monitor.checkCurrentStatus();
 * ```
 */
export class WorkflowCostMonitor {
  readonly #options: WorkflowCostMonitorOptions;

  constructor(options: WorkflowCostMonitorOptions) {
    this.#options = options;
    for (const name of ['warningThreshold', 'criticalThreshold'] as const) {
      const value: unknown = options[name];
      if (value === undefined || (typeof value === 'number' && value > 0 && Number.isFinite(value))) continue;
      throw new TypeError(
        `${name}: expected US dollars above 0, received ${typeof value === 'number' ? value : typeof value}`,
      );
    }
    const { warningThreshold = 0, criticalThreshold = Infinity } = options;
    if (warningThreshold <= criticalThreshold) return;
    throw new TypeError(
      `warningThreshold: expected at most criticalThreshold, which is ${criticalThreshold}, received ${warningThreshold}`,
    );
  }

  /** How the session stands now. Never waits for longer than the aggregator has time to answer. */
  async checkCurrentStatus(spent: SpentSoFar = {}): Promise<WorkflowCostStatus> {
    const { workflow, tenant, sessionId, aggregatorUrl, key } = this.#options;
    const figures = sessionId === undefined ? currentSession() : findSession(sessionId, tenant);
    const currentCost = spent.currentCost ?? figures?.cost.usd ?? 0;
    const currentTokens = spent.currentTokens ?? tokensOf(figures);
    const id = sessionId ?? figures?.session;
    const check = { workflow, tenant, currentCost, currentTokens, sessionId: id, aggregatorUrl, key };
    const said = await checkWorkflowCostThresholds(check);
    const evaluation = evaluateLocally(check, [monitorRule(this.#options, { tenant, workflow })]);
    const own = costMonitorStatus(evaluation, recommendations(evaluation), this.#options);
    const { source, reason } = said;
    return source === 'local' ? { ...own, source, reason } : { ...joined(own, said), source, reason };
  }
}

/** The stricter of what the aggregator and the thresholds of the code say. */
function joined(
  own: CostMonitorStatus,
  { status, recommendations: texts, threshold_analysis: told }: CostCheckResult,
): CostMonitorStatus {
  const isOwnWorse = RANK[own.status] > RANK[status];
  return {
    shouldPause: own.shouldPause || told.action === 'pause' || told.action === 'stop',
    status: isOwnWorse ? own.status : status,
    level: isOwnWorse ? own.level : told.level,
    currentCost: Math.max(own.currentCost, told.current_cost),
    projectedCost: told.projected_cost?.mid ?? own.projectedCost,
    recommendations: [...new Set([...(isOwnWorse ? own.recommendations : []), ...texts])],
  };
}

const RANK: Readonly<Record<BudgetStatus, number>> = {
  [BudgetStatus.WITHIN]: 0,
  [BudgetStatus.APPROACHING]: 1,
  [BudgetStatus.EXCEEDED]: 2,
};

function tokensOf(figures: SessionFigures | undefined): number {
  return figures === undefined ? 0 : figures.tokens.input + figures.tokens.output;
}
