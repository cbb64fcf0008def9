import type { BegunSessions, WindowSums } from '../../query/window-sums.ts';
import type { AlertRule, AlertSubject, Reading } from '../alert-rule.ts';
import { AlertMeasure, MEASURES } from '../measures.ts';

const USD = 1e9;

/** What a tenant did in a window. */
export interface WindowFacts {
  /** By workflow, or by workflow, agent and model; empty where the rule is about sessions. */
  readonly sums: readonly WindowSums[];
  /** Empty where the rule is about sums. */
  readonly begun: readonly BegunSessions[];
}

export function isAboutSessions(what: AlertMeasure): boolean {
  return what === AlertMeasure.WORKFLOW_SESSIONS || what === AlertMeasure.TENANT_SESSIONS;
}

/** One reading of the tenant, or one of each workflow. Where one is named, or all are one, nothing is a 0 and no lack of data. */
export function windowReadings(rule: AlertRule, facts: WindowFacts): readonly Reading[] {
  const { where, what, tenant } = rule;
  const amounts = (isAboutSessions(what) ? facts.begun.map(amountOfSessions) : facts.sums.map(amountOfSums)).filter(
    ({ workflow, agent, model }) =>
      (where.workflow === undefined || workflow === where.workflow) &&
      (where.agent === undefined || agent === where.agent) &&
      (where.model === undefined || model === where.model),
  );
  if (MEASURES[what].subject === 'tenant') {
    return readingOf({ kind: 'tenant', name: tenant, workflow: '' }, what, amounts);
  }
  const byWorkflow = Map.groupBy(amounts, ({ workflow }) => workflow);
  if (where.workflow !== undefined && !byWorkflow.has(where.workflow)) byWorkflow.set(where.workflow, []);
  return [...byWorkflow].flatMap(([name, own]) => readingOf({ kind: 'workflow', name, workflow: '' }, what, own));
}

interface Amount {
  readonly workflow: string;
  readonly agent: string;
  readonly model: string;
  readonly nanoUsd: bigint;
  readonly tokens: number;
  readonly unpricedTokens: number;
  readonly calls: number;
  readonly errors: number;
  readonly sessions: number;
}

function amountOfSums({ costNanoUsd, ...sums }: WindowSums): Amount {
  return { ...sums, nanoUsd: costNanoUsd, sessions: 0 };
}

function amountOfSessions({ workflow, sessions }: BegunSessions): Amount {
  return { workflow, agent: '', model: '', nanoUsd: 0n, tokens: 0, unpricedTokens: 0, calls: 0, errors: 0, sessions };
}

function readingOf(subject: AlertSubject, what: AlertMeasure, amounts: readonly Amount[]): readonly Reading[] {
  const value = valueOf(what, amounts);
  return value === undefined ? [] : [{ subject, value }];
}

/** Undefined for a share of nothing. */
function valueOf(what: AlertMeasure, amounts: readonly Amount[]): number | undefined {
  const sum = (of: (amount: Amount) => number): number => amounts.reduce((total, amount) => total + of(amount), 0);
  switch (what) {
    case AlertMeasure.WORKFLOW_COST:
    case AlertMeasure.TENANT_COST:
      return Number(amounts.reduce((total, { nanoUsd }) => total + nanoUsd, 0n)) / USD;
    case AlertMeasure.WORKFLOW_TOKENS:
    case AlertMeasure.TENANT_TOKENS:
      return sum(({ tokens }) => tokens);
    case AlertMeasure.WORKFLOW_SESSIONS:
    case AlertMeasure.TENANT_SESSIONS:
      return sum(({ sessions }) => sessions);
    case AlertMeasure.WORKFLOW_FAILED:
    case AlertMeasure.TENANT_FAILED:
      return shareOf(
        sum(({ errors }) => errors),
        sum(({ calls }) => calls),
      );
    case AlertMeasure.WORKFLOW_UNPRICED:
    case AlertMeasure.TENANT_UNPRICED:
      return shareOf(
        sum(({ unpricedTokens }) => unpricedTokens),
        sum(({ tokens }) => tokens),
      );
    default:
      return undefined;
  }
}

function shareOf(part: number, whole: number): number | undefined {
  return whole > 0 ? Math.min(1, part / whole) : undefined;
}
