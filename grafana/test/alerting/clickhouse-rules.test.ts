// The alerts that Grafana asks ClickHouse for, in the real engine over the real tables: when they fire, of whom, and when not.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OUTLIERS, REGRESSIONS } from '../../src/alerting/clickhouse-rules.ts';
import { expandSql } from '../../src/query/expand.ts';
import { type Engine, startEngine } from '../engine/engine.ts';

const NOW_MS = Date.now();
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const USD = 1e9;

const DATABASE = 'turnmeter';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await engine.migrate(DATABASE);
  // Averages are written here, and not computed.
  for (const view of ['workflow_days', 'workflow_agent_days', 'workflow_averages', 'workflow_agent_averages']) {
    await engine.run(DATABASE, `SYSTEM STOP VIEW ${view}_refresh`);
  }
});
afterAll(() => engine.stop());
beforeEach(async () => {
  for (const table of ['entries', 'session_summaries', 'workflow_averages']) {
    await engine.run(DATABASE, `TRUNCATE TABLE ${table}`);
  }
});

describe('TurnmeterSessionCostOutlier', () => {
  const fire = (): Promise<readonly object[]> => ask(OUTLIERS, 15 * MINUTE_MS);

  it('names a session that costs more than three times what is usual', async () => {
    await usual('research', { usd: 1 });
    await spend('research', { session: 'ordinary', usd: 2.9 });
    await spend('research', { session: 'runaway', usd: 2 });
    await spend('research', { session: 'runaway', usd: 2.5 });
    expect(await fire()).toEqual([{ tenant: 'acme', workflow: 'research', session_id: 'runaway', times_usual: 4.5 }]);
  });

  it('looks at the whole session, also at what was booked long ago', async () => {
    await usual('research', { usd: 1 });
    await spend('research', { session: 'long', usd: 3, agoMs: 3 * DAY_MS });
    await spend('research', { session: 'long', usd: 0.5 });
    expect(await fire()).toMatchObject([{ session_id: 'long', times_usual: 3.5 }]);
  });

  it('falls silent when nothing is booked of a session for a quarter of an hour', async () => {
    await usual('research', { usd: 1 });
    await spend('research', { session: 'over', usd: 9, agoMs: 16 * MINUTE_MS });
    expect(await fire()).toEqual([]);
  });

  it('says nothing while nobody knows what is usual, or where it is no money', async () => {
    await usual('young', { usd: 1, sessions: 9 });
    await spend('young', { session: 'a', usd: 90 });
    await usual('cheap', { usd: 0.001 });
    await spend('cheap', { session: 'b', usd: 0.09 });
    await spend('unknown', { session: 'c', usd: 90 });
    expect(await fire()).toEqual([]);
  });

  it('takes what was reversed for what it is', async () => {
    await usual('research', { usd: 1 });
    await spend('research', { session: 'mistaken', usd: 9 });
    await spend('research', { session: 'mistaken', usd: 9, sign: -1 });
    expect(await fire()).toEqual([]);
  });

  it('is at most twenty alerts', async () => {
    await usual('research', { usd: 1 });
    await spend('research', ...Array.from({ length: 25 }, (_, index) => ({ session: `s${index}`, usd: 4 + index })));
    const fired = await fire();
    expect(fired).toHaveLength(20);
    expect(fired[0]).toMatchObject({ session_id: 's24', times_usual: 28 });
  });
});

describe('TurnmeterVersionCostRegression', () => {
  const fire = (): Promise<readonly object[]> => ask(REGRESSIONS, 14 * DAY_MS);

  it('compares a new version with the one before, by the session in the middle', async () => {
    await sessions('research', { version: '1.4', usd: 1, fromDaysAgo: 13 });
    await sessions('research', { version: '1.5', usd: 1.5, fromDaysAgo: 3 });
    // One runaway changes nothing.
    await sessions('research', { version: '1.5', usd: 100, fromDaysAgo: 2, number: 1 });
    expect(await fire()).toEqual([
      { tenant: 'acme', workflow: 'research', new_version: '1.5', version_before: '1.4', times_before: 1.5 },
    ]);
  });

  it('is silent where the new one costs as much, or less', async () => {
    await sessions('same', { version: '1', usd: 1, fromDaysAgo: 13 });
    await sessions('same', { version: '2', usd: 1.29, fromDaysAgo: 3 });
    await sessions('less', { version: '1', usd: 2, fromDaysAgo: 13 });
    await sessions('less', { version: '2', usd: 1, fromDaysAgo: 3 });
    expect(await fire()).toEqual([]);
  });

  it('is silent until there are ten sessions, and where versions or prices are not known', async () => {
    await sessions('few', { version: '1', usd: 1, fromDaysAgo: 13 });
    await sessions('few', { version: '2', usd: 9, fromDaysAgo: 3, number: 9 });
    await sessions('nameless', { version: '', usd: 1, fromDaysAgo: 13 });
    await sessions('nameless', { version: '2', usd: 9, fromDaysAgo: 3 });
    await sessions('unpriced', { version: '1', usd: 1, fromDaysAgo: 13, costStatus: 'unpriced' });
    await sessions('unpriced', { version: '2', usd: 9, fromDaysAgo: 3 });
    expect(await fire()).toEqual([]);
  });

  it('is silent of versions that ran side by side all the time', async () => {
    await sessions('canary', { version: '1', usd: 1, fromDaysAgo: 13.9 });
    await sessions('canary', { version: '2', usd: 9, fromDaysAgo: 13.8 });
    expect(await fire()).toEqual([]);
  });

  it('is silent where a session without cost came before', async () => {
    await sessions('free', { version: '1', usd: 0, fromDaysAgo: 13 });
    await sessions('free', { version: '2', usd: 9, fromDaysAgo: 3 });
    expect(await fire()).toEqual([]);
  });

  it('takes an amended summary for one session', async () => {
    await sessions('amended', { version: '1', usd: 1, fromDaysAgo: 13 });
    await sessions('amended', { version: '2', usd: 9, fromDaysAgo: 3, number: 5 });
    await sessions('amended', { version: '2', usd: 9, fromDaysAgo: 3, number: 5, revision: 2 });
    expect(await fire()).toEqual([]);
  });
});

/** As Grafana would ask now, over the time range of the rule. */
async function ask(sql: string, rangeMs: number): Promise<readonly object[]> {
  const { columns, rows } = await engine.ask(
    DATABASE,
    expandSql(sql, { fromMs: NOW_MS - rangeMs, toMs: Date.now() + MINUTE_MS, intervalMs: MINUTE_MS }, {}),
  );
  const texts = columns.filter(({ type }) => /String/.test(type));
  // Of each row, Grafana makes labels of the texts, and wants one number.
  expect(columns.length - texts.length).toBe(1);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}

async function insert(table: string, rows: readonly object[]): Promise<void> {
  const data = rows.map((row) => JSON.stringify(row)).join('\n');
  await engine.run(DATABASE, `INSERT INTO ${table} FORMAT JSONEachRow\n${data}`);
}

async function usual(
  workflow: string,
  { usd, sessions: number = 10 }: { readonly usd: number; readonly sessions?: number },
): Promise<void> {
  const costs = [usd * USD, usd * USD, usd * USD];
  await insert('workflow_averages', [
    { tenant: 'acme', workflow, revision: 1, sessions: number, cost_nano_usd_quantiles: costs },
  ]);
}

let segment = 0;

interface Spent {
  readonly session: string;
  readonly usd: number;
  readonly agoMs?: number;
  readonly sign?: number;
}

async function spend(workflow: string, ...spent: readonly Spent[]): Promise<void> {
  const rows = spent.map(({ session, usd, agoMs = MINUTE_MS, sign = 1 }) => {
    const at = timeOf(NOW_MS - agoMs);
    return {
      seg: ++segment,
      tenant: 'acme',
      workflow,
      session_id: session,
      sign,
      ingest_day: at.slice(0, 10),
      ingest_time: at,
      started_at: at,
      ended_at: at,
      cost_nano_usd: usd * USD,
    };
  });
  await insert('entries', rows);
}

interface Sessions {
  readonly version: string;
  readonly usd: number;
  readonly fromDaysAgo: number;
  readonly number?: number;
  readonly costStatus?: string;
  readonly revision?: number;
}

/** An hour apart from each other. */
async function sessions(workflow: string, options: Sessions): Promise<void> {
  const { version, usd, fromDaysAgo, number = 10, costStatus = 'exact', revision = 1 } = options;
  const rows = Array.from({ length: number }, (_, index) => {
    const at = timeOf(NOW_MS - fromDaysAgo * DAY_MS + index * 60 * MINUTE_MS);
    return {
      tenant: 'acme',
      workflow,
      day: at.slice(0, 10),
      session_id: `${version}-${usd}-${index}`,
      version: revision,
      workflow_version: version,
      began_at: at,
      cost_nano_usd: usd * USD,
      cost_status: costStatus,
    };
  });
  await insert('session_summaries', rows);
}

/** `2026-11-23 06:00:00.000` */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}
