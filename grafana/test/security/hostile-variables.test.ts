// Anybody can put anything into a variable of a dashboard: it is in the address. Whatever it is, a query stays the query that was written; and what a tenant
// is answered does not depend on the rows of anybody else.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE } from '../../src/access/relations.ts';
import { sqlLiteral } from '../../src/access/sql-literal.ts';
import { namesOf } from '../../src/access/tenant-names.ts';
import { tenantStatements } from '../../src/access/tenant-views.ts';
import { OPERATOR, usersXml } from '../../src/access/users-xml.ts';
import { expandSql } from '../../src/query/expand.ts';
import type { Variables } from '../../src/query/interpolate.ts';
import type { QueryRange } from '../../src/query/macros.ts';
import { type Asked, chosenOf, readDashboards, sqlOf } from '../dashboard-files.ts';
import { ADMINISTRATOR, type EngineAs, openAs } from './engine-as.ts';
import { HOSTILE_VALUES } from './hostile-values.ts';
import { fill, markOf, migrate, SECOND_TENANT_NUMBER } from './two-tenants.ts';

const HASH = 'a'.repeat(64);
const USERS = usersXml({
  operatorPasswordSha256: HASH,
  tenants: ['acme', 'globex'].map((tenant) => ({ tenant, passwordSha256: HASH })),
});
const NOW_MS = Date.now();
const RANGE: QueryRange = { fromMs: NOW_MS - 86_400_000, toMs: NOW_MS + 3_600_000, intervalMs: 60_000 };

const dashboards = readDashboards();
const queries = dashboards.flatMap(([file, dashboard]) => sqlOf(file, dashboard));
const ofTenants = queries.filter(({ dashboard }) => dashboard.tags.includes('tenant'));

/** What an honest person chooses of the rows in two-tenants.ts. */
const HONEST = {
  tenant: 'acme',
  workflow: 'research',
  session: `${markOf('acme')}-session_id-0`,
  agent: `${markOf('acme')}-agent-0`,
  model: `${markOf('acme')}-model-0`,
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-hostile-'));
  const administrator = await openAs(ADMINISTRATOR, USERS, directory);
  await migrate(administrator);
  await fill(administrator, 'acme', { number: 1 });
  for (const sql of tenantStatements('acme')) await administrator.query(sql);
  await administrator.stop();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a query in SQL', () => {
  let engine: EngineAs;
  beforeAll(async () => {
    engine = await openAs(ADMINISTRATOR, USERS, directory);
  });
  afterAll(() => engine.stop());

  it.each(queries.map((query) => [query.what, query] as const))(
    'has the same parts whatever is chosen: %s',
    async (_, query) => {
      expect(await changedBy(engine, query)).toEqual([]);
    },
  );

  it.each(["'${tenant}'", '${tenant:singlequote}', "'${tenant:raw}'"])(
    'would be noticed if it took a value as %s',
    async (written) => {
      const [dashboard] = ofTenants.map((query) => query.dashboard);
      if (dashboard === undefined) throw new Error('There is no dashboard for tenants');
      const text = `SELECT count() FROM entries WHERE tenant = ${written}`;
      expect(await changedBy(engine, { what: 'careless', dashboard, text })).not.toEqual([]);
    },
  );
});

/** Choices by which the query becomes another one, or none. */
async function changedBy(engine: EngineAs, query: Asked): Promise<readonly string[]> {
  const honest = await partsOf(engine, expanded(query, honestly(query)));
  const changed: string[] = [];
  for (const variables of hostileChoices(query)) {
    const hostile = await partsOf(engine, expanded(query, variables)).catch((error: unknown) => String(error));
    if (hostile !== honest) changed.push(`${JSON.stringify(variables).slice(0, 300)} → ${hostile.slice(0, 300)}`);
  }
  return changed;
}

describe('a tenant', () => {
  it('is answered the same whether or not others have rows, whatever it chooses', { timeout: 600_000 }, async () => {
    const before = await answers();
    const administrator = await openAs(ADMINISTRATOR, USERS, directory);
    await fill(administrator, 'globex', { number: SECOND_TENANT_NUMBER });
    await administrator.stop();
    const after = await answers();
    expect(after.size).toBeGreaterThan(50);
    for (const [question, answer] of after)
      expect(`${question}\n${before.get(question)}`).toBe(`${question}\n${answer}`);
    expect([...after.values()].filter((answer) => answer.includes(markOf('globex')))).toEqual([]);
    // That nothing is seen would prove nothing if there were nothing to be seen.
    const honest = [...after].filter(([question]) => question.startsWith('honest'));
    expect(honest.filter(([, answer]) => answer !== '').length).toBeGreaterThan(honest.length * 0.6);
    expect(honest.filter(([, answer]) => answer.startsWith('Error'))).toEqual([]);
  });
});

describe('an operator', () => {
  it('may ask what every dashboard asks', async () => {
    const engine = await openAs(OPERATOR, USERS, directory);
    await engine.query(`USE ${DATABASE}`);
    const refused: string[] = [];
    for (const query of queries) {
      const answer = await engine.query(expanded(query, honestly(query))).catch((error: unknown) => String(error));
      if (answer.startsWith('Error')) refused.push(`${query.what}: ${answer.slice(0, 200)}`);
    }
    await engine.stop();
    expect(refused).toEqual([]);
  });
});

/** What the tenant's reader gets of every query of its dashboards, its rows in any order. */
async function answers(): Promise<ReadonlyMap<string, string>> {
  const { reader, database } = namesOf('acme');
  const engine = await openAs(reader, USERS, directory);
  await engine.query(`USE ${database}`);
  const found = new Map<string, string>();
  for (const query of ofTenants) {
    // That no value changes a query is shown above, hence a few of them here.
    const choices = [...hostileChoices(query).slice(0, 2), ...choicesOfOthers(query)];
    for (const [index, variables] of [honestly(query), ...choices].entries()) {
      const answer = await engine
        .query(expanded(query, variables))
        .catch((error: unknown) => String(error).slice(0, 200));
      const question = `${index === 0 ? 'honest' : `choice ${index}`}: ${query.what}`;
      found.set(question, answer.split('\n').toSorted().join('\n').trim());
    }
  }
  await engine.stop();
  return found;
}

function expanded({ text }: Asked, variables: Variables): string {
  return expandSql(text, RANGE, variables);
}

function honestly({ dashboard }: Asked): Variables {
  return chosenOf(dashboard, HONEST);
}

/** Every variable is hostile, as one value and as one of several. */
function hostileChoices({ dashboard }: Asked): readonly Variables[] {
  const honest = chosenOf(dashboard, HONEST);
  return HOSTILE_VALUES.flatMap((value) => [value, [value, 'acme']]).map((value) =>
    Object.fromEntries(Object.entries(honest).map(([name, variable]) => [name, { ...variable, value }])),
  );
}

/** Another tenant's names, which are no secret to whoever works there too. */
function choicesOfOthers({ dashboard }: Asked): readonly Variables[] {
  const named = { ...HONEST, tenant: 'globex' };
  const whole = Object.fromEntries(
    Object.entries(HONEST).map(([name, value]) => [name, value.replaceAll('acme', 'globex')]),
  );
  return [named, whole, { ...HONEST, session: whole['session'] ?? '' }].map((given) => chosenOf(dashboard, given));
}

/** The tree that ClickHouse makes of it, without what its literals hold. */
async function partsOf(engine: EngineAs, sql: string): Promise<string> {
  const tree = await engine.query(`EXPLAIN AST ${sql}`, 'TSVRaw');
  // A literal is one line, in which line breaks and quotes are escaped.
  return tree.replaceAll(/Literal .*/g, 'Literal').replaceAll(sqlLiteral(''), 'Literal');
}
