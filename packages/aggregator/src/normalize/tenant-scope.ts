// Which tenants a request may speak for, and which of them a record belongs to.

import type { Resource, TelemetryRecord } from '@turnmeter/accounting';
import { ATTR_TURNMETER_TENANT_ID } from '@turnmeter/semconv';
import { TENANT_NAME } from '../tenant-name.ts';

/** What the ingest key and the header of a request allow. */
export interface TenantScope {
  /** The tenant of records that name none; undefined when each record must name its own. */
  readonly fallback: string | undefined;
  /** Tenants that a record may name; `*` is any, an empty list is none. */
  readonly mayName: readonly string[] | '*';
}

/** The tenant of a record, or why it has none. */
export type TenantOfRecord =
  { readonly tenant: string } | { readonly refused: 'tenant_missing' | 'tenant_not_allowed' | 'tenant_invalid' };

/**
 * A tenant that the payload names counts only for keys that may speak for several; for all others it is ignored, because the
 * credential has said it already.
 */
export function tenantOf(resource: Resource, scope: TenantScope): TenantOfRecord {
  return named(scope.mayName.length === 0 ? undefined : resource.attributes.string(ATTR_TURNMETER_TENANT_ID), scope);
}

/**
 * The tenant that a record names for itself: one process may work for several. Undefined where it names none, or where its sender may
 * not: then it belongs to its resource's.
 */
export function ownTenantOf(
  { attributes }: Pick<TelemetryRecord, 'attributes'>,
  scope: TenantScope,
): TenantOfRecord | undefined {
  const tenant = scope.mayName.length === 0 ? undefined : attributes.string(ATTR_TURNMETER_TENANT_ID);
  return tenant === undefined ? undefined : named(tenant, scope);
}

function named(tenant: string | undefined, scope: TenantScope): TenantOfRecord {
  if (tenant === undefined) {
    return scope.fallback === undefined ? { refused: 'tenant_missing' } : { tenant: scope.fallback };
  }
  if (!TENANT_NAME.test(tenant)) return { refused: 'tenant_invalid' };
  return scope.mayName === '*' || scope.mayName.includes(tenant) ? { tenant } : { refused: 'tenant_not_allowed' };
}
