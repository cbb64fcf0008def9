// In: a tenant's rules. Out: what they measure now. However many rules there are, each kind of figure is asked for once: sessions, their
// parts, each length of window, sessions that began in it, balances.

import type { AlertRule, Reading } from '../alert-rule.ts';
import { AlertMeasure, MEASURES } from '../measures.ts';
import type { AlertSources } from './alert-sources.ts';
import { balanceReadings, readBalances, readDaysLeft } from './balance-readings.ts';
import { isOfPart, readExpectations, readMovingSessions, sessionReadings } from './session-readings.ts';
import { isAboutSessions, windowReadings } from './window-readings.ts';

export interface TenantPass {
  readonly tenant: string;
  /** Sessions that are pending or fire. */
  readonly openSessions: readonly string[];
  readonly nowMs: number;
}

export class TenantReadings {
  readonly #sources: AlertSources;
  readonly #tenant: string;
  readonly #openSessions: readonly string[];
  readonly #nowMs: number;
  /** What was asked for in this pass. */
  readonly #asked = new Map<string, Promise<unknown>>();

  constructor(sources: AlertSources, { tenant, openSessions, nowMs }: TenantPass) {
    this.#sources = sources;
    this.#tenant = tenant;
    this.#openSessions = openSessions;
    this.#nowMs = nowMs;
  }

  of(rule: AlertRule): Promise<readonly Reading[]> {
    switch (MEASURES[rule.what].subject) {
      case 'session':
        return this.#ofSessions(rule);
      case 'account':
        return this.#ofAccounts(rule);
      case 'workflow':
      case 'tenant':
        return this.#ofWindow(rule);
    }
  }

  async #ofSessions(rule: AlertRule): Promise<readonly Reading[]> {
    const sessions = await this.#once('sessions', () =>
      readMovingSessions(this.#sources, {
        tenant: this.#tenant,
        openSessions: this.#openSessions,
        nowUs: this.#nowMs * 1000,
      }),
    );
    const ids = sessions.costs.map(({ sessionId }) => sessionId);
    const parts = isOfPart(rule.where)
      ? await this.#once('parts', () => this.#sources.queries.sessionParts(this.#tenant, ids))
      : [];
    const expectations =
      rule.what === AlertMeasure.SESSION_PERCENT
        ? await this.#once('expectations', () => readExpectations(this.#sources, this.#tenant, sessions))
        : new Map<string, number>();
    return sessionReadings(rule, { sessions, parts, expectations });
  }

  async #ofWindow(rule: AlertRule): Promise<readonly Reading[]> {
    const { windowSeconds = 0, what, where } = rule;
    const { queries } = this.#sources;
    const fromUs = Math.max(0, this.#nowMs * 1000 - windowSeconds * 1e6);
    if (isAboutSessions(what)) {
      const begun = await this.#once(`begun ${windowSeconds}`, () => queries.begunSessions(this.#tenant, fromUs));
      return windowReadings(rule, { sums: [], begun });
    }
    const isByPart = isOfPart(where);
    const sums = await this.#once(`sums ${windowSeconds} ${isByPart}`, () =>
      queries.windowSums(this.#tenant, { fromUs, isByPart }),
    );
    return windowReadings(rule, { sums, begun: [] });
  }

  async #ofAccounts(rule: AlertRule): Promise<readonly Reading[]> {
    const balances = await this.#once('balances', () => readBalances(this.#sources, this.#tenant, this.#nowMs));
    const days =
      rule.what === AlertMeasure.BALANCE_DAYS
        ? await this.#once('days', () => readDaysLeft(this.#sources, balances))
        : new Map();
    return balanceReadings(rule, { balances, days });
  }

  #once<Result>(what: string, ask: () => Promise<Result>): Promise<Result> {
    const asked = this.#asked.get(what) as Promise<Result> | undefined;
    const answer = asked ?? ask();
    this.#asked.set(what, answer);
    return answer;
  }
}
