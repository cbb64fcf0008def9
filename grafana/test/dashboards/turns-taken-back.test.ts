// Percentiles are no sums: a turn that was booked, taken back and booked anew is three rows of the ledger and one turn.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { expandSql } from '../../src/query/expand.ts';
import { chosenOf, readDashboards, sqlOf } from '../dashboard-files.ts';
import { type Answer, type Engine, startEngine } from '../engine/engine.ts';

const NOW_MS = Date.UTC(2026, 2, 4, 12);
const DATABASE = 'turns';

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  await engine.migrate(DATABASE);
  // The first was booked for the wrong agent, and 60 s long; it is the writer's, and 4 s.
  await engine.run(
    DATABASE,
    `INSERT INTO entries (seg, writer, ingest_day, ingest_time, sign, tenant, session_id, workflow, agent, kind, reason, trace_key, record_id,
      started_at, ended_at, turns, response_time_us, error_type)
    SELECT 1, 'w', '2026-03-04', '2026-03-04 11:50:00', sign, 'acme', 's', 'review', agent, 'turn', 'turn', 't', record,
      '2026-03-04 11:40:00', '2026-03-04 11:45:00', 1, us, error
    FROM values('sign Int8, agent String, record String, us UInt64, error String',
      (1, 'critic', 'a', 60000000, 'timeout'),
      (-1, 'critic', 'a', 60000000, 'timeout'),
      (1, 'writer', 'a', 4000000, ''),
      (1, 'writer', 'b', 1000000, ''),
      (1, 'writer', 'c', 1000000, 'overloaded'))`,
  );
}, 120_000);

afterAll(() => engine?.stop());

async function ask(title: string): Promise<Answer> {
  const [, dashboard] = readDashboards().find(([file]) => file === 'agents.json') ?? [];
  if (dashboard === undefined) throw new Error('agents.json is not there');
  const query = sqlOf('agents.json', dashboard).find(({ what }) => what.includes(title));
  const range = { fromMs: NOW_MS - 3_600_000, toMs: NOW_MS, intervalMs: 60_000 };
  return engine.ask(DATABASE, expandSql(query?.text ?? '', range, chosenOf(dashboard, { tenant: 'acme' })));
}

it('counts a turn once, and its failure only while it stands', async () => {
  expect(Number((await ask('Turns (A)')).rows[0]?.[0])).toBe(3);
  // One of three.
  expect(Number((await ask('Turns that failed (A)')).rows[0]?.[0])).toBeCloseTo(1 / 3);
});

it('takes percentiles of what stands, to 2 %', async () => {
  const seconds = Number((await ask('Response time, p95 (A)')).rows[0]?.[0]);
  expect(Math.abs(seconds / 4 - 1)).toBeLessThan(0.022);
  const { columns, rows } = await ask('Which agent is slow, fails or spends? (A)');
  expect(rows.map(([agent]) => agent)).toEqual(['writer']);
  const p50 = Number(rows[0]?.[columns.findIndex(({ name }) => name === 'p50')]);
  expect(Math.abs(p50 / 1 - 1)).toBeLessThan(0.022);
});

it('has no bucket and no row for a turn that was taken back', async () => {
  const { columns, rows } = await ask('Is it a few slow turns, or all? (A)');
  const filled = columns.filter((_, at) => Number(rows[0]?.[at]) > 0).map(({ name }) => name);
  // Two of 1 s and one of 4 s.
  expect(filled).toEqual(['1', '5']);
  const slowest = await ask('Which turns took longest? (A)');
  expect(slowest.rows.map(([seconds, agent]) => [Number(seconds), agent])).toEqual([
    [4, 'writer'],
    [1, 'writer'],
    [1, 'writer'],
  ]);
});
