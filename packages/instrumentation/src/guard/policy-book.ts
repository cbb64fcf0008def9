import {
  expectedCost,
  resolvePolicy,
  type CostBaseline,
  type ExpectedCost,
  type Policy,
  type PolicyRule,
  type PolicyScope,
  type ResolvedPolicy,
} from '@turnmeter/budget';
import type { AccountOwner } from './account.ts';
import { limitsOf, type AccountLimits } from './limits.ts';

/** The policies that hold in this process: its own, and those that the aggregator told last. */
export class PolicyBook {
  readonly #own: readonly PolicyRule[];
  /** By the tenant whom it was told for. */
  readonly #told = new Map<string | undefined, Told>();
  #version = 0;
  #namesAgents: boolean;
  #namesModels: boolean;

  constructor(own: readonly PolicyRule[]) {
    this.#own = own;
    this.#namesAgents = names('agent', own);
    this.#namesModels = names('model', own);
  }

  /** Changes whenever one of the policies or baselines does. */
  get version(): number {
    return this.#version;
  }

  /** Whether agents' parts of a session are bounded. */
  get namesAgents(): boolean {
    return this.#namesAgents;
  }

  get namesModels(): boolean {
    return this.#namesModels;
  }

  /** What the aggregator says of a tenant's policies and baselines, as a whole. */
  learn(tenant: string | undefined, rules: readonly PolicyRule[], baselines: readonly CostBaseline[]): void {
    const told = { rules, baselines, text: JSON.stringify([rules, baselines]) };
    if (this.#told.get(tenant)?.text === told.text) return;
    this.#told.set(tenant, told);
    const all = [...this.#own, ...[...this.#told.values()].flatMap((each) => each.rules)];
    this.#namesAgents = names('agent', all);
    this.#namesModels = names('model', all);
    this.#version++;
  }

  /** What holds for a session, for who looks at one from outside. Rules that are given hold beside those here. */
  judge(
    { tenant, workflow }: PolicyScope,
    rules: readonly PolicyRule[],
  ): { policy: ResolvedPolicy; expected: ExpectedCost } {
    const told = this.#told.get(tenant);
    const inScope = [...this.#own, ...rules, ...(told?.rules.map(asOfTenant(tenant)) ?? [])];
    const policy = resolvePolicy(inScope, { tenant, workflow });
    const declaredUsd = policy.expectedUsd?.value;
    return { policy, expected: expectedCost({ workflow, baselines: told?.baselines, declaredUsd }) };
  }

  /** What bounds an account; `narrowest` is the policy that the code gives this one session. */
  limitsFor({ tenant, workflow, agent, model, version }: AccountOwner, narrowest: Policy | undefined): AccountLimits {
    const told = this.#told.get(tenant);
    const isPart = agent !== undefined || model !== undefined;
    const ofCode = narrowest === undefined || isPart ? [] : [{ scope: { tenant, workflow }, policy: narrowest }];
    return limitsOf({
      place: { tenant, workflow, agent, model },
      version,
      own: [...this.#own, ...ofCode],
      told: told?.rules,
      // What a part of a session costs nobody measures.
      baselines: isPart ? [] : told?.baselines,
    });
  }
}

interface Told {
  readonly rules: readonly PolicyRule[];
  readonly baselines: readonly CostBaseline[];
  /** To know whether it has changed. */
  readonly text: string;
}

/** The aggregator's rules for the tenant it answered for, in the name that the tenant has here. */
function asOfTenant(tenant: string | undefined): (rule: PolicyRule) => PolicyRule {
  return (rule) => (rule.scope.tenant === undefined ? rule : { ...rule, scope: { ...rule.scope, tenant } });
}

/** What bounds a part of a session that has a policy of its own: a nested chat. */
export function limitsOfPart(policy: Policy): AccountLimits {
  return limitsOf({ place: {}, own: [{ scope: {}, policy }] });
}

function names(field: 'agent' | 'model', rules: readonly PolicyRule[]): boolean {
  return rules.some(({ scope }) => scope[field] !== undefined);
}
