// A session lies in few parts of the ledger. Sorted by session, each part has a granule where it would be: its index says that it is not there.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { expandSql } from '../../src/query/expand.ts';
import { chosenOf, readDashboards, sqlOf } from '../dashboard-files.ts';
import { type Engine, startEngine } from '../engine/engine.ts';

const DATABASE = 'lookup';
/** Parts with other sessions, of before and after the one that is looked for. */
const DAYS = [1, 2, 3, 4, 5];
const RANGE = { fromMs: Date.UTC(2026, 2, 1), toMs: Date.UTC(2026, 2, 7), intervalMs: 60_000 };

let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
  await engine.migrate(DATABASE);
  for (const day of DAYS) {
    await engine.run(
      DATABASE,
      `INSERT INTO entries (seg, writer, ingest_day, ingest_time, sign, tenant, session_id, workflow, agent, kind, reason, trace_key, record_id,
        started_at, ended_at, turns, cost_nano_usd)
      SELECT ${day}, 'w', '2026-03-0${day}', '2026-03-0${day} 12:00:00', 1, 'acme', arrayJoin(['a', 'day-${day}', 'z']), 'review', 'writer', 'turn',
        'turn', 't', 'r', '2026-03-0${day} 11:00:00', '2026-03-0${day} 11:01:00', 1, 7`,
    );
  }
}, 120_000);

afterAll(() => engine?.stop());

it.each(['It costs (A)', 'Which calls were made? (A)', 'When did the money go? (A)'])(
  'opens the parts that have the session: %s',
  async (title) => {
    const [, dashboard] = readDashboards().find(([file]) => file === 'session.json') ?? [];
    if (dashboard === undefined) throw new Error('session.json is not there');
    const query = sqlOf('session.json', dashboard).find(({ what }) => what.includes(title));
    const sql = expandSql(query?.text ?? '', RANGE, chosenOf(dashboard, { tenant: 'acme', session: 'day-3' }));
    const plan = await engine.run(DATABASE, `EXPLAIN indexes = 1 ${sql}`, { default_format: 'TSVRaw' });
    const [, ofEntries = ''] = plan.split('session_ids');
    expect(ofEntries).toMatch(new RegExp(String.raw`Parts: 1/${DAYS.length}\b`));
  },
);
