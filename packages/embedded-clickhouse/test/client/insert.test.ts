import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine[Symbol.asyncDispose]());

let table = '';
let tables = 0;
beforeEach(async () => {
  table = `t${++tables}`;
  await engine.client.command({
    query: `CREATE TABLE ${table} (id UInt64, name String DEFAULT 'none', sku Array(UInt8), twice UInt64 MATERIALIZED id * 2)
            ENGINE = MergeTree ORDER BY id`,
  });
});

const stored = (): Promise<unknown[]> => engine.rows(`SELECT id, name, sku FROM ${table} ORDER BY id`);

describe('client.insert', () => {
  const expected = [
    { id: 42, name: 'hello', sku: [0, 1] },
    { id: 43, name: 'blank\n\nline', sku: [3, 4] },
  ];

  const meta = [
    { name: 'id', type: 'UInt64' },
    { name: 'name', type: 'String' },
    { name: 'sku', type: 'Array(UInt8)' },
  ];

  it.each([
    ['JSONEachRow', expected],
    [
      'JSONStringsEachRow',
      [
        { id: '42', name: 'hello', sku: '[0,1]' },
        { id: '43', name: 'blank\n\nline', sku: '[3,4]' },
      ],
    ],
    [
      'JSONCompactEachRow',
      [
        [42, 'hello', [0, 1]],
        [43, 'blank\n\nline', [3, 4]],
      ],
    ],
    [
      'JSONCompactEachRowWithNames',
      [
        ['id', 'sku', 'name'],
        [42, [0, 1], 'hello'],
        [43, [3, 4], 'blank\n\nline'],
      ],
    ],
    [
      'JSONCompactEachRowWithNamesAndTypes',
      [
        ['id', 'name', 'sku'],
        ['UInt64', 'String', 'Array(UInt8)'],
        [42, 'hello', [0, 1]],
        [43, 'blank\n\nline', [3, 4]],
      ],
    ],
  ] as const)('takes an array as %s', async (format, values) => {
    await engine.client.insert({ table, values: values as readonly unknown[], format });
    expect(await stored()).toEqual(expected);
  });

  it.each([
    ['JSON', { meta, data: expected }],
    ['JSONObjectEachRow', { a: expected[0], b: expected[1] }],
    [
      'JSONColumnsWithMetadata',
      {
        meta,
        data: {
          id: [42, 43],
          name: ['hello', 'blank\n\nline'],
          sku: [
            [0, 1],
            [3, 4],
          ],
        },
      },
    ],
  ] as const)('takes a document as %s', async (format, values) => {
    await engine.client.insert({ table, values: values as never, format });
    expect(await stored()).toEqual(expected);
  });

  it.each([
    ['CSV', '42,"hello","[0,1]"\n43,"blank\n\nline","[3,4]"\n'],
    ['CSVWithNames', 'sku,id,name\n"[0,1]",42,"hello"\n"[3,4]",43,"blank\n\nline"\n'],
    ['TabSeparated', '42\thello\t[0,1]\n43\tblank\\n\\nline\t[3,4]\n'],
    [
      'TabSeparatedWithNamesAndTypes',
      'id\tname\tsku\nUInt64\tString\tArray(UInt8)\n42\thello\t[0,1]\n43\tblank\\n\\nline\t[3,4]\n',
    ],
  ] as const)('takes a stream of text as %s', async (format, text) => {
    await engine.client.insert({
      table,
      values: Readable.from(text.match(/[^]{1,5}/g) ?? [], { objectMode: false }),
      format,
    });
    expect(await stored()).toEqual(expected);
  });

  it('takes a stream of objects, and one of thousands', async () => {
    const values = Readable.from(Array.from({ length: 20_000 }, (_, id) => ({ id, name: `n${id}`, sku: [id % 256] })));
    await engine.client.insert({ table, values, format: 'JSONEachRow' });
    const [sums] = await engine.rows(`SELECT count() AS c, sum(id) AS s, sum(twice) AS t FROM ${table}`);
    expect(sums).toEqual({ c: 20_000, s: 199_990_000, t: 399_980_000 });
  });

  it('fills in defaults for what is not given', async () => {
    await engine.client.insert({ table, values: [{ id: 1 }, { id: 2, name: 'x' }], format: 'JSONEachRow' });
    expect(await stored()).toEqual([
      { id: 1, name: 'none', sku: [] },
      { id: 2, name: 'x', sku: [] },
    ]);
  });

  it('takes a list of columns, and a list of those to leave out', async () => {
    await engine.client.insert({ table, values: [['a', 1]], format: 'JSONCompactEachRow', columns: ['name', 'id'] });
    await engine.client.insert({
      table,
      values: [[2, [7]]],
      format: 'JSONCompactEachRow',
      columns: { except: ['name'] },
    });
    expect(await stored()).toEqual([
      { id: 1, name: 'a', sku: [] },
      { id: 2, name: 'none', sku: [7] },
    ]);
  });

  it('tells how much was written', async () => {
    const { summary, query_id } = await engine.client.insert({
      table,
      values: [{ id: 1 }, { id: 2 }, { id: 3 }],
      format: 'JSONEachRow',
      query_id: `insert-${table}`,
    });
    expect(query_id).toBe(`insert-${table}`);
    expect(summary).toMatchObject({ written_rows: '3', read_rows: '3' });
    expect(Number(summary?.written_bytes)).toBeGreaterThan(0);
  });

  it('puts settings to use, of the request and of the statement', async () => {
    const values = '1 | a | []\n2 | b | []\n';
    const query = (settings: string): string => `INSERT INTO ${table} ${settings} FORMAT CSV`;
    const clickhouse_settings = { format_csv_delimiter: '|' };
    await drain(engine.client.exec({ query: query(''), values: Readable.from([values]), clickhouse_settings }));
    await drain(
      engine.client.exec({ query: query("SETTINGS format_csv_delimiter = '|'"), values: Readable.from([values]) }),
    );
    expect(await engine.rows(`SELECT count() AS c FROM ${table}`)).toEqual([{ c: 4 }]);
  });

  it.each([
    [`INSERT INTO {t} VALUES (1, 'a;b', [1]), (2, 'c\\n\\nDROP TABLE x', [])`],
    [`INSERT INTO {t} (id, name, sku) VALUES (1, 'a;b', [1]) (2, 'c\\n\\nDROP TABLE x', [])`],
    [`insert into table {t} values (0 + 1, concat('a', ';b'), [1]), (2, 'c\n\nDROP TABLE x', []);`],
    [
      `INSERT INTO default.\`{t}\` FORMAT JSONEachRow {"id":1,"name":"a;b","sku":[1]} {"id":2,"name":"c\\n\\nDROP TABLE x"}`,
    ],
    [
      `INSERT INTO {t} FORMAT JSONEachRow\n{"id":1,\n\n"name":"a;b",\n\n"sku":[1]}\n\n\n{"id":2,"name":"c\\n\\nDROP TABLE x"}\n`,
    ],
    [`INSERT INTO {t} FORMAT TabSeparated\n1\ta;b\t[1]\n2\tc\\n\\nDROP TABLE x\t[]\n`],
    [`/* INSERT INTO x */ INSERT INTO {t} (sku, name, id) FORMAT CSV\n"[1]","a;b",1\n"[]","c\n\nDROP TABLE x",2\n`],
  ])('takes the data that stands in %s', async (query) => {
    await engine.client.command({ query: query.replace('{t}', table) });
    expect(await stored()).toEqual([
      { id: 1, name: 'a;b', sku: [1] },
      { id: 2, name: 'c\n\nDROP TABLE x', sku: [] },
    ]);
  });

  it('runs INSERT ... SELECT, and counts its rows', async () => {
    const { summary } = await engine.client.command({
      query: `INSERT INTO ${table} (id) SELECT number FROM numbers(1000)`,
    });
    expect(summary).toMatchObject({ written_rows: '1000' });
    await engine.client.command({ query: `INSERT INTO ${table} (id) WITH 5 AS x SELECT x` });
    await engine.client.command({ query: `WITH 6 AS x INSERT INTO ${table} (id) SELECT x` });
    expect(await engine.rows(`SELECT count() AS c FROM ${table}`)).toEqual([{ c: 1002 }]);
  });

  it('inserts nothing of data that is wrong in the middle', async () => {
    const values = Array.from({ length: 5000 }, (_, id) => (id === 4000 ? 'x' : `${id}`)).join('\n');
    const insert = engine.client.exec({
      query: `INSERT INTO ${table} (id) FORMAT CSV`,
      values: Readable.from([values]),
    });
    await expect(insert).rejects.toMatchObject({ message: expect.stringContaining('(at row 4001)') });
    expect(await stored()).toEqual([]);
  });

  it('does nothing with no data', async () => {
    await drain(engine.client.exec({ query: `INSERT INTO ${table} FORMAT JSONEachRow`, values: Readable.from(['']) }));
    expect(await engine.client.insert({ table, values: [], format: 'JSONEachRow' })).toMatchObject({ executed: false });
    expect(await stored()).toEqual([]);
  });

  it('refuses what is longer than it may be', async () => {
    const small = await runEngine({ insertBytesMax: 1000 });
    try {
      await small.client.command({ query: 'CREATE TABLE t (s String) ENGINE = Memory' });
      const values = [{ s: 'x'.repeat(100_000) }];
      await expect(small.client.insert({ table: 't', values, format: 'JSONEachRow' })).rejects.toMatchObject({
        type: 'QUERY_IS_TOO_LARGE',
      });
      expect(await small.rows('SELECT count() AS c FROM t')).toEqual([{ c: 0 }]);
    } finally {
      await small[Symbol.asyncDispose]();
    }
  });
});

describe('one INSERT of one Native body', () => {
  it('makes exactly one part where the settings ask for it', async () => {
    const values = await nativeBody(300_000);
    const { stream, summary } = await engine.client.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from([values], { objectMode: false }),
      clickhouse_settings: {
        async_insert: 0,
        max_threads: 1,
        max_insert_threads: '1',
        max_block_size: '1048576',
        max_insert_block_size: '1048576',
        min_insert_block_size_rows: '1048576',
        min_insert_block_size_bytes: '0',
      },
    });
    stream.resume();
    expect(summary).toMatchObject({ written_rows: '300000' });
    const parts = `SELECT rows, level FROM system.parts WHERE table = '${table}' AND active`;
    expect(await engine.rows(parts)).toEqual([{ rows: 300_000, level: 0 }]);
    expect(await engine.rows(`SELECT sum(id) AS s, uniqExact(name) AS u FROM ${table}`)).toEqual([
      { s: 44_999_850_000, u: 300_000 },
    ]);
  });

  it('makes several where they do not', async () => {
    const { stream } = await engine.client.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from([await nativeBody(100_000)], { objectMode: false }),
      clickhouse_settings: {
        max_insert_block_size: '10000',
        min_insert_block_size_rows: '10000',
        min_insert_block_size_bytes: '0',
      },
    });
    stream.resume();
    const [inserted] = await engine.rows<{ c: number }>(
      `SELECT count() AS c FROM system.parts WHERE table = '${table}' AND level = 0`,
    );
    expect(inserted?.c).toBeGreaterThan(5);
  });
});

async function drain(executing: Promise<{ stream: Readable }>): Promise<void> {
  (await executing).stream.resume();
}

/** Blocks of 512 rows, as a write-ahead log of requests gives them. */
async function nativeBody(rows: number): Promise<Buffer> {
  const { stream } = await engine.client.exec({
    query: `SELECT number AS id, toString(number) AS name, [toUInt8(number)] AS sku FROM numbers(${rows})
            SETTINGS max_block_size = 512, max_threads = 1 FORMAT Native`,
  });
  return Buffer.concat(await stream.toArray());
}
