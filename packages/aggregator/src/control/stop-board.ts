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
  #stops = new Map<string, Stop>();

  constructor(options: StopBoardOptions) {
    this.#options = options;
  }

  /** The order that a session is under: its own, else its workflow's. */
  of(tenant: string, sessionId: string, workflow: string | null): Stop | undefined {
    const own = this.#stops.get(keyOf({ tenant, kind: StopKind.SESSION, target: sessionId }));
    if (own !== undefined || workflow === null || workflow === '') return own;
    return this.#stops.get(keyOf({ tenant, kind: StopKind.WORKFLOW, target: workflow }));
  }

  list(tenant: string): readonly Stop[] {
    return [...this.#stops.values()].filter((stop) => stop.tenant === tenant);
  }

  async reload(): Promise<void> {
    const before = this.#stops;
    const stops = await this.#options.store.stops.list({ limit: STOPS_MAX });
    this.#stops = new Map(stops.map((stop) => [keyOf(stop), stop]));
    for (const [key, stop] of this.#stops) this.#tell(stop, before.get(key), stop);
    for (const [key, stop] of before) if (!this.#stops.has(key)) this.#tell(stop, stop, undefined);
  }

  /** The change says what to look at, and the store how it is now: later changes may be about the same. */
  async apply({ topic, tenant, document }: Change): Promise<void> {
    if (topic !== ChangeTopic.STOP && topic !== ChangeTopic.RELEASE) return;
    const { kind, target } = document;
    if ((kind !== StopKind.SESSION && kind !== StopKind.WORKFLOW) || typeof target !== 'string') return;
    const of = { tenant, kind, target };
    const key = keyOf(of);
    const before = this.#stops.get(key);
    const now = await this.#options.store.stops.find(of);
    if (now === undefined) this.#stops.delete(key);
    else this.#stops.set(key, now);
    this.#tell(of, before, now);
  }

  #tell({ tenant, kind, target }: Target, before: Stop | undefined, now: Stop | undefined): void {
    if (now === undefined) {
      if (before !== undefined) this.#options.onNews({ is: 'release', tenant, kind, target });
    } else if (before?.atMs !== now.atMs) this.#options.onNews({ is: 'stop', stop: now });
  }
}

/** Neither tenants nor kinds have a line break. */
function keyOf({ tenant, kind, target }: Target): string {
  return `${tenant}\n${kind}\n${target}`;
}
