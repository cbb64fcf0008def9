// What is to stop: a copy of the orders in the control store, for those who ask at every turn.

import { type Change, ChangeTopic, type ControlStore, type Stop, StopKind } from '@turnmeter/control-store';
import type { ChangeFollower } from './change-feed.ts';

/** A stop, or its being taken back, as it became known here. */
export type StopNews =
  | { readonly is: 'stop'; readonly stop: Stop }
  | { readonly is: 'release'; readonly tenant: string; readonly kind: StopKind; readonly target: string };

export interface StopBoardOptions {
  readonly store: Pick<ControlStore, 'stops'>;
  readonly onNews: (news: StopNews) => void;
}

/** Orders that stand at a time; whoever stops more sessions than these stops their workflows instead. */
export const STOPS_MAX = 100_000;

type Target = Pick<Stop, 'tenant' | 'kind' | 'target'>;

export class StopBoard implements ChangeFollower {
  readonly #options: StopBoardOptions;
  /** By tenant and target. */
  #stops = new Map<string, Map<string, Stop>>();

  constructor(options: StopBoardOptions) {
    this.#options = options;
  }

  /** The order that a session is under: its own, else its workflow's. */
  of(tenant: string, sessionId: string, workflow: string | null): Stop | undefined {
    const stops = this.#stops.get(tenant);
    const own = stops?.get(keyOf({ kind: StopKind.SESSION, target: sessionId }));
    if (own !== undefined || workflow === null || workflow === '') return own;
    return stops?.get(keyOf({ kind: StopKind.WORKFLOW, target: workflow }));
  }

  list(tenant: string): readonly Stop[] {
    return [...(this.#stops.get(tenant)?.values() ?? [])];
  }

  async reload(): Promise<void> {
    const before = this.#stops;
    const stops = await this.#options.store.stops.list({ limit: STOPS_MAX });
    this.#stops = new Map();
    for (const stop of stops) this.#put(stop);
    for (const stop of stops) this.#tell(stop, before.get(stop.tenant)?.get(keyOf(stop)), stop);
    for (const stop of [...before.values()].flatMap((ofTenant) => [...ofTenant.values()])) {
      if (this.#stops.get(stop.tenant)?.has(keyOf(stop)) !== true) this.#tell(stop, stop, undefined);
    }
  }

  /** The change says what to look at, and the store how it is now: later changes may be about the same. */
  async apply({ topic, tenant, document }: Change): Promise<void> {
    if (topic !== ChangeTopic.STOP && topic !== ChangeTopic.RELEASE) return;
    const { kind, target } = document;
    if ((kind !== StopKind.SESSION && kind !== StopKind.WORKFLOW) || typeof target !== 'string') return;
    const of = { tenant, kind, target };
    const before = this.#stops.get(tenant)?.get(keyOf(of));
    const now = await this.#options.store.stops.find(of);
    if (now !== undefined) this.#put(now);
    else if (this.#stops.get(tenant)?.delete(keyOf(of)) === true && this.#stops.get(tenant)?.size === 0) {
      this.#stops.delete(tenant);
    }
    this.#tell(of, before, now);
  }

  #put(stop: Stop): void {
    const ofTenant = this.#stops.get(stop.tenant) ?? new Map<string, Stop>();
    this.#stops.set(stop.tenant, ofTenant.set(keyOf(stop), stop));
  }

  #tell({ tenant, kind, target }: Target, before: Stop | undefined, now: Stop | undefined): void {
    if (now === undefined) {
      if (before !== undefined) this.#options.onNews({ is: 'release', tenant, kind, target });
    } else if (before?.atMs !== now.atMs) this.#options.onNews({ is: 'stop', stop: now });
  }
}

/** No kind has a line break. */
function keyOf({ kind, target }: Pick<Stop, 'kind' | 'target'>): string {
  return `${kind}\n${target}`;
}
