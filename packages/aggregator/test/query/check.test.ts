import { cp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { startEmbeddedClickHouse } from '@turnmeter/embedded-clickhouse';
import { beforeAll, describe, expect, it } from 'vitest';
import { check, type CheckResult } from '../../src/query/check.ts';
import { CHECK_RULES } from '../../src/query/check-rules.ts';
import { Reader } from '../../src/query/reader.ts';
import type { Tenants } from '../../src/query/workflows.ts';
import { toldAssessor } from '../assess/told-assessor.ts';
import { call, dayOf, type EntryRow, type LedgerDatabase, openLedger, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { engine, ledger } = await openedLedger();
beforeAll(async () => {
  // Parts stay as they are booked, for the last test to mix up.
  await ledger.client.command({ query: 'SYSTEM STOP MERGES entries' });
  // A tenant whose books stay in order, and one for everything that can be wrong.
  await keepBooks(['acme', ...DISAGREEMENTS.map(({ fault }) => fault)]);
});

/** Books that are in order: sessions, things taken back, summaries and averages. */
async function keepBooks(tenants: readonly string[]): Promise<void> {
  const entries = tenants.flatMap((tenant) =>
    Array.from({ length: 4 }, (_, at) => {
      const of = { tenant, session_id: `s${at}`, workflow: at % 2 === 0 ? 'research' : 'support' };
      return [turn('writer', [at, at + 5], of), call([at, at + 2], { ...of, input_tokens: at * 100 })];
    }).flat(),
  );
  await bookSeen(entries);
  // Senders repeat what they sent, which is no fault.
  await ledger.insert('observations', entries.map(seenOf));
  const moved = entries.filter(({ kind, session_id }) => kind === 'inference' && session_id === 's0');
  await ledger.takeBack(moved);
  await ledger.book(moved.map((entry) => ({ ...entry, session_id: 's1' })));
  const assessor = toldAssessor(ledger.client);
  for (const tenant of tenants) for (const at of [0, 1]) await assessor.finalize(tenant, `s${at}`);
  await assessor.stop();
  await ledger.refresh();
}

/** Books entries of records that were seen. */
async function bookSeen(entries: readonly EntryRow[]): Promise<void> {
  await ledger.insert('observations', entries.map(seenOf));
  await ledger.book(entries);
}

function seenOf({ tenant, trace_key, record_id, signal, started_at, ended_at }: EntryRow): EntryRow {
  return { tenant, trace_key, record_id, signal, started_at, ended_at, ingest_day: dayOf(Date.now() * 1000) };
}

async function audit(tenants: Tenants, from: LedgerDatabase = ledger): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for await (const result of check(new Reader(from.client), tenants, 1)) results.push(result);
  return results;
}

/** Names of what does not hold. */
async function faultsOf(tenants: Tenants, from: LedgerDatabase = ledger): Promise<readonly string[]> {
  return (await audit(tenants, from)).filter(({ isOk }) => !isOk).map(({ name }) => name);
}

/** Writes a row again as it stands, but for what is replaced. */
async function rewrite(table: string, replaced: string, where: string): Promise<void> {
  await ledger.client.command({
    query: `INSERT INTO ${table} SELECT * REPLACE (${replaced}) FROM ${table} FINAL WHERE ${where}`,
  });
}

interface Disagreement {
  readonly fault: string;
  readonly inject: (tenant: string) => Promise<void>;
}

const DISAGREEMENTS: readonly Disagreement[] = [
  {
    fault: 'calls_have_entries',
    inject: (tenant) =>
      ledger.insert('observations', [
        { ...seenOf(call([1, 2], { tenant })), role: 'inference', ingest_time: '2026-11-20 12:00:00' },
      ]),
  },
  { fault: 'entries_have_observations', inject: (tenant) => ledger.book([call([1, 2], { tenant, session_id: 's9' })]) },
  {
    fault: 'records_stand_once',
    inject: async (tenant) => {
      const record = call([1, 2], { tenant, session_id: 's9' });
      await bookSeen([record]);
      await ledger.book([record]);
    },
  },
  {
    fault: 'reversals_match_bookings',
    inject: async (tenant) => {
      const record = call([1, 2], { tenant, session_id: 's9', input_tokens: 100 });
      await bookSeen([record]);
      await ledger.takeBack([{ ...record, input_tokens: 90 }]);
    },
  },
  {
    fault: 'sessions_not_negative',
    inject: async (tenant) => {
      const record = call([1, 2], { tenant, session_id: 's9' });
      await bookSeen([record]);
      await ledger.takeBack([{ ...record, session_id: 's10' }]);
    },
  },
  {
    fault: 'summaries_unique',
    inject: (tenant) =>
      rewrite('session_summaries', `'elsewhere' AS workflow`, `tenant = '${tenant}' AND session_id = 's0'`),
  },
  {
    fault: 'summaries_equal_entries',
    inject: (tenant) =>
      rewrite(
        'session_summaries',
        'tokens + 1 AS tokens, version + 1 AS version',
        `tenant = '${tenant}' AND session_id = 's0'`,
      ),
  },
  {
    fault: 'averages_equal_summaries',
    inject: (tenant) =>
      rewrite('workflow_averages', 'tokens_sum + 1 AS tokens_sum, revision + 1 AS revision', `tenant = '${tenant}'`),
  },
];

describe('an audit', () => {
  it('finds nothing in books that are in order, for one tenant and for all', async () => {
    for (const tenants of [{ tenant: 'acme' }, 'every', { tenant: 'nobody' }] as const) {
      const results = await audit(tenants);
      expect(results.map(({ name }) => name)).toEqual(CHECK_RULES.map(({ name }) => name));
      expect(results.filter(({ isOk }) => !isOk)).toEqual([]);
    }
  });

  it.for(DISAGREEMENTS)('finds what breaks $fault', async ({ fault, inject }) => {
    await inject(fault);
    expect(await faultsOf({ tenant: fault })).toContain(fault);
  });

  it('finds it for whom it is broken, and for nobody else', async () => {
    expect(await faultsOf({ tenant: 'acme' })).toEqual([]);
    expect(await faultsOf('every')).toEqual(expect.arrayContaining(DISAGREEMENTS.map(({ fault }) => fault)));
  });

  it('has failed where it could not be asked', async () => {
    const results = await audit(
      { tenant: 'acme' },
      {
        ...ledger,
        client: createClient({ url: engine.url, database: 'nowhere', log: { level: ClickHouseLogLevel.OFF } }),
      },
    );
    expect(results.every(({ isOk, found }) => !isOk && found.startsWith('could not be asked'))).toBe(true);
  });

  it('finds sums that are not those of their entries', async () => {
    const { name } = ledger;
    // Two parts of one day get each other's sums, as a broken disk or a wrong backup would leave them.
    const parts = await ledger.rows<{ path: string }>(
      `SELECT path FROM system.parts WHERE database = {name:String} AND table = 'entries' AND active ORDER BY rows DESC`,
      { name },
    );
    const from = parts[0]?.path ?? '';
    const to = parts.at(-1)?.path ?? '';
    expect(from).not.toBe(to);
    await engine.engine.stop();
    for (const projection of (await readdir(from)).filter((file) => file.endsWith('_sums.proj'))) {
      await rm(path.join(to, projection), { recursive: true });
      await cp(path.join(from, projection), path.join(to, projection), { recursive: true });
    }
    const restarted = await startEmbeddedClickHouse({ dataDir: path.join(engine.dataDir, 'clickhouse') });
    const reopened = await openLedger(restarted.url, name);
    expect(await faultsOf('every', reopened)).toEqual(
      expect.arrayContaining([
        'session_sums_equal_entries',
        'session_part_sums_equal_entries',
        'workflow_5min_sums_equal_entries',
        'hour_sums_equal_entries',
        'day_sums_equal_entries',
      ]),
    );
    await reopened.close();
    await restarted.stop();
  });
});
