// Days leave by the tables' TTL, first what was seen and later what was booked. Nothing is faked but the day on which rows came.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { check } from '../../src/query/check.ts';
import { createQueries } from '../../src/query/queries.ts';
import { Reader } from '../../src/query/reader.ts';
import { Database } from '../../src/save/database.ts';
import { applyRetention } from '../../src/save/migrate/migrate.ts';
import { toldAssessor } from '../assess/told-assessor.ts';
import { call, dayOf, type EntryRow, timeOf } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { engine, ledger, queries } = await openedLedger();
const assessor = toldAssessor(ledger.client);
afterAll(() => assessor.stop());

const DAY_US = 86_400_000_000;
/** A second after the midnight before the tests run, some days ago. */
const morning = (daysAgo: number): number => Math.floor((Date.now() * 1000) / DAY_US - daysAgo) * DAY_US + 1e6;

let segment = 0;

/** What arrived on a day: seen and booked, or only booked; taken back where `sign` says so. */
async function arrive(
  us: number,
  rows: readonly EntryRow[],
  options: { isSeen?: boolean; sign?: number } = {},
): Promise<void> {
  const came = { seg: ++segment, writer: 'test', ingest_day: dayOf(us), ingest_time: timeOf(us) };
  const { isSeen = true, sign = 1 } = options;
  if (isSeen) {
    await ledger.insert(
      'observations',
      rows.map(({ tenant, trace_key, record_id, signal, started_at, ended_at }) => ({
        ...{ tenant, trace_key, record_id, signal, started_at, ended_at, role: 'inference' },
        ...came,
      })),
    );
  }
  await ledger.insert(
    'entries',
    rows.map((row) => ({ ...row, ...came, sign })),
  );
}

function callAt(us: number, columns: EntryRow): EntryRow {
  return call([0, 1], { started_at: timeOf(us - 2e6), ended_at: timeOf(us - 1e6 - 5e5), ...columns });
}

async function daysOf(table: string): Promise<readonly string[]> {
  const rows = await ledger.rows<{ day: string }>(
    `SELECT DISTINCT toString(ingest_day) AS day FROM ${table} ORDER BY day`,
  );
  return rows.map(({ day }) => day);
}

async function faults(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isOk } of check(new Reader(ledger.client), 'every', 1)) if (!isOk) found.push(name);
  return found;
}

// A session of one day long ago, one that goes on over midnight, one of today; and a call that was booked in the last second of a day and
// moved to another session in the first of the next.
const old = callAt(morning(20), { session_id: 'old', trace_key: 'd'.repeat(32), input_tokens: 1000 });
const long = [callAt(morning(10), { session_id: 'long' }), callAt(morning(9), { session_id: 'long', input_tokens: 7 })];
const moved = callAt(morning(9), { session_id: '', record_id: 'moved', trace_key: 'b'.repeat(32) });
const recent = callAt(morning(0), { session_id: 'recent' });

beforeAll(async () => {
  await arrive(morning(20), [old]);
  await arrive(morning(10), [long[0] ?? {}, moved]);
  await arrive(morning(9), [long[1] ?? {}]);
  await arrive(morning(9) + 1e6, [moved], { isSeen: false, sign: -1 });
  await arrive(morning(9) + 1e6, [{ ...moved, session_id: 'long' }], { isSeen: false });
  await arrive(morning(0), [recent]);
  for (const id of ['old', 'long', 'recent']) await assessor.finalize('acme', id);
  await ledger.refresh();
});

/** Shortens what is kept, and waits until the engine has dropped what is older. */
async function keep(days: { readonly observationDays: number; readonly entryDays: number }): Promise<void> {
  const database = new Database({ url: engine.url, database: ledger.name });
  await applyRetention(database, days);
  await database.close();
  const first = (kept: number): string => dayOf(morning(kept - 1));
  await vi.waitFor(
    async () => {
      const [[seen = ''], [booked = '']] = [await daysOf('observations'), await daysOf('entries')];
      if (seen < first(days.observationDays) || booked < first(days.entryDays)) throw new Error(`${seen}, ${booked}`);
    },
    { timeout: 60_000, interval: 200 },
  );
}

describe('when days of what was seen have left', () => {
  beforeAll(() => keep({ observationDays: 10, entryDays: 730 }), 90_000);

  it('they are gone whole, and everything that counts is there', async () => {
    expect(await daysOf('observations')).toEqual([dayOf(morning(9)), dayOf(morning(0))]);
    expect(await daysOf('entries')).toEqual([20, 10, 9, 0].map((ago) => dayOf(morning(ago))));
    expect((await queries.session('acme', 'old'))?.figures.lines[0]?.sums.input_tokens).toBe(1000);
  });

  it('the books still agree', async () => {
    expect(await faults()).toEqual([]);
  }, 60_000);

  it('a record that was dropped is told from one that never was', async () => {
    const asked = createQueries(ledger.client);
    expect(await asked.explain('acme', { traceId: 'd'.repeat(32) })).toBeUndefined();
    expect(await asked.findForgotten('acme', { traceId: 'd'.repeat(32) })).toEqual({
      entries: 1,
      seenSince: dayOf(morning(9)),
    });
    expect(await asked.findForgotten('acme', { traceId: 'c'.repeat(32) })).toMatchObject({ entries: 0 });
    expect(await asked.findForgotten('globex', { traceId: 'd'.repeat(32) })).toMatchObject({ entries: 0 });
  });
});

describe('when days of the ledger have left', () => {
  let before: unknown;
  beforeAll(async () => {
    before = await queries.workflow('acme', 'research');
    await keep({ observationDays: 10, entryDays: 10 });
  }, 90_000);

  it('sessions and averages are as they were', async () => {
    expect(await daysOf('entries')).toEqual([dayOf(morning(9)), dayOf(morning(0))]);
    await ledger.refresh();
    expect(await queries.workflow('acme', 'research')).toEqual(before);
    const { sessions } = await queries.sessions('acme', { filter: {}, limit: 10 });
    expect(sessions.map(({ figures }) => figures.sessionId)).toEqual(expect.arrayContaining(['old', 'recent']));
    expect((await queries.session('acme', 'old'))?.figures.lines[0]?.sums.input_tokens).toBe(1000);
  });

  it('the books still agree, also of what was booked on a day that left and taken back on one that stays', async () => {
    expect(await faults()).toEqual([]);
  }, 60_000);

  it('a session of which a part is left keeps the summary of the whole, whatever comes', async () => {
    const whole = (await queries.session('acme', 'long'))?.finalization;
    await arrive(morning(0) + 5e6, [callAt(morning(0), { session_id: 'long', input_tokens: 3 })]);
    await assessor.finalize('acme', 'long');
    expect((await queries.session('acme', 'long'))?.finalization).toEqual(whole);
    await ledger.refresh();
    expect(await queries.workflow('acme', 'research')).toEqual(before);
  });
});
