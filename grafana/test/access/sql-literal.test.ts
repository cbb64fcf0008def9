import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlLiteral } from '../../src/access/sql-literal.ts';
import { namesOf } from '../../src/access/tenant-names.ts';
import { tenantStatements } from '../../src/access/tenant-views.ts';
import { usersXml } from '../../src/access/users-xml.ts';
import { ADMINISTRATOR, type EngineAs, openAs } from '../security/engine-as.ts';

const HASH = 'a'.repeat(64);
const HOSTILE = [
  `acme' OR 1=1 --`,
  `') UNION ALL SELECT 1 --`,
  `\\' OR tenant != '`,
  '</filter></entries></turnmeter></databases><grants><query>GRANT ALL ON *.*</query></grants>',
  ']]>&amp;<!--',
  '${users.default.password}',
  '$__file{/etc/passwd}',
  'a\u0000b\r\n\tc',
  'näive 租户 🦊',
  'x'.repeat(10_000),
  '',
];
const anyName = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom(...HOSTILE));

let directory: string;
let engine: EngineAs;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-literal-'));
  engine = await openAs(ADMINISTRATOR, usersXml({ operatorPasswordSha256: HASH, tenants: [] }), directory);
});
afterAll(async () => {
  await engine.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('sqlLiteral', () => {
  it('is read back as the text it was made of, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, async (text) => {
        const bytes = await engine.query(`SELECT hex(${sqlLiteral(text)})`);
        expect(bytes.trim()).toBe(Buffer.from(text, 'utf8').toString('hex').toUpperCase());
      }),
      { numRuns: 200 },
    );
  });

  it('has nothing that XML or a configuration would read as something else', () => {
    fc.assert(
      fc.property(anyName, (text) => {
        expect(sqlLiteral(text)).toMatch(/^'([\w.@ -]|\\x[0-9A-F]{2})*'$/);
      }),
    );
  });
});

describe('namesOf', () => {
  it('makes names that need no quoting, for any tenant', () => {
    fc.assert(
      fc.property(anyName, (tenant) => {
        for (const name of Object.values(namesOf(tenant))) expect(name).toMatch(/^[a-z][a-z0-9_]{1,63}$/);
      }),
    );
  });

  it('keeps tenants apart that look alike', () => {
    const alike = ['acme', 'Acme', 'ACME', 'acme ', 'ac.me', 'ac-me', 'ac_me', 'acme__0123456789abcdef', ...HOSTILE];
    expect(new Set(alike.map((tenant) => namesOf(tenant).database)).size).toBe(alike.length);
    fc.assert(fc.property(anyName, anyName, (a, b) => a === b || namesOf(a).database !== namesOf(b).database));
  });
});

describe('a tenant with a hostile name', () => {
  it('adds two users and nothing else to the file', () => {
    fc.assert(
      fc.property(anyName, (tenant) => {
        const xml = usersXml({ operatorPasswordSha256: HASH, tenants: [{ tenant, passwordSha256: HASH }] });
        const tags = (text: string): readonly string[] => text.match(/<[^>]*>/g) ?? [];
        const plain = usersXml({ operatorPasswordSha256: HASH, tenants: [{ tenant: 'acme', passwordSha256: HASH }] });
        expect(tags(xml).length).toBe(tags(plain).length);
        expect(xml).not.toContain('$');
      }),
    );
  });

  it('has statements that ClickHouse reads as the same kind of statements', async () => {
    for (const tenant of HOSTILE) {
      for (const sql of tenantStatements(tenant)) {
        const read = await engine.query(`SELECT formatQuerySingleLine(${sqlLiteral(sql)})`, 'TSVRaw');
        expect(read).toMatch(
          /^CREATE (DATABASE IF NOT EXISTS tenant_\w+|OR REPLACE VIEW tenant_\w+\.\w+ DEFINER = rows_of_\w+ SQL SECURITY DEFINER AS SELECT \* FROM turnmeter\.\w+ (FINAL )?WHERE tenant = '.*')\n$/s,
        );
      }
    }
  });

  it('reads its own rows and no others', async () => {
    // One with a quote, one that is configuration's syntax; the second has the rows that a broken filter would show.
    const [first = '', second = ''] = [HOSTILE[0], HOSTILE[5]];
    const own = await mkdtemp(path.join(tmpdir(), 'turnmeter-hostile-'));
    const xml = usersXml({
      operatorPasswordSha256: HASH,
      tenants: [first, second].map((tenant) => ({ tenant, passwordSha256: HASH })),
    });
    const administrator = await openAs(ADMINISTRATOR, xml, own);
    await administrator.query('CREATE DATABASE turnmeter');
    await administrator.query('CREATE TABLE turnmeter.entries (tenant String) ENGINE = MergeTree ORDER BY tenant');
    await administrator.query(
      `INSERT INTO turnmeter.entries SELECT arrayJoin([${[first, second, '1', ''].map((tenant) => sqlLiteral(tenant)).join(', ')}])`,
    );
    for (const sql of [first, second].flatMap((tenant) => tenantStatements(tenant).slice(0, 2))) {
      await administrator.query(sql);
    }
    await administrator.stop();
    for (const tenant of [first, second]) {
      const names = namesOf(tenant);
      const reader = await openAs(names.reader, xml, own);
      expect(await reader.query(`SELECT tenant FROM ${names.database}.entries`, 'TSVRaw')).toBe(`${tenant}\n`);
      await reader.stop();
      const rows = await openAs(names.rows, xml, own);
      expect(await rows.query('SELECT tenant FROM turnmeter.entries', 'TSVRaw')).toBe(`${tenant}\n`);
      await rows.stop();
    }
    await rm(own, { recursive: true, force: true });
  });
});
