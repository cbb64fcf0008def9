import { type CostBaseline, stopLimits, thresholdsOf } from '@turnmeter/budget';
import type { TenantPolicies } from './policy-book.ts';
import { expectationOf } from './standings.ts';

/** What a session may cost in all; null without a limit of that unit. */
export interface SessionLimits {
  readonly limitNanoUsd: number | null;
  readonly limitTokens: number | null;
}

export interface SessionOf {
  readonly workflow: string | undefined;
  /** Of the workflow. */
  readonly version: string | undefined;
  readonly baselines: readonly CostBaseline[];
}

/** Where a session has to stop, by all that is known. */
export function sessionLimits(policies: TenantPolicies, session: SessionOf): SessionLimits {
  const policy = policies.resolve(session.workflow);
  const { nanoUsd, tokens } = stopLimits(thresholdsOf(policy, expectationOf(policy, session)));
  return { limitNanoUsd: nanoUsd?.amount ?? null, limitTokens: tokens?.amount ?? null };
}
