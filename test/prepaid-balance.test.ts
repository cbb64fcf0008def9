// Sessions that a prepaid balance pays for: real apps, a real aggregator and its ledger, and the model server's ledger beside them.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startModelServer, type ModelServer } from '@turnmeter/model-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { BalanceHeld, BalancePaid } from '../packages/instrumentation/src/ag2/index.ts';
import { runAggregator, type RunningAggregator } from '../packages/instrumentation/test/ag2/running-aggregator.ts';
import { runApp } from '../packages/instrumentation/test/run-app.ts';

let turnmeter: RunningAggregator;
let server: ModelServer;
beforeAll(async () => {
  turnmeter = await runAggregator();
});
afterAll(() => turnmeter.stop());
beforeEach(async () => {
  server = await startModelServer({ script: [{ reply: { text: 'It rains.', usage: { input: 700, output: 300 } } }] });
});
afterEach(() => server.close());

interface Told {
  readonly held: BalanceHeld;
  readonly answered: number;
  readonly refused?: unknown;
  readonly paid?: BalancePaid;
}

async function chat(env: Readonly<Record<string, string>>): Promise<Told> {
  const { code, stdout, stderr } = await runApp({
    app: 'prepaid.mjs',
    env: {
      OPENAI_URL: server.openaiUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: turnmeter.otlpUrl,
      TURNMETER_URL: turnmeter.apiUrl,
      UNIT: 'tokens',
      ...env,
    },
  });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Told;
}

async function grant(account: string, amount: number, unit = 'tokens'): Promise<void> {
  const answer = await fetch(`${turnmeter.apiUrl}/api/v1/balances/${account}/grant`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ amount, unit }),
  });
  expect(answer.status).toBe(200);
}

async function amountsOf(account: string, unit = 'tokens'): Promise<readonly number[]> {
  const answer = await fetch(`${turnmeter.apiUrl}/api/v1/balances/${account}?unit=${unit}`);
  const { balance } = (await answer.json()) as { balance: Record<'free' | 'reserved' | 'spent', string> };
  return [Number(balance.free), Number(balance.reserved), Number(balance.spent)];
}

/** The address of a server that answers so many requests, all at once when the last of them is there. */
async function answerTogether(count: number): Promise<string> {
  const waiting: ServerResponse[] = [];
  const meeting = createServer((_, response) => {
    waiting.push(response);
    if (waiting.length === count) for (const one of waiting) one.end();
  });
  onTestFinished(() => void meeting.close());
  await once(meeting.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(meeting.address() as AddressInfo).port}/`;
}

describe('a prepaid balance', () => {
  it('pays for what a session used, and gives back the rest of what was set aside', async () => {
    await grant('paying', 50_000);
    const told = await chat({ ACCOUNT: 'paying', SESSION: 'p-1', RESERVE: '20000', CALLS: '3' });
    expect(told).toMatchObject({
      held: { source: 'aggregator', reserved: 20_000, free: 30_000, isExhausted: false },
      answered: 3,
      paid: { isSettled: true, spent: 3000, uncovered: 0, free: 47_000 },
    });
    expect(await amountsOf('paying')).toEqual([47_000, 0, 3000]);
  });

  it('bounds a session by what is left, and refuses the next one', async () => {
    await grant('trial', 4000);
    const first = await chat({ ACCOUNT: 'trial', SESSION: 't-1', RESERVE: '100000' });
    // 4000 tokens are four calls of 1000.
    expect(first).toMatchObject({ held: { reserved: 4000, free: 0 }, refused: expect.anything() });
    expect(first.answered).toBe(server.totals().calls);
    expect(first.answered).toBeGreaterThan(1);
    expect(first.answered).toBeLessThanOrEqual(4);
    const left = 4000 - first.answered * 1000;
    expect(await amountsOf('trial')).toEqual([left, 0, first.answered * 1000]);
    if (left > 0) await chat({ ACCOUNT: 'trial', SESSION: 't-2', RESERVE: '1' });
    const nothing = await chat({ ACCOUNT: 'nobody-granted', SESSION: 't-3', RESERVE: '1000' });
    expect(nothing).toMatchObject({
      held: { isExhausted: true, reserved: 0 },
      answered: 0,
      refused: expect.anything(),
    });
  });

  it('is never overdrawn by sessions at the same time', async () => {
    await grant('shared', 10_000);
    const sessions = ['s-1', 's-2', 's-3'];
    // One that is over gives back what it did not use: none is before all have set something aside.
    const together = await answerTogether(sessions.length);
    const told = await Promise.all(
      sessions.map((session) => chat({ ACCOUNT: 'shared', SESSION: session, RESERVE: '4000', TOGETHER_URL: together })),
    );
    // 4000 + 4000 + 2000.
    expect(told.map(({ held }) => held.reserved).toSorted((a, b) => a - b)).toEqual([2000, 4000, 4000]);
    const calls = server.totals().calls;
    expect(calls).toBeLessThanOrEqual(10);
    expect(await amountsOf('shared')).toEqual([10_000 - calls * 1000, 0, calls * 1000]);
  });

  it('may be of US dollars', async () => {
    await grant('dollars', 1_000_000_000, 'nano_usd');
    const told = await chat({ ACCOUNT: 'dollars', UNIT: 'usd', SESSION: 'd-1', RESERVE: '0.5', CALLS: '2' });
    // 700 tokens in at 0.25 and 300 out at 2 US dollars a million: 0.000775 a call.
    expect(told).toMatchObject({ held: { reserved: 0.5, free: 0.5 }, paid: { isSettled: true, spent: 0.00155 } });
    expect(await amountsOf('dollars', 'nano_usd')).toEqual([998_450_000, 0, 1_550_000]);
  });

  it('is told to be unknown where no aggregator can be asked, and bounds nothing then', async () => {
    const told = await chat({ ACCOUNT: 'any', SESSION: 'l-1', RESERVE: '1000', CALLS: '2', TURNMETER_URL: '' });
    expect(told).toMatchObject({ held: { source: 'local', reason: 'no_aggregator', isExhausted: false }, answered: 2 });
    expect(told.paid).toBeUndefined();
  });
});
