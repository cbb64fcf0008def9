import {
  BudgetAction,
  BudgetStatus,
  costThresholdCheck,
  evaluate,
  Level,
  recommendations,
  type CostThresholdCheck,
  type Evaluation,
  type PolicyRule,
} from '@turnmeter/budget';
import { recorder } from '../emit/recorder.ts';
import { PolicyBook } from '../guard/policy-book.ts';
import { guardOfProcess } from '../guard/start-guard.ts';
import { isObject } from '../usage/json-object.ts';
import { ask } from './aggregator-client.ts';
import { fromEnvironment } from './from-environment.ts';
import { ReportReason } from './session-report.ts';

/** What a session of a workflow has cost up to now. */
export interface CostCheck {
  readonly workflow: string;
  /** @default the configured one */
  readonly tenant?: string | undefined;
  /** US dollars. */
  readonly currentCost: number;
  /** Input and output. */
  readonly currentTokens: number;
  /** With it the aggregator's own figures count where they are higher. */
  readonly sessionId?: string | undefined;
  /** @default `TURNMETER_URL` */
  readonly aggregatorUrl?: string | undefined;
  /** @default `TURNMETER_KEY` */
  readonly key?: string | undefined;
  /** @default 5000 */
  readonly timeoutMs?: number | undefined;
}

/** How that stands, in the words of `POST /api/v1/cost/check`. */
export interface CostCheckResult extends CostThresholdCheck {
  /** Who says so: the aggregator, or this process by the policies and baselines that it holds. */
  readonly source: 'aggregator' | 'local';
  /** Why it is this process's own. */
  readonly reason?: ReportReason | undefined;
}

/**
 * Whether a session is within what sessions of its workflow may cost. The aggregator is asked; where there is none, or it does not answer
 * in time, this process answers by what it knows, and says so.
 *
 * @throws TypeError where an amount is none
 * @example
 * ```ts
 * const { status, recommendations } = await checkWorkflowCostThresholds({ workflow, tenant, currentCost: 0.8, currentTokens: 52_000 });
 * if (status === 'exceeded_limit') await stop(recommendations);
 * ```
 */
export async function checkWorkflowCostThresholds(check: CostCheck): Promise<CostCheckResult> {
  refuseNoAmounts(check);
  const url = check.aggregatorUrl ?? fromEnvironment('TURNMETER_URL') ?? recorder().config.budget?.aggregatorUrl;
  if (url === undefined) return localCheck(check, ReportReason.NO_AGGREGATOR);
  const signal = AbortSignal.timeout(check.timeoutMs ?? TIMEOUT_MS);
  const key = check.key ?? fromEnvironment('TURNMETER_KEY');
  try {
    const { status, body } = await ask({ url, key, tenant: tenantOf(check), signal }, 'POST', '/cost/check', {
      workflow: check.workflow,
      current_cost: check.currentCost,
      current_tokens: check.currentTokens,
      ...(check.sessionId === undefined ? {} : { session_id: check.sessionId }),
    });
    if (status === 200 && isCheck(body)) return { ...body, source: 'aggregator' };
    return localCheck(check, REFUSALS.has(status) ? ReportReason.REFUSED : ReportReason.UNEXPECTED_ANSWER);
  } catch {
    return localCheck(check, signal.aborted ? ReportReason.TIMEOUT : ReportReason.UNREACHABLE);
  }
}

const NO_POLICIES = new PolicyBook([]);
const TIMEOUT_MS = 5000;
const REFUSALS = new Set([400, 401, 403]);
const STATUSES: ReadonlySet<unknown> = new Set(Object.values(BudgetStatus));
const LEVELS: ReadonlySet<unknown> = new Set(Object.values(Level));
const ACTIONS: ReadonlySet<unknown> = new Set(Object.values(BudgetAction));
/** Nano-USD are whole, and numbers hold them exactly up to 2^53. */
const USD_MAX = 9_000_000;

/** Whatever is at that address may say anything: what is read by code has to be what its type says. */
function isCheck(body: unknown): body is CostThresholdCheck {
  if (!isObject(body)) return false;
  const { status, recommendations: texts, threshold_analysis: analysis } = body;
  if (!STATUSES.has(status) || !isObject(analysis)) return false;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return false;
  const { level, action, current_cost: cost, current_tokens: tokens, projected_cost: projected } = analysis;
  const isProjection = projected === null || (isObject(projected) && isAmount(projected['mid']));
  return LEVELS.has(level) && ACTIONS.has(action) && isAmount(cost) && isAmount(tokens) && isProjection;
}

function localCheck(check: CostCheck, reason: ReportReason): CostCheckResult {
  const evaluation = evaluateLocally(check);
  return { ...costThresholdCheck(evaluation, recommendations(evaluation)), source: 'local', reason };
}

/** By the policies and baselines that the guard of this process holds; without one, by those that the configuration gives. */
export function evaluateLocally(check: CostCheck, rules: readonly PolicyRule[] = []): Evaluation {
  const { workflow, currentCost, currentTokens } = check;
  const { policy, expected } = (guardOfProcess()?.policies ?? NO_POLICIES).judge(
    { tenant: tenantOf(check), workflow },
    rules,
  );
  return evaluate({ policy, expected, spend: { nanoUsd: Math.round(currentCost * 1e9), tokens: currentTokens } });
}

function tenantOf({ tenant }: Pick<CostCheck, 'tenant'>): string | undefined {
  return tenant ?? recorder().config.tenant;
}

function refuseNoAmounts({ currentCost, currentTokens }: CostCheck): void {
  if (!isAmount(currentCost) || currentCost > USD_MAX) {
    throw new TypeError(`currentCost: expected US dollars from 0 to ${USD_MAX}, received ${shown(currentCost)}`);
  }
  if (!isAmount(currentTokens) || !Number.isSafeInteger(currentTokens)) {
    throw new TypeError(`currentTokens: expected a whole number from 0 on, received ${shown(currentTokens)}`);
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value;
}
