// What sessions of each workflow are expected to cost, and the amounts at which that is too much. Asking for all of them at once would take
// the database from others, so each round asks for some, those that were asked for longest ago first.

import type { ResolvedPolicy } from '@turnmeter/budget';
import type { Control } from '../control/control.ts';
import { expectationOf } from '../control/standings.ts';
import { keyOf } from './workflow-book.ts';

/** Amounts of one session, nano-USD; infinite where there is no limit. */
export interface SessionLevels {
  readonly expected: number | undefined;
  readonly warning: number;
  readonly critical: number;
  readonly stop: number;
  /** As policies say in US dollars, whatever is expected. */
  readonly limitsUsd: Readonly<Record<'warning' | 'critical' | 'stop', number | undefined>>;
}

export type LevelSources = Pick<Control, 'policies' | 'baselines'>;

/** Workflows that are asked for in one round. */
const EACH_ROUND = 100;

export class SessionLevelBook {
  readonly #sources: LevelSources;
  readonly #known = new Map<string, { readonly levels: SessionLevels; readonly round: number }>();
  #round = 0;

  constructor(sources: LevelSources) {
    this.#sources = sources;
  }

  of(tenant: string, workflow: string): SessionLevels | undefined {
    return this.#known.get(keyOf(tenant, workflow))?.levels;
  }

  /**
   * Learns of some of these workflows, and forgets all others.
   * @throws ControlStoreError while policies are not known and the control store is away
   */
  async learn(workflows: readonly { readonly tenant: string; readonly workflow: string }[]): Promise<void> {
    this.#round += 1;
    const keys = new Set(workflows.map(({ tenant, workflow }) => keyOf(tenant, workflow)));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    const roundOf = (one: { readonly tenant: string; readonly workflow: string }): number =>
      this.#known.get(keyOf(one.tenant, one.workflow))?.round ?? 0;
    const due = workflows.toSorted((a, b) => roundOf(a) - roundOf(b)).slice(0, EACH_ROUND);
    for (const { tenant, workflow } of due) {
      const levels = await this.#read(tenant, workflow);
      this.#known.set(keyOf(tenant, workflow), { levels, round: this.#round });
    }
  }

  async #read(tenant: string, workflow: string): Promise<SessionLevels> {
    const { policies, baselines } = this.#sources;
    const named = workflow === '' ? undefined : workflow;
    const policy = (await policies.of(tenant)).resolve(named);
    const known = named === undefined ? { baselines: [] } : await baselines.of(tenant, named);
    const expected = expectationOf(policy, { workflow: named, baselines: known.baselines });
    return levelsOf(policy, expected.nanoUsd);
  }
}

function levelsOf({ shares, usd }: ResolvedPolicy, expected: number | undefined): SessionLevels {
  const amountOf = (level: 'warning' | 'critical' | 'stop'): number =>
    Math.min(
      (expected ?? Number.POSITIVE_INFINITY) * (shares[level]?.value ?? Number.POSITIVE_INFINITY),
      (usd[level]?.value ?? Number.POSITIVE_INFINITY) * 1e9,
    );
  return {
    expected,
    warning: amountOf('warning'),
    critical: amountOf('critical'),
    stop: amountOf('stop'),
    limitsUsd: { warning: usd.warning?.value, critical: usd.critical?.value, stop: usd.stop?.value },
  };
}
