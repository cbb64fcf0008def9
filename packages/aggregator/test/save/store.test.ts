import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SaveLogger } from '../../src/save/save-logger.ts';
import { Store } from '../../src/save/store.ts';
import type { StoreOptions } from '../../src/save/store-options.ts';
import { temporaryDirectory } from './journal/temporary-directory.ts';
import { type LogLine, logOf } from './log-lines.ts';
import { runMigratedEngine, type RunningEngine, until } from './running-engine.ts';
import { bookingOf, call, calls, NOON_US, reversalOf } from './some-rows.ts';
import { type Fate, startUnreliableNetwork, type UnreliableNetwork } from './unreliable-network.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runMigratedEngine(DATABASE);
});
afterAll(() => engine.stop());

/** All stores share it: rows are told apart by whose segments they were in. */
const DATABASE = 'turnmeter';

/** A directory for one test, and stores on it. */
interface Place {
  readonly directory: string;
  open(options?: { readonly url?: string; readonly timeoutMs?: number; readonly logger?: SaveLogger }): Promise<Store>;
  /** The name under which its segments are in the tables. */
  writer(): Promise<string>;
  /** Rows of a query; `$db` is the database, `$mine` is true for rows of this place. */
  rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  /** Rows, records and segments that a table has from here. */
  contents(table: 'observations' | 'entries'): Promise<{ rows: number; records: number; segments: number }>;
}

async function newPlace(): Promise<Place> {
  const directory = await temporaryDirectory();
  const writer = async (): Promise<string> => (await readFile(path.join(directory, 'writer'), 'utf8')).trim();
  const rows: Place['rows'] = async (sql) =>
    engine.rows(sql.replaceAll('$db', DATABASE).replaceAll('$mine', `writer = '${await writer()}'`));
  return {
    directory,
    writer,
    rows,
    open: async ({ url = engine.url, timeoutMs = 60_000, logger } = {}) => {
      const options: StoreOptions = {
        directory,
        database: { url, database: DATABASE, timeoutMs },
        retention: { observationDays: 90, entryDays: 730 },
        // What is tested is not the room on this machine's disk.
        freeBytes: () => Promise.resolve(Number.POSITIVE_INFINITY),
        ...(logger === undefined ? {} : { logger }),
      };
      const store = await Store.open(options);
      onTestFinished(() => store.stop(0));
      return store;
    },
    contents: async (table) => {
      const [found] = await rows<{ rows: number; records: number; segments: number }>(
        `SELECT count() AS rows, uniqExact(record_id) AS records, uniqExact(seg) AS segments FROM $db.${table} WHERE $mine`,
      );
      return found ?? { rows: 0, records: 0, segments: 0 };
    },
  };
}

async function openNetwork(): Promise<UnreliableNetwork> {
  const network = await startUnreliableNetwork(engine.url);
  onTestFinished(() => network.close());
  return network;
}

/** Appends calls as one request, books them, and seals their segment. */
async function save(store: Store, said: readonly ReturnType<typeof call>[]): Promise<number> {
  await store.append(said, NOON_US);
  const segment = await store.rotate();
  await store.seal(
    segment,
    said.map((one) => bookingOf(one)),
  );
  return segment;
}

describe('a segment', () => {
  it('comes into both tables, each as one part, and leaves the disk', async () => {
    const place = await newPlace();
    const store = await place.open();
    const segment = await save(store, calls(5000));
    await store.whenSaved(segment);
    expect(await place.contents('observations')).toEqual({ rows: 5000, records: 5000, segments: 1 });
    expect(await place.contents('entries')).toEqual({ rows: 5000, records: 5000, segments: 1 });
    const parts = await place.rows(
      `SELECT uniqExact(_part) AS parts FROM $db.entries WHERE $mine
       UNION ALL SELECT uniqExact(_part) AS parts FROM $db.observations WHERE $mine`,
    );
    expect(parts).toEqual([{ parts: 1 }, { parts: 1 }]);
    await until(
      async () => !(await readdir(place.directory)).includes('0000000000000001.journal'),
      'its files are gone',
    );
    expect(store.status).toMatchObject({ refusal: undefined, pendingSegments: 0, pendingBytes: 0 });
  });

  it('is one part when it has more rows than any block', async () => {
    const place = await newPlace();
    const store = await place.open();
    for (let request = 0; request < 10; request++) await store.append(calls(20_000, request * 20_000), NOON_US);
    const segment = await store.rotate();
    await store.seal(segment, []);
    await store.whenSaved(segment);
    const inserted = await place.rows(
      `SELECT count() AS rows, uniqExact(_part) AS parts FROM $db.observations WHERE $mine`,
    );
    expect(inserted).toEqual([{ rows: 200_000, parts: 1 }]);
  });

  it('may be thousands of requests of a few rows each', async () => {
    const place = await newPlace();
    const store = await place.open();
    const all = calls(3000);
    const requests = Array.from({ length: 1000 }, (_, at) => all.slice(at * 3, at * 3 + 3));
    await Promise.all(requests.map((request) => store.append(request, NOON_US)));
    const segment = await store.rotate();
    await store.seal(segment, []);
    await store.whenSaved(segment);
    expect(await place.contents('observations')).toEqual({ rows: 3000, records: 3000, segments: 1 });
    const [sums] = await place.rows(
      `SELECT sum(input_tokens) AS input, max(ingest_time) AS came FROM $db.observations WHERE $mine`,
    );
    const input = all.reduce((sum, { usage }) => sum + (usage?.input ?? 0), 0);
    expect(sums).toEqual({ input, came: '2026-11-22 12:00:00.000000' });
  });

  it('may hold postings alone, as what is booked when a trace has been quiet', async () => {
    const place = await newPlace();
    const store = await place.open();
    const segment = await store.rotate();
    await store.seal(segment, [bookingOf(call(1))]);
    await store.whenSaved(segment);
    expect(await place.contents('entries')).toEqual({ rows: 1, records: 1, segments: 1 });
    expect(await place.contents('observations')).toEqual({ rows: 0, records: 0, segments: 0 });
  });

  it('of nothing leaves nothing', async () => {
    const place = await newPlace();
    const store = await place.open();
    const segment = await store.rotate();
    await store.seal(segment, []);
    expect(store.status.pendingSegments).toBe(0);
    expect(await place.contents('entries')).toEqual({ rows: 0, records: 0, segments: 0 });
  });

  it('takes back what another booked, to the last amount', async () => {
    const place = await newPlace();
    const store = await place.open();
    const booked = calls(100).map((said) => bookingOf({ ...said, tenant: 'reversing' }));
    await store.seal(await store.rotate(), booked);
    const moved = booked
      .slice(0, 40)
      .flatMap((posting) => [reversalOf(posting), { ...posting, entry: { ...posting.entry, session: 'another' } }]);
    await store.seal(await store.rotate(), moved);
    await store.whenAllSaved();
    const net = await place.rows(
      `SELECT session_id = 'another' AS moved, count() AS entries, sum(input_tokens) AS input, uniqExact(standing) AS times
       FROM $db.net_entries WHERE tenant = 'reversing' GROUP BY moved ORDER BY moved`,
    );
    const input = (from: number, to: number): number =>
      booked.slice(from, to).reduce((sum, { entry }) => sum + entry.input, 0);
    expect(net).toEqual([
      { moved: 0, entries: 60, input: input(40, 100), times: 1 },
      { moved: 1, entries: 40, input: input(0, 40), times: 1 },
    ]);
  });

  it('is sealed once', async () => {
    const place = await newPlace();
    const store = await place.open();
    const segment = await save(store, calls(1));
    await expect(store.seal(segment, [])).rejects.toThrow(/sealed once/);
  });
});

describe('segments that wait for the database', () => {
  const DAY_US = 86_400_000_000;

  it('come into each table as one part', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const store = await place.open({ url: network.url });
    network.isDown = true;
    for (let segment = 0; segment < 5; segment++) await save(store, calls(20, segment * 20));
    await store.stop(0);
    const again = await place.open();
    await again.whenAllSaved();
    for (const table of ['entries', 'observations'] as const) {
      const parts = await place.rows(
        `SELECT count() AS rows, uniqExact(seg) AS segments, uniqExact(_part) AS parts FROM $db.${table} WHERE $mine`,
      );
      expect(parts).toEqual([{ rows: 100, segments: 5, parts: 1 }]);
    }
    expect((await readdir(place.directory)).filter((name) => name.endsWith('.entries'))).toEqual([]);
  });

  it('come as parts of their own where they were begun on different days', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const store = await place.open({ url: network.url });
    network.isDown = true;
    for (const [at, day] of [0, 0, 1, 0].entries()) {
      await store.append(calls(10, at * 10), NOON_US + day * DAY_US);
      await store.seal(await store.rotate(), []);
    }
    network.isDown = false;
    await store.whenAllSaved();
    const parts = await place.rows(
      `SELECT arraySort(groupUniqArray(seg)) AS segments FROM $db.observations WHERE $mine GROUP BY _part ORDER BY segments`,
    );
    // The first may have been tried by itself before the others were there.
    expect(parts.flatMap(({ segments }) => segments)).toEqual([1, 2, 3, 4]);
    expect(parts.slice(-2)).toEqual([{ segments: [3] }, { segments: [4] }]);
    expect(store.status.quarantined).toEqual([]);
  });

  it('are there once, also where they came with others before the files could be removed', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const before = await place.open({ url: network.url });
    network.isDown = true;
    for (let segment = 0; segment < 3; segment++) await save(before, calls(10, segment * 10));
    await before.stop(0);
    const names = (await readdir(place.directory)).filter((name) => /^0+[123]\./.test(name));
    const files = await Promise.all(names.map((name) => readFile(path.join(place.directory, name))));
    const between = await place.open();
    await between.whenAllSaved();
    await between.stop(0);
    // The middle one only: what was one part may be asked for in other company, or alone.
    await Promise.all(
      names.map(async (name, at) => {
        if (name.includes('2.')) await writeFile(path.join(place.directory, name), files[at] ?? '');
      }),
    );
    network.isDown = false;
    network.fates.push({ when: 'KILL', how: 'refused' });
    const store = await place.open({ url: network.url });
    await save(store, calls(10, 30));
    await store.whenAllSaved();
    expect(network.fates).toEqual([]);
    expect(await place.contents('entries')).toEqual({ rows: 40, records: 40, segments: 4 });
    expect(await place.contents('observations')).toEqual({ rows: 40, records: 40, segments: 4 });
  });

  it('rest after much, unless somebody waits for them', async () => {
    const place = await newPlace();
    const store = await place.open();
    // More than is inserted without a rest, so that what follows waits for more.
    await store.whenSaved(await save(store, calls(5000)));
    await save(store, calls(10, 5000));
    await save(store, calls(10, 5010));
    expect(store.status.pendingSegments).toBe(2);
    await store.whenAllSaved();
    const parts = await place.rows(
      `SELECT arraySort(groupUniqArray(seg)) AS segments FROM $db.entries WHERE $mine GROUP BY _part ORDER BY segments`,
    );
    expect(parts).toEqual([{ segments: [1] }, { segments: [2, 3] }]);
  });
});

describe('a start', () => {
  it('goes on with segments that were sealed', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const before = await place.open({ url: network.url });
    network.isDown = true;
    await save(before, calls(10));
    await save(before, calls(10, 10));
    expect(before.status.pendingSegments).toBe(2);
    await before.stop(0);
    const store = await place.open();
    await store.whenAllSaved();
    expect(await place.contents('entries')).toEqual({ rows: 20, records: 20, segments: 2 });
    expect(await place.contents('observations')).toEqual({ rows: 20, records: 20, segments: 2 });
  });

  it('gives back what was not sealed, request by request, to be booked', async () => {
    const place = await newPlace();
    const before = await place.open();
    await before.append(calls(3), NOON_US);
    await before.rotate();
    await before.append(calls(2, 3), NOON_US);
    await before.append(calls(1, 5), NOON_US + 7);
    await before.stop(0);
    const store = await place.open();
    const segments = store.unsealed();
    expect(segments.map(({ number }) => number)).toEqual([1, 2]);
    const requests: unknown[] = [];
    for (const segment of segments) {
      for await (const request of segment.observations()) {
        requests.push(request.map(({ observation, arrivedUs }) => [observation, arrivedUs - NOON_US]));
      }
    }
    expect(requests).toEqual([
      calls(3).map((said) => [said, 0]),
      calls(2, 3).map((said) => [said, 0]),
      calls(1, 5).map((said) => [said, 7]),
    ]);
    await store.seal(
      1,
      calls(3).map((said) => bookingOf(said)),
    );
    await store.seal(
      2,
      calls(3, 3).map((said) => bookingOf(said)),
    );
    await store.whenAllSaved();
    expect(await place.contents('entries')).toEqual({ rows: 6, records: 6, segments: 2 });
    expect(await place.contents('observations')).toEqual({ rows: 6, records: 6, segments: 2 });
    expect(store.unsealed()).toEqual([]);
  });

  it('removes a segment that came into the database before its files could be removed', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const before = await place.open({ url: network.url });
    network.isDown = true;
    await save(before, calls(10));
    const names = ['0000000000000001.journal', '0000000000000001.entries'];
    const files = await Promise.all(names.map((name) => readFile(path.join(place.directory, name))));
    network.isDown = false;
    await before.whenAllSaved();
    await before.stop(0);
    await Promise.all(names.map((name, at) => writeFile(path.join(place.directory, name), files[at] ?? '')));
    const store = await place.open();
    await store.whenAllSaved();
    expect(await place.contents('entries')).toEqual({ rows: 10, records: 10, segments: 1 });
    // Also where a crash came between the removal of the one file and of the other.
    await store.stop(0);
    await writeFile(path.join(place.directory, names[1] ?? ''), files[1] ?? '');
    const again = await place.open();
    await again.whenAllSaved();
    expect(await place.contents('observations')).toEqual({ rows: 10, records: 10, segments: 1 });
    expect(again.status).toMatchObject({ quarantined: [], pendingSegments: 0 });
  });

  it('never uses a number again, even if the files were taken away', async () => {
    const place = await newPlace();
    const before = await place.open();
    expect(await save(before, calls(1))).toBe(1);
    expect(await save(before, calls(1, 1))).toBe(2);
    await before.whenAllSaved();
    await before.stop(0);
    for (const name of await readdir(place.directory)) {
      if (name.endsWith('.journal')) await rm(path.join(place.directory, name));
    }
    const store = await place.open();
    expect(await store.append([call(2)], NOON_US)).toBe(3);
  });

  it('is refused while another process has the directory', async () => {
    const place = await newPlace();
    await place.open();
    await expect(place.open()).rejects.toMatchObject({ code: 'directory_in_use' });
  });

  it('lets two directories share a database', async () => {
    const [here, there] = [await newPlace(), await newPlace()];
    const [first, second] = [await here.open(), await there.open()];
    expect([await save(first, calls(10)), await save(second, calls(20))]).toEqual([1, 1]);
    await Promise.all([first.whenAllSaved(), second.whenAllSaved()]);
    expect(await here.contents('entries')).toEqual({ rows: 10, records: 10, segments: 1 });
    expect(await there.contents('entries')).toEqual({ rows: 20, records: 20, segments: 1 });
  });
});

describe('when the outcome of an insert is unknown', () => {
  const inserts = [
    'INSERT%20INTO%20entries',
    'INSERT+INTO+entries',
    'INSERT%20INTO%20observations',
    'INSERT+INTO+observations',
  ];

  it.each(['refused', 'cut_in_body', 'cut_before_answer'] as const)(
    'each row is there once: the connection was %s',
    async (how) => {
      const place = await newPlace();
      const network = await openNetwork();
      const store = await place.open({ url: network.url });
      network.fates.push(...inserts.map((when): Fate => ({ when, how })));
      await save(store, calls(2000));
      await store.whenAllSaved();
      expect(await place.contents('entries')).toEqual({ rows: 2000, records: 2000, segments: 1 });
      expect(await place.contents('observations')).toEqual({ rows: 2000, records: 2000, segments: 1 });
      // Two of the four spellings of an INSERT in a URL were met, one for each table.
      expect(network.fates).toHaveLength(2);
    },
  );

  it.each(['cut_in_body', 'cut_before_answer'] as const)(
    'each row of several segments is there once: the connection was %s',
    async (how) => {
      const place = await newPlace();
      const network = await openNetwork();
      const before = await place.open({ url: network.url });
      network.isDown = true;
      for (let segment = 0; segment < 4; segment++) await save(before, calls(500, segment * 500));
      await before.stop(0);
      network.isDown = false;
      network.fates.push(...inserts.map((when): Fate => ({ when, how })));
      const store = await place.open({ url: network.url });
      await store.whenAllSaved();
      expect(await place.contents('entries')).toEqual({ rows: 2000, records: 2000, segments: 4 });
      expect(await place.contents('observations')).toEqual({ rows: 2000, records: 2000, segments: 4 });
      expect(network.fates).toHaveLength(2);
    },
  );

  it('each row is there once: no answer came in time', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const store = await place.open({ url: network.url, timeoutMs: 1500 });
    network.fates.push(...inserts.map((when): Fate => ({ when, how: 'silent' })));
    await save(store, calls(500));
    await store.whenAllSaved();
    expect(await place.contents('entries')).toEqual({ rows: 500, records: 500, segments: 1 });
    expect(await place.contents('observations')).toEqual({ rows: 500, records: 500, segments: 1 });
  });
});

describe('while the database is away', () => {
  it('requests are taken, wait on disk, and come in order when it is back', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const store = await place.open({ url: network.url });
    network.isDown = true;
    for (let segment = 0; segment < 5; segment++) await save(store, calls(20, segment * 20));
    await until(() => store.status.lastFailure !== undefined, 'a failure is told');
    expect(store.status).toMatchObject({
      refusal: undefined,
      pendingSegments: 5,
      unsavedSinceUs: NOON_US,
      lastFailure: { code: 'database_unavailable' },
    });
    network.isDown = false;
    await store.whenAllSaved();
    expect(await place.contents('entries')).toEqual({ rows: 100, records: 100, segments: 5 });
    expect(store.status).toMatchObject({ pendingSegments: 0, pendingBytes: 0, lastFailure: undefined });
  });

  it('the log says so once, and once that it is back, however often was tried', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const log: LogLine[] = [];
    const store = await place.open({ url: network.url, logger: logOf(log) });
    network.fates.push(...Array.from({ length: 3 }, (): Fate => ({ when: 'INSERT', how: 'refused' })));
    await save(store, calls(20));
    await store.whenAllSaved();
    expect(network.fates).toEqual([]);
    expect(log.map(([level, , message]) => [level, message])).toEqual([
      ['warn', 'a segment could not be saved yet; it is tried again and not told again'],
      ['info', 'segments are saved again'],
    ]);
    expect(log[1]?.[1]).toEqual({ failures: 3 });
  });
});

describe('what cannot be right', () => {
  it('is put aside when the database has a part of a segment, and the others go on', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const before = await place.open({ url: network.url });
    network.isDown = true;
    const segment = await save(before, calls(5));
    await save(before, calls(5, 5));
    await before.stop(0);
    const torn = `${segment}, '${await place.writer()}', '2026-11-22', 'torn'`;
    await engine.send(`INSERT INTO ${DATABASE}.entries (seg, writer, ingest_day, record_id) VALUES (${torn})`);
    const store = await place.open();
    await store.whenAllSaved();
    expect(store.status).toMatchObject({
      quarantined: [segment],
      pendingSegments: 0,
    });
    // The row that was there, and the five of the other segment.
    expect(await place.contents('entries')).toEqual({ rows: 6, records: 6, segments: 2 });
    expect(await readdir(path.join(place.directory, 'quarantine'))).toHaveLength(2);
  });

  it('is taken up again when a person has mended it and put it back', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const before = await place.open({ url: network.url });
    network.isDown = true;
    const segment = await save(before, calls(5));
    await before.stop(0);
    const ours = `writer = '${await place.writer()}' AND seg = ${segment}`;
    await engine.send(
      `INSERT INTO ${DATABASE}.entries (seg, writer, ingest_day, record_id, input_tokens)
       VALUES (${segment}, '${await place.writer()}', '2026-11-22', 'torn', 7)`,
    );
    const aside = await place.open();
    await aside.whenAllSaved();
    expect(aside.status.quarantined).toEqual([segment]);
    await aside.stop(0);
    // Merges stand still in these tests, and deletions with them.
    await engine.send(`SYSTEM START MERGES ${DATABASE}.entries`);
    await engine.send(`ALTER TABLE ${DATABASE}.entries DELETE WHERE ${ours} SETTINGS mutations_sync = 2`);
    await engine.send(`SYSTEM STOP MERGES ${DATABASE}.entries`);
    for (const name of await readdir(path.join(place.directory, 'quarantine'))) {
      await rename(path.join(place.directory, 'quarantine', name), path.join(place.directory, name));
    }
    const store = await place.open();
    await store.whenAllSaved();
    expect(store.status.quarantined).toEqual([]);
    expect(await place.contents('entries')).toEqual({ rows: 5, records: 5, segments: 1 });
    expect(await place.contents('observations')).toEqual({ rows: 5, records: 5, segments: 1 });
    // What was deleted is in no sum either.
    const [sums] = await engine.rows(
      `SELECT sum(input_tokens) AS input FROM ${DATABASE}.session_totals SETTINGS force_optimize_projection = 1`,
    );
    const [raw] = await engine.rows(
      `SELECT sum(sign * input_tokens) AS input FROM ${DATABASE}.entries SETTINGS optimize_use_projections = 0`,
    );
    expect(sums).toEqual(raw);
  });

  it('is put aside when a file is damaged, and the next start says so', async () => {
    const place = await newPlace();
    const network = await openNetwork();
    const before = await place.open({ url: network.url });
    network.isDown = true;
    await save(before, calls(10));
    await save(before, calls(10, 10));
    await before.stop(0);
    const file = path.join(place.directory, '0000000000000001.entries');
    const bytes = await readFile(file);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const store = await place.open();
    await store.whenAllSaved();
    expect(store.status).toMatchObject({ quarantined: [1] });
    expect(await place.contents('entries')).toEqual({ rows: 10, records: 10, segments: 1 });
    await store.stop(0);
    const again = await place.open();
    expect(again.status).toMatchObject({ quarantined: [1] });
    expect(await readdir(path.join(place.directory, 'quarantine'))).toEqual([
      '0000000000000001.entries',
      '0000000000000001.journal',
    ]);
  });
});
