// Several aggregators with their alert rules in one PostgreSQL: each message arrives once, whoever evaluates, delivers or ends in between.

import { type ControlStore, openControlStore } from '@turnmeter/control-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlertService } from '../../packages/aggregator/test/alert/alert-service.ts';
import { type Receiver, runReceiver } from '../../packages/aggregator/test/alert/receiver.ts';
import { call, type LedgerDatabase, openLedger, timeOf } from '../../packages/aggregator/test/query/ledger.ts';
import { runEngine, type RunningEngine } from '../../packages/aggregator/test/save/running-engine.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

const TENANT = 'acme';
const MINUTE_MS = 60_000;
let postgres: PostgresServer;
let engine: RunningEngine;
let ledger: LedgerDatabase;
let receiver: Receiver;
beforeAll(async () => {
  postgres = await startPostgres();
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  receiver = await runReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await ledger.close();
  await engine.stop();
  await postgres.stop();
});

let nowMs = Date.now();

async function openAggregator(): Promise<{ readonly service: AlertService; readonly store: ControlStore }> {
  const store = await openControlStore({ url: postgres.url });
  return { store, service: new AlertService({ store, ledger, receiver, tenant: TENANT, nowMs: () => nowMs }) };
}

/** Sessions that cost 2 US dollars each. */
async function spend(from: number, to: number): Promise<void> {
  const at = timeOf(nowMs * 1000);
  const sessions = Array.from({ length: to - from }, (_, index) => `s${from + index}`);
  await ledger.book(
    sessions.map((session_id) =>
      call([0, 1], { tenant: TENANT, session_id, started_at: at, ended_at: at, cost_nano_usd: 2e9 }),
    ),
  );
}

describe('alerts of several aggregators', () => {
  it('arrive once each, though all evaluate and deliver at once, receivers fail, and one of them ends', async () => {
    const aggregators = await Promise.all([openAggregator(), openAggregator(), openAggregator()]);
    await aggregators[0]?.service.rule();
    let failures = 0;
    receiver.answer = () => ({ status: failures++ % 3 === 0 ? 503 : 204 });
    const delivered = new Map<string, number>();
    const round = async (running: readonly (typeof aggregators)[number][]): Promise<void> => {
      await Promise.all(running.map(({ service }) => service.evaluator.evaluate()));
      await Promise.all(running.map(({ service }) => service.deliverer.deliverDue()));
    };
    await spend(0, 40);
    await round(aggregators);
    // It ends in the middle, without giving anything back.
    const [first, ...others] = aggregators;
    await first?.store.stop();
    for (let count = 0; count < 12; count++) {
      nowMs += MINUTE_MS / 2;
      if (count === 3) await spend(40, 60);
      await round(others);
    }
    for (const { service, store } of others) {
      for (const { id, outcome } of await service.alerts.deliveries(
        TENANT,
        (await service.alerts.list(TENANT))[0]?.id ?? '',
        1000,
      )) {
        delivered.set(`${id} ${outcome}`, 1);
      }
      await store.stop();
    }
    const news = receiver.received.map(({ message }) => `${message.type} ${message.data.subject.name}`);
    // Each session was told of, and each message was taken once; only those that were refused came again.
    expect(new Set(news).size).toBe(60);
    expect([...delivered.keys()].filter((key) => key.endsWith(' delivered'))).toHaveLength(60);
    expect(receiver.received).toHaveLength(60 + Math.ceil(failures / 3));
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(60);
  });
});
