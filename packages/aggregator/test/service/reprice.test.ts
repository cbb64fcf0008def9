import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { PriceOverride } from '@turnmeter/pricing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FailPoint } from '../crash/messages.ts';
import { temporaryDirectory } from '../save/journal/temporary-directory.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import {
  CALL,
  CALL_NANO_USD,
  MIDNIGHT_US,
  span,
  startWritingSide,
  type WritingSide,
  type WritingSideOptions,
} from './writing-side.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.stop());

let count = 0;
async function newPlace(): Promise<WritingSideOptions> {
  return { directory: await temporaryDirectory(), url: engine.url, database: `reprice_${++count}` };
}

async function start(options: WritingSideOptions): Promise<WritingSide> {
  const writing = await startWritingSide(options);
  onTestFinished(() => writing.stop());
  return writing;
}

/** Half the price: 1,750,000 nano-USD for a call. */
const HALF: readonly PriceOverride[] = [{ name: 'half', provider: 'openai', discountPercent: 50 }];
const HALF_NANO_USD = CALL_NANO_USD / 2;

const HOUR = 3600;

/** A run that its root names the session of, with calls an hour apart. */
function run(trace: number, callCount: number): readonly object[] {
  const spans = [
    span({ trace, id: 1000 }, 23 * HOUR, { 'gen_ai.operation.name': 'invoke_agent', 'session.id': `s${trace}` }),
  ];
  for (let id = 0; id < callCount; id++) spans.push(span({ trace, id, parent: 1000 }, (id + 1) * HOUR, CALL));
  return spans;
}

interface Ledger {
  readonly rows: number;
  readonly cost: number;
  readonly standing: number;
  readonly twice: number;
}

/** What the ledger amounts to, asked without anything of ours in between. */
async function ledgerOf({ database }: WritingSideOptions): Promise<Ledger> {
  const [found] = await engine.rows<Ledger>(
    `SELECT count() AS rows, sum(sign * cost_nano_usd) AS cost, sum(sign) AS standing,
       (SELECT count() FROM (SELECT sum(sign) AS s FROM ${database}.entries GROUP BY tenant, signal, trace_key, record_id HAVING s != 1)) AS twice
     FROM ${database}.entries`,
  );
  const [net] = await engine.rows<{ cost: number; odd: number }>(
    `SELECT sum(cost_nano_usd) AS cost, countIf(standing != 1) AS odd FROM ${database}.net_entries`,
  );
  // What stands as it was booked amounts to the same: every reversal is of a row that was there.
  expect(net).toEqual({ cost: found?.cost, odd: 0 });
  return found ?? { rows: 0, cost: 0, standing: 0, twice: 0 };
}

describe('reprice', () => {
  it('shows the difference and books nothing when it is only tried', async () => {
    const place = await newPlace();
    const before = await start(place);
    await before.send(run(1, 3));
    await before.pipeline.flush();
    await before.stop();
    const writing = await start({ ...place, prices: HALF });
    const booked = await ledgerOf(place);
    expect(await writing.reprice({ isDryRun: true })).toMatchObject({
      entries: 3,
      changed: 3,
      beforeNanoUsd: BigInt(3 * CALL_NANO_USD),
      afterNanoUsd: BigInt(3 * HALF_NANO_USD),
      models: [{ provider: 'openai', model: 'gpt-4o-2024-08-06', entries: 3 }],
    });
    await writing.pipeline.flush();
    expect(await ledgerOf(place)).toEqual(booked);
  });

  it('takes back what stands at another price and books it anew, once however often it runs', async () => {
    const place = await newPlace();
    const before = await start(place);
    await before.send(run(1, 3));
    await before.pipeline.flush();
    await before.stop();
    const writing = await start({ ...place, prices: HALF });
    const { rows, standing } = await ledgerOf(place);
    expect(await writing.reprice()).toMatchObject({ changed: 3 });
    const after = { rows: rows + 6, standing, twice: 0, cost: 3 * HALF_NANO_USD };
    expect(await ledgerOf(place)).toEqual(after);
    const anew = await engine.rows(
      `SELECT sign, because, cost_source, price_id != '' AS has_price, session_id FROM ${place.database}.entries
       WHERE cost_nano_usd != 0 AND record_id = '0000000000000001' ORDER BY seg, sign`,
    );
    expect(anew).toMatchObject([
      { sign: 1, because: '', cost_source: 'price_book' },
      { sign: -1, because: 'repriced', cost_source: 'price_book', session_id: 's1' },
      { sign: 1, because: '', cost_source: 'override', session_id: 's1' },
    ]);
    expect(await writing.reprice()).toMatchObject({ entries: 3, changed: 0, beforeNanoUsd: 0n, afterNanoUsd: 0n });
    expect(await ledgerOf(place)).toEqual(after);
  });

  it('keeps to the period and to the tenant', async () => {
    const place = await newPlace();
    const before = await start(place);
    await before.send(run(1, 3));
    await before.send(run(2, 3), 'other');
    await before.pipeline.flush();
    await before.stop();
    const writing = await start({ ...place, prices: HALF });
    // Of the calls at one, two and three o'clock the one at two.
    const period = { fromUs: MIDNIGHT_US + 2 * HOUR * 1e6, toUs: MIDNIGHT_US + 3 * HOUR * 1e6 };
    expect(await writing.reprice(period)).toMatchObject({ entries: 1, changed: 1 });
    expect(await ledgerOf(place)).toMatchObject({ cost: 5 * CALL_NANO_USD + HALF_NANO_USD, twice: 0 });
  });

  it('leaves what a gateway billed, and prices anew what only a table on the client claims', async () => {
    const place = await newPlace();
    const before = await start(place);
    const billed = { 'metadata.user_api_key_hash': 'a1b2', 'gen_ai.usage.cost': 0.5 };
    await before.send([
      span({ trace: 1, id: 1 }, HOUR, { ...CALL, ...billed }),
      span({ trace: 2, id: 2 }, HOUR, { ...CALL, 'gen_ai.usage.cost': 0.25 }),
    ]);
    await before.pipeline.flush();
    await before.stop();
    // The list's price has doubled.
    const match = { equals: 'gpt-4o-2024-08-06' };
    const model = { id: 'gpt-4o', name: 'GPT-4o', match, prices: { input_mtok: 5, output_mtok: 20 } };
    const writing = await start({ ...place, priceList: [{ id: 'openai', name: 'OpenAI', models: [model] }] });
    expect(await writing.reprice()).toMatchObject({ entries: 2, changed: 1 });
    const standing = await engine.rows(
      `SELECT cost_source, cost_status, claim_by, claim_nano_usd, cost_nano_usd, book_version LIKE '%list of the test%' AS is_new
       FROM ${place.database}.net_entries WHERE inferences = 1 ORDER BY record_id`,
    );
    expect(standing).toEqual([
      {
        cost_source: 'gateway',
        cost_status: 'exact',
        claim_by: 'gateway',
        claim_nano_usd: 500_000_000,
        cost_nano_usd: 500_000_000,
        is_new: 0,
      },
      {
        cost_source: 'price_book',
        cost_status: 'exact',
        claim_by: 'client_table',
        claim_nano_usd: 250_000_000,
        cost_nano_usd: 2 * CALL_NANO_USD,
        is_new: 1,
      },
    ]);
  });

  it('gives a tool a price that had none, and an unpriced model one', async () => {
    const place = await newPlace();
    const before = await start(place);
    await before.send([
      span({ trace: 1, id: 1 }, HOUR, {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'search',
      }),
      span({ trace: 1, id: 2 }, HOUR, {
        ...CALL,
        'gen_ai.request.model': 'our-own',
        'gen_ai.response.model': 'our-own',
      }),
    ]);
    await before.pipeline.flush();
    await before.stop();
    expect(await ledgerOf(place)).toMatchObject({ cost: 0 });
    const prices: readonly PriceOverride[] = [
      { name: 'search', charges: [{ kind: 'tool_call', name: 'search', usd: '0.01' }] },
      { name: 'own', model: 'our-own', rates: { input: 1, output: 2 } },
    ];
    const writing = await start({ ...place, prices });
    expect(await writing.reprice()).toMatchObject({ entries: 2, changed: 2, afterNanoUsd: 11_200_000n });
    // A cent, and 1000 and 100 tokens at 1 and 2 USD per million.
    expect(await ledgerOf(place)).toMatchObject({ cost: 10_000_000 + 1_000_000 + 200_000, twice: 0 });
    expect(await writing.reprice()).toMatchObject({ changed: 0 });
  });
});

describe('the book, after a repricing', () => {
  it('takes entries back at what they cost now when late news comes', async () => {
    const place = await newPlace();
    const before = await start(place);
    const [root = {}, ...calls] = run(1, 3);
    await before.send(calls);
    await before.pipeline.flush();
    await before.stop();
    const writing = await start({ ...place, prices: HALF });
    await writing.reprice();
    await writing.send([root]);
    await writing.pipeline.flush();
    expect(await ledgerOf(place)).toMatchObject({ cost: 3 * HALF_NANO_USD, twice: 0 });
    const [session] = await engine.rows(
      `SELECT sum(cost_nano_usd) AS cost FROM ${place.database}.session_totals WHERE session_id = 's1'`,
    );
    expect(session).toEqual({ cost: 3 * HALF_NANO_USD });
  });

  it('takes them back at that price also if it had to read them back from storage', async () => {
    const place = await newPlace();
    const before = await start(place);
    const [root = {}, ...calls] = run(1, 3);
    await before.send(calls);
    await before.pipeline.flush();
    await before.stop();
    // Hardly anything is kept in memory: the late root has its trace read.
    const writing = await start({ ...place, prices: HALF, keepUs: 0, recordsMax: 2, quietUs: 0 });
    await writing.pipeline.book();
    const repriced = writing.reprice();
    await writing.send([root]);
    await repriced;
    await writing.pipeline.flush();
    expect(writing.reloaded()).toBe(1);
    expect(await ledgerOf(place)).toMatchObject({ cost: 3 * HALF_NANO_USD, twice: 0 });
  });
});

/** Has a process die while it prices history again. */
async function crash(options: WritingSideOptions, failPoint: FailPoint): Promise<void> {
  const settings = JSON.stringify({ ...options, failPoint });
  const child = fork(path.join(import.meta.dirname, 'repricing-process.ts'), [settings]);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

describe('a crash in the middle of a repricing', () => {
  const CALLS = 22_000;

  it('loses nothing, and another run does the rest', async () => {
    const place = await newPlace();
    const before = await start(place);
    for (let from = 0; from < CALLS; from += 2000) {
      const ids = Array.from({ length: 2000 }, (_, at) => from + at);
      // Ten a second: more than one slice takes.
      await before.send(ids.map((id) => span({ trace: id >> 4, id }, 1000 + Math.floor(id / 10), CALL)));
    }
    await before.pipeline.flush();
    await before.stop();
    const all = { standing: CALLS, twice: 0 };
    // The second slice is about to be decided, or the first is being inserted.
    const failPoints: readonly FailPoint[] = [
      { call: 'rename', at: 2, when: 'before' },
      { call: 'request', at: 5, when: 'after' },
    ];
    for (const [at, failPoint] of failPoints.entries()) {
      const [prices, wasNanoUsd, isNanoUsd] =
        at % 2 === 0 ? [HALF, CALL_NANO_USD, HALF_NANO_USD] : [[], HALF_NANO_USD, CALL_NANO_USD];
      await crash({ ...place, prices }, failPoint);
      const writing = await start({ ...place, prices });
      const between = await ledgerOf(place);
      expect(between).toMatchObject(all);
      const left = (between.cost - CALLS * isNanoUsd) / (wasNanoUsd - isNanoUsd);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(CALLS);
      expect(await writing.reprice()).toMatchObject({ entries: CALLS, changed: left });
      expect(await ledgerOf(place)).toMatchObject({ ...all, cost: CALLS * isNanoUsd });
      await writing.stop();
    }
  }, 120_000);
});
