// In: who may read, with the hashes of their passwords. Out: a file for the directory users.d of a ClickHouse server. Refused: nothing; tenants may have
// any name.

import { DATABASE, TENANT_TABLES, TENANT_VIEWS } from './relations.ts';
import { sqlLiteral } from './sql-literal.ts';
import { namesOf } from './tenant-names.ts';

export interface Readers {
  /** SHA-256 of the password with which Grafana reads all tenants, hexadecimal. */
  readonly operatorPasswordSha256: string;
  readonly tenants: readonly { readonly tenant: string; readonly passwordSha256: string }[];
}

/** Whom Grafana signs in as for operators. */
export const OPERATOR = 'grafana_operator';

/**
 * Users of Grafana. A tenant has two: the *reader*, whom Grafana signs in as, who can read the views in the tenant's own database and nothing else; and the
 * *rows*, with whose rights those views look at the tables, who has a row policy on each and cannot sign in.
 *
 * A reader with policies and rights on the tables themselves would see less of others than everything, and more than nothing: `mergeTreeIndex(turnmeter,
 * entries)` and `mergeTreeProjection` read keys and sums past row policies before ClickHouse 26.7.6.5.
 */
export function usersXml({ operatorPasswordSha256, tenants }: Readers): string {
  const users = [
    user(OPERATOR, {
      password: operatorPasswordSha256,
      networks: ANYWHERE,
      profile: OPERATOR_PROFILE,
      grants: [`${DATABASE}.*`],
    }),
    ...tenants.flatMap(({ tenant, passwordSha256 }) => tenantUsers(tenant, passwordSha256)),
  ];
  return `<!-- Written by make-secrets. Do not edit. -->
<clickhouse>
  <profiles>
${profile(OPERATOR_PROFILE, OPERATOR_LIMITS)}
${profile(TENANT_PROFILE, TENANT_LIMITS)}
  </profiles>
  <quotas>
    <${TENANT_QUOTA}>
      <interval>
        <duration>3600</duration>
        <queries>20000</queries>
        <read_rows>20000000000</read_rows>
        <execution_time>7200</execution_time>
      </interval>
    </${TENANT_QUOTA}>
  </quotas>
  <users>
${users.join('\n')}
  </users>
</clickhouse>
`;
}

const OPERATOR_PROFILE = 'grafana_operator_limits';
const TENANT_PROFILE = 'grafana_tenant_limits';
/** Counted for each tenant by itself: 20,000 questions and two hours of a core's time an hour. */
const TENANT_QUOTA = 'grafana_tenant_quota';

/** What one question may take, in seconds, rows and bytes. A panel of a month of 1e7 spans reads less than a hundredth of it. */
const TENANT_LIMITS: Readonly<Record<string, number>> = {
  max_execution_time: 30,
  max_rows_to_read: 200_000_000,
  max_result_rows: 100_000,
  max_result_bytes: 50_000_000,
  max_memory_usage: 1_000_000_000,
  max_memory_usage_for_user: 2_000_000_000,
  max_concurrent_queries_for_user: 16,
  max_threads: 2,
};
const OPERATOR_LIMITS: Readonly<Record<string, number>> = {
  ...TENANT_LIMITS,
  max_rows_to_read: 1_000_000_000,
  max_memory_usage: 2_000_000_000,
  max_memory_usage_for_user: 4_000_000_000,
  max_concurrent_queries_for_user: 32,
  max_threads: 4,
};

/**
 * `readonly` 1 refuses writing, DDL and SETTINGS. The plugin sets `max_execution_time` with every question (its own timeout and 5 seconds), which is hence
 * changeable, but not to 0, which is no limit.
 */
function profile(name: string, limits: Readonly<Record<string, number>>): string {
  return `    <${name}>
      <readonly>1</readonly>
${Object.entries(limits)
  .map(([setting, value]) => `      <${setting}>${value}</${setting}>`)
  .join('\n')}
      <constraints>
        <max_execution_time><min>1</min><max>60</max><changeable_in_readonly/></max_execution_time>
      </constraints>
    </${name}>`;
}

interface User {
  readonly password: string;
  readonly networks: string;
  readonly profile: string;
  readonly quota?: string;
  readonly grants: readonly string[];
  readonly policies?: readonly string[];
}

const ANYWHERE = '<ip>::/0</ip>';
/** `.invalid` is never resolved (RFC 2606). */
const NOWHERE = '<host>nobody.invalid</host>';
/** The hash of no known password. */
const NO_PASSWORD = '0'.repeat(64);

function tenantUsers(tenant: string, passwordSha256: string): readonly string[] {
  const { reader, rows, database } = namesOf(tenant);
  const filter = `tenant = ${sqlLiteral(tenant)}`;
  return [
    user(reader, {
      password: passwordSha256,
      networks: ANYWHERE,
      profile: TENANT_PROFILE,
      quota: TENANT_QUOTA,
      grants: [`${database}.*`],
    }),
    user(rows, {
      password: NO_PASSWORD,
      networks: NOWHERE,
      profile: TENANT_PROFILE,
      grants: [...TENANT_TABLES, ...TENANT_VIEWS].map((relation) => `${DATABASE}.${relation}`),
      policies: TENANT_TABLES.map((table) => `<${table}><filter>${filter}</filter></${table}>`),
    }),
  ];
}

function user(name: string, { password, networks, profile: limits, quota, grants, policies }: User): string {
  return `    <${name}>
      <password_sha256_hex>${password}</password_sha256_hex>
      <networks>${networks}</networks>
      <profile>${limits}</profile>
      <quota>${quota ?? 'default'}</quota>
      <grants>
${grants.map((relation) => `        <query>GRANT SELECT ON ${relation}</query>`).join('\n')}
      </grants>${
        policies === undefined
          ? ''
          : `
      <databases>
        <${DATABASE}>
${policies.map((policy) => `          ${policy}`).join('\n')}
        </${DATABASE}>
      </databases>`
      }
    </${name}>`;
}
