import { afterAll, beforeAll, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
  await engine.client.command({ query: `CREATE TABLE source (${COLUMNS}) ENGINE = MergeTree ORDER BY n` });
  await engine.client.command({
    query: `INSERT INTO source SELECT number, concat('a\\n\\nDROP TABLE source;\\0\\t"''', toString(number)),
              if(number % 3 = 0, NULL, number / 7), [number, number + 1], toDate('2026-01-01') + number % 300
            FROM numbers(20000)`,
  });
});
afterAll(() => engine[Symbol.asyncDispose]());

const COLUMNS = 'n UInt64, s String, f Nullable(Float64), a Array(UInt64), d Date';

/** Formats that take what they give, without a schema and with all of these types. */
const BOTH_WAYS = [
  'Arrow',
  'ArrowStream',
  'Avro',
  'BSONEachRow',
  'CSV',
  'CSVWithNames',
  'CSVWithNamesAndTypes',
  'CustomSeparatedWithNamesAndTypes',
  'JSON',
  'JSONColumns',
  'JSONColumnsWithMetadata',
  'JSONCompact',
  'JSONCompactColumns',
  'JSONCompactEachRow',
  'JSONCompactEachRowWithNames',
  'JSONCompactEachRowWithNamesAndTypes',
  'JSONCompactStringsEachRow',
  'JSONEachRow',
  'JSONLines',
  'JSONObjectEachRow',
  'JSONStringsEachRow',
  'MsgPack',
  'Native',
  'ORC',
  'Parquet',
  'RowBinary',
  'RowBinaryWithNames',
  'RowBinaryWithNamesAndTypes',
  'TSKV',
  'TabSeparated',
  'TabSeparatedWithNames',
  'TabSeparatedWithNamesAndTypes',
  'Values',
] as const;

it.each(BOTH_WAYS)('carries rows out and in again as %s', async (format) => {
  const table = `copy_${format}`;
  await engine.client.command({ query: `CREATE TABLE ${table} (${COLUMNS}) ENGINE = MergeTree ORDER BY n` });
  const out = await engine.client.exec({ query: `SELECT * FROM source ORDER BY n FORMAT ${format}` });
  const into = await engine.client.exec({ query: `INSERT INTO ${table} FORMAT ${format}`, values: out.stream });
  into.stream.resume();
  expect(await engine.rows(sum(table))).toEqual(await engine.rows(sum('source')));
});

it('gives every format the content type and name that ClickHouse gives it', async () => {
  const formats = await engine.rows<{ name: string; content_type: string }>(
    "SELECT name, content_type FROM system.formats WHERE is_output AND content_type != '' ORDER BY name",
  );
  expect(formats.length).toBeGreaterThan(80);
  for (const { name, content_type } of formats) {
    const answer = await engine.send({ path: `/?default_format=${name.toLowerCase()}`, body: 'SELECT 1 AS n' });
    if (answer.status !== 200) continue; // Npy, PNG and their kin want other columns.
    expect(answer.headers).toMatchObject({ 'content-type': content_type, 'x-clickhouse-format': name });
  }
});

function sum(table: string): string {
  return `SELECT count() AS c, sum(cityHash64(n, s, ifNull(toString(f), 'null'), a, d)) AS h FROM ${table}`;
}
