// What a tenant can read: the file of users that make-secrets writes, in the real engine, over the real migrations.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DATABASE,
  OPERATOR_RELATIONS,
  TENANT_TABLES,
  TENANT_VIEWS,
  VERSIONED_TABLES,
} from '../../src/access/relations.ts';
import { namesOf } from '../../src/access/tenant-names.ts';
import { tenantStatements } from '../../src/access/tenant-views.ts';
import { OPERATOR, usersXml } from '../../src/access/users-xml.ts';
import { ADMINISTRATOR, type EngineAs, openAs } from './engine-as.ts';
import { amendSummary, fill, markOf, migrate, SECOND_TENANT_NUMBER } from './two-tenants.ts';

const HASH = 'a'.repeat(64);
const USERS = usersXml({
  operatorPasswordSha256: HASH,
  tenants: ['acme', 'globex'].map((tenant) => ({ tenant, passwordSha256: HASH })),
});
const RELATIONS = [...TENANT_TABLES, ...TENANT_VIEWS];
const ACME = namesOf('acme');
const GLOBEX = namesOf('globex');

let directory: string;
let relations: readonly { readonly name: string; readonly engine: string; readonly has_tenant: number }[];
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-isolation-'));
  const engine = await openAs(ADMINISTRATOR, USERS, directory);
  await migrate(engine);
  await fill(engine, 'acme', { number: 1 });
  await fill(engine, 'globex', { number: SECOND_TENANT_NUMBER });
  await amendSummary(engine, 'acme');
  for (const sql of ['acme', 'globex'].flatMap((tenant) => tenantStatements(tenant))) await engine.query(sql);
  const text = await engine.query(
    `SELECT name, engine, has((SELECT groupArray(table) FROM system.columns WHERE database = '${DATABASE}' AND name = 'tenant'), name) AS has_tenant
     FROM system.tables WHERE database = '${DATABASE}' AND NOT startsWith(name, '.inner') ORDER BY name`,
    'JSONEachRow',
  );
  relations = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as (typeof relations)[number]);
  await engine.stop();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the lists of what tenants read', () => {
  it('name every relation that the migrations make', () => {
    expect(relations.map(({ name }) => name)).toEqual([...RELATIONS, ...OPERATOR_RELATIONS].toSorted());
  });

  it('hold only what has a column for the tenant', () => {
    const without = relations.filter(({ has_tenant: has }) => has === 0).map(({ name }) => name);
    expect(without.filter((name) => (RELATIONS as readonly string[]).includes(name))).toEqual([]);
  });

  it('have a policy for each table that keeps rows', () => {
    const tables = relations.filter(({ engine, name }) => engine.endsWith('MergeTree') && name !== 'migrations');
    expect(tables.map(({ name }) => name)).toEqual([...TENANT_TABLES]);
  });

  it('know of which tables only the latest version of a row stands', () => {
    const versioned = relations.filter(({ engine }) => engine === 'ReplacingMergeTree');
    expect(versioned.map(({ name }) => name)).toEqual([...VERSIONED_TABLES]);
  });
});

describe('a tenant', () => {
  let engine: EngineAs;
  beforeAll(async () => {
    engine = await openAs(ACME.reader, USERS, directory);
  });
  afterAll(() => engine.stop());

  it.each(RELATIONS)('reads its rows of %s, and nobody else’s', async (relation) => {
    const tenants = await engine.query(`SELECT DISTINCT tenant FROM ${ACME.database}.${relation}`);
    expect(tenants).toBe('acme\n');
    const everything = await engine.query(`SELECT * FROM ${ACME.database}.${relation}`);
    expect(everything).not.toContain(markOf('globex'));
    expect(everything).not.toMatch(/\d{13}(?!\d*[-:.])/);
  });

  it.each(RELATIONS)('cannot read %s where the others’ rows are', async (relation) => {
    await expect(engine.query(`SELECT * FROM ${DATABASE}.${relation}`)).rejects.toThrow(/ACCESS_DENIED/);
    await expect(engine.query(`SELECT * FROM ${GLOBEX.database}.${relation}`)).rejects.toThrow(/ACCESS_DENIED/);
  });

  it.each(OPERATOR_RELATIONS)('cannot read %s', async (relation) => {
    await expect(engine.query(`SELECT * FROM ${DATABASE}.${relation}`)).rejects.toThrow(/ACCESS_DENIED/);
  });

  it('reads of a versioned row the latest, as operators do with FINAL', async () => {
    const sql = `SELECT session_id, cost_nano_usd FROM ${ACME.database}.session_summaries FINAL WHERE startsWith(session_id, 'amended')`;
    expect(await engine.query(sql)).toBe('amended\t2\n');
  });

  it('finds no way around its views', async () => {
    const database = ACME.database;
    const ways = [
      `SELECT * FROM mergeTreeIndex(${DATABASE}, entries)`,
      `SELECT * FROM mergeTreeProjection(${DATABASE}, entries, session_sums)`,
      `SELECT * FROM mergeTreeAnalyzeIndexes(${DATABASE}, entries)`,
      `SELECT * FROM merge('${DATABASE}', '.*')`,
      `SELECT * FROM remote('127.0.0.1', ${DATABASE}.entries)`,
      `SELECT * FROM loop(${DATABASE}.entries)`,
      `SELECT * FROM view(SELECT * FROM ${DATABASE}.entries)`,
      `SELECT * FROM ${database}.entries UNION ALL SELECT * FROM ${DATABASE}.entries`,
      `SELECT tenant FROM ${database}.entries WHERE tenant IN (SELECT tenant FROM ${DATABASE}.entries)`,
      `SELECT (SELECT any(tenant) FROM ${DATABASE}.entries)`,
      `EXPLAIN indexes = 1 SELECT * FROM ${DATABASE}.entries`,
      `EXPLAIN ESTIMATE SELECT * FROM ${DATABASE}.entries`,
      `DESCRIBE TABLE ${DATABASE}.entries`,
      `SHOW CREATE TABLE ${DATABASE}.entries`,
    ];
    expect(await openWays(engine, ways, /ACCESS_DENIED|CANNOT_EXTRACT_TABLE_STRUCTURE/)).toEqual([]);
    const otherwise = `viewIfPermitted(SELECT tenant FROM ${DATABASE}.entries ELSE null('tenant String'))`;
    expect(await engine.query(`SELECT * FROM ${otherwise}`)).toBe('');
  });

  it('is told of no other table or question', async () => {
    const databases = await engine.query(
      `SELECT DISTINCT database FROM system.tables WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')`,
    );
    expect(databases).toBe(`${ACME.database}\n`);
    expect(await engine.query(`SELECT count() FROM system.parts`)).toBe('0\n');
    expect(await engine.query(`SELECT uniqExact(user) FROM system.processes`)).toBe('1\n');
    expect(await engine.query(`SELECT count() FROM system.columns WHERE database = '${DATABASE}'`)).toBe('0\n');
  });

  it('reaches nothing outside of the database', async () => {
    const ways = [
      `SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')`,
      `SELECT * FROM file('/etc/passwd', 'LineAsString', 'a String')`,
      `SELECT * FROM s3('http://127.0.0.1:1/bucket/key', 'CSV', 'a String')`,
      `SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')`,
      `SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')`,
      `SELECT * FROM executable('id', 'TSV', 'a String')`,
    ];
    expect(await openWays(engine, ways, /ACCESS_DENIED/)).toEqual([]);
  });

  it('writes nothing, changes nothing, and takes no other name or setting', async () => {
    const { database } = ACME;
    const ways = [
      `INSERT INTO ${database}.entries (tenant) VALUES ('acme')`,
      `INSERT INTO FUNCTION null('a String') VALUES ('a')`,
      `CREATE VIEW ${database}.mine AS SELECT 1`,
      `CREATE TEMPORARY TABLE mine (a String)`,
      `CREATE TABLE ${database}.mine ENGINE = Memory AS SELECT 1 AS one`,
      `ALTER TABLE ${database}.entries MODIFY SQL SECURITY INVOKER`,
      `DROP VIEW ${database}.entries`,
      `CREATE FUNCTION mine AS x -> x`,
      `SET readonly = 0`,
      `SELECT 1 SETTINGS max_rows_to_read = 0`,
      `SELECT 1 SETTINGS max_execution_time = 0`,
      `GRANT SELECT ON ${DATABASE}.* TO default`,
      `SYSTEM FLUSH LOGS`,
      `EXECUTE AS ${GLOBEX.rows} SELECT 1`,
    ];
    expect(await openWays(engine, ways, /ACCESS_DENIED|READONLY|SUPPORT_IS_DISABLED|NOT_IMPLEMENTED/)).toEqual([]);
  });

  it('is stopped before it takes what others need', async () => {
    const ways = ['SELECT count() FROM numbers(300000000)', 'SELECT groupArray(number) FROM numbers(190000000)'];
    expect(await openWays(engine, ways, /TOO_MANY_ROWS|MEMORY_LIMIT_EXCEEDED/)).toEqual([]);
  });

  it('is answered from the sums that the ledger keeps, as operators are', async () => {
    const { database } = ACME;
    const plan = await engine.query(`EXPLAIN SELECT * FROM ${database}.session_totals`);
    expect(plan).toMatch(/ReadFromMergeTree \(session_sums\)/);
    const hours = await engine.query(`EXPLAIN SELECT * FROM ${database}.workflow_hour_totals`);
    expect(hours).toMatch(/ReadFromMergeTree \((hour|workflow)_/);
  });
});

describe('an operator', () => {
  it('reads all tenants, and writes nothing', async () => {
    const engine = await openAs(OPERATOR, USERS, directory);
    expect(await engine.query(`SELECT DISTINCT tenant FROM ${DATABASE}.entries ORDER BY tenant`)).toBe(
      'acme\nglobex\n',
    );
    await expect(engine.query(`INSERT INTO ${DATABASE}.entries (tenant) VALUES ('x')`)).rejects.toThrow(
      /READONLY|ACCESS_DENIED/,
    );
    await expect(engine.query(`SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')`)).rejects.toThrow(
      /ACCESS_DENIED/,
    );
    await engine.stop();
  });
});

describe('who sees with a tenant’s eyes', () => {
  it('sees the tenant’s rows by policy, also where a view would forget its condition', async () => {
    const engine = await openAs(ACME.rows, USERS, directory);
    for (const relation of RELATIONS) {
      expect(await engine.query(`SELECT '${relation}', tenant FROM ${DATABASE}.${relation} GROUP BY tenant`)).toBe(
        `${relation}\tacme\n`,
      );
    }
    await engine.stop();
  });
});

/** Those that were not refused as they should be, with what was said instead. */
async function openWays(engine: EngineAs, ways: readonly string[], refusal: RegExp): Promise<readonly string[]> {
  const open: string[] = [];
  for (const sql of ways) {
    const answer = await engine.query(sql).then(
      (text) => `answered: ${text.slice(0, 200)}`,
      (error: unknown) => String(error),
    );
    if (answer.startsWith('answered') || !refusal.test(answer)) open.push(`${sql} → ${answer}`);
  }
  return open;
}
