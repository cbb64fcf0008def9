// What guards told that they did: the latest of each session for people to see, all of it counted.

import type { GuardAction } from '@turnmeter/budget';
import type { Telemetry } from '../telemetry.ts';
import { RecentMap } from './recent-map.ts';

/** Of one session: the latest are kept. */
const ACTIONS_MAX = 50;
const SESSIONS_MAX = 20_000;
/** Tenants' workflows that are counted by name, so that nobody fills the metrics with names that are made up. */
const COUNTED_WORKFLOWS_MAX = 1000;
const OTHERS = '_other';

export class GuardActions {
  readonly #telemetry: Telemetry;
  readonly #sessions = new RecentMap<string, readonly GuardAction[]>(SESSIONS_MAX);
  readonly #counted = new Set<string>();

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** Takes actions over, and returns those that were not told before: a guard tells again what nobody answered. */
  add(tenant: string, actions: readonly GuardAction[]): readonly GuardAction[] {
    return actions.filter((action) => {
      const key = `${tenant}\n${action.session_id}`;
      const known = this.#sessions.get(key) ?? [];
      if (known.some((other) => isSame(other, action))) return false;
      this.#sessions.set(key, [...known, action].slice(-ACTIONS_MAX));
      this.#count(tenant, action);
      return true;
    });
  }

  /** In the order in which they were told. */
  of(tenant: string, sessionId: string): readonly GuardAction[] {
    return this.#sessions.get(`${tenant}\n${sessionId}`) ?? [];
  }

  #count(tenant: string, { action, workflow }: GuardAction): void {
    const key = `${tenant}\n${workflow ?? ''}`;
    const isCounted = this.#counted.has(key) || this.#counted.size < COUNTED_WORKFLOWS_MAX;
    if (isCounted) this.#counted.add(key);
    const labels = isCounted ? { tenant, workflow: workflow ?? '' } : { tenant: OTHERS, workflow: OTHERS };
    this.#telemetry.count('turnmeter_guard_actions_total', { ...labels, action });
  }
}

function isSame(one: GuardAction, other: GuardAction): boolean {
  return one.action === other.action && one.reason === other.reason && one.at === other.at;
}
