// In: every tenant's rules and figures, again and again. Out: states, and messages in the queue. Refused: more than a tenant may be told.
// Of several aggregators on one store one evaluates at a time; where that one ends in the middle, the next goes on with the states it left.

import type { ControlStore } from '@turnmeter/control-store';
import type { Telemetry } from '../telemetry.ts';
import { type AlertState, AlertStatus } from './alert-rule.ts';
import type { AlertLogger } from './alert-logger.ts';
import { messageOf } from './message.ts';
import type { AlertSources } from './read/alert-sources.ts';
import { TenantReadings } from './read/tenant-readings.ts';
import { asTold, stepRule } from './step.ts';
import { keptRule, type KeptRule, keptState, storedState } from './stored-rule.ts';

export interface EvaluatorOptions {
  readonly store: Pick<ControlStore, 'alertRules' | 'alertStates' | 'deliveries' | 'locks'>;
  readonly sources: AlertSources;
  readonly telemetry: Telemetry;
  readonly logger: AlertLogger;
  /** Names this process among those that share the store. */
  readonly holder: string;
  /** How often rules are evaluated, ms. */
  readonly everyMs: number;
  readonly nowMs: () => number;
}

const LOCK_NAME = 'alerts';
/** Passes that may be missed before another process takes over, and how long that is at least, ms: a pass may be slow. */
const LOCK = { passes: 3, msMin: 60_000 } as const;
/** Messages of one tenant that one pass may write. What is owed above it is told by later ones. */
const MESSAGES_PER_PASS_MAX = 100;
/** Messages of one tenant that may wait to be sent; more are not written until some are gone. */
const MESSAGES_WAITING_MAX = 1000;

export class AlertEvaluator {
  readonly #options: EvaluatorOptions;
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.evaluate()
        .catch((error: unknown) => {
          this.#options.logger.warn({ err: error }, 'Alert rules could not be evaluated; trying again');
        })
        .then(() => this.start());
    }, this.#options.everyMs).unref();
  }

  /** Evaluates all rules; runs by itself, and here at once. */
  evaluate(): Promise<void> {
    this.#pass ??= this.#evaluateAll().finally(() => (this.#pass = undefined));
    return this.#pass;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#pass?.catch(() => undefined);
    await this.#options.store.locks.release({ name: LOCK_NAME, holder: this.#options.holder }).catch(() => undefined);
  }

  async #evaluateAll(): Promise<void> {
    const { store, telemetry } = this.#options;
    const kept = (await store.alertRules.list()).flatMap((stored) => keptRule(stored) ?? []);
    // Without rules nothing is written, and where another process evaluates, that one tells.
    if (kept.length === 0 || !(await this.#hold())) {
      telemetry.set('turnmeter_alerts_firing', 0);
      return;
    }
    const enabled = kept.filter(({ rule }) => rule.isEnabled);
    const states = (await store.alertStates.list()).map(keptState);
    await this.#forgetOthers(enabled, states);
    const statesOf = Map.groupBy(states, ({ ruleId }) => ruleId);
    let firing = 0;
    for (const [tenant, rules] of Map.groupBy(enabled, ({ rule }) => rule.tenant)) {
      if (this.#isStopped || !(await this.#hold())) return;
      firing += await this.#evaluateTenant(tenant, rules, statesOf);
    }
    telemetry.set('turnmeter_alerts_firing', firing);
  }

  #hold(): Promise<boolean> {
    const { store, holder, everyMs, nowMs } = this.#options;
    const ttlMs = Math.max(LOCK.msMin, everyMs * LOCK.passes);
    return store.locks.hold({ name: LOCK_NAME, holder, ttlMs, nowMs: nowMs() });
  }

  /** Rules that were disabled or are no more leave no states behind: enabled again, they begin anew. */
  async #forgetOthers(enabled: readonly KeptRule[], states: readonly AlertState[]): Promise<void> {
    const ids = new Set(enabled.map(({ rule }) => rule.id));
    const others = states.filter(({ ruleId }) => !ids.has(ruleId));
    if (others.length > 0) await this.#options.store.alertStates.remove(others);
  }

  /** @returns how many states fire. */
  async #evaluateTenant(
    tenant: string,
    rules: readonly KeptRule[],
    statesOf: ReadonlyMap<string, readonly AlertState[]>,
  ): Promise<number> {
    const { sources, telemetry, logger, nowMs } = this.#options;
    const known = rules.flatMap(({ rule }) => statesOf.get(rule.id) ?? []).filter(isOpenSession);
    const openSessions = known.map(({ subject }) => subject.name);
    const readings = new TenantReadings(sources, { tenant, openSessions, nowMs: nowMs() });
    const quota = { left: MESSAGES_PER_PASS_MAX };
    let firing = 0;
    for (const kept of rules) {
      const before = new Map((statesOf.get(kept.rule.id) ?? []).map((state) => [state.fingerprint, state]));
      let after: Iterable<AlertState> = before.values();
      try {
        after = await this.#evaluateRule(kept, before, { readings, quota });
        telemetry.count('turnmeter_alert_evaluations_total', { outcome: 'done' });
      } catch (error) {
        telemetry.count('turnmeter_alert_evaluations_total', { outcome: 'failed' });
        logger.warn({ err: error, tenant, rule: kept.rule.id }, 'An alert rule could not be evaluated; trying again');
      }
      for (const { status } of after) if (status === AlertStatus.FIRING) firing++;
    }
    return firing;
  }

  /**
   * The state is put down before its message is queued and again when it is: who ends in between finds it owed, and queues a message
   * with the same id, which is there already.
   */
  async #evaluateRule(
    { rule }: KeptRule,
    before: ReadonlyMap<string, AlertState>,
    { readings, quota }: { readonly readings: TenantReadings; readonly quota: { left: number } },
  ): Promise<Iterable<AlertState>> {
    const { store, nowMs } = this.#options;
    const now = nowMs();
    const step = stepRule({ rule, states: before, readings: await readings.of(rule), nowMs: now });
    const after = new Map([...before, ...step.changed.map((state) => [state.fingerprint, state] as const)]);
    for (const fingerprint of step.gone) after.delete(fingerprint);
    if (step.changed.length > 0) await store.alertStates.put(step.changed.map(storedState));
    if (step.gone.length > 0) {
      const { tenant, id: ruleId } = rule;
      await store.alertStates.remove(step.gone.map((fingerprint) => ({ tenant, ruleId, fingerprint })));
    }
    const room = step.owed.length === 0 ? 0 : Math.min(quota.left, await this.#roomFor(rule.tenant));
    const told: AlertState[] = [];
    for (const state of step.owed.slice(0, room)) {
      const { id, body } = messageOf(rule, state, now);
      const { tenant, id: ruleId, webhookUrl: url } = rule;
      await store.deliveries.enqueue({
        id,
        tenant,
        ruleId,
        url,
        body,
        document: { fingerprint: state.fingerprint },
        createdAtMs: now,
        nextAttemptMs: now,
      });
      told.push(asTold(state, now));
    }
    quota.left -= told.length;
    if (told.length > 0) await store.alertStates.put(told.map(storedState));
    return after.values();
  }

  async #roomFor(tenant: string): Promise<number> {
    const { deliveries } = this.#options.store;
    const waiting = await deliveries.list({ tenant, outcome: 'waiting', limit: MESSAGES_WAITING_MAX });
    return MESSAGES_WAITING_MAX - waiting.length;
  }
}

function isOpenSession({ subject, status }: AlertState): boolean {
  return subject.kind === 'session' && status !== AlertStatus.RESOLVED;
}
