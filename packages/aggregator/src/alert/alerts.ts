// What people do with alert rules: write, read, try and remove them, each of its own tenant.

import type { ControlStore, Delivery } from '@turnmeter/control-store';
import type { AlertRule, AlertRuleDraft, AlertState } from './alert-rule.ts';
import { testMessage } from './message.ts';
import { type PostOptions, type PostResult, postMessage } from './post.ts';
import { checkSecret } from './signature.ts';
import { keptRule, type KeptRule, keptState, ruleDocument } from './stored-rule.ts';
import { TargetError } from './alert-error.ts';
import { checkTargetUrl, pinnedLookup } from './target.ts';

export interface AlertsOptions {
  readonly store: Pick<ControlStore, 'alertRules' | 'alertStates' | 'deliveries'>;
  readonly post: Omit<PostOptions, 'nowMs' | 'signal'>;
  readonly nowMs: () => number;
  /** 32 hexadecimal digits that nobody had before. */
  readonly newId: () => string;
}

export interface WriteRule {
  readonly tenant: string;
  readonly draft: AlertRuleDraft;
  /** Undefined keeps the one that there is. */
  readonly secret: string | undefined;
  /** Who writes. */
  readonly by: string;
}

/** A state that is pending or fires, with its rule. */
export interface OpenAlert {
  readonly rule: AlertRule;
  readonly state: AlertState;
}

/** Rules of one tenant: each costs a share of every pass. */
export const RULES_MAX = 100;

export class Alerts {
  readonly #options: AlertsOptions;

  constructor(options: AlertsOptions) {
    this.#options = options;
  }

  async list(tenant: string): Promise<readonly AlertRule[]> {
    return (await this.#kept(tenant)).map(({ rule }) => rule);
  }

  async find(tenant: string, id: string): Promise<AlertRule | undefined> {
    return (await this.#find(tenant, id))?.rule;
  }

  /**
   * Undefined where the tenant has as many as it may.
   * @throws TargetError
   */
  async create({ tenant, draft, secret, by }: WriteRule): Promise<AlertRule | undefined> {
    const { store, nowMs, newId } = this.#options;
    await this.#check(draft, secret ?? '');
    if ((await store.alertRules.list(tenant)).length >= RULES_MAX) return undefined;
    const atMs = nowMs();
    const document = ruleDocument({ draft, secret: secret ?? '', createdAtMs: atMs, disabledBecause: '' });
    const id = `alert_${newId()}`;
    await store.alertRules.put({ tenant, id, document, expectedVersion: 0, by, atMs });
    return this.find(tenant, id);
  }

  /**
   * Undefined where there is none.
   * @throws TargetError
   */
  async replace(id: string, { tenant, draft, secret, by }: WriteRule): Promise<AlertRule | undefined> {
    const { store, nowMs } = this.#options;
    const before = await this.#find(tenant, id);
    if (before === undefined) return undefined;
    const kept = secret ?? before.secret;
    await this.#check(draft, kept);
    const { createdAtMs } = before.rule;
    const document = ruleDocument({ draft, secret: kept, createdAtMs, disabledBecause: '' });
    await store.alertRules.put({
      tenant,
      id,
      document,
      expectedVersion: before.version,
      by,
      atMs: nowMs(),
    });
    return this.find(tenant, id);
  }

  /** Its states go with it, and nothing more is sent; false where there was none. */
  remove(tenant: string, id: string, by: string): Promise<boolean> {
    return this.#options.store.alertRules.remove({ tenant, id, by, atMs: this.#options.nowMs() });
  }

  /** Sends a message that is marked as a test, at once and once; undefined where there is no such rule. */
  async test(tenant: string, id: string, signal: AbortSignal): Promise<PostResult | undefined> {
    const { post, nowMs, newId } = this.#options;
    const kept = await this.#find(tenant, id);
    if (kept === undefined) return undefined;
    const { rule, secret } = kept;
    const message = testMessage(rule, `msg_${newId()}`, nowMs());
    return postMessage({ ...message, url: rule.webhookUrl, secret }, { ...post, nowMs, signal });
  }

  /** Newest first. */
  deliveries(tenant: string, ruleId: string, limit: number): Promise<readonly Delivery[]> {
    return this.#options.store.deliveries.list({ tenant, ruleId, limit });
  }

  /** What is pending or fires, the longest first. */
  async open(tenant: string): Promise<readonly OpenAlert[]> {
    const [rules, states] = await Promise.all([this.#kept(tenant), this.#options.store.alertStates.list({ tenant })]);
    const ruleOf = new Map(rules.map(({ rule }) => [rule.id, rule]));
    return states
      .map(keptState)
      .filter(({ status }) => status !== 'resolved')
      .flatMap((state) => {
        const rule = ruleOf.get(state.ruleId);
        return rule === undefined ? [] : [{ rule, state }];
      })
      .toSorted((a, b) => a.state.sinceMs - b.state.sinceMs);
  }

  async #kept(tenant: string): Promise<readonly KeptRule[]> {
    return (await this.#options.store.alertRules.list(tenant)).flatMap((stored) => keptRule(stored) ?? []);
  }

  async #find(tenant: string, id: string): Promise<KeptRule | undefined> {
    const stored = await this.#options.store.alertRules.find(tenant, id);
    return stored === undefined ? undefined : keptRule(stored);
  }

  /** Where a name leads now may be another place later, so it is looked up again before each message. */
  async #check({ webhookUrl }: AlertRuleDraft, secret: string): Promise<void> {
    const { post } = this.#options;
    checkSecret(secret);
    const url = checkTargetUrl(webhookUrl, post);
    try {
      await pinnedLookup(url, post);
    } catch (error) {
      // Who writes a rule may be ahead of the name's publication; a test tells.
      if (!(error instanceof TargetError && error.retryable)) throw error;
    }
  }
}
