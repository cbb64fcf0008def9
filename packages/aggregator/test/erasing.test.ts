// The statements of docs/operations/retention.md, run as they stand there.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../src/query/check.ts';
import { Reader } from '../src/query/reader.ts';
import { toldAssessor } from './assess/told-assessor.ts';
import { call, dayOf, type EntryRow } from './query/ledger.ts';
import { openedLedger } from './query/opened-ledger.ts';

const { ledger, queries } = await openedLedger();
const assessor = toldAssessor(ledger.client);
afterAll(() => assessor.stop());

/** The statements of the page: for a person, and for a tenant. */
async function statements(): Promise<readonly (readonly string[])[]> {
  const page = await readFile(path.join(import.meta.dirname, '../../../docs/operations/retention.md'), 'utf8');
  const blocks = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, block = '']) => block);
  return blocks.map((block) => block.split(/;\n/).filter((statement) => statement.trim() !== ''));
}

async function run(all: readonly string[]): Promise<void> {
  for (const query of all) await ledger.client.command({ query });
}

async function faults(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isOk } of check(new Reader(ledger.client), 'every', 1)) if (!isOk) found.push(name);
  return found;
}

/** Tables of which some row of a tenant holds the text anywhere. */
async function tablesWith(text: string, tenant: string): Promise<readonly string[]> {
  const tables = await ledger.rows<{ name: string }>(
    `SELECT columns.table AS name FROM system.columns AS columns
     WHERE columns.database = currentDatabase() AND columns.name = 'tenant' AND columns.table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await ledger.rows<{ count: number | string }>(
      `SELECT count() AS count FROM ${name} WHERE tenant = {tenant:String} AND position(formatRow('JSONEachRow', *), {text:String}) > 0`,
      { text, tenant },
    );
    if (Number(row?.count) > 0) found.push(name);
  }
  return found;
}

async function keep(tenant: string, user: string, session: string): Promise<void> {
  const entries = [0, 1, 2].map((at) => call([at, at + 1], { tenant, user_id: user, session_id: session }));
  await ledger.insert('observations', entries.map(seenOf));
  await ledger.book(entries);
  await assessor.finalize(tenant, session);
}

function seenOf({ tenant, user_id, trace_key, record_id, signal, started_at, ended_at }: EntryRow): EntryRow {
  const ingest_day = dayOf(Date.now() * 1000);
  return { tenant, user_id, trace_key, record_id, signal, started_at, ended_at, ingest_day };
}

describe('erasing', () => {
  it('a person takes the name and leaves the money, and a tenant everything; others stay as they are', async () => {
    for (const tenant of ['acme', 'globex']) {
      await keep(tenant, 'anna', 'session-1');
      await keep(tenant, 'bert "x\\', 'session-2');
    }
    await ledger.refresh();
    const [person = [], wholeTenant = []] = await statements();
    expect([person.length, wholeTenant.length]).toEqual([3, 7]);

    const before = await queries.workflow('acme', 'research');
    await run(person);
    expect(await tablesWith('anna', 'acme')).toEqual([]);
    expect(await tablesWith('anna', 'globex')).not.toEqual([]);
    expect(await tablesWith('bert', 'acme')).not.toEqual([]);
    expect((await queries.session('acme', 'session-1'))?.figures.userId).toBe('');
    expect((await queries.session('acme', 'session-2'))?.figures.userId).toBe('bert "x\\');
    expect(await queries.workflow('acme', 'research')).toEqual(before);
    expect(await faults()).toEqual([]);

    const others = await queries.workflow('globex', 'research');
    await run(wholeTenant);
    await ledger.refresh();
    expect(await tablesWith('acme', 'acme')).toEqual([]);
    expect(await tablesWith('globex', 'globex')).not.toEqual([]);
    expect(await queries.workflow('globex', 'research')).toEqual(others);
    expect(await faults()).toEqual([]);
  }, 120_000);
});
