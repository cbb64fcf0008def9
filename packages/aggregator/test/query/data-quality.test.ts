// What is wrong with data that arrived lately, on the real engine.

import { describe, expect, it } from 'vitest';
import type { DataQuality } from '../../src/query/data-quality.ts';
import { call, dayOf, entry, type EntryRow, NOON_US, timeOf, turn } from './ledger.ts';
import { openedLedger } from './opened-ledger.ts';

const { ledger, queries } = await openedLedger();
const HOUR_US = 3_600_000_000;

/** Of an hour that begins at the tests' noon; entries are booked when the test runs, which is later. */
function of(tenant: string, query = { fromUs: NOON_US, nowUs: NOON_US + HOUR_US }): Promise<DataQuality> {
  return queries.dataQuality(tenant, query);
}

/** A span of the trace `trace`, received a second after it ended. */
function seen(tenant: string, trace: string, record_id: string, columns: EntryRow = {}): EntryRow {
  return {
    ingest_day: dayOf(NOON_US),
    ingest_time: timeOf(NOON_US + 2e6),
    tenant,
    signal: 'span',
    trace_key: trace.repeat(32),
    record_id,
    role: 'inference',
    service: 'app',
    process: 'app/1',
    started_at: timeOf(NOON_US),
    ended_at: timeOf(NOON_US + 1e6),
    ...columns,
  };
}

describe('data quality', () => {
  it('counts calls without session, without usage, and with an estimated one, by who reported them', async () => {
    const own = { tenant: 'calls', profile: 'openinference' };
    const late = call([1, 2], { ...own, session_id: '' });
    await ledger.book([
      turn('writer', [0, 5], own),
      call([1, 2], own),
      call([1, 2], { ...own, session_id: '' }),
      call([1, 2], { ...own, usage_source: 'missing', input_tokens: 0, output_tokens: 0 }),
      call([1, 2], { ...own, usage_source: 'estimated' }),
      call([1, 2], { ...own, profile: 'gen-ai', service: 'other' }),
      late,
      call([1, 2], { ...own, tenant: 'another' }),
    ]);
    await ledger.takeBack([late], 'call');
    const { calls } = await of('calls');
    expect(calls).toEqual([
      {
        service: 'app',
        profile: 'openinference',
        calls: 4,
        calls_without_session: 1,
        calls_without_usage: 1,
        calls_with_estimated_usage: 1,
        calls_of_metrics_only: 0,
        // Three calls of 100 and 10 tokens.
        tokens: 330,
        metric_tokens: 0,
      },
      expect.objectContaining({ service: 'other', profile: 'gen-ai', calls: 1, calls_without_session: 0 }),
    ]);
  });

  it('compares metrics with the calls that came, and counts calls of which only a metric tells', async () => {
    const own = { tenant: 'metrics', signal: 'metric', profile: 'gen-ai-metrics' };
    await ledger.book([
      call([1, 2], { tenant: 'metrics', profile: 'gen-ai' }),
      entry('excluded', [1, 2], { ...own, reason: 'witness', excluded_input_tokens: 400, excluded_output_tokens: 40 }),
      call([1, 2], { ...own, reason: 'metric_fallback', inferences: 3 }),
    ]);
    const { calls } = await of('metrics');
    expect(
      calls.map(({ profile, tokens, metric_tokens, calls_of_metrics_only }) => ({
        profile,
        tokens,
        metric_tokens,
        calls_of_metrics_only,
      })),
    ).toEqual([
      { profile: 'gen-ai-metrics', tokens: 110, metric_tokens: 440, calls_of_metrics_only: 3 },
      { profile: 'gen-ai', tokens: 110, metric_tokens: 0, calls_of_metrics_only: 0 },
    ]);
  });

  it('names models without a price, until one is found', async () => {
    const own = {
      tenant: 'prices',
      provider: 'acme',
      model: 'acme-1',
      cost_status: 'unpriced',
      cost_nano_usd: 0,
      unpriced_tokens: 110,
    };
    const unpriced = [call([1, 2], own), call([1, 2], own)];
    await ledger.book([...unpriced, call([1, 2], { tenant: 'prices' })]);
    expect((await of('prices')).unpriced).toEqual([{ provider: 'acme', model: 'acme-1', calls: 2, tokens: 220 }]);
    await ledger.takeBack(unpriced, 'repriced');
    await ledger.book(unpriced.map((row) => ({ ...row, unpriced_tokens: 0, cost_status: 'exact', cost_nano_usd: 5 })));
    expect((await of('prices')).unpriced).toEqual([]);
  });

  it('names pairs of instrumentations that report the same calls', async () => {
    const tenant = 'twice';
    await ledger.insert('observations', [
      seen(tenant, 'a', 'wire', { scope: 'openai' }),
      seen(tenant, 'a', 'copy', { scope: 'openlit' }),
      seen(tenant, 'a', 'copy', { scope: 'openlit' }),
      seen(tenant, 'a', 'inner', { scope: 'openai' }),
    ]);
    const trace_key = 'a'.repeat(32);
    const excluded = { tenant, trace_key, reason: 'copy', counted_by: `${trace_key}/wire` };
    await ledger.book([
      call([1, 2], { tenant, trace_key, record_id: 'wire' }),
      entry('excluded', [1, 2], { ...excluded, record_id: 'copy' }),
      // One instrumentation that reports a call on two levels is no double instrumentation.
      entry('excluded', [1, 2], { ...excluded, record_id: 'inner' }),
    ]);
    expect((await of(tenant)).reportedTwice).toEqual([
      { service: 'app', scope: 'openlit', counted_scope: 'openai', calls: 1 },
    ]);
  });

  it('counts traces with spans whose parent never came, once it had time to', async () => {
    const tenant = 'lineage';
    await ledger.insert('observations', [
      seen(tenant, 'a', 'root'),
      seen(tenant, 'a', 'child', { parent_id: 'root' }),
      seen(tenant, 'b', 'orphan', { parent_id: 'root' }),
      seen(tenant, 'c', 'early', { parent_id: 'later', ingest_time: timeOf(NOON_US + HOUR_US - 1e6) }),
      seen(tenant, 'd', 'old', { parent_id: 'gone', ingest_time: timeOf(NOON_US - HOUR_US) }),
    ]);
    expect((await of(tenant)).lineage).toEqual([{ service: 'app', traces: 2, traces_without_parent: 1 }]);
  });

  it('tells by how much a clock is at least ahead, or behind', async () => {
    const tenant = 'clocks';
    await ledger.insert('observations', [
      seen(tenant, 'a', '1'),
      seen(tenant, 'a', '2', { service: 'fast', process: 'fast/1', ended_at: timeOf(NOON_US + 92e6) }),
      // Of one process what came first decides: the rest waited for a batch.
      seen(tenant, 'a', '3', { service: 'slow', process: 'slow/1', ended_at: timeOf(NOON_US - 7198e6) }),
      seen(tenant, 'a', '4', { service: 'slow', process: 'slow/1', ended_at: timeOf(NOON_US - 9000e6) }),
      seen(tenant, 'a', '5', { service: 'slow', process: 'slow/2' }),
    ]);
    expect((await of(tenant)).clocks).toEqual([
      { service: 'app', ahead_us: 0, behind_us: 1e6 },
      { service: 'fast', ahead_us: 90e6, behind_us: 0 },
      { service: 'slow', ahead_us: 0, behind_us: 7200e6 },
    ]);
  });

  it('looks at the relations of some traces where there are too many, and says of how many', async () => {
    const tenant = 'many';
    // 100,001 traces of four spans, of which the last has a parent that never came.
    await ledger.client.command({
      query: `
        INSERT INTO observations (ingest_day, ingest_time, tenant, signal, trace_key, record_id, parent_id, service, started_at, ended_at)
        SELECT '2026-11-21', '2026-11-21 12:00:02', '${tenant}', 'span',
          lower(hex(MD5(toString(intDiv(number, 4))))), toString(number),
          if(number % 4 = 0, '', if(number % 4 = 3, 'gone', toString(number - 1))), 'app', '2026-11-21 12:00:00', '2026-11-21 12:00:01'
        FROM numbers(400004)`,
    });
    const { lineage, oneTraceOf } = await of(tenant);
    // 400,004 spans are a little more than twice as many as are looked at.
    expect(oneTraceOf).toBe(3);
    const [found] = lineage;
    expect(found?.traces).toBe(found?.traces_without_parent);
    // A third of them, within ten standard deviations of a fair hash: sqrt(100001 * 1/3 * 2/3) is 149.
    expect(Math.abs((found?.traces ?? 0) - 33_334)).toBeLessThan(1500);
  });

  it('of a tenant that sent nothing is empty', async () => {
    expect(await of('nobody')).toEqual({
      calls: [],
      unpriced: [],
      reportedTwice: [],
      lineage: [],
      oneTraceOf: 1,
      clocks: [],
    });
  });
});
