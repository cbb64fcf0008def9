// A migrated database with rows of two tenants in every table. Both have sessions of the same workflow at the same time; all that tells the tenants apart
// carries a mark, so that a row of the other one is seen in any result.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DATABASE, OPERATOR_RELATIONS, TENANT_TABLES } from '../../src/access/relations.ts';
import type { EngineAs } from './engine-as.ts';

const MIGRATIONS = path.join(import.meta.dirname, '../../../packages/aggregator/migrations');

/** In every text of a tenant's rows. */
export function markOf(tenant: string): string {
  return `secret-of-${tenant}`;
}

/** Numbers of the second tenant's rows are from here on, those of the first far below. */
export const SECOND_TENANT_NUMBER = 1_000_000_000_000;

/** Runs the migrations as the aggregator does on a single server, with its table of what ran. */
export async function migrate(engine: EngineAs): Promise<void> {
  await engine.query(`CREATE DATABASE ${DATABASE}`);
  await engine.query(`CREATE TABLE ${DATABASE}.migrations (name String) ENGINE = MergeTree ORDER BY name`);
  await engine.query(`USE ${DATABASE}`);
  for (const file of readdirSync(MIGRATIONS).toSorted()) {
    const sql = readFileSync(path.join(MIGRATIONS, file), 'utf8');
    await engine.query(sql.replaceAll('{cluster}', '').replaceAll('{replicated}', ''));
  }
  // They would fill the tables with what the rows below do not mean.
  for (const view of OPERATOR_RELATIONS.filter((name) => name.endsWith('_refresh'))) {
    await engine.query(`SYSTEM STOP VIEW ${view}`);
  }
}

/** Texts that queries ask for, and hence are no secret. */
const SHARED: Readonly<Record<string, string>> = {
  workflow: 'research',
  kind: 'inference',
  role: 'inference',
  signal: 'span',
  usage_source: 'provider',
  cost_status: 'exact',
  cost_source: 'book',
  provider: 'openai',
  because: '',
  error_type: '',
};

/** Four rows of the tenant in each table, of the last hour. */
export async function fill(engine: EngineAs, tenant: string, { number }: { readonly number: number }): Promise<void> {
  for (const table of TENANT_TABLES) {
    const columns = await columnsOf(engine, table);
    const values = columns.map(({ name, type }) => `${valueOf(name, type, { tenant, number })} AS ${name}_`);
    const names = columns.map(({ name }) => name).join(', ');
    await engine.query(`INSERT INTO ${DATABASE}.${table} (${names}) SELECT ${values.join(', ')} FROM numbers(4)`);
  }
}

/** A session `amended` that was summed up twice, with costs 1 and 2. The two lie in parts that are not merged. */
export async function amendSummary(engine: EngineAs, tenant: string): Promise<void> {
  await engine.query(`SYSTEM STOP MERGES ${DATABASE}.session_summaries`);
  for (const version of [1, 2]) {
    await engine.query(
      `INSERT INTO ${DATABASE}.session_summaries (tenant, workflow, day, session_id, version, cost_nano_usd)
       VALUES ('${tenant}', 'research', '2026-01-01', 'amended', ${version}, ${version})`,
    );
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
}

/** States of aggregate functions stay empty. */
async function columnsOf(engine: EngineAs, table: string): Promise<readonly Column[]> {
  const text = await engine.query(
    `SELECT name, type FROM system.columns WHERE database = '${DATABASE}' AND table = '${table}'
     AND type NOT LIKE 'AggregateFunction%' AND default_kind IN ('', 'DEFAULT')`,
    'JSONEachRow',
  );
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Column);
}

function valueOf(
  name: string,
  type: string,
  { tenant, number }: { readonly tenant: string; readonly number: number },
): string {
  if (name === 'tenant') return `'${tenant}'`;
  if (name === 'sign') return '1';
  if (name === 'is_deleted') return '0';
  if (/^(Date|DateTime)/.test(type)) return `now64(6, 'UTC') - toIntervalMinute(number)`;
  if (type === 'Bool') return 'true';
  if (/^U?Int8$/.test(type)) return '1';
  if (/^(U?Int|Float|Decimal)/.test(type)) return `${number} + number`;
  if (type.startsWith('Array')) return `CAST(['${/Int|Float/.test(type) ? number : markOf(tenant)}'] AS ${type})`;
  const shared = SHARED[name];
  return shared === undefined ? `concat('${markOf(tenant)}-${name}-', toString(number))` : `'${shared}'`;
}
