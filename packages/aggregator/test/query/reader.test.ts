import { text } from 'node:stream/consumers';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import { Reader } from '../../src/query/reader.ts';
import { type Sql, sql } from '../../src/query/sql.ts';
import { until } from '../save/running-engine.ts';
import { openedLedger } from './opened-ledger.ts';

const { engine, ledger } = await openedLedger();
const reader = new Reader(ledger.client);

const ENDLESS = sql`SELECT sum(sipHash64(number)) FROM numbers(1000000000000)`;

/** Queries that run with a mark in their text. */
async function running(mark: string): Promise<number> {
  const [row] = await engine.rows<{ n: number }>(
    `SELECT count() AS n FROM system.processes WHERE position(query, '${mark}') > 0 AND position(query, 'system.processes') = 0`,
  );
  return row?.n ?? 0;
}

describe('a reader', () => {
  it('takes no text for SQL', () => {
    // @ts-expect-error: only pieces of SQL of this program may stand in SQL.
    expect(sql`SELECT ${'1; DROP TABLE entries'}`.text).toBe('SELECT ');
    // @ts-expect-error: nor is text itself SQL.
    const notSql: Sql = 'SELECT 1';
    expect(notSql).toBe('SELECT 1');
  });

  it('binds values, and leaves integers to the last digit', async () => {
    const rows = await reader.rows(sql`SELECT {name:String} AS name, {n:Int64} AS n, {list:Array(String)} AS list`, {
      name: "it's \\ {n:Int64} \n\t\0",
      n: '-9223372036854775808',
      list: ["a'b", '\\', ''],
    });
    expect(rows).toEqual([{ name: "it's \\ {n:Int64} \n\t\0", n: '-9223372036854775808', list: ["a'b", '\\', ''] }]);
    expect(await reader.rows(sql`SELECT 5 :: Int64 AS n`, {}, { safeIntegers: true })).toEqual([{ n: 5 }]);
  });

  it('writes nothing, whatever the query', async () => {
    for (const query of [
      sql`DROP TABLE entries`,
      sql`INSERT INTO entries (seg) VALUES (1)`,
      sql`CREATE TABLE x (n Int8) ENGINE = Memory`,
    ]) {
      await expect(reader.rows(query, {})).rejects.toMatchObject({ code: 'database_refused', retryable: false });
    }
    expect(await ledger.rows('EXISTS TABLE entries')).toEqual([{ result: 1 }]);
  });

  it('ends what takes too long, too much memory or too many rows, each with its own error', async () => {
    await expect(reader.rows(ENDLESS, {}, { secondsMax: 0.2 })).rejects.toMatchObject({
      code: 'too_slow',
      retryable: true,
    });
    const wide = sql`SELECT groupArray(toString(number)) AS all FROM numbers(10000000)`;
    await expect(reader.rows(wide, {}, { memoryBytesMax: 10_000_000 })).rejects.toMatchObject({
      code: 'too_large',
      retryable: false,
    });
    const long = sql`SELECT number FROM numbers(1001)`;
    await expect(reader.rows(long, {}, { rowsMax: 1000 })).rejects.toMatchObject({ code: 'too_large' });
    expect(await reader.rows(sql`SELECT number FROM numbers(1000)`, {}, { rowsMax: 1000 })).toHaveLength(1000);
  });

  it('tells what is wrong with a query without its whole text', async () => {
    const found = await reader.rows(sql`SELECT unheard_of FROM entries`, {}).catch((error: unknown) => error);
    expect(found).toMatchObject({
      code: 'database_refused',
      message: expect.stringMatching(/^ClickHouse answered with error 47: /),
    });
    expect((found as Error).message.length).toBeLessThan(400);
  });

  it('tells of a database that is not there that it may be later', async () => {
    const nowhere = createClient({ url: 'http://127.0.0.1:1', log: { level: ClickHouseLogLevel.OFF } });
    await expect(new Reader(nowhere).rows(sql`SELECT 1`, {})).rejects.toMatchObject({
      code: 'database_unavailable',
      retryable: true,
    });
    await nowhere.close();
  });
});

describe('a reader for somebody who goes away', () => {
  it('ends the query in the database', async () => {
    const controller = new AbortController();
    const answer = reader
      .cancelledBy(controller.signal)
      .rows(sql`SELECT sum(sipHash64(number)), 'going away' FROM numbers(1000000000000)`, {}, { secondsMax: 60 })
      .catch((error: unknown) => error);
    await until(async () => (await running('going away')) === 1, 'it runs');
    controller.abort();
    expect(await answer).toMatchObject({ name: 'QueryError' });
    await until(async () => (await running('going away')) === 0, 'it has ended');
  });

  it('asks nothing when nobody waits already', async () => {
    await expect(reader.cancelledBy(AbortSignal.abort()).rows(sql`SELECT 1`, {})).rejects.toMatchObject({
      name: 'QueryError',
    });
  });

  it('ends a stream in the database when nobody reads on', async () => {
    const rows = await reader.stream(
      sql`SELECT 'endless stream', number FROM numbers(1000000000000) FORMAT CSV`,
      {},
      { secondsMax: 60, rowsMax: 0 },
    );
    await new Promise((resolve) => rows.once('data', resolve));
    rows.destroy();
    await until(async () => (await running('endless stream')) === 0, 'it has ended');
    expect(rows.destroyed).toBe(true);
  });
});

describe('a stream', () => {
  it('has the rows as ClickHouse writes them', async () => {
    expect(await text(await reader.stream(sql`SELECT number AS n FROM numbers(3) FORMAT CSVWithNames`, {}))).toBe(
      '"n"\n0\n1\n2\n',
    );
  });

  it('is broken off where the query fails in the middle, with nothing in it of the failure', async () => {
    const rows = await reader.stream(
      sql`SELECT number, throwIf(number = 3000000, 'in the middle') FROM numbers(10000000) FORMAT CSV SETTINGS max_block_size = 1000, max_threads = 1`,
      {},
      { rowsMax: 0 },
    );
    let received = '';
    const reading = async (): Promise<void> => {
      for await (const chunk of rows) received += (chunk as Buffer).toString('latin1').slice(-2000);
    };
    await expect(reading()).rejects.toThrow(/broke|abort|reset|premature/i);
    expect(received.length).toBeGreaterThan(0);
    expect(received).not.toMatch(/exception|in the middle/i);
  });

  it('fails before it begins where the query does', async () => {
    await expect(reader.stream(sql`SELECT unheard_of FROM entries FORMAT CSV`, {})).rejects.toMatchObject({
      code: 'database_refused',
    });
  });
});
