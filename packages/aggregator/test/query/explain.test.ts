import { describe, expect, it } from 'vitest';
import type { ExplainedRecord } from '../../src/query/explain.ts';
import { call, dayOf, type EntryRow, NOON_US, timeOf, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();
let traces = 0;
function newTrace(): string {
  return (++traces).toString(16).padStart(32, '0');
}

/** A record as it was seen. */
function seen(trace_key: string, record_id: string, columns: EntryRow = {}): EntryRow {
  return {
    seg: 1,
    writer: 'test',
    ingest_day: dayOf(NOON_US),
    ingest_time: timeOf(NOON_US),
    tenant: 'acme',
    signal: 'span',
    trace_key,
    record_id,
    profile: 'generic',
    role: 'inference',
    operation: 'chat',
    started_at: timeOf(NOON_US),
    ended_at: timeOf(NOON_US + 1e6),
    ...columns,
  };
}

/** Ids as a tree: `{ root: { child: {} } }`. */
function shape(records: readonly ExplainedRecord[]): unknown {
  return Object.fromEntries(records.map((record) => [record.seen.record_id, shape(record.children)]));
}

describe('an explanation of a trace', () => {
  it('is a tree of its records in order, whatever order they came in', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [
      seen(trace, 'grandchild', { parent_id: 'child-1', started_at: timeOf(NOON_US + 2) }),
      seen(trace, 'child-2', { parent_id: 'root', started_at: timeOf(NOON_US + 3) }),
      seen(trace, 'orphan', { parent_id: 'lost', started_at: timeOf(NOON_US + 9) }),
      seen(trace, 'root'),
      seen(trace, 'child-1', { parent_id: 'root', started_at: timeOf(NOON_US + 1) }),
      seen(newTrace(), 'elsewhere', { parent_id: 'root' }),
    ]);
    const found = await queries.explain('acme', { traceId: trace });
    expect(found).toMatchObject({ traceKey: trace, isTruncated: false });
    expect(JSON.stringify(shape(found!.records))).toBe(
      '{"root":{"child-1":{"grandchild":{}},"child-2":{}},"orphan":{}}',
    );
  });

  it('has each record once where ids make a circle, a record is its own parent, or a log has the id of a span', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [
      seen(trace, 'a', { parent_id: 'b' }),
      seen(trace, 'b', { parent_id: 'c' }),
      seen(trace, 'c', { parent_id: 'a' }),
      seen(trace, 'self', { parent_id: 'self' }),
      seen(trace, 'self', { parent_id: 'self', signal: 'log' }),
    ]);
    const found = await queries.explain('acme', { traceId: trace });
    const ids: string[] = [];
    const visit = (records: readonly ExplainedRecord[]): void => {
      for (const record of records) {
        ids.push(`${record.seen.signal}/${record.seen.record_id}`);
        visit(record.children);
      }
    };
    visit(found!.records);
    expect(ids.toSorted()).toEqual(['log/self', 'span/a', 'span/b', 'span/c', 'span/self']);
  });

  it('of records that nest deeper than an answer may ends in a row', async () => {
    const trace = newTrace();
    await ledger.insert(
      'observations',
      Array.from({ length: 300 }, (_, at) =>
        seen(trace, `s${at}`, { parent_id: at === 0 ? '' : `s${at - 1}`, started_at: timeOf(NOON_US + at) }),
      ),
    );
    const found = await queries.explain('acme', { traceId: trace });
    let depth = 0;
    let count = 0;
    const visit = (records: readonly ExplainedRecord[], at: number): void => {
      if (records.length > 0) depth = Math.max(depth, at);
      count += records.length;
      for (const { children } of records) visit(children, at + 1);
    };
    visit(found!.records, 1);
    expect(count).toBe(300);
    expect(depth).toBe(101);
  });

  it('of more records than are explained at once says that there are more', async () => {
    const trace = newTrace();
    await ledger.insert(
      'observations',
      Array.from({ length: 5001 }, (_, at) => seen(trace, `s${at}`)),
    );
    const found = await queries.explain('acme', { traceId: trace });
    expect(found).toMatchObject({ isTruncated: true });
    expect(found!.records).toHaveLength(5000);
  });

  it('of one span is it and what is below it', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [
      seen(trace, 'root'),
      seen(trace, 'child', { parent_id: 'root' }),
      seen(trace, 'grandchild', { parent_id: 'child' }),
    ]);
    expect(shape((await queries.explain('acme', { traceId: trace, recordId: 'child' }))!.records)).toEqual({
      child: { grandchild: {} },
    });
    expect(shape((await queries.explain('acme', { recordId: 'grandchild' }))!.records)).toEqual({ grandchild: {} });
    expect(await queries.explain('acme', { traceId: trace, recordId: 'unknown' })).toBeUndefined();
  });

  it('is nobody else’s', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [seen(trace, 'private')]);
    await ledger.book([call([0, 1], { trace_key: trace, record_id: 'private' })]);
    expect(await queries.explain('other', { traceId: trace })).toBeUndefined();
    expect(await queries.explain('other', { recordId: 'private' })).toBeUndefined();
    await ledger.insert('observations', [seen(trace, 'private', { tenant: 'other', model: 'theirs' })]);
    const theirs = await queries.explain('other', { traceId: trace });
    expect(theirs!.records).toMatchObject([{ seen: { model: 'theirs' }, bookings: [] }]);
  });
});

describe('the words of an explanation', () => {
  it('tell what a call cost and by whose price', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [
      seen(trace, 'call', { has_usage: true, input_tokens: 100, output_tokens: 10, profile: 'openai' }),
    ]);
    await ledger.book([
      call([0, 1], {
        trace_key: trace,
        record_id: 'call',
        price_id: 'openai/gpt-5',
        book_version: 'v1',
        cost_nano_usd: 1_234_000,
      }),
    ]);
    const [record] = (await queries.explain('acme', { traceId: trace }))!.records;
    expect(record?.explanation).toContain('Read by the profile openai as inference.');
    expect(record?.explanation).toContain(
      'It cost $0.001234, by the list price at the time of the call (openai/gpt-5, book v1). It is exact.',
    );
    expect(record?.bookings).toMatchObject([{ stands: true, row: { sign: 1, input_tokens: 100 } }]);
  });

  it('tell every booking in order, and which of them stands', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [seen(trace, 'call', { has_usage: true })]);
    const first = call([0, 1], { trace_key: trace, record_id: 'call', session_id: '' });
    await ledger.book([first]);
    await ledger.takeBack([first], 'session_named');
    await ledger.book([{ ...first, session_id: 'chat' }]);
    const [record] = (await queries.explain('acme', { traceId: trace }))!.records;
    expect(record?.bookings.map(({ stands, row }) => [row.sign, row.session_id, stands])).toEqual([
      [1, '', false],
      [-1, '', false],
      [1, 'chat', true],
    ]);
    expect(record?.bookings[1]?.sentences[0]).toMatch(/^Taken back, because of later news/);
    expect(record?.explanation).toContain('Booked 2 times as news came.');
  });

  it('tell of what was taken back for good that it counts no more', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [seen(trace, 'turn', { role: 'agent' })]);
    const go = turn('writer', [0, 1], { trace_key: trace, record_id: 'turn' });
    await ledger.book([go]);
    await ledger.takeBack([go]);
    const [record] = (await queries.explain('acme', { traceId: trace }))!.records;
    expect(record?.explanation).toContain('It was booked and taken back, and counts no more.');
    expect(record?.bookings.every(({ stands }) => !stands)).toBe(true);
  });

  it('tell of what has not been booked why', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [
      seen(trace, 'between', { role: 'lineage', profile: '', has_usage: false }),
      seen(trace, 'sum', { role: 'sum', has_usage: true }),
    ]);
    const words = (await queries.explain('acme', { traceId: trace }))!.records.map(({ explanation }) => explanation);
    expect(words[0]).toContain(
      'Read by the profile (none) as lineage. It says nothing that counts; it links the records around it.',
    );
    expect(words[1]).toContain('It has token counts, and is not booked yet.');
  });

  it('show the code where a newer version wrote one that is not known here', async () => {
    const trace = newTrace();
    await ledger.insert('observations', [seen(trace, 'new', { notes: ['note_of_tomorrow', '__proto__'] })]);
    await ledger.book([
      call([0, 1], {
        trace_key: trace,
        record_id: 'new',
        reason: 'reason_of_tomorrow',
        cost_reasons: ['constructor'],
        cost_source: 'toString',
      }),
    ]);
    const [record] = (await queries.explain('acme', { traceId: trace }))!.records;
    expect(record?.explanation).toContain('reason_of_tomorrow');
    expect(record?.explanation).toContain('constructor');
    expect(record?.explanation).not.toContain('[native code]');
  });
});
