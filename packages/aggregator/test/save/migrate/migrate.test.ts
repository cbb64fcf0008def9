import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../src/save/database.ts';
import { ENTRY_COLUMNS } from '../../../src/save/rows/entry-columns.ts';
import { fillDdl } from '../../../src/save/migrate/ddl.ts';
import { applyRetention, findPending, migrate } from '../../../src/save/migrate/migrate.ts';
import { type Migration, MIGRATIONS_FOLDER, readMigrations } from '../../../src/save/migrate/migration-files.ts';
import type { Column } from '../../../src/save/native/column.ts';
import { OBSERVATION_COLUMNS } from '../../../src/save/rows/observation-columns.ts';
import { STAMP_COLUMNS } from '../../../src/save/rows/stamp.ts';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
let migrations: readonly Migration[];
/** With all migrations; only looked at. */
let migrated: Database;
const databases: Database[] = [];
beforeAll(async () => {
  engine = await runEngine();
  migrations = await readMigrations(MIGRATIONS_FOLDER);
  migrated = newDatabase('turnmeter');
  await migrate(migrated, migrations);
});
afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await engine.stop();
});

let count = 0;
function newDatabase(name = `migrated_${++count}`): Database {
  const database = new Database({ url: engine.url, database: name });
  databases.push(database);
  return database;
}

function made(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

describe('migrate', () => {
  it('makes the database and runs every migration once', async () => {
    const database = newDatabase();
    const names = migrations.map(({ name }) => name);
    expect(await migrate(database, migrations)).toEqual(names);
    expect(await migrate(database, migrations)).toEqual([]);
    const ledger = await database.rows<{ name: string }>('SELECT name FROM migrations ORDER BY name');
    expect(ledger.map(({ name }) => name)).toEqual(names);
  });

  it('runs what a newer version brings', async () => {
    const database = newDatabase();
    await migrate(database, migrations.slice(0, 2));
    expect(await migrate(database, migrations)).toEqual(migrations.slice(2).map(({ name }) => name));
  });

  it('runs a migration again that was interrupted before it was noted', async () => {
    const database = newDatabase();
    await migrate(database, migrations.slice(0, 2));
    // What a crash between a statement and its line in the ledger leaves behind.
    for (const { sql } of migrations.slice(2)) await database.command(fillDdl(sql, database));
    await migrate(database, migrations);
    const [counted] = await database.rows<{ projections: number }>(
      `SELECT count()::UInt32 AS projections FROM system.projections WHERE database = currentDatabase()`,
    );
    expect(counted?.projections).toBe(migrations.filter(({ sql }) => sql.includes('ADD PROJECTION')).length);
  });

  it('may be run by two at the same time', async () => {
    const name = `migrated_${++count}`;
    const both = [newDatabase(name), newDatabase(name)];
    await Promise.all(both.map((database) => migrate(database, migrations)));
    expect(await migrate(newDatabase(name), migrations)).toEqual([]);
  });

  it('refuses a database that a newer version was at, and changes nothing', async () => {
    const database = newDatabase();
    await migrate(database, [...migrations, made('9999_future', 'SELECT 1')]);
    await expect(migrate(database, migrations)).rejects.toMatchObject({
      code: 'migration_mismatch',
      message: expect.stringContaining('9999_future: a newer version was here'),
    });
  });
});

describe('findPending', () => {
  const files = [made('0001_a', 'A'), made('0002_b', 'B')];

  it('refuses a migration that was changed after it ran', () => {
    expect(() => findPending(files, [{ name: '0001_a', checksum: 'other' }])).toThrow(/changed after it ran/);
  });

  it('refuses a migration in the place of another', () => {
    expect(() => findPending(files, [made('0001_z', 'Z')])).toThrow(/expected 0001_a, received 0001_z/);
  });
});

async function folderWith(names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-migrations-'));
  for (const name of names) await writeFile(path.join(folder, name), `-- ${name}`);
  return folder;
}

describe('readMigrations', () => {
  it.each([
    ['a gap', ['0001_a.sql', '0003_c.sql']],
    ['a number twice', ['0001_a.sql', '0001_b.sql']],
    ['a beginning other than 1', ['0002_a.sql']],
    ['another name', ['0001_a.sql', 'notes.txt']],
  ])('refuses %s', async (_, names) => {
    const folder = await folderWith(names);
    await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'migration_mismatch' });
    await rm(folder, { recursive: true });
  });

  it('takes the checksum of the file as it is, whatever the deployment fills in', () => {
    const [first] = migrations;
    expect(first?.sql).toContain('{replicated}');
    expect(first?.checksum).toBe(
      createHash('sha256')
        .update(first?.sql ?? '')
        .digest('hex'),
    );
  });
});

const SYNCS = [
  'fsync_after_insert',
  'fsync_part_directory',
  'min_rows_to_fsync_after_merge',
  'min_compressed_bytes_to_fsync_after_merge',
];

describe('the statements', () => {
  it('are idempotent, one object a file', () => {
    const wrong = migrations.filter(
      ({ sql }) => sql.match(/^(CREATE|ALTER)\b/gm)?.length !== 1 || !/IF NOT EXISTS|MODIFY SETTING/.test(sql),
    );
    expect(wrong).toEqual([]);
  });

  it('are made for a cluster by its name', async () => {
    const filled = migrations.map(({ sql }) => fillDdl(sql, { cluster: 'main' }));
    expect(filled.filter((sql) => /\{(cluster|replicated)\}/.test(sql))).toEqual([]);
    expect(filled.filter((sql) => !sql.includes('ON CLUSTER `main`'))).toEqual([]);
    const tables = filled.filter((sql) => sql.includes('CREATE TABLE'));
    expect(tables.filter((sql) => !/ENGINE = Replicated\w*MergeTree/.test(sql))).toEqual([]);
    // They parse: nothing here can run them.
    for (const sql of filled) {
      const [formatted] = await engine.rows<{ sql: string }>(`SELECT formatQuery(${quote(sql)}) AS sql`);
      expect(formatted?.sql).toContain('ON CLUSTER main');
    }
  });

  it('quote the name of a cluster', async () => {
    const filled = fillDdl('CREATE VIEW IF NOT EXISTS v {cluster} AS SELECT 1', { cluster: 'a`b\\c; DROP' });
    const [formatted] = await engine.rows<{ sql: string }>(`SELECT formatQuery(${quote(filled)}) AS sql`);
    expect(formatted?.sql).toContain('ON CLUSTER `a\\`b\\\\c; DROP`');
  });

  it('say what every column is, and how long rows are kept', async () => {
    const silent = await migrated.rows(
      `SELECT table, name FROM system.columns
       WHERE database = currentDatabase() AND comment = ''
         AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')`,
    );
    expect(silent).toEqual([]);
  });

  it('have every table on disk before an insert or a merge counts, the ledger of migrations too', async () => {
    const tables = await migrated.rows<{ name: string; ddl: string }>(
      `SELECT name, create_table_query AS ddl FROM system.tables
       WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`,
    );
    expect(tables.map(({ name }) => name)).toContain('migrations');
    const unsafe = tables.filter(({ ddl }) => SYNCS.some((setting) => !ddl.includes(`${setting} = 1`)));
    expect(unsafe.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ['observations', OBSERVATION_COLUMNS as readonly Column<never, never>[]],
    ['entries', ENTRY_COLUMNS as readonly Column<never, never>[]],
  ])('give %s the columns that are written, in their order', async (table, columns) => {
    const found = await migrated.rows<{ name: string; type: string }>(
      `SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position`,
      { table },
    );
    const written = [...STAMP_COLUMNS, ...columns].map(({ name, storedAs }) => ({ name, type: storedAs }));
    expect(found).toEqual(written);
  });
});

describe('the schema', () => {
  it('is the one in schema.snapshot.sql, so that a review sees what migrations end in', async () => {
    const tables = await migrated.rows<{ ddl: string }>(
      `SELECT formatQuery(create_table_query) AS ddl FROM system.tables
       WHERE database = currentDatabase() ORDER BY engine = 'View', name`,
    );
    const text = `-- Made by the test of migrations: vitest -u writes it anew.\n\n${tables.map(({ ddl }) => `${ddl};\n`).join('\n')}`;
    await expect(text).toMatchFileSnapshot('../../../schema.snapshot.sql');
  });
});

describe('retention', () => {
  it('is brought to the configured days and left alone when it is there', async () => {
    const database = newDatabase();
    await migrate(database, migrations.slice(0, 2));
    await applyRetention(database, { observationDays: 7, entryDays: 730 });
    const ttlOf = async (table: string): Promise<string | undefined> => {
      const [found] = await database.rows<{ ddl: string }>(
        'SELECT create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
        { table },
      );
      return /TTL (.+?) SETTINGS/.exec(found?.ddl ?? '')?.[1];
    };
    expect(await ttlOf('observations')).toBe('ingest_day + toIntervalDay(7)');
    expect(await ttlOf('entries')).toBe('ingest_day + toIntervalDay(730)');
    await applyRetention(database, { observationDays: 7, entryDays: 3650 });
    expect(await ttlOf('entries')).toBe('ingest_day + toIntervalDay(3650)');
  });
});

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
