// Totals, producers and exports.

import { buffer, text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ExportFormat, ExportOf } from '../../src/query/export.ts';
import { toldAssessor } from '../assess/told-assessor.ts';
import { call, entry, type EntryRow, NOON_US, timeOf, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();
const EVER = { firstDay: '1970-01-01', lastDay: '2148-12-31' };

const DAY = 86_400;

describe('totals', () => {
  it('are of the days asked for, of one tenant, whatever was taken back', async () => {
    const tenant = 'totals';
    const copy = call([0, 1], { tenant, input_tokens: 5 });
    await ledger.book([
      turn('writer', [0, 5], { tenant }),
      call([1, 2], { tenant, input_tokens: 100 }),
      call([1, 2], {
        tenant,
        input_tokens: 200,
        session_id: '',
        agent: 'critic',
        model: 'o3',
        workflow: 'lone',
        errors: 1,
      }),
      call([DAY, DAY + 1], {
        tenant,
        input_tokens: 400,
        cost_status: 'unpriced',
        cost_nano_usd: 0,
        unpriced_tokens: 410,
      }),
      entry('tool', [3, 4], { tenant, tool: 'search', agent: 'writer', cost_nano_usd: 7 }),
      copy,
      call([1, 2], { tenant: 'another', input_tokens: 9000 }),
    ]);
    await ledger.takeBack([copy]);
    const day = await queries.totals(tenant, { by: 'day', ...EVER });
    expect(day.total).toMatchObject({
      inferences: 3,
      turns: 1,
      tool_calls: 1,
      errors: 1,
      input_tokens: 700,
      cost_nano_usd: 327n,
    });
    expect(day.groups.map(({ name, sums }) => [name, sums.input_tokens])).toEqual([
      ['2026-11-21', 300],
      ['2026-11-22', 400],
    ]);
    const groups = async (by: 'model' | 'agent' | 'tool' | 'workflow'): Promise<unknown> =>
      (await queries.totals(tenant, { by, ...EVER })).groups.map(({ name, sums }) => [name, sums.cost_nano_usd]);
    expect(await groups('model')).toEqual([
      ['o3', 210n],
      ['gpt-5', 110n],
      ['', 7n],
    ]);
    expect(await groups('agent')).toEqual([
      ['critic', 210n],
      ['writer', 117n],
    ]);
    expect(await groups('tool')).toEqual([
      ['search', 7n],
      ['', 320n],
    ]);
    expect(await groups('workflow')).toEqual([
      ['lone', 210n],
      ['research', 117n],
    ]);
  });

  it('of a day hold what ended on it, both days included', async () => {
    const tenant = 'days';
    await ledger.book(
      [-1, 0, 1].map((day) =>
        call([day * DAY, day * DAY + 1], { tenant, input_tokens: 10 ** (day + 1), output_tokens: 0 }),
      ),
    );
    const of = async (firstDay: string, lastDay: string): Promise<number> =>
      (await queries.totals(tenant, { by: 'day', firstDay, lastDay })).total.input_tokens;
    expect(await of('2026-11-20', '2026-11-22')).toBe(111);
    expect(await of('2026-11-21', '2026-11-21')).toBe(10);
    expect(await of('2026-11-22', '2026-11-20')).toBe(0);
  });

  it('of nothing are zeros', async () => {
    const { total, groups, isTruncated } = await queries.totals('nobody', { by: 'model', ...EVER });
    expect(total).toMatchObject({ inferences: 0, cost_nano_usd: 0n });
    expect(groups).toEqual([]);
    expect(isTruncated).toBe(false);
  });
});

function seen(columns: EntryRow): EntryRow {
  return {
    ingest_day: '2026-11-21',
    ingest_time: timeOf(NOON_US),
    tenant: 'producers',
    signal: 'span',
    trace_key: 'a'.repeat(32),
    record_id: 'r',
    profile: 'openai',
    role: 'inference',
    service: 'app',
    started_at: timeOf(NOON_US),
    ended_at: timeOf(NOON_US + 1e6),
    ...columns,
  };
}

describe('producers', () => {
  it('are counted by what read them, with what was missing and noticed', async () => {
    await ledger.insert('observations', [
      seen({ record_id: '1', has_usage: true, usage_source: 'provider', operation: 'chat', scope: 'openai-v2' }),
      seen({ record_id: '2', usage_source: 'missing', operation: 'chat', notes: ['time_repaired'] }),
      seen({
        record_id: '3',
        has_usage: true,
        usage_source: 'estimated',
        notes: ['time_repaired', 'usage_as_text'],
        ended_at: timeOf(NOON_US + 9e6),
      }),
      seen({ record_id: '4', profile: '', role: 'lineage', operation: 'GET' }),
      seen({ record_id: '4', profile: '', role: 'lineage', operation: 'GET' }),
      seen({ record_id: '5', ingest_day: '2026-11-19' }),
      seen({ record_id: '6', tenant: 'another' }),
    ]);
    expect(await queries.producers('producers', { firstDay: '2026-11-20' })).toEqual([
      {
        profile: 'openai',
        role: 'inference',
        service: 'app',
        signal: 'span',
        records: 3,
        with_usage: 2,
        missing_usage: 1,
        estimated_usage: 1,
        notes: [
          ['time_repaired', 2],
          ['usage_as_text', 1],
        ],
        operations: ['chat'],
        scopes: ['openai-v2'],
        first_us: NOON_US,
        last_us: NOON_US + 9e6,
      },
      expect.objectContaining({ profile: '', role: 'lineage', records: 1, operations: ['GET'], notes: [] }),
    ]);
    expect(await queries.producers('nobody', { firstDay: '1970-01-01' })).toEqual([]);
  });
});

/** Rows of an export as JSON. */
async function exportOf(what: ExportOf, tenant = 'exports', days = EVER): Promise<readonly Record<string, unknown>[]> {
  const lines = await text(await queries.export(tenant, { what, format: ExportFormat.NDJSON, ...days }));
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('an export', () => {
  beforeAll(async () => {
    const of = { tenant: 'exports', session_id: 'quoted, "session"\n', workflow_version: '7' };
    await ledger.book([
      turn('writer', [0, 5], of),
      call([1, 2], { ...of, errors: 1 }),
      call([1, 2], { tenant: 'another', session_id: 'theirs' }),
    ]);
    await ledger.insert('observations', [seen({ tenant: 'exports' })]);
    const assessor = toldAssessor(ledger.client);
    await assessor.finalize('exports', of.session_id);
    await assessor.finalize('another', 'theirs');
    await assessor.stop();
    await ledger.refresh();
  });

  it.for([
    [ExportOf.ENTRIES, 2],
    [ExportOf.SESSIONS, 1],
    [ExportOf.OBSERVATIONS, 1],
    [ExportOf.WORKFLOWS, 1],
  ] as const)('of %s has the rows of one tenant', async ([what, count]) => {
    const found = await exportOf(what);
    expect(found).toHaveLength(count);
    expect(new Set(found.map(({ tenant }) => tenant))).toEqual(new Set(['exports']));
    expect(await exportOf(what, 'nobody')).toEqual([]);
  });

  it.for([
    [ExportOf.ENTRIES, 'entries'],
    [ExportOf.OBSERVATIONS, 'observations'],
  ] as const)('of %s has every column of its table', async ([what, table]) => {
    const columns = await ledger.rows<{ name: string }>(
      `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position`,
      { table },
    );
    expect(Object.keys((await exportOf(what))[0] ?? {})).toEqual(columns.map(({ name }) => name));
  });

  it('has the days that are asked for', async () => {
    const days = { firstDay: '2026-11-21', lastDay: '2026-11-21' };
    expect(await exportOf(ExportOf.SESSIONS, 'exports', days)).toHaveLength(1);
    expect(await exportOf(ExportOf.SESSIONS, 'exports', { firstDay: '2026-11-22', lastDay: '2026-11-23' })).toEqual([]);
    expect(await exportOf(ExportOf.OBSERVATIONS, 'exports', days)).toHaveLength(1);
  });

  it('keeps names whole in every format', async () => {
    expect((await exportOf(ExportOf.SESSIONS))[0]).toMatchObject({
      session_id: 'quoted, "session"\n',
      workflow_version: '7',
      errors: 1,
      tokens: 110,
      cost_nano_usd: 110,
    });
    const csv = await text(
      await queries.export('exports', { what: ExportOf.SESSIONS, format: ExportFormat.CSV, ...EVER }),
    );
    expect(csv).toContain('"exports","quoted, ""session""\n","research"');
    const parquet = await buffer(
      await queries.export('exports', { what: ExportOf.SESSIONS, format: ExportFormat.PARQUET, ...EVER }),
    );
    expect(parquet.subarray(0, 4).toString()).toBe('PAR1');
    expect(parquet.subarray(-4).toString()).toBe('PAR1');
  });
});
