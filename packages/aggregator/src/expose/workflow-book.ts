// Which workflows have series of their own: the dearest, and never more than may be. All others are counted together, so that who makes up
// names fills neither this process nor Prometheus.

import { type Labels, OTHER_LABELS, workflowLabels } from './labels.ts';
import { RisingSums } from './rising-sums.ts';
import { type WorkflowHistograms, workflowHistograms } from './workflow-histograms.ts';

export interface WorkflowBookOptions {
  /** @default 20000 */
  readonly workflowsMax?: number | undefined;
  /** @default 500 */
  readonly histogramsMax?: number | undefined;
  /** @default Date.now */
  readonly nowMs?: (() => number) | undefined;
}

/** What a workflow has spent in this month, nano-USD. */
export interface RankedWorkflow {
  readonly tenant: string;
  readonly workflow: string;
  readonly spent: number;
}

/** Ten series each, some 20 MB of text: what one scrape should be. */
const WORKFLOWS_MAX = 20_000;
/** Histograms take 40 series each. */
const HISTOGRAMS_MAX = 500;
/** How much dearer a workflow must be than one that has series for it to get them instead: else two that are alike would take turns. */
const DEARER = 2;

export class WorkflowBook {
  readonly workflowsMax: number;
  readonly #histogramsMax: number;
  readonly #nowMs: () => number;
  readonly #named = new Map<string, RisingSums>();
  /** Those whose durations and costs have histograms of their own. */
  readonly #detailed = new Map<RisingSums, WorkflowHistograms>();
  readonly #others: RisingSums;
  readonly #otherHistograms: WorkflowHistograms;
  #folded = 0;

  constructor(options: WorkflowBookOptions = {}) {
    const { workflowsMax = WORKFLOWS_MAX, histogramsMax = HISTOGRAMS_MAX, nowMs = Date.now } = options;
    this.workflowsMax = workflowsMax;
    this.#histogramsMax = histogramsMax;
    this.#nowMs = nowMs;
    this.#others = new RisingSums(OTHER_LABELS, nowMs());
    this.#otherHistograms = workflowHistograms(OTHER_LABELS, nowMs());
  }

  get size(): number {
    return this.#named.size;
  }

  /** Bookings and sessions without a series of their own. */
  get folded(): number {
    return this.#folded;
  }

  /** Where a workflow's amounts are added up. */
  sumsOf(tenant: string, workflow: string): RisingSums {
    const sums = this.#find(tenant, workflow);
    if (sums !== undefined) return sums;
    this.#folded += 1;
    return this.#others;
  }

  isDetailed(sums: RisingSums): boolean {
    return sums === this.#others || this.#detailed.has(sums);
  }

  /** Where its observations are. */
  histogramsOf(tenant: string, workflow: string): WorkflowHistograms {
    const sums = this.#find(tenant, workflow);
    return (sums && this.#detailed.get(sums)) ?? this.#otherHistograms;
  }

  /** The labels of a workflow's gauges; undefined if they are added to those of all others. */
  labelsOf(tenant: string, workflow: string): Labels | undefined {
    return this.#find(tenant, workflow)?.labels;
  }

  /** Gives series to the dearest; those that lose theirs begin at 0 should they come back. */
  rank(workflows: readonly RankedWorkflow[]): void {
    const dearest = workflows.toSorted((a, b) => b.spent - a.spent).slice(0, this.workflowsMax);
    const candidates = dearest.filter(({ tenant, workflow }) => this.#find(tenant, workflow) === undefined);
    if (candidates.length === 0) return;
    const spent = new Map(workflows.map((ranked) => [keyOf(ranked.tenant, ranked.workflow), ranked.spent]));
    const cheapest = [...this.#named.keys()].toSorted((a, b) => (spent.get(a) ?? 0) - (spent.get(b) ?? 0));
    for (const [index, candidate] of candidates.entries()) {
      const loser = cheapest[index];
      if (loser === undefined || candidate.spent <= DEARER * (spent.get(loser) ?? 0)) return;
      this.#remove(loser);
      this.#find(candidate.tenant, candidate.workflow);
    }
  }

  /** Those with series of their own, and what is counted together. */
  all(): readonly RisingSums[] {
    return [...this.#named.values(), this.#others];
  }

  detailed(): readonly WorkflowHistograms[] {
    return [...this.#detailed.values(), this.#otherHistograms];
  }

  /** As long as there is room, whoever comes gets series. */
  #find(tenant: string, workflow: string): RisingSums | undefined {
    const key = keyOf(tenant, workflow);
    const known = this.#named.get(key);
    if (known !== undefined || this.#named.size >= this.workflowsMax) return known;
    const sums = new RisingSums(workflowLabels(tenant, workflow), this.#nowMs());
    this.#named.set(key, sums);
    if (this.#detailed.size < this.#histogramsMax) {
      this.#detailed.set(sums, workflowHistograms(sums.labels, sums.createdMs));
    }
    return sums;
  }

  #remove(key: string): void {
    const sums = this.#named.get(key);
    if (sums !== undefined) this.#detailed.delete(sums);
    this.#named.delete(key);
  }
}

/** No tenant has a line break in its name. */
export function keyOf(tenant: string, workflow: string): string {
  return `${tenant}\n${workflow}`;
}
