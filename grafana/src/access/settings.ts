// In: the environment of `admit-tenants`. Out: where ClickHouse and Grafana are, and whom to let in. Refused: what is missing or malformed.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AccessError, AccessErrorCode } from './access-error.ts';

export interface Settings {
  readonly clickhouse: Account;
  readonly grafana: Account;
  /** What Grafana asks for tenants. */
  readonly clickhouseHost: string;
  readonly tenants: readonly Tenant[];
  /** Those that are meant for tenants. */
  readonly dashboards: readonly TenantDashboard[];
}

export interface Account {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface Tenant {
  readonly tenant: string;
  readonly clickhousePassword: string;
  readonly grafanaPassword: string;
}

export interface TenantDashboard {
  readonly uid: string;
  readonly [field: string]: unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws AccessError `bad_settings` */
export function readSettings(env: Environment): Settings {
  const clickhouse = {
    url: required(env, 'CLICKHOUSE_URL'),
    user: env['CLICKHOUSE_USER'] ?? 'turnmeter',
    password: secretOf(env, 'CLICKHOUSE_PASSWORD_FILE'),
  };
  return {
    clickhouse,
    grafana: {
      url: required(env, 'GRAFANA_URL'),
      user: env['GRAFANA_USER'] ?? 'admin',
      password: secretOf(env, 'GRAFANA_PASSWORD_FILE'),
    },
    clickhouseHost: env['CLICKHOUSE_HOST_OF_GRAFANA'] ?? new URL(clickhouse.url).hostname,
    tenants: tenantsIn(required(env, 'TENANTS_FILE')),
    dashboards: dashboardsIn(required(env, 'DASHBOARDS_DIR')),
  };
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw bad(`${name} is not set`);
  return value;
}

function secretOf(env: Environment, name: string): string {
  return readText(required(env, name)).trim();
}

/** As make-secrets writes it. */
function tenantsIn(file: string): readonly Tenant[] {
  const items = parseJson(file);
  if (!Array.isArray(items)) throw bad(`${file} is no list of tenants`);
  return items.map((one: unknown, index) => {
    const fields = (one ?? {}) as Readonly<Record<string, unknown>>;
    const text = (name: string): string => {
      const value = fields[name];
      if (typeof value !== 'string' || value === '') throw bad(`${file}: expected text in ${name} of item ${index}`);
      return value;
    };
    return {
      tenant: text('tenant'),
      clickhousePassword: text('clickhouse_password'),
      grafanaPassword: text('grafana_password'),
    };
  });
}

/** A dashboard says by its tag whom it is for. */
function dashboardsIn(directory: string): readonly TenantDashboard[] {
  const files = list(directory).filter((file) => file.endsWith('.json'));
  const all = files.map((file) => parseJson(path.join(directory, file)) as TenantDashboard);
  const forTenants = all.filter(({ tags }) => Array.isArray(tags) && tags.includes('tenant'));
  if (forTenants.length === 0) throw bad(`${directory} has no dashboard with the tag \`tenant\``);
  return forTenants;
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readText(file)) as unknown;
  } catch (cause) {
    throw cause instanceof AccessError ? cause : bad(`${file} is no JSON`, cause);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw bad(`${file} cannot be read`, cause);
  }
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch (cause) {
    throw bad(`${directory} cannot be read`, cause);
  }
}

function bad(message: string, cause?: unknown): AccessError {
  return new AccessError(AccessErrorCode.badSettings, message, { cause });
}
