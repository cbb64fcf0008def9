// What a tenant is called in ClickHouse. Tenants are named by strangers: names of databases and users are made of letters, digits and underscores
// only, so that they need no quoting in SQL or XML and are no path in a configuration.

import { createHash } from 'node:crypto';

export interface TenantNames {
  /** Views on the tenant's rows: all that its reader can ask. */
  readonly database: string;
  /** Whom Grafana signs in as. */
  readonly reader: string;
  /** Whose eyes the views see with: only the tenant's rows, by row policies. Nobody signs in as this one. */
  readonly rows: string;
}

export function namesOf(tenant: string): TenantNames {
  const name = PLAIN.test(tenant) && !tenant.includes(HASHED) ? tenant : hashedName(tenant);
  return { database: `tenant_${name}`, reader: `grafana_tenant_${name}`, rows: `rows_of_${name}` };
}

const PLAIN = /^[a-z0-9_]{1,48}$/;
/** Only names with a hash have it, so that no tenant can be named like another one's. */
const HASHED = '__';

/** `Acme & Sons` → `acme_sons__` and 16 digits of a hash. */
function hashedName(tenant: string): string {
  const readable = tenant
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 30);
  return `${readable}${HASHED}${createHash('sha256').update(tenant).digest('hex').slice(0, 16)}`;
}
