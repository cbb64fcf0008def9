// Rules over a real ledger and a real store, told to a real receiver; only the clock is a test's.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type ControlStore, openControlStore } from '@turnmeter/control-store';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RULES_MAX } from '../../src/alert/alerts.ts';
import { call, entry, timeOf } from '../query/ledger.ts';
import { openedLedger } from '../query/opened-ledger.ts';
import { AlertService } from './alert-service.ts';
import { type Receiver, runReceiver, SECRET } from './receiver.ts';

const { ledger } = await openedLedger();

let receiver: Receiver;
let folder: string;
let store: ControlStore;
let nowMs: number;
beforeEach(async () => {
  receiver = await runReceiver();
  folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-alert-'));
  store = await openControlStore({ file: path.join(folder, 'control.sqlite') });
  nowMs = Date.now();
});
afterEach(async () => {
  await store.stop();
  await receiver.stop();
  await rm(folder, { recursive: true, force: true });
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** A service on this test's store, of a tenant of its own unless one is named. */
class Service extends AlertService {
  constructor(tenant?: string) {
    super({ store, ledger, receiver, tenant, nowMs: () => nowMs });
  }
}

describe('an alert', () => {
  it('tells a receiver once, signed, and tells when it is over', async () => {
    const service = new Service();
    const rule = await service.rule({ name: 'dear', what: 'tenant_cost_usd', windowSeconds: 300 });
    await service.spend(1);
    expect(await service.pass()).toEqual([]);
    await service.spend(0.5);
    expect(await service.pass()).toEqual([`alert.firing tenant ${service.tenant} 1.5`]);
    const [{ headers, body, message }] = receiver.received as [Receiver['received'][number]];
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(message);
    expect(message.data).toMatchObject({
      ...{ alert_id: rule.id, name: 'dear', what: 'tenant_cost_usd', unit: 'USD', threshold: 1, window_seconds: 300 },
      ...{ comparison: 'above', fired_at: new Date(nowMs).toISOString(), resolved_at: null },
    });
    expect(await service.pass()).toEqual([]);
    expect(await service.metric('turnmeter_alerts_firing')).toBe('turnmeter_alerts_firing 1');
    nowMs += 20 * MINUTE;
    expect(await service.pass()).toEqual([`alert.resolved tenant ${service.tenant} 0`]);
    expect(await service.pass()).toEqual([]);
    expect(receiver.received.at(-1)?.message.data).toMatchObject({ resolved_because: 'condition' });
  });

  it('waits as long as it says', async () => {
    const service = new Service();
    await service.rule({ forSeconds: 60 });
    await service.spend(2);
    expect(await service.pass()).toEqual([]);
    nowMs += 59 * SECOND;
    expect(await service.pass()).toEqual([]);
    expect((await service.alerts.open(service.tenant)).map(({ state }) => state.status)).toEqual(['pending']);
    nowMs += SECOND;
    expect(await service.pass()).toEqual(['alert.firing session s1 2']);
  });

  it('goes on where it was after a restart, and doubles nothing', async () => {
    const first = new Service();
    await first.rule({ forSeconds: 60 });
    await first.spend(2);
    await first.pass();
    await first.evaluator.stop();
    const second = new Service(first.tenant);
    nowMs += 61 * SECOND;
    expect(await second.pass()).toEqual(['alert.firing session s1 2']);
    await second.evaluator.stop();
    expect(await new Service(first.tenant).pass()).toEqual([]);
  });

  it('is told of once by several services on one store', async () => {
    const services = [new Service('shared'), new Service('shared'), new Service('shared')];
    await services[0]?.rule();
    await services[0]?.spend(2);
    await Promise.all(services.map(({ evaluator }) => evaluator.evaluate()));
    await Promise.all(services.map(({ deliverer }) => deliverer.deliverDue()));
    expect(receiver.received).toHaveLength(1);
    // The one that evaluated is gone without a word.
    nowMs += 61 * SECOND;
    await services[0]?.spend(2, { session_id: 's2' });
    await services[1]?.evaluator.evaluate();
    await services[2]?.evaluator.evaluate();
    await services[2]?.deliverer.deliverDue();
    expect(receiver.received.map(({ message }) => message.data.subject.name)).toEqual(['s1', 's2']);
  });

  it('of another tenant sees nothing', async () => {
    const [rich, poor] = [new Service(), new Service()];
    await poor.rule({ what: 'tenant_cost_usd', windowSeconds: 3600, threshold: 0 });
    await poor.rule({ threshold: 0 });
    await rich.spend(100);
    expect(await poor.pass()).toEqual([]);
    expect(await poor.alerts.list(rich.tenant)).toEqual([]);
  });
});

describe('what is measured', () => {
  it('is the part of a session that an agent or a model spent', async () => {
    const service = new Service();
    await service.rule({ name: 'writer', where: { agent: 'writer' } });
    await service.rule({ name: 'mini', where: { model: 'gpt-5-mini' } });
    await service.spend(0.9);
    await service.spend(3, { agent: 'critic', model: 'gpt-5-mini' });
    await service.pass();
    expect(receiver.received.map(({ message: { data } }) => [data.name, data.value])).toEqual([['mini', 3]]);
  });

  it('is the cost of a session beside what was expected, where somebody knows', async () => {
    const service = new Service();
    await service.rule({ what: 'session_percent_of_expected', threshold: 150 });
    await service.spend(2);
    expect(await service.pass()).toEqual([]);
    service.expectedUsd = 1;
    expect(await service.pass()).toEqual(['alert.firing session s1 200']);
  });

  it('is turns, tokens, errors and time of a session', async () => {
    const service = new Service();
    const at = (seconds: number): string => timeOf((nowMs + seconds * SECOND) * 1000);
    const of = { tenant: service.tenant, session_id: 's1', started_at: at(-90), ended_at: at(0) };
    await ledger.book([call([0, 1], { ...of, errors: 1 }), entry('turn', [0, 1], { ...of, agent: 'writer' })]);
    for (const what of ['session_turns', 'session_tokens', 'session_errors', 'session_duration_seconds'] as const) {
      await service.rule({ what, threshold: 0 });
    }
    await service.pass();
    const told = Object.fromEntries(receiver.received.map(({ message: { data } }) => [data.what, data.value]));
    // A call has 100 tokens of input and 10 of output.
    expect(told).toEqual({ session_turns: 1, session_tokens: 110, session_errors: 1, session_duration_seconds: 90 });
  });

  it('is each workflow by itself, or the one that is named, of which nothing is a 0', async () => {
    const service = new Service();
    await service.rule({ what: 'workflow_cost_usd', windowSeconds: 3600 });
    await service.rule({
      what: 'workflow_sessions',
      windowSeconds: 3600,
      comparison: 'below',
      where: { workflow: 'quiet' },
    });
    await service.spend(2);
    await service.spend(3, { session_id: 's2', workflow: 'support' });
    await service.spend(0.5, { session_id: 's3', workflow: 'triage' });
    expect((await service.pass()).toSorted()).toEqual([
      'alert.firing workflow quiet 0',
      'alert.firing workflow research 2',
      'alert.firing workflow support 3',
    ]);
  });

  it('is the share that failed or has no price, by model too', async () => {
    const service = new Service();
    await service.rule({ what: 'tenant_failed_share', windowSeconds: 900, threshold: 0.3 });
    await service.rule({
      what: 'tenant_failed_share',
      windowSeconds: 900,
      threshold: 0.3,
      where: { model: 'gpt-5-mini' },
    });
    await service.rule({ what: 'workflow_unpriced_share', windowSeconds: 900, threshold: 0.2 });
    for (const model of ['gpt-5', 'gpt-5', 'gpt-5']) await service.spend(0, { model });
    await service.spend(0, { model: 'gpt-5-mini', errors: 1, unpriced_tokens: 110 });
    await service.pass();
    const told = receiver.received.map(({ message: { data } }) => [data.what, data.where.model, data.value]);
    // One of four calls failed, all of that model; a quarter of 440 tokens has no price.
    expect(told).toEqual(
      expect.arrayContaining([
        ['tenant_failed_share', 'gpt-5-mini', 1],
        ['workflow_unpriced_share', null, 0.25],
      ]),
    );
    expect(told).toHaveLength(2);
  });

  it('is what is left of prepaid balances', async () => {
    const service = new Service();
    await service.rule({ what: 'balance_remaining_usd', comparison: 'below', threshold: 10 });
    await service.rule({ what: 'balance_remaining_tokens', comparison: 'below', threshold: 10 });
    await service.rule({ what: 'balance_days_left', comparison: 'below', threshold: 7 });
    const grant = { tenant: service.tenant, account: 'trial', idempotencyKey: 'a', by: 'ada', nowMs };
    await store.balances.grant({ ...grant, unit: 'nano_usd', amount: 5_500_000_000n });
    expect((await service.pass()).toSorted()).toEqual([
      'alert.firing account trial (nano_usd) 3',
      'alert.firing account trial 5.5',
    ]);
  });

  it('is asked for once, however many rules there are', async () => {
    const service = new Service();
    for (let count = 0; count < 20; count++) {
      await service.rule({ threshold: count });
      await service.rule({ what: 'tenant_cost_usd', windowSeconds: 3600, threshold: count });
    }
    await service.spend(1);
    const queries = async (): Promise<number> => {
      const [row] = await ledger.rows<{ n: string }>(
        "SELECT value AS n FROM system.events WHERE event = 'SelectQuery'",
      );
      return Number(row?.n ?? 0);
    };
    const before = await queries();
    await service.evaluator.evaluate();
    // Sessions, those that are over, sums of the window, and the two questions of this test.
    expect((await queries()) - before).toBeLessThanOrEqual(6);
  });
});

describe('a message', () => {
  it('is sent again after failures, further and further apart, with the same id, also by the next process', async () => {
    const service = new Service();
    await service.rule();
    await service.spend(2);
    receiver.answer = () => ({ status: 500 });
    expect(await service.pass()).toHaveLength(1);
    nowMs += 4 * SECOND;
    expect(await service.pass()).toHaveLength(0);
    nowMs += 2 * SECOND;
    expect(await service.pass()).toHaveLength(1);
    nowMs += 9 * SECOND;
    expect(await service.pass()).toHaveLength(0);
    receiver.answer = () => ({ status: 200 });
    const next = new Service(service.tenant);
    nowMs += 2 * SECOND;
    await next.deliverer.deliverDue();
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    // Signed anew, since receivers refuse old timestamps.
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
    nowMs += MINUTE;
    await next.deliverer.deliverDue();
    expect(receiver.received).toHaveLength(3);
  });

  it('that waits is sent before later news of the same subject', async () => {
    const service = new Service();
    await service.rule({ what: 'tenant_cost_usd', windowSeconds: 300 });
    await service.spend(2);
    receiver.answer = () => ({ status: 503 });
    await service.pass();
    nowMs += 20 * MINUTE;
    await service.pass();
    receiver.answer = () => ({ status: 204 });
    const before = receiver.received.length;
    nowMs += 20 * MINUTE;
    await service.pass();
    const types = receiver.received.slice(before).map(({ message }) => message.type);
    expect(types).toEqual(['alert.firing', 'alert.resolved']);
  });

  it('that nobody ticked off is sent again once its claim has run out', async () => {
    const service = new Service();
    await service.rule();
    await service.spend(2);
    await service.evaluator.evaluate();
    // A process claims it, and is killed before it sends.
    expect(await store.deliveries.claimDue({ nowMs, claimMs: MINUTE, limit: 10 })).toHaveLength(1);
    await service.deliverer.deliverDue();
    expect(receiver.received).toHaveLength(0);
    nowMs += MINUTE;
    await service.deliverer.deliverDue();
    expect(receiver.received).toHaveLength(1);
  });

  it('is given up after a day', async () => {
    const service = new Service();
    const rule = await service.rule();
    await service.spend(2);
    receiver.answer = () => ({ status: 500 });
    await service.evaluator.evaluate();
    for (let hours = 0; hours < 30; hours++) {
      await service.deliverer.deliverDue();
      nowMs += 3600 * SECOND;
    }
    const [delivery] = await service.alerts.deliveries(service.tenant, rule.id, 10);
    expect(delivery).toMatchObject({ outcome: 'failed', detail: 'status 500' });
    expect(await service.metric('turnmeter_alert_deliveries_total')).toContain('{outcome="given_up"} 1');
  });

  it('that is answered with 410 disables its rule', async () => {
    const service = new Service();
    const { id } = await service.rule();
    await service.spend(2);
    receiver.answer = () => ({ status: 410 });
    await service.pass();
    expect(await service.alerts.find(service.tenant, id)).toMatchObject({
      isEnabled: false,
      disabledBecause: 'the receiver answered 410 Gone',
    });
    nowMs += 3601 * SECOND;
    await service.spend(2, { session_id: 's2' });
    expect(await service.pass()).toEqual([]);
    // It is looked at no more, and nothing of it fires.
    expect(await service.alerts.open(service.tenant)).toEqual([]);
  });

  it('waits while its receiver fails, and goes where the rule leads by then', async () => {
    const service = new Service();
    const { id, ...draft } = await service.rule({ webhookUrl: 'http://127.0.0.1:1/' });
    await service.spend(2);
    expect(await service.pass()).toEqual([]);
    await service.alerts.replace(id, {
      tenant: service.tenant,
      draft: { ...draft, webhookUrl: receiver.url },
      secret: undefined,
      by: 'ada',
    });
    nowMs += 6 * SECOND;
    expect(await service.pass()).toEqual(['alert.firing session s1 2']);
    // The secret was left out, and is the one from before.
    expect(() =>
      new Webhook(SECRET).verify(
        receiver.received[0]?.body ?? '',
        receiver.received[0]?.headers as Record<string, string>,
      ),
    ).not.toThrow();
  });

  it('is not sent once its rule is removed', async () => {
    const service = new Service();
    const { id } = await service.rule();
    await service.spend(2);
    await service.evaluator.evaluate();
    expect(await service.alerts.remove(service.tenant, id, 'ada')).toBe(true);
    await service.deliverer.deliverDue();
    expect(receiver.received).toHaveLength(0);
  });

  it('is one of a hundred at a time, the others come later', async () => {
    const service = new Service();
    await service.rule({ threshold: 0 });
    const at = timeOf(nowMs * 1000);
    await ledger.book(
      Array.from({ length: 130 }, (_, number) =>
        call([0, 1], {
          tenant: service.tenant,
          session_id: `s${number}`,
          started_at: at,
          ended_at: at,
          cost_nano_usd: 1e9,
        }),
      ),
    );
    for (const expected of [100, 130, 130]) {
      await service.evaluator.evaluate();
      for (let count = 0; count < 6; count++) await service.deliverer.deliverDue();
      expect(receiver.received).toHaveLength(expected);
    }
  });

  it('and its secret are in no line of the log', async () => {
    const service = new Service();
    await service.rule({ webhookUrl: 'http://127.0.0.1:1/services/SECRET-PATH' });
    await service.spend(2);
    await service.pass();
    await store.stop();
    await expect(service.evaluator.evaluate()).rejects.toThrow('stopped');
    expect(service.log.join('')).not.toMatch(/whsec_|SECRET-PATH/);
  });
});

describe('a tenant', () => {
  it('may have so many rules, and no more', async () => {
    const service = new Service();
    for (let count = 0; count < RULES_MAX; count++) await service.rule();
    await expect(service.rule()).rejects.toThrow('no room for a rule');
  });
});
