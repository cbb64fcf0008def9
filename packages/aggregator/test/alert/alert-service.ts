// A service as far as alerts go, over a real ledger, a real store and a real receiver; only the clock is a test's.

import { randomUUID } from 'node:crypto';
import type { ControlStore } from '@turnmeter/control-store';
import { pino } from 'pino';
import type { AlertRule, AlertRuleDraft } from '../../src/alert/alert-rule.ts';
import { Alerts } from '../../src/alert/alerts.ts';
import { AlertDeliverer } from '../../src/alert/deliverer.ts';
import { AlertEvaluator } from '../../src/alert/evaluator.ts';
import { createQueries } from '../../src/query/queries.ts';
import { PrometheusTelemetry } from '../../src/telemetry.ts';
import { call, type EntryRow, type LedgerDatabase, timeOf } from '../query/ledger.ts';
import { type Receiver, SECRET } from './receiver.ts';

export interface AlertServiceOptions {
  readonly store: ControlStore;
  readonly ledger: LedgerDatabase;
  readonly receiver: Receiver;
  /** @default one of its own */
  readonly tenant?: string | undefined;
  readonly nowMs: () => number;
}

const POST = { allowPrivate: true, timeoutMs: 2000 };

export class AlertService {
  readonly tenant: string;
  readonly telemetry: PrometheusTelemetry = new PrometheusTelemetry();
  readonly log: string[] = [];
  readonly alerts: Alerts;
  readonly evaluator: AlertEvaluator;
  readonly deliverer: AlertDeliverer;
  /** What sessions of any workflow are expected to cost. */
  expectedUsd: number | undefined;
  readonly #options: AlertServiceOptions;

  constructor(options: AlertServiceOptions) {
    const { store, ledger, nowMs, tenant = `tenant-${randomUUID()}` } = options;
    this.#options = options;
    this.tenant = tenant;
    const { telemetry } = this;
    const logger = pino({ level: 'debug' }, { write: (line) => void this.log.push(line) });
    const sources = {
      queries: createQueries(ledger.client),
      balances: store.balances,
      idleUs: 15 * 60e6,
      expectedUsd: async (): Promise<number | undefined> => this.expectedUsd,
      daysLeft: async (): Promise<number> => 3,
    };
    this.alerts = new Alerts({ store, post: POST, nowMs, newId: randomUUID });
    const holder = randomUUID();
    this.evaluator = new AlertEvaluator({ store, sources, telemetry, logger, holder, everyMs: 10_000, nowMs });
    this.deliverer = new AlertDeliverer({ store, telemetry, logger, post: POST, nowMs, random: () => 1 });
  }

  async rule(changes: Partial<AlertRuleDraft> = {}): Promise<AlertRule> {
    const { url: webhookUrl } = this.#options.receiver;
    const draft: AlertRuleDraft = {
      ...{ name: 'a rule', what: 'session_cost_usd', where: {}, comparison: 'above', threshold: 1 },
      ...{ windowSeconds: undefined, forSeconds: 0, repeatSeconds: 3600, webhookUrl, isEnabled: true },
      ...changes,
    };
    const rule = await this.alerts.create({ tenant: this.tenant, draft, secret: SECRET, by: 'ada' });
    if (rule === undefined) throw new Error('no room for a rule');
    return rule;
  }

  /** A model call that ended just now. */
  spend(usd: number, columns: EntryRow = {}): Promise<void> {
    const ended = timeOf(this.#options.nowMs() * 1000);
    const of = { tenant: this.tenant, session_id: 's1', started_at: ended, ended_at: ended };
    return this.#options.ledger.book([call([0, 1], { ...of, cost_nano_usd: usd * 1e9, ...columns })]);
  }

  /** Evaluates and delivers. @returns what arrived of it: `alert.firing session s1 2` */
  async pass(): Promise<readonly string[]> {
    const { received } = this.#options.receiver;
    const before = received.length;
    await this.evaluator.evaluate();
    await this.deliverer.deliverDue();
    return received
      .slice(before)
      .map(({ message: { type, data } }) => `${type} ${data.subject.kind} ${data.subject.name} ${data.value}`);
  }

  async metric(name: string): Promise<string> {
    return (await this.telemetry.registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith(name))
      .join('\n');
  }
}
