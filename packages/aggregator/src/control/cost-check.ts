// In: what somebody says that a session has cost. Out: whether that is still within what it may cost, and what to do about it. Refused: nothing;
// of a workflow that nobody knows it says so, and which were perhaps meant.

import { type Recommendation, recommendations } from '@turnmeter/budget';
import type { Queries } from '../query/queries.ts';
import type { SessionCost } from '../query/session-costs.ts';
import type { LedgerCosts } from './ledger-costs.ts';
import { RecentMap } from './recent-map.ts';
import type { SessionVersions } from './session-versions.ts';
import type { Spending, Standing, Standings } from './standings.ts';

export interface CostQuestion {
  readonly tenant: string;
  readonly workflow: string;
  /** Of the workflow. */
  readonly version: string | undefined;
  /** What the asker knows. */
  readonly nanoUsd: number;
  readonly tokens: number;
  readonly turns: number | undefined;
  readonly sessionId: string | undefined;
}

export interface CostCheck {
  readonly standing: Standing;
  readonly recommendations: readonly Recommendation[];
  /** Whose figures were the higher ones. */
  readonly countedBy: 'caller' | 'ledger';
  /** False of a workflow of which no session has ended, and which no policy names. */
  readonly isWorkflowKnown: boolean;
  /** What may have been meant where it is not. */
  readonly nearWorkflows: readonly string[];
}

export interface CostChecksParts {
  readonly standings: Standings;
  readonly costs: LedgerCosts;
  readonly versions: SessionVersions;
  readonly queries: Pick<Queries, 'nearWorkflows'>;
}

/** How long names that are near another are remembered, ms: who misspells one does it in every check. */
const NEAR_MS = 30_000;
const NEAR_MAX = 1000;

export class CostChecks {
  readonly #parts: CostChecksParts;
  readonly #near = new RecentMap<string, { readonly names: Promise<readonly string[]>; readonly untilMs: number }>(
    NEAR_MAX,
  );

  constructor(parts: CostChecksParts) {
    this.#parts = parts;
  }

  async check(question: CostQuestion): Promise<CostCheck> {
    const { tenant, workflow, sessionId } = question;
    const counted = sessionId === undefined ? undefined : await this.#parts.costs.of(tenant, sessionId);
    const countedNanoUsd = Math.max(0, Number(counted?.costNanoUsd ?? 0n));
    const spending: Spending = {
      tenant,
      workflow,
      version: question.version ?? this.#versionOf(tenant, sessionId, counted),
      // The server's view corrects the caller's, and never weakens it.
      nanoUsd: Math.max(question.nanoUsd, countedNanoUsd),
      tokens: Math.max(question.tokens, counted?.tokens ?? 0),
      turns: maxOf(question.turns, counted?.turns),
    };
    const standing = await this.#parts.standings.of(spending);
    const isWorkflowKnown = isKnown(standing, workflow);
    return {
      standing,
      recommendations: recommendations(standing.evaluation, { cheaperModels: cheaperModels(standing) }),
      countedBy: countedNanoUsd > question.nanoUsd ? 'ledger' : 'caller',
      isWorkflowKnown,
      nearWorkflows: isWorkflowKnown ? [] : await this.#nearNames(tenant, workflow),
    };
  }

  #versionOf(tenant: string, sessionId: string | undefined, counted: SessionCost | undefined): string | undefined {
    if (sessionId === undefined) return undefined;
    return this.#parts.versions.of(tenant, counted ?? { sessionId, workflowVersion: '' });
  }

  #nearNames(tenant: string, workflow: string): Promise<readonly string[]> {
    const key = `${tenant}\n${workflow}`;
    const known = this.#near.get(key);
    if (known !== undefined && known.untilMs > performance.now()) return known.names;
    // A hint: where it cannot be given there is none.
    const names = this.#parts.queries.nearWorkflows(tenant, workflow).catch(() => []);
    this.#near.set(key, { names, untilMs: performance.now() + NEAR_MS });
    return names;
  }
}

function isKnown({ evaluation, policy }: Standing, workflow: string): boolean {
  if (evaluation.expected.n > 0) return true;
  const values = [policy.usd.stop, policy.tokens.stop, policy.shares.stop, policy.expectedUsd];
  return values.some((value) => value !== undefined && value.from !== 'default' && value.from.workflow === workflow);
}

function cheaperModels({ policy }: Standing): ReadonlyMap<string, string> {
  return new Map([...policy.degrade.models].map(([model, { value }]) => [model, value]));
}

function maxOf(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
