// A real database with all migrations, and rows of the ledger written as the engine takes them.

import { ClickHouseLogLevel, type ClickHouseClient, createClient } from '@clickhouse/client';
import { Database } from '../../src/save/database.ts';
import { migrate } from '../../src/save/migrate/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrations } from '../../src/save/migrate/migration-files.ts';

export interface LedgerDatabase {
  readonly client: ClickHouseClient;
  readonly name: string;
  /** Books entries, in one part. */
  book(entries: readonly EntryRow[]): Promise<void>;
  /** Takes entries back as they were booked. */
  takeBack(entries: readonly EntryRow[], because?: string): Promise<void>;
  insert(table: string, rows: readonly object[]): Promise<void>;
  rows<Row = Record<string, unknown>>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]>;
  /** Has the averages computed now. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Columns of `entries`; what is left out is empty or 0. */
export type EntryRow = Readonly<Record<string, unknown>>;

let count = 0;

export async function openLedger(url: string, name: string = `ledger_${++count}`): Promise<LedgerDatabase> {
  const database = new Database({ url, database: name });
  await migrate(database, await readMigrations(MIGRATIONS_FOLDER));
  await database.close();
  const client = createClient({ url, database: name, log: { level: ClickHouseLogLevel.OFF } });
  let segment = 0;
  const insert: LedgerDatabase['insert'] = async (table, rows) => {
    await client.insert({ table, values: rows, format: 'JSONEachRow', clickhouse_settings: { async_insert: 0 } });
  };
  const write = async (
    rows: readonly EntryRow[],
    of: { readonly sign: number; readonly because: string },
  ): Promise<void> => {
    segment++;
    const now = Date.now() * 1000 + (segment % 1000);
    await insert(
      'entries',
      rows.map((row) => ({
        seg: segment,
        writer: 'test',
        ingest_day: dayOf(now),
        ingest_time: timeOf(now),
        ...row,
        ...of,
      })),
    );
  };
  return {
    client,
    name,
    book: (rows) => write(rows, { sign: 1, because: '' }),
    takeBack: (rows, because = '') => write(rows, { sign: -1, because }),
    insert,
    rows: async <Row>(query: string, parameters: Record<string, unknown> = {}): Promise<Row[]> => {
      const result = await client.query({ query, query_params: parameters, format: 'JSONEachRow' });
      return result.json<Row>();
    },
    refresh: async () => {
      for (const views of REFRESHES) {
        for (const view of views) await client.command({ query: `SYSTEM REFRESH VIEW ${view}` });
        for (const view of views) await client.command({ query: `SYSTEM WAIT VIEW ${view}` });
      }
    },
    close: () => client.close(),
  };
}

/** Averages are made of days. */
const REFRESHES = [
  ['workflow_days_refresh', 'workflow_agent_days_refresh'],
  ['workflow_averages_refresh', 'workflow_agent_averages_refresh'],
];

export function dayOf(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 10);
}

/** '1795244870.000123' */
export function timeOf(us: number): string {
  return `${Math.floor(us / 1e6)}.${`${us % 1e6}`.padStart(6, '0')}`;
}

/** Noon of a day in the tests' past. */
export const NOON_US: number = Date.UTC(2026, 10, 21, 12) * 1000;

let records = 0;

/** An entry of `kind` that lasts from second to second of the tests' noon. */
export function entry(kind: string, [from, to]: readonly [number, number], columns: EntryRow = {}): EntryRow {
  const counts = {
    inference: { inferences: 1 },
    turn: { turns: 1 },
    tool: { tool_calls: 1 },
    handoff: { handoffs: 1 },
  };
  return {
    tenant: 'acme',
    session_id: 's1',
    workflow: 'research',
    service: 'app',
    signal: 'span',
    trace_key: 'a'.repeat(32),
    record_id: `record${++records}`,
    kind,
    reason: kind,
    started_at: timeOf(NOON_US + from * 1e6),
    ended_at: timeOf(NOON_US + to * 1e6),
    usage_source: kind === 'inference' ? 'provider' : 'none',
    ...counts[kind as keyof typeof counts],
    ...columns,
  };
}

/** A model call with tokens and a price of one nano-dollar a token. */
export function call(time: readonly [number, number], columns: EntryRow = {}): EntryRow {
  const input = Number(columns['input_tokens'] ?? 100);
  const output = Number(columns['output_tokens'] ?? 10);
  return entry('inference', time, {
    agent: 'writer',
    provider: 'openai',
    model: 'gpt-5',
    input_tokens: input,
    output_tokens: output,
    cost_nano_usd: input + output,
    cost_status: 'exact',
    cost_source: 'price_book',
    ...columns,
  });
}

/** An agent's go, with the time it took to respond. */
export function turn(agent: string, time: readonly [number, number], columns: EntryRow = {}): EntryRow {
  return entry('turn', time, { agent, response_time_us: (time[1] - time[0]) * 1e6, ...columns });
}
