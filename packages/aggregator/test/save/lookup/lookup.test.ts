import { type Observation, observationKey } from '@turnmeter/accounting';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { TraceKeys } from '../../../src/save/lookup/load-traces.ts';
import type { OpenTracesOptions } from '../../../src/save/lookup/open-traces.ts';
import type { SavedRecord } from '../../../src/save/lookup/saved-records.ts';
import { Store } from '../../../src/save/store.ts';
import { temporaryDirectory } from '../journal/temporary-directory.ts';
import { runMigratedEngine, type RunningEngine } from '../running-engine.ts';
import { bookingOf, call, NOON_US, reversalOf } from '../some-rows.ts';
import type { PricedPosting } from '../../../src/price/price-postings.ts';

const DATABASE = 'turnmeter';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runMigratedEngine(DATABASE);
});
afterAll(() => engine.stop());
afterEach(async () => {
  for (const table of ['observations', 'entries']) await engine.send(`TRUNCATE TABLE ${DATABASE}.${table}`);
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

/** Saves records that came at one time, with what was booked for them. */
async function save(
  store: Store,
  said: readonly Observation[],
  options: { readonly postings?: readonly PricedPosting[]; readonly arrivedUs?: number } = {},
): Promise<void> {
  await store.append(said, options.arrivedUs ?? NOON_US);
  await store.seal(await store.rotate(), options.postings ?? said.map((one) => bookingOf(one)));
  await store.whenAllSaved();
}

const id = (digit: string): string => digit.repeat(16);
const trace = (digit: string): string => digit.repeat(32);

/** A call in the trace of that digit, whose span has the other. */
function callIn(traceDigit: string, spanDigit: string, fields: Partial<Observation> = {}): Observation {
  return call(0, { traceId: trace(traceDigit), id: id(spanDigit), responseId: '', ...fields });
}

async function load(store: Store, keys: Partial<TraceKeys>): Promise<readonly SavedRecord[]> {
  const { records, isComplete } = await store.loadTraces({
    tenant: 'acme',
    traceIds: [],
    responseIds: [],
    ...keys,
  });
  expect(isComplete).toBe(true);
  return records;
}

function keysOf(records: readonly SavedRecord[]): readonly string[] {
  return records.map(({ observation }) => observationKey(observation)).toSorted();
}

describe('loadTraces', () => {
  it('gives every record of a trace with what stands for it, at its cost', async () => {
    const store = await openStore();
    const said = [callIn('a', '1'), callIn('a', '2'), callIn('b', '3')];
    await save(store, said);
    const first = bookingOf(callIn('a', '1'));
    const moved = { ...first, entry: { ...first.entry, session: 'known later' } };
    await save(store, [callIn('a', '4', { role: 'lineage' })], { postings: [reversalOf(first), moved] });
    const records = await load(store, { traceIds: [trace('a')] });
    expect(keysOf(records)).toEqual([
      `${trace('a')}/${id('1')}`,
      `${trace('a')}/${id('2')}`,
      `${trace('a')}/${id('4')}`,
    ]);
    const bookedFor = new Map(records.map((record) => [record.observation.id, record]));
    expect(bookedFor.get(id('1'))).toEqual({
      observation: said[0],
      booked: moved.entry,
      cost: moved.cost,
      arrivedUs: NOON_US,
    });
    expect(bookedFor.get(id('2'))?.booked).toEqual(bookingOf(callIn('a', '2')).entry);
    expect(bookedFor.get(id('4'))).toMatchObject({ booked: undefined, cost: undefined });
  });

  it('gives what was taken back and not booked again without an entry', async () => {
    const store = await openStore();
    const said = callIn('a', '1');
    await save(store, [said]);
    await save(store, [], { postings: [reversalOf(bookingOf(said))] });
    const [record] = await load(store, { traceIds: [trace('a')] });
    expect(record).toMatchObject({ booked: undefined, cost: undefined });
  });

  it('finds traces by the id of an answer', async () => {
    const store = await openStore();
    await save(store, [
      callIn('a', '1', { responseId: 'resp-1' }),
      callIn('a', '2'),
      callIn('b', '3', { responseId: 'resp-2' }),
    ]);
    expect(keysOf(await load(store, { responseIds: ['resp-1'] }))).toEqual([
      `${trace('a')}/${id('1')}`,
      `${trace('a')}/${id('2')}`,
    ]);
  });

  it('brings along traces whose records are counted by these, and those that count these', async () => {
    const store = await openStore();
    const counted = callIn('a', '1');
    const copy = callIn('b', '2');
    const excluded = bookingOf(copy, { kind: 'excluded', reason: 'copy', countedBy: observationKey(counted) });
    await save(store, [counted, copy, callIn('c', '3')], {
      postings: [bookingOf(counted), excluded, bookingOf(callIn('c', '3'))],
    });
    const both = [`${trace('a')}/${id('1')}`, `${trace('b')}/${id('2')}`];
    expect(keysOf(await load(store, { traceIds: [trace('a')] }))).toEqual(both);
    expect(keysOf(await load(store, { traceIds: [trace('b')] }))).toEqual(both);
  });

  it('brings along log records that are counted instead, and those of one answer', async () => {
    const store = await openStore();
    const event = call(1, { signal: 'log', id: 'hash-1', traceId: trace('e'), parentId: id('9'), responseId: '' });
    const loner = call(2, { signal: 'log', id: 'hash-2', traceId: '', parentId: '', responseId: 'resp-9' });
    const span = callIn('a', '1');
    const other = callIn('b', '2', { responseId: 'resp-9' });
    const excluded = bookingOf(span, { kind: 'excluded', reason: 'copy', countedBy: observationKey(event) });
    await save(store, [event, loner, span, other], {
      postings: [bookingOf(event), bookingOf(loner), excluded, bookingOf(other)],
    });
    expect(keysOf(await load(store, { traceIds: [trace('a')] }))).toEqual([`${trace('a')}/${id('1')}`, 'log/hash-1']);
    expect(keysOf(await load(store, { traceIds: [trace('e')] }))).toEqual([`${trace('a')}/${id('1')}`, 'log/hash-1']);
    // A record outside any trace is asked for by its own key.
    expect(keysOf(await load(store, { traceIds: ['log/hash-2'] }))).toEqual([`${trace('b')}/${id('2')}`, 'log/hash-2']);
  });

  it('follows links in both directions, over several steps', async () => {
    const store = await openStore();
    const link = (digit: string): Observation['links'] => [{ traceId: trace(digit), spanId: id('1') }];
    await save(store, [
      callIn('a', '1', { links: link('b') }),
      callIn('b', '1', { links: link('c') }),
      callIn('c', '1'),
      callIn('d', '1', { links: link('c') }),
      callIn('e', '1'),
    ]);
    const family = ['a', 'b', 'c', 'd'].map((digit) => `${trace(digit)}/${id('1')}`);
    expect(keysOf(await load(store, { traceIds: [trace('a')] }))).toEqual(family);
    expect(keysOf(await load(store, { traceIds: [trace('d')] }))).toEqual(family);
  });

  it('never crosses from one tenant to another', async () => {
    const store = await openStore();
    const theirs = callIn('a', '1', {
      tenant: 'other',
      responseId: 'resp-1',
      links: [{ traceId: trace('b'), spanId: id('1') }],
    });
    await save(store, [theirs, callIn('a', '2', { responseId: 'resp-1' }), callIn('b', '1', { tenant: 'other' })]);
    const records = await load(store, { traceIds: [trace('a')], responseIds: ['resp-1'] });
    expect(records.map(({ observation }) => observation)).toEqual([callIn('a', '2', { responseId: 'resp-1' })]);
  });

  it('takes ids for what they are, whatever they hold', async () => {
    const store = await openStore();
    const hostile = "x' OR 1 = 1; --\\\n\t\0{a:String}";
    await save(store, [callIn('a', '1', { responseId: hostile }), callIn('b', '2')]);
    expect(keysOf(await load(store, { responseIds: [hostile] }))).toEqual([`${trace('a')}/${id('1')}`]);
    expect(await load(store, { traceIds: [hostile, "')"], responseIds: ["' OR '1' = '1"] })).toEqual([]);
  });

  it('asks for thousands of traces at once', async () => {
    const store = await openStore();
    const said = Array.from({ length: 5000 }, (_, at) => call(at * 16));
    await save(store, said);
    const records = await load(store, { traceIds: said.map(({ traceId }) => traceId) });
    expect(records).toHaveLength(5000);
  });
});

async function readOpen(store: Store, options: Partial<OpenTracesOptions> = {}): Promise<readonly SavedRecord[]> {
  const records: SavedRecord[] = [];
  const all = { quietUs: 0, windowUs: 60_000_000, recordsMax: 1000, ...options };
  for await (const block of store.openTraces(all)) records.push(...block);
  return records;
}

describe('openTraces', () => {
  it('gives nothing of an empty database', async () => {
    expect(await readOpen(await openStore())).toEqual([]);
  });

  it('gives whole traces that had news shortly before the newest record, whatever the clock says now', async () => {
    const store = await openStore();
    await save(store, [callIn('a', '1'), callIn('b', '1')], { arrivedUs: NOON_US });
    await save(store, [callIn('b', '2')], { arrivedUs: NOON_US + 100_000_000 });
    await save(store, [callIn('c', '1')], { arrivedUs: NOON_US + 130_000_000 });
    const records = await readOpen(store);
    // The first record of trace b is as old as trace a, and belongs to what goes on.
    expect(keysOf(records)).toEqual([
      `${trace('b')}/${id('1')}`,
      `${trace('b')}/${id('2')}`,
      `${trace('c')}/${id('1')}`,
    ]);
    expect(records.map(({ booked }) => String(booked?.recordId)).toSorted()).toEqual([id('1'), id('1'), id('2')]);
    expect(records.map(({ arrivedUs }) => arrivedUs - NOON_US).toSorted((a, b) => a - b)).toEqual([
      0, 100_000_000, 130_000_000,
    ]);
  });

  it('gives the traces that had news last, as many as there is room for', async () => {
    const store = await openStore();
    for (const [at, digit] of ['a', 'b', 'c', 'd'].entries()) {
      await save(store, [callIn(digit, '1'), callIn(digit, '2')], { arrivedUs: NOON_US + at });
    }
    expect(keysOf(await readOpen(store, { recordsMax: 5 }))).toEqual(
      ['c', 'd'].flatMap((digit) => [`${trace(digit)}/${id('1')}`, `${trace(digit)}/${id('2')}`]),
    );
    expect(keysOf(await readOpen(store, { recordsMax: 1 }))).toHaveLength(2);
  });

  it('gives all that may be undecided, however many there are', async () => {
    const store = await openStore();
    for (const [at, digit] of ['a', 'b', 'c'].entries()) {
      await save(store, [callIn(digit, '1'), callIn(digit, '2')], { arrivedUs: NOON_US + at * 1_000_000 });
    }
    // The newest is two seconds younger than the first.
    const records = await readOpen(store, { recordsMax: 1, quietUs: 1_000_000 });
    expect(keysOf(records)).toEqual(
      ['b', 'c'].flatMap((digit) => [`${trace(digit)}/${id('1')}`, `${trace(digit)}/${id('2')}`]),
    );
  });

  it.each([
    ['back by a day', -86_400_000_000],
    ['forward by a day', 86_400_000_000],
  ])('knows what was last although the clock was set %s', async (_, jumpUs) => {
    const store = await openStore();
    await save(store, [callIn('a', '1')], { arrivedUs: NOON_US - 100_000_000 });
    await save(store, [callIn('b', '1')], { arrivedUs: NOON_US });
    await save(store, [callIn('c', '1')], { arrivedUs: NOON_US + jumpUs });
    expect(keysOf(await readOpen(store))).toEqual([`${trace('b')}/${id('1')}`, `${trace('c')}/${id('1')}`]);
  });

  it('leaves to other aggregators what they have in memory', async () => {
    const [store, other] = [await openStore(), await openStore()];
    await save(store, [callIn('a', '1')]);
    await save(other, [callIn('b', '1')]);
    expect(keysOf(await readOpen(store))).toEqual([`${trace('a')}/${id('1')}`]);
    expect(keysOf(await readOpen(await openStore()))).toEqual([]);
  });
});

describe('knownKeys', () => {
  it('gives every trace and response id since a time', async () => {
    const store = await openStore();
    await save(store, [callIn('a', '1', { responseId: 'old' })], { arrivedUs: NOON_US });
    await save(
      store,
      [
        callIn('b', '1', { responseId: 'resp-1' }),
        callIn('b', '2'),
        call(1, { tenant: 'other', signal: 'log', id: 'hash', traceId: '', responseId: 'resp-1' }),
      ],
      { arrivedUs: NOON_US + 10 },
    );
    const keys: unknown[] = [];
    for await (const block of store.knownKeys({ sinceUs: NOON_US + 5, recordsMax: 100 })) keys.push(...block);
    expect(keys).toHaveLength(4);
    expect(keys).toEqual(
      expect.arrayContaining([
        { tenant: 'acme', traceId: trace('b'), responseId: '' },
        { tenant: 'other', traceId: 'log/hash', responseId: '' },
        { tenant: 'acme', traceId: '', responseId: 'resp-1' },
        { tenant: 'other', traceId: '', responseId: 'resp-1' },
      ]),
    );
  });
});

describe('knownKeys of more than can be known', () => {
  it('come from the oldest to the newest, without those that are too many', async () => {
    const store = await openStore();
    for (const [at, digit] of ['a', 'b', 'c', 'd'].entries()) {
      await save(store, [callIn(digit, '1'), callIn(digit, '2')], { arrivedUs: NOON_US + at * 3_600_000_000 });
    }
    const keysOfLast = async (recordsMax: number): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const block of store.knownKeys({ sinceUs: 0, recordsMax }))
        found.push(...block.map((key) => key.traceId));
      return found;
    };
    expect(await keysOfLast(100)).toEqual(['a', 'b', 'c', 'd'].map(trace));
    expect(await keysOfLast(3)).toEqual(['c', 'd'].map(trace));
  });
});

describe('knownPopulations', () => {
  it('gives who reported calls of which hour and, where others may report the same, of which session by the ledger', async () => {
    const store = await openStore();
    const event = call(1, {
      signal: 'log',
      id: 'h',
      traceId: '',
      authority: { family: 'codex', rank: 0 },
      session: 's1',
    });
    const moved = bookingOf(event, { session: 'root' });
    await save(store, [event, callIn('a', '1'), callIn('a', '2', { usage: undefined })], {
      postings: [bookingOf(event), bookingOf(callIn('a', '1')), reversalOf(bookingOf(event)), moved],
    });
    const populations = await store.knownPopulations(NOON_US);
    expect(populations.toSorted((a, b) => a.rank - b.rank)).toEqual([
      { tenant: 'acme', family: '', rank: -1, service: 'shop', session: '', hourUs: NOON_US },
      { tenant: 'acme', family: 'codex', rank: 0, service: 'shop', session: 'root', hourUs: NOON_US },
    ]);
  });
});
