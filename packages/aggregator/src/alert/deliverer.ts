// In: messages that are due. Out: each is with its receiver, or given up after a day. The queue is in the store, so that neither a restart
// nor another aggregator loses or doubles one; a message that was sent and not ticked off is sent again with the same id.

import type { ControlStore, Delivery } from '@turnmeter/control-store';
import type { Telemetry } from '../telemetry.ts';
import type { AlertLogger } from './alert-logger.ts';
import { type PostOptions, type PostResult, postMessage } from './post.ts';
import { draftOf, keptRule, type KeptRule, ruleDocument } from './stored-rule.ts';

export interface DelivererOptions {
  readonly store: Pick<ControlStore, 'alertRules' | 'deliveries'>;
  readonly telemetry: Telemetry;
  readonly logger: AlertLogger;
  readonly post: Omit<PostOptions, 'nowMs' | 'signal'>;
  readonly nowMs: () => number;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** How often the queue is looked at, ms. @default 1000 */
  readonly everyMs?: number;
}

const EVERY_MS = 1000;
/** Messages under way at a time. */
const UNDER_WAY_MAX = 32;
/** How long a message is this process's alone, ms: longer than an attempt may take. */
const CLAIM_MS = 60_000;
/** How long attempts under way may take when the service stops, ms. */
const STOP_MS = 3000;
/** First pause, longest pause, and when a message is given up, ms. Standard Webhooks asks for retries over a day or more. */
const RETRY = { firstMs: 5000, longestMs: 3_600_000, givenUpMs: 86_400_000 } as const;
/** How long messages that are done can be looked at, ms, and how often older ones are removed. */
const KEPT_MS = 7 * 86_400_000;
const PRUNED_EVERY_MS = 3_600_000;

export class AlertDeliverer {
  readonly #options: DelivererOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  /** By rule: until when a receiver that failed is left alone, so that it holds up no other's messages. */
  readonly #pausedUntilMs = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #prunedMs = 0;
  #isStopped = false;

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.#takeDue()
        .catch((error: unknown) => {
          this.#options.logger.warn({ err: error }, 'Alert messages could not be read from the queue; trying again');
        })
        .then(() => this.start());
    }, this.#options.everyMs ?? EVERY_MS).unref();
  }

  /** Sends what is due and waits for what becomes of it; runs by itself, and here at once. */
  async deliverDue(): Promise<void> {
    await this.#takeDue();
    await Promise.all(this.#underWay);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const timer = setTimeout(() => this.#stopping.abort(), STOP_MS);
    await Promise.all(this.#underWay);
    clearTimeout(timer);
  }

  async #takeDue(): Promise<void> {
    const { store, nowMs, logger } = this.#options;
    const now = nowMs();
    await this.#prune(now);
    const limit = UNDER_WAY_MAX - this.#underWay.size;
    if (limit <= 0 || this.#isStopped) return;
    const due = await store.deliveries.claimDue({ nowMs: now, claimMs: CLAIM_MS, limit });
    for (const news of Map.groupBy(due, subjectOf).values()) {
      const sending = this.#deliverInTurn(news).catch((error: unknown) => {
        // Their claims run out, and they are sent again.
        logger.warn({ err: error }, 'What became of alert messages could not be written down');
      });
      this.#underWay.add(sending);
      void sending.then(() => this.#underWay.delete(sending));
    }
  }

  /** News of one subject in their order: what fires before what is resolved. */
  async #deliverInTurn(news: readonly Delivery[]): Promise<void> {
    for (const delivery of news) await this.#deliver(delivery);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { store, nowMs, post } = this.#options;
    const pausedUntilMs = this.#pausedUntilMs.get(delivery.ruleId) ?? 0;
    if (pausedUntilMs > nowMs()) {
      await store.deliveries.retry({
        id: delivery.id,
        nextAttemptMs: pausedUntilMs,
        detail: 'the receiver failed before',
      });
      return;
    }
    const stored = await store.alertRules.find(delivery.tenant, delivery.ruleId);
    const kept = stored === undefined ? undefined : keptRule(stored);
    if (kept === undefined || !kept.rule.isEnabled) {
      await this.#finish(delivery, 'dropped', 'the rule was removed or disabled');
      return;
    }
    const { secret, rule } = kept;
    // Where the rule leads now: who mends an address gets what waited for it.
    const message = { id: delivery.id, url: rule.webhookUrl, secret, body: delivery.body };
    const result = await postMessage(message, { ...post, nowMs, signal: this.#stopping.signal });
    await this.#writeDown(delivery, kept, result);
  }

  async #writeDown(delivery: Delivery, kept: KeptRule, result: PostResult): Promise<void> {
    const detail = result.status === undefined ? result.error : `status ${result.status}`;
    switch (result.outcome) {
      case 'delivered':
        this.#pausedUntilMs.delete(delivery.ruleId);
        return this.#finish(delivery, 'delivered', detail);
      case 'gone':
        await this.#disable(kept);
        return this.#finish(delivery, 'gone', detail);
      case 'forbidden':
        return this.#finish(delivery, 'forbidden', detail);
      case 'refused':
      case 'unreachable':
        return this.#retry(delivery, detail);
    }
  }

  async #retry(delivery: Delivery, detail: string): Promise<void> {
    const { store, telemetry, nowMs, random = Math.random } = this.#options;
    const pauseMs = Math.min(RETRY.longestMs, RETRY.firstMs * 2 ** Math.min(30, Math.max(0, delivery.attempts - 1)));
    // Half of it is left to chance, so that what failed together does not come back together.
    const nextAttemptMs = nowMs() + Math.round(pauseMs * (0.5 + random() / 2));
    if (nextAttemptMs - delivery.createdAtMs > RETRY.givenUpMs) {
      await this.#finish(delivery, 'given_up', detail);
      return;
    }
    this.#pausedUntilMs.set(delivery.ruleId, nextAttemptMs);
    telemetry.count('turnmeter_alert_deliveries_total', { outcome: 'retried' });
    await store.deliveries.retry({ id: delivery.id, nextAttemptMs, detail });
  }

  async #finish(
    { id }: Delivery,
    outcome: 'delivered' | 'gone' | 'forbidden' | 'given_up' | 'dropped',
    detail: string,
  ): Promise<void> {
    const { store, telemetry, nowMs } = this.#options;
    telemetry.count('turnmeter_alert_deliveries_total', { outcome });
    const stored = outcome === 'delivered' ? 'delivered' : 'failed';
    await store.deliveries.finish({ id, outcome: stored, detail, atMs: nowMs() });
  }

  /** Unless somebody has changed it since: then it may lead elsewhere. */
  async #disable({ rule, secret, version }: KeptRule): Promise<void> {
    const { store, logger, nowMs } = this.#options;
    const { tenant, id, createdAtMs } = rule;
    const draft = { ...draftOf(rule), isEnabled: false };
    const document = ruleDocument({ draft, secret, createdAtMs, disabledBecause: 'the receiver answered 410 Gone' });
    try {
      await store.alertRules.put({ tenant, id, document, expectedVersion: version, by: rule.changedBy, atMs: nowMs() });
    } catch (error) {
      logger.warn({ err: error, tenant, rule: id }, 'A rule whose receiver is gone could not be disabled');
    }
  }

  async #prune(nowMs: number): Promise<void> {
    if (nowMs - this.#prunedMs < PRUNED_EVERY_MS) return;
    this.#prunedMs = nowMs;
    for (const [rule, untilMs] of this.#pausedUntilMs) if (untilMs <= nowMs) this.#pausedUntilMs.delete(rule);
    await this.#options.store.deliveries.prune(nowMs - KEPT_MS);
  }
}

/** The rule's state that a message is about. */
function subjectOf({ id, document }: Delivery): string {
  const { fingerprint } = document;
  return typeof fingerprint === 'string' ? fingerprint : id;
}
