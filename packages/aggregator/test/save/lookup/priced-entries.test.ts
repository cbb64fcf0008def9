import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { PricedPosting } from '../../../src/price/price-postings.ts';
import { Database } from '../../../src/save/database.ts';
import { type EntryPeriod, type EntrySlice, findSlices, readSlice } from '../../../src/save/lookup/priced-entries.ts';
import type { StandingEntry } from '../../../src/save/lookup/saved-records.ts';
import { Store } from '../../../src/save/store.ts';
import { temporaryDirectory } from '../journal/temporary-directory.ts';
import { runMigratedEngine, type RunningEngine } from '../running-engine.ts';
import { bookingOf, call, calls, NOON_US, reversalOf } from '../some-rows.ts';

const DATABASE = 'turnmeter';
const MINUTE_US = 60_000_000;
const TODAY: EntryPeriod = { tenant: 'acme', fromUs: NOON_US - 720 * MINUTE_US, toUs: NOON_US + 720 * MINUTE_US };

let engine: RunningEngine;
let database: Database;
beforeAll(async () => {
  engine = await runMigratedEngine(DATABASE);
  database = new Database({ url: engine.url, database: DATABASE });
});
afterAll(async () => {
  await database.close();
  await engine.stop();
});
afterEach(async () => {
  await engine.send(`TRUNCATE TABLE ${DATABASE}.entries`);
});

async function openStore(): Promise<Store> {
  const store = await Store.open({
    directory: await temporaryDirectory(),
    database: { url: engine.url, database: DATABASE },
    retention: { observationDays: 90, entryDays: 730 },
    freeBytes: () => Promise.resolve(Number.POSITIVE_INFINITY),
  });
  onTestFinished(() => store.stop(0));
  return store;
}

async function book(store: Store, postings: readonly PricedPosting[]): Promise<void> {
  await store.seal(await store.rotate(), postings);
}

/** A call's booking that ended so many minutes after noon. */
function bookedAt(index: number, minutes: number, fields: Partial<PricedPosting['entry']> = {}): PricedPosting {
  return bookingOf(call(index), { endUs: NOON_US + minutes * MINUTE_US, ...fields });
}

const minutesOf = (slices: readonly EntrySlice[]): readonly (readonly [number, number])[] =>
  slices.map(({ fromUs, toUs }) => [(fromUs - NOON_US) / MINUTE_US, (toUs - NOON_US) / MINUTE_US]);
const idsOf = (found: readonly StandingEntry[]): readonly string[] =>
  found.map(({ entry }) => entry.recordId).toSorted();

describe('slicesBetween and standingIn', () => {
  it('give what stands in a period, at its cost, and nothing of other tenants and times', async () => {
    const store = await openStore();
    const wanted = [bookedAt(1, 0), bookedAt(2, 9), bookedAt(3, 31)];
    await book(store, [...wanted, bookedAt(4, 40), bookedAt(5, -1), bookedAt(6, 5, { tenant: 'other' })]);
    const slices = await store.slicesBetween({ tenant: 'acme', fromUs: NOON_US, toUs: NOON_US + 40 * MINUTE_US });
    expect(minutesOf(slices)).toEqual([[0, 40]]);
    const found = (await Promise.all(slices.map((slice) => store.standingIn(slice)))).flat();
    expect(found.toSorted((a, b) => a.entry.endUs - b.entry.endUs)).toEqual(
      wanted.map(({ entry, cost }) => ({ entry, cost })),
    );
  });

  it('wait for what is on its way into the database', async () => {
    const store = await openStore();
    await book(store, [bookedAt(1, 0)]);
    const [slice] = await store.slicesBetween(TODAY);
    await book(store, [reversalOf(bookedAt(1, 0)), bookedAt(1, 0, { session: 'other' })]);
    const found = slice === undefined ? [] : await store.standingIn(slice);
    expect(found.map(({ entry }) => entry.session)).toEqual(['other']);
  });

  it('pass over what was taken back, and what nothing is to be paid for', async () => {
    const store = await openStore();
    const turn = { kind: 'turn', inferences: 0, input: 0, output: 0, turns: 1 } as const;
    await book(store, [bookedAt(1, 0), reversalOf(bookedAt(1, 0)), { ...bookedAt(2, 1, turn), cost: undefined }]);
    expect(await store.slicesBetween(TODAY)).toEqual([]);
  });

  it('bring what costs nothing today and may tomorrow: a tool without a price', async () => {
    const store = await openStore();
    const tool = { kind: 'tool', inferences: 0, input: 0, output: 0, toolCalls: 1, tool: 'search' } as const;
    await book(store, [{ ...bookedAt(1, 0, tool), cost: undefined }]);
    const [slice] = await store.slicesBetween(TODAY);
    expect(slice === undefined ? [] : await store.standingIn(slice)).toMatchObject([
      { entry: { tool: 'search', toolCalls: 1 }, cost: undefined },
    ]);
  });
});

describe('findSlices', () => {
  it('puts steps of ten minutes together while they have little', async () => {
    const store = await openStore();
    await book(
      store,
      [0, 1, 12, 25, 26, 27, 28, 120].map((minutes, index) => bookedAt(index, minutes)),
    );
    await store.whenAllSaved();
    // Two, one, four and one: three fit into the first, four into the second.
    expect(minutesOf(await findSlices(database, TODAY, 4))).toEqual([
      [0, 20],
      [20, 30],
      [120, 130],
    ]);
  });

  it('divides a step that has too much, so that every entry is in one share', async () => {
    const store = await openStore();
    await book(
      store,
      calls(1000).map((said) => bookingOf(said)),
    );
    await store.whenAllSaved();
    const slices = await findSlices(database, TODAY, 150);
    expect(slices).toHaveLength(7);
    const found = await Promise.all(slices.map((slice) => readSlice(database, slice)));
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(250);
    expect(idsOf(found.flat())).toEqual(
      calls(1000)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  it('keeps to the period where it cuts a step', async () => {
    const store = await openStore();
    await book(store, [bookedAt(1, 1), bookedAt(2, 4), bookedAt(3, 8)]);
    await store.whenAllSaved();
    const period = { tenant: 'acme', fromUs: NOON_US + 3 * MINUTE_US, toUs: NOON_US + 8 * MINUTE_US };
    const [slice] = await findSlices(database, period);
    expect(minutesOf(slice === undefined ? [] : [slice])).toEqual([[3, 8]]);
    expect(idsOf(slice === undefined ? [] : await readSlice(database, slice))).toEqual([call(2).id]);
  });
});
