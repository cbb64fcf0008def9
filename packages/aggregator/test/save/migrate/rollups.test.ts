// Every rollup equals the same sum over the raw rows, on a million bookings with reversals among them, and is what a query reads.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMigratedEngine, type RunningEngine } from '../running-engine.ts';

const DATABASE = 'turnmeter';
const ROWS = 1_000_000;
const ROWS_PER_INSERT = 250_000;

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runMigratedEngine(DATABASE);
  for (let from = 0; from < ROWS; from += ROWS_PER_INSERT) await engine.send(insertOf(from));
});
afterAll(() => engine.stop());

/**
 * Bookings of three tenants: 40 to a session, a third calls, a third turns, a third tool calls, every tenth of them taken back.
 */
function insertOf(from: number): string {
  return `
    INSERT INTO ${DATABASE}.entries
      (seg, writer, ingest_day, ingest_time, sign, tenant, session_id, workflow, workflow_version, agent, model, tool, trace_key, record_id, kind,
       started_at, ended_at, usage_source, inferences, turns, tool_calls, errors, input_tokens, output_tokens, cache_read_tokens,
       response_time_us, cost_nano_usd, other_cost_nano_usd, cost_status, unpriced_tokens)
    WITH intHash32(number) AS chance, number % 3 AS sort
    SELECT
      ${from}, 'w', '2026-11-22', toDateTime64('2026-11-22 12:00:00', 6, 'UTC'),
      if(number % 10 = 9, -1, 1),
      concat('tenant-', toString(intDiv(number, 400) % 3)),
      concat('session-', toString(intDiv(number, 40))),
      concat('workflow-', toString(intDiv(number, 40) % 8)),
      if(chance % 3 = 0, '', toString(intDiv(number, 20) % 5)),
      concat('agent-', toString(number % 6)),
      if(sort = 0, concat('model-', toString(chance % 5)), ''),
      if(sort = 2, concat('tool-', toString(chance % 12)), ''),
      lower(hex(MD5(toString(intDiv(number, 20))))), lower(hex(intHash64(number))),
      ['inference', 'turn', 'tool'][1 + sort],
      toDateTime64('2026-11-22 00:00:00', 6, 'UTC') + toIntervalMillisecond(number * 80) AS started,
      started + toIntervalMillisecond(chance % 5000),
      ['provider', 'none', 'none'][1 + sort],
      sort = 0, sort = 1, sort = 2, chance % 50 = 0,
      if(sort = 0, chance % 8000, 0), if(sort = 0, chance % 900, 0), if(sort = 0, chance % 4000, 0),
      if(sort = 1, chance % 5000000, 0), if(sort = 0, chance % 1000000, 0), if(sort = 2, chance % 1000, 0),
      if(sort = 0, ['exact', 'estimated', 'partial', 'unpriced'][1 + chance % 4], ''), if(sort = 0, chance % 7, 0)
    FROM (SELECT number + ${from} AS number FROM numbers(${ROWS_PER_INSERT}))
    SETTINGS max_insert_threads = 1, max_block_size = 1000000, min_insert_block_size_rows = 1000000,
      min_insert_block_size_bytes = 1000000000`;
}

/** The views, what they group by as it is in the table, and the projection that they are read from. */
const VIEWS = [
  { view: 'session_totals', keys: ['session_id', 'workflow'], projection: 'session_sums' },
  { view: 'session_agent_totals', keys: ['session_id', 'agent'], projection: 'session_part_sums' },
  { view: 'session_model_totals', keys: ['session_id', 'model'], projection: 'session_part_sums' },
  { view: 'session_tool_totals', keys: ['session_id', 'tool'], projection: 'session_part_sums' },
  {
    view: 'workflow_5min_totals',
    keys: ['workflow', 'toStartOfFiveMinutes(ended_at)'],
    projection: 'workflow_5min_sums',
  },
  { view: 'model_hour_totals', keys: ['toStartOfHour(ended_at)', 'workflow', 'model'], projection: 'hour_sums' },
  { view: 'tool_hour_totals', keys: ['toStartOfHour(ended_at)', 'workflow', 'tool'], projection: 'hour_sums' },
  { view: 'workflow_hour_totals', keys: ['toStartOfHour(ended_at)', 'workflow'], projection: 'hour_sums' },
] as const;

/** Every figure of the views, and what it is a sum of. */
const SUMS: Readonly<Record<string, string>> = {
  standing_entries: '1',
  ...Object.fromEntries(
    [
      'inferences',
      'turns',
      'tool_calls',
      'handoffs',
      'errors',
      'input_tokens',
      'output_tokens',
      'cache_read_tokens',
      'cache_write_tokens',
      'cache_write_1h_tokens',
      'reasoning_tokens',
      'input_audio_tokens',
      'output_audio_tokens',
      'input_image_tokens',
      'output_image_tokens',
      'excluded_input_tokens',
      'excluded_output_tokens',
      'response_time_us',
      'human_wait_us',
      'cost_nano_usd',
      'other_cost_nano_usd',
      'unpriced_tokens',
    ].map((name) => [name, name]),
  ),
  estimated_usages: "usage_source = 'estimated'",
  missing_usages: "usage_source = 'missing'",
  estimated_costs: "cost_status = 'estimated'",
  partial_costs: "cost_status = 'partial'",
  unpriced_costs: "cost_status = 'unpriced'",
};

/** Rows as one number: equal sums of hashes are equal rows, in any order. */
function hashed(names: readonly string[]): string {
  return `sum(cityHash64(tenant, ${names.join(', ')})) AS hash, count() AS rows`;
}

describe.each(VIEWS)('$view', ({ view, keys, projection }) => {
  const keyNames = keys.map((key) => (key.includes('(') ? 'time' : key));
  const forced = `force_optimize_projection = 1, force_optimize_projection_name = '${projection}'`;

  it('equals the sums over the raw rows, for every key', async () => {
    const names = [...keyNames, ...Object.keys(SUMS)];
    const raw = [
      ...keys.map((key, at) => `${key} AS ${keyNames[at]}_`),
      ...Object.entries(SUMS).map(([name, of]) => `sum(toInt64(sign) * toInt64(${of})) AS ${name}_`),
    ];
    const [fromView] = await engine.rows(
      `SELECT ${hashed(names)} FROM (SELECT * FROM ${DATABASE}.${view} SETTINGS ${forced})`,
    );
    const [fromRows] = await engine.rows(
      `SELECT ${hashed(names.map((name) => `${name}_`))}
       FROM (SELECT tenant, ${raw.join(', ')} FROM ${DATABASE}.entries
             GROUP BY tenant, ${keyNames.map((name) => `${name}_`).join(', ')} SETTINGS optimize_use_projections = 0)`,
    );
    expect(fromView).toEqual(fromRows);
  });

  it('is read from the projection for one tenant, and reads a small part of it', async () => {
    const plan = await engine.rows<{ explain: string }>(
      `EXPLAIN indexes = 1 SELECT ${keyNames.join(', ')}, cost_nano_usd FROM ${DATABASE}.${view} WHERE tenant = 'tenant-1' SETTINGS ${forced}`,
    );
    expect(plan.map(({ explain }) => explain).join('\n')).toContain(`(${projection})`);
  });

  it('names every column that there is', async () => {
    const columns = await engine.rows<{ name: string }>(
      `SELECT name FROM system.columns WHERE database = '${DATABASE}' AND table = '${view}'`,
    );
    const bounds = ['first_started_at', 'last_ended_at', 'last_ingest_time'];
    const expected = ['tenant', ...keyNames, ...Object.keys(SUMS)];
    expect(
      columns
        .map(({ name }) => name)
        .filter((name) => !bounds.includes(name))
        .toSorted(),
    ).toEqual(expected.toSorted());
  });
});

describe('one session', () => {
  it('is found without looking at the others', async () => {
    const query = `SELECT cost_nano_usd FROM ${DATABASE}.session_totals WHERE tenant = 'tenant-1' AND session_id = 'session-7001'`;
    const plan = await engine.rows<{ explain: string }>(`EXPLAIN indexes = 1 ${query}`);
    const granules = plan.flatMap(({ explain }) => /Granules: (\d+)\/(\d+)/.exec(explain)?.slice(1).map(Number) ?? []);
    // Of each of the four parts no more than the granules that its key may be in.
    expect(Math.min(...granules)).toBeLessThanOrEqual(8);
  });

  it('has its times as bounds', async () => {
    const [bounds] = await engine.rows(
      `SELECT first_started_at, last_ended_at FROM ${DATABASE}.session_totals WHERE tenant = 'tenant-0' AND session_id = 'session-0'`,
    );
    const [raw] = await engine.rows(
      `SELECT min(started_at) AS first_started_at, max(ended_at) AS last_ended_at FROM ${DATABASE}.entries
       WHERE tenant = 'tenant-0' AND session_id = 'session-0'`,
    );
    expect(bounds).toEqual(raw);
  });
});
