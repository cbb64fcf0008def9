import type { CostBaseline, Policy, PolicyRule } from '@turnmeter/budget';
import type { AccountOwner } from './account.ts';
import { limitsOf, type AccountLimits } from './limits.ts';

/** The policies that hold in this process: its own, and those that the aggregator told last. */
export class PolicyBook {
  readonly #own: readonly PolicyRule[];
  #told: readonly PolicyRule[] = [];
  #baselines: readonly CostBaseline[] = [];
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

  learn(rules: readonly PolicyRule[], baselines: readonly CostBaseline[]): void {
    this.#told = rules;
    this.#baselines = baselines;
    this.#namesAgents = names('agent', [...this.#own, ...rules]);
    this.#namesModels = names('model', [...this.#own, ...rules]);
    this.#version++;
  }

  /** What bounds an account; `narrowest` is the policy that the code gives this one session. */
  limitsFor({ tenant, workflow, agent, model, version }: AccountOwner, narrowest: Policy | undefined): AccountLimits {
    const isPart = agent !== undefined || model !== undefined;
    const ofCode = narrowest === undefined || isPart ? [] : [{ scope: { tenant, workflow }, policy: narrowest }];
    return limitsOf({
      place: { tenant, workflow, agent, model },
      version,
      own: [...this.#own, ...ofCode],
      told: this.#told,
      // What a part of a session costs nobody measures.
      baselines: isPart ? [] : this.#baselines,
    });
  }
}

/** What bounds a part of a session that has a policy of its own: a nested chat. */
export function limitsOfPart(policy: Policy): AccountLimits {
  return limitsOf({ place: {}, own: [{ scope: {}, policy }] });
}

function names(field: 'agent' | 'model', rules: readonly PolicyRule[]): boolean {
  return rules.some(({ scope }) => scope[field] !== undefined);
}
