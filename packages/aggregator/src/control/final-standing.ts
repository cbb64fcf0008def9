// How a session that is over stood beside what sessions of its workflow may cost: by the same law as while it ran.

import { evaluate, type Evaluation, type Recommendation, recommendations, type SpentBy } from '@turnmeter/budget';
import type { Assessment } from '../assess/assessor.ts';
import type { CostShare } from '../assess/cost-analysis.ts';
import { sumOfAll } from '../query/lines.ts';
import type { Queries } from '../query/queries.ts';
import { tokensOf } from '../query/session-figures.ts';
import { baselinesOf, SESSIONS_MAX } from './baselines.ts';
import type { PolicyBook } from './policy-book.ts';
import type { SessionVersions } from './session-versions.ts';
import { expectationOf } from './standings.ts';

export interface FinalStanding {
  readonly evaluation: Evaluation;
  readonly recommendations: readonly Recommendation[];
}

export interface FinalStandingParts {
  readonly policies: PolicyBook;
  readonly queries: Pick<Queries, 'finalizedCosts'>;
  readonly versions: SessionVersions;
}

/** @throws ControlStoreError, QueryError */
export async function finalStanding(
  { summary, cost }: Assessment,
  { policies, queries, versions }: FinalStandingParts,
): Promise<FinalStanding> {
  const { tenant, workflow, sessionId, lines, turns } = summary.figures;
  const [held, costs] = await Promise.all([
    policies.of(tenant),
    queries.finalizedCosts(tenant, workflow, SESSIONS_MAX + 1),
  ]);
  // The session itself is left out: with few others it would be compared with itself.
  const others = costs.filter((other) => other.sessionId !== sessionId).slice(0, SESSIONS_MAX);
  const isNamed = workflow !== '';
  const policy = held.resolve(isNamed ? workflow : undefined);
  const { baselines } = baselinesOf(workflow, others);
  const version = versions.of(tenant, summary.figures);
  const expected = expectationOf(policy, isNamed ? { workflow, version, baselines } : { baselines: [] });
  const spend = {
    nanoUsd: Math.max(0, Number(cost.costNanoUsd)),
    tokens: tokensOf(lines),
    unpricedTokens: cost.unpricedTokens,
  };
  const evaluation = evaluate({ policy, spend, expected });
  const sums = sumOfAll(lines);
  const facts = {
    agents: spentBy(cost.byAgent),
    models: spentBy(cost.byModel),
    inputTokens: sums.input_tokens,
    cacheReadTokens: sums.cache_read_tokens,
    turns: turns.length,
    cheaperModels: new Map([...policy.degrade.models].map(([model, { value }]) => [model, value])),
  };
  return { evaluation, recommendations: recommendations(evaluation, facts) };
}

function spentBy(shares: readonly CostShare[]): readonly SpentBy[] {
  return shares.flatMap(({ name, costNanoUsd }) => (name === '' ? [] : [{ name, nanoUsd: Number(costNanoUsd) }]));
}
