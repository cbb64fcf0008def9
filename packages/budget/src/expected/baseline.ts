/** What finalized sessions of a workflow cost. The aggregator makes it, the guard holds the one it got last. */
export interface CostBaseline {
  readonly workflow: string;
  /** Of the workflow; undefined where sessions name none, or where all versions are taken together. */
  readonly version?: string | undefined;
  /** Sessions behind it. */
  readonly n: number;
  /** Robust mean, nano-USD; undefined where n is 0. */
  readonly meanNanoUsd: number | undefined;
  /** Robust standard deviation, nano-USD; undefined below two sessions. */
  readonly sdNanoUsd: number | undefined;
}
