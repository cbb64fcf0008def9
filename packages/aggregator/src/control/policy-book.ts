// The policies of each tenant and those for all, as they were read last: the store is asked again only when it says that they changed.

import { readPolicyDocument, type PolicyRule, type ResolvedPolicy, resolvePolicy } from '@turnmeter/budget';
import { type Change, ChangeTopic, type ControlStore, type PolicySet } from '@turnmeter/control-store';
import type { Logger } from 'pino';
import type { ChangeFollower } from './change-feed.ts';
import { RecentMap } from './recent-map.ts';

/** Whose policies hold for all tenants. No tenant can be called so. */
export const EVERY_TENANT = '*';

/** All policies that hold for sessions of a tenant. */
export interface TenantPolicies {
  readonly tenant: string;
  /** Changes whenever one of them does. */
  readonly version: number;
  readonly own: PolicySet;
  /** Those for all tenants. */
  readonly general: PolicySet;
  readonly rules: readonly PolicyRule[];
  /** What holds for sessions of a workflow; undefined for those that name none. */
  resolve(workflow: string | undefined): ResolvedPolicy;
}

export interface PolicyBookOptions {
  readonly store: Pick<ControlStore, 'policies'>;
  readonly logger: Logger;
  /** Hears of tenants whose policies changed; `*` for all. */
  readonly onChange: (tenant: string) => void;
}

const TENANTS_MAX = 10_000;
const WORKFLOWS_MAX = 1000;

export class PolicyBook implements ChangeFollower {
  readonly #options: PolicyBookOptions;
  readonly #known = new RecentMap<string, Promise<TenantPolicies>>(TENANTS_MAX);
  #general: Promise<PolicySet> | undefined;

  constructor(options: PolicyBookOptions) {
    this.#options = options;
  }

  /** @throws ControlStoreError while they are not known and the store is away. */
  of(tenant: string): Promise<TenantPolicies> {
    const known = this.#known.get(tenant);
    if (known !== undefined) return known;
    const reading = this.#read(tenant);
    this.#known.set(tenant, reading);
    // Whoever comes next tries again.
    reading.catch(() => this.#known.delete(tenant));
    return reading;
  }

  /** What is held may have changed unseen: it is read anew, and held to until that succeeds. */
  async reload(): Promise<void> {
    await this.#renew([...this.#known.keys()]);
    this.#options.onChange(EVERY_TENANT);
  }

  async apply({ topic, tenant }: Change): Promise<void> {
    if (topic !== ChangeTopic.POLICIES) return;
    await this.#renew(tenant === EVERY_TENANT ? [...this.#known.keys()] : [tenant]);
    this.#options.onChange(tenant);
  }

  async #renew(tenants: readonly string[]): Promise<void> {
    const general = await this.#options.store.policies.list(EVERY_TENANT);
    this.#general = Promise.resolve(general);
    for (const tenant of tenants) {
      if (this.#known.get(tenant) !== undefined) this.#known.set(tenant, Promise.resolve(await this.#read(tenant)));
    }
  }

  async #read(tenant: string): Promise<TenantPolicies> {
    const { policies } = this.#options.store;
    this.#general ??= policies.list(EVERY_TENANT).catch((error: unknown) => {
      this.#general = undefined;
      throw error;
    });
    const [own, general] = await Promise.all([policies.list(tenant), this.#general]);
    return tenantPolicies(tenant, own, general, this.#options.logger);
  }
}

function tenantPolicies(tenant: string, own: PolicySet, general: PolicySet, logger: Logger): TenantPolicies {
  const rules = [...rulesOf(own, tenant, logger), ...rulesOf(general, undefined, logger)];
  const resolved = new RecentMap<string | undefined, ResolvedPolicy>(WORKFLOWS_MAX);
  return {
    tenant,
    version: own.version + general.version,
    own,
    general,
    rules,
    resolve: (workflow) => {
      const known = resolved.get(workflow);
      if (known !== undefined) return known;
      const policy = resolvePolicy(rules, { tenant, workflow });
      resolved.set(workflow, policy);
      return policy;
    },
  };
}

/** What was checked when it was written; only another version of this program could have kept what this one cannot read. */
function rulesOf({ documents, version }: PolicySet, tenant: string | undefined, logger: Logger): readonly PolicyRule[] {
  return documents.flatMap((document) => {
    const { rule, problems } = readPolicyDocument(document);
    if (rule !== undefined) return [{ ...rule, scope: { ...rule.scope, tenant } }];
    logger.error({ tenant, version, problems }, 'a policy is not understood and does not hold');
    return [];
  });
}
