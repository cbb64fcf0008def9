import type { Degrade, Limits, PolicyRule } from '../policy/policy.ts';
import type { LimitsDocument, PolicyDocument } from './policy-document.ts';

/** A rule as JSON. Every field is there, null where the rule leaves it to wider ones, so that readers see what could be said. */
export function policyDocument({ scope, policy }: PolicyRule): Required<PolicyDocument> {
  return {
    tenant: scope.tenant ?? null,
    workflow: scope.workflow ?? null,
    agent: scope.agent ?? null,
    model: scope.model ?? null,
    shares: limitsDocument(policy.shares),
    usd: limitsDocument(policy.usd),
    tokens: limitsDocument(policy.tokens),
    expected_usd: policy.expectedUsd ?? null,
    degrade: degradeDocument(policy.degrade),
    pause_share: policy.pauseShare ?? null,
    on_unavailable: policy.onUnavailable ?? null,
    on_unpriced: policy.onUnpriced ?? null,
  };
}

function limitsDocument(limits: Limits | undefined): LimitsDocument | null {
  if (limits === undefined) return null;
  return { warning: limits.warning ?? null, critical: limits.critical ?? null, stop: limits.stop ?? null };
}

function degradeDocument(degrade: Degrade | undefined): Required<PolicyDocument>['degrade'] {
  if (degrade === undefined) return null;
  return {
    at: degrade.at ?? null,
    models: degrade.models ?? null,
    output_tokens_max: degrade.outputTokensMax ?? null,
    agents_max: degrade.agentsMax ?? null,
  };
}
