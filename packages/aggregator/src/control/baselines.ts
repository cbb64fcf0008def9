// What sessions of each workflow normally cost: made of their summaries, kept in memory, and made anew as sessions are finalized. Nobody waits
// for it but the first who asks, and for a moment those to whom what is known would say too little.

import { type CostBaseline, robustMoments } from '@turnmeter/budget';
import type { FinalizedCost } from '../query/finalized-costs.ts';
import type { Queries } from '../query/queries.ts';
import { VERSIONS_MAX } from '../query/workflow-versions.ts';
import { RecentMap } from './recent-map.ts';
import { within } from './within.ts';

export interface BaselinesOptions {
  readonly queries: Pick<Queries, 'finalizedCosts'>;
  /** Hears why sessions could not be read; what was known before is answered then. */
  readonly onFailure: (error: unknown) => void;
  /** ms. @default performance.now */
  readonly nowMs?: () => number;
}

/** What is known of a workflow: of all its versions together first, then of each. */
export interface WorkflowBaselines {
  readonly workflow: string;
  readonly baselines: readonly CostBaseline[];
}

/** The latest finalized sessions that count: what a workflow cost a thousand sessions ago says little about it now. */
export const SESSIONS_MAX = 1000;
/** How old an answer may be without being made anew meanwhile, ms: an expectation moves by one session in many. */
const FRESH_MS = 5000;
/** How long the first who asks waits at most, ms. */
const WAIT_MS_MAX = 2000;
/** The same of a workflow of which a session was finalized since: where many end, one reading is for all of a second. */
const NEWS_MS = 1000;
/** From this age on it is waited for, ms: nobody has asked for long, so that many sessions may have ended since. */
const OLD_MS = 2 * FRESH_MS;
/** Below so many sessions each of them moves the expectation, and is waited for. */
const FEW_SESSIONS = 10;
/** How long those wait at most, ms. */
const NEWER_MS_MAX = 250;
/** Workflows that are remembered. */
const WORKFLOWS_MAX = 10_000;

interface Known {
  readonly value: WorkflowBaselines | undefined;
  /** When it was tried last. */
  readonly readMs: number;
  /** A session was finalized since the last reading began. */
  readonly hasNews: boolean;
  readonly reading: Promise<void> | undefined;
  /** How long it is worth to wait for the reading, ms. */
  readonly waitMs: number;
}

const UNKNOWN: Known = {
  value: undefined,
  readMs: Number.NEGATIVE_INFINITY,
  hasNews: false,
  reading: undefined,
  waitMs: 0,
};

export class Baselines {
  readonly #options: BaselinesOptions;
  readonly #known = new RecentMap<string, Known>(WORKFLOWS_MAX);

  constructor(options: BaselinesOptions) {
    this.#options = options;
  }

  /** What is known now; of a workflow that nobody asked for yet somebody waits, and gets nothing while the database is away. */
  async of(tenant: string, workflow: string): Promise<WorkflowBaselines> {
    const { reading, waitMs } = this.#peek(tenant, workflow);
    if (reading !== undefined && waitMs > 0) await within(waitMs, reading);
    return this.#known.get(keyOf(tenant, workflow))?.value ?? { workflow, baselines: [] };
  }

  /** A session of it was finalized: what was known is old. */
  forget(tenant: string, workflow: string): void {
    const key = keyOf(tenant, workflow);
    const known = this.#known.get(key);
    if (known !== undefined) this.#known.set(key, { ...known, hasNews: true });
  }

  #peek(tenant: string, workflow: string): Known {
    const key = keyOf(tenant, workflow);
    const known = this.#known.get(key);
    if (known !== undefined && (known.reading !== undefined || !this.#isDue(known))) return known;
    const reading = this.#read(tenant, workflow);
    const next: Known = { ...(known ?? UNKNOWN), hasNews: false, reading, waitMs: this.#waitMs(known) };
    this.#known.set(key, next);
    return next;
  }

  #isDue({ value, readMs, hasNews }: Known): boolean {
    const ageMs = this.#nowMs() - readMs;
    return hasNews ? isOfFew(value) || ageMs > NEWS_MS : ageMs > FRESH_MS;
  }

  #waitMs(known: Known | undefined): number {
    if (known?.value === undefined) return WAIT_MS_MAX;
    const saysTooLittle = this.#nowMs() - known.readMs > OLD_MS || (known.hasNews && isOfFew(known.value));
    return saysTooLittle ? NEWER_MS_MAX : 0;
  }

  async #read(tenant: string, workflow: string): Promise<void> {
    const key = keyOf(tenant, workflow);
    const readMs = this.#nowMs();
    try {
      const costs = await this.#options.queries.finalizedCosts(tenant, workflow, SESSIONS_MAX);
      const hasNews = this.#known.get(key)?.hasNews ?? false;
      this.#known.set(key, { ...UNKNOWN, value: baselinesOf(workflow, costs), readMs, hasNews });
    } catch (error) {
      // Asked again only after a while: a database that is away is not helped by questions.
      this.#known.set(key, { ...UNKNOWN, value: this.#known.get(key)?.value, readMs });
      this.#options.onFailure(error);
    }
  }

  #nowMs(): number {
    return (this.#options.nowMs ?? performance.now.bind(performance))();
  }
}

function isOfFew(known: WorkflowBaselines | undefined): boolean {
  const [all] = known?.baselines ?? [];
  return all === undefined || all.n < FEW_SESSIONS;
}

/** Made of the costs of finished sessions, the latest first. */
export function baselinesOf(workflow: string, costs: readonly FinalizedCost[]): WorkflowBaselines {
  const versions = Map.groupBy(costs, ({ workflowVersion }) => workflowVersion);
  versions.delete('');
  // Guards are sent them all.
  const latest = [...versions].slice(0, VERSIONS_MAX);
  return {
    workflow,
    baselines: [
      baselineOf({ workflow }, amountsOf(costs)),
      ...latest.map(([version, own]) => baselineOf({ workflow, version }, amountsOf(own))),
    ],
  };
}

/** What sessions that cost so much, nano-USD, say of the next one. */
export function baselineOf(
  of: Pick<CostBaseline, 'workflow' | 'version'>,
  costsNanoUsd: readonly number[],
): CostBaseline {
  const { n, mean, sd } = robustMoments(costsNanoUsd);
  return { ...of, n, meanNanoUsd: mean, sdNanoUsd: sd };
}

function amountsOf(costs: readonly FinalizedCost[]): readonly number[] {
  return costs.map(({ costNanoUsd }) => costNanoUsd);
}

/** No tenant has a line break in its name. */
function keyOf(tenant: string, workflow: string): string {
  return `${tenant}\n${workflow}`;
}
