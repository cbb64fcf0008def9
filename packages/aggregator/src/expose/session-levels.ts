// What sessions of each workflow are expected to cost, and the amounts at which that is too much. Asking for all of them at once would take
// the database from others, so each round asks for as many as its time allows, those that were asked for longest ago first.

import type { ResolvedPolicy } from '@turnmeter/budget';
import { baselineOf, SESSIONS_MAX } from '../control/baselines.ts';
import type { Control } from '../control/control.ts';
import { expectationOf } from '../control/standings.ts';
import type { Queries } from '../query/queries.ts';
import { Pace } from './pace.ts';
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

export interface LevelSources {
  readonly policies: Pick<Control['policies'], 'of'>;
  readonly queries: Pick<Queries, 'finalizedCostsOf'>;
}

interface Workflow {
  readonly tenant: string;
  readonly workflow: string;
}

/** Workflows that one question is about. */
const AT_A_TIME = 500;
/** What part of the time is spent on learning; and as long as there is something that is not known at all. */
const SHARE = 0.1;
const URGENT_SHARE = 0.3;

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

  at(key: string): SessionLevels | undefined {
    return this.#known.get(key)?.levels;
  }

  /**
   * Learns of some of these workflows until the time is over, longer if some are new, and forgets all others.
   * @throws ControlStoreError while policies are not known and the control store is away
   */
  async learn(workflows: readonly Workflow[], everyMs: number): Promise<void> {
    const startedMs = performance.now();
    this.#round += 1;
    const keys = new Set(workflows.map(({ tenant, workflow }) => keyOf(tenant, workflow)));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    const roundOf = ({ tenant, workflow }: Workflow): number => this.#known.get(keyOf(tenant, workflow))?.round ?? 0;
    const due = workflows.toSorted((a, b) => roundOf(a) - roundOf(b));
    for (let asked = 0; asked < due.length; asked += AT_A_TIME) {
      await this.#learnOf(due.slice(asked, asked + AT_A_TIME));
      const next = due[asked + AT_A_TIME];
      // Nobody waits for the service to start because of them.
      const isUrgent = this.#round > 1 && next !== undefined && roundOf(next) === 0;
      if (performance.now() - startedMs >= everyMs * (isUrgent ? URGENT_SHARE : SHARE)) return;
    }
  }

  async #learnOf(workflows: readonly Workflow[]): Promise<void> {
    const { policies, queries } = this.#sources;
    const costs = new Map(
      (await queries.finalizedCostsOf(workflows, SESSIONS_MAX)).map(({ tenant, workflow, costsNanoUsd }) => [
        keyOf(tenant, workflow),
        costsNanoUsd,
      ]),
    );
    const pace = new Pace({ stepsAtATime: 4 });
    for (const { tenant, workflow } of workflows) {
      if (pace.isOver) await pace.rest();
      const named = workflow === '' ? undefined : workflow;
      const policy = (await policies.of(tenant)).resolve(named);
      const key = keyOf(tenant, workflow);
      const baselines = named === undefined ? [] : [baselineOf({ workflow }, costs.get(key) ?? [])];
      const expected = expectationOf(policy, { workflow: named, baselines });
      this.#known.set(key, { levels: levelsOf(policy, expected.nanoUsd), round: this.#round });
    }
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
