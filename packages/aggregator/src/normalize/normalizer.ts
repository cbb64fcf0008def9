// In: records as `decode` reads them. Out: observations. Refused: records of tenants that the sender may not speak for.
// Stateless but for what resources told: one record becomes one observation whatever came before.

import {
  type Observation,
  observe,
  type ProfileList,
  type Resource,
  Role,
  type TelemetryRecord,
} from '@turnmeter/accounting';
import { ownTenantOf, type TenantOfRecord, tenantOf, type TenantScope } from './tenant-scope.ts';

/** Gathers the observations of one request. */
export class Normalizer {
  readonly observations: Observation[] = [];
  /** Records of tenants that the sender may not speak for, by reason. */
  readonly refused: Map<string, number> = new Map();
  /** Log records and metric points that say nothing about calls: most of them. */
  passedOver: number = 0;
  readonly #profiles: ProfileList;
  readonly #scope: TenantScope;
  readonly #receivedUs: number;
  readonly #tenants = new Map<Resource, TenantOfRecord>();

  constructor(options: { profiles: ProfileList; scope: TenantScope; receivedUs: number }) {
    this.#profiles = options.profiles;
    this.#scope = options.scope;
    this.#receivedUs = options.receivedUs;
  }

  /** Takes one record; it is read before this returns, so the decoder may use the object again. */
  readonly add: (record: TelemetryRecord) => void = (record) => {
    const owner = ownTenantOf(record, this.#scope) ?? this.#tenantOf(record.resource);
    if ('refused' in owner) {
      this.refused.set(owner.refused, (this.refused.get(owner.refused) ?? 0) + 1);
      return;
    }
    const observation = observe(record, {
      profiles: this.#profiles,
      tenant: owner.tenant,
      receivedUs: this.#receivedUs,
    });
    // A span that says nothing still links others; a log record or a metric point does not.
    if (observation.role === Role.LINEAGE && record.signal !== 'span') this.passedOver++;
    else this.observations.push(observation);
  };

  #tenantOf(resource: Resource): TenantOfRecord {
    let owner = this.#tenants.get(resource);
    if (owner === undefined) {
      owner = tenantOf(resource, this.#scope);
      this.#tenants.set(resource, owner);
    }
    return owner;
  }
}
