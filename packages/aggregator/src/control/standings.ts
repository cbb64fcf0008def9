// How a session stands: what it has spent beside what its policies allow and what its workflow normally costs. The one place on this side where
// these three meet; the law itself is `evaluate` of @turnmeter/budget, which guards apply too.

import {
  type CostBaseline,
  evaluate,
  type Evaluation,
  expectedCost,
  type ExpectedCost,
  type ProjectedCost,
  type ResolvedPolicy,
} from '@turnmeter/budget';
import type { Baselines } from './baselines.ts';
import type { PolicyBook } from './policy-book.ts';
import type { Projector } from './projector.ts';
import { within } from './within.ts';

/** How long somebody waits for the history of a workflow that nobody has asked for yet, ms. */
const PROJECTION_MS_MAX = 500;

/** A session as far as it matters here. */
export interface Spending {
  readonly tenant: string;
  /** Undefined where nothing names one. */
  readonly workflow: string | undefined;
  /** Of the workflow. */
  readonly version?: string | undefined;
  readonly nanoUsd: number;
  readonly tokens: number;
  /** Undefined where only what was spent is known. */
  readonly turns?: number | undefined;
  readonly unpricedTokens?: number | undefined;
}

export interface Standing {
  readonly evaluation: Evaluation;
  readonly policy: ResolvedPolicy;
  readonly policyVersion: number;
  readonly baselines: readonly CostBaseline[];
}

export interface StandingsParts {
  readonly policies: PolicyBook;
  readonly baselines: Baselines;
  readonly projector: Pick<Projector, 'project'>;
  /** Hears why no end could be projected. */
  readonly onFailure: (error: unknown) => void;
}

export class Standings {
  readonly #parts: StandingsParts;

  constructor(parts: StandingsParts) {
    this.#parts = parts;
  }

  /** @throws ControlStoreError while policies are not known and the control store is away */
  async of(spending: Spending): Promise<Standing> {
    const { policies, baselines } = this.#parts;
    const { tenant, workflow, version, nanoUsd, tokens, unpricedTokens } = spending;
    const [held, known, projected] = await Promise.all([
      policies.of(tenant),
      workflow === undefined ? { baselines: [] } : baselines.of(tenant, workflow),
      workflow === undefined ? undefined : this.#project(workflow, spending),
    ]);
    const policy = held.resolve(workflow);
    const spend = { nanoUsd, tokens, unpricedTokens };
    const expected = expectationOf(policy, { workflow, version, baselines: known.baselines });
    const evaluation = evaluate({ policy, spend, expected, projected });
    return { evaluation, policy, policyVersion: held.version, baselines: known.baselines };
  }

  /** Undefined without enough history, and where it cannot be read: how a session stands can be said without. */
  async #project(
    workflow: string,
    { tenant, version, nanoUsd, tokens, turns }: Spending,
  ): Promise<ProjectedCost | undefined> {
    const { projector, onFailure } = this.#parts;
    const running = { version, turns, tokens, costNanoUsd: nanoUsd };
    const projecting = projector.project(tenant, workflow, running).catch((error: unknown) => {
      onFailure(error);
      return undefined;
    });
    const projection = await within(PROJECTION_MS_MAX, projecting);
    return projection?.status === 'projected' ? projection : undefined;
  }
}

export function expectationOf(
  policy: ResolvedPolicy,
  of: {
    readonly workflow?: string | undefined;
    readonly version?: string | undefined;
    readonly baselines: readonly CostBaseline[];
  },
): ExpectedCost {
  return expectedCost({ ...of, declaredUsd: policy.expectedUsd?.value });
}
