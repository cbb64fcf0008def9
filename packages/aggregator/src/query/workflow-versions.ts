// In: a workflow. Out: its versions with the averages of their finalized sessions, those that were used last. From the summaries themselves:
// a version is a property of a session, and there are as many as people release.

import type { Reader } from './reader.ts';
import { sql } from './sql.ts';
import { meanOf, type Moments, sdOf } from './statistics.ts';
import type { Average } from './workflows.ts';

/** What versions are compared by. Durations in µs, costs in nano-dollars. */
export const VERSION_METRICS = ['cost_nano_usd', 'duration_us', 'tokens'] as const;
export type VersionMetric = (typeof VERSION_METRICS)[number];

export interface VersionAverages {
  /** Undefined for sessions that name none. */
  readonly version: string | undefined;
  /** Finalized sessions. */
  readonly sessions: number;
  /** Sessions whose cost is a lower bound, as something in them has no price. */
  readonly underpriced: number;
  /** Sessions in which a call or a tool failed. */
  readonly failed: number;
  /** Failures in all of them. */
  readonly errors: number;
  /** When the first and the last of them began, µs. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly metrics: Readonly<Record<VersionMetric, Average>>;
}

export interface VersionList {
  /** The newest first: by when each was used first. */
  readonly versions: readonly VersionAverages[];
  /** There are others, which were used last before any of these. */
  readonly isTruncated: boolean;
}

/** Versions of a workflow that are told apart, those that were used last: some name every commit a version. */
export const VERSIONS_MAX = 20;

type MetricColumns = Readonly<
  Record<`${VersionMetric}_sum` | `${VersionMetric}_squares`, string> &
    Record<`${VersionMetric}_quantiles`, readonly number[]>
>;

interface VersionRow extends MetricColumns {
  readonly version: string;
  readonly sessions: string;
  readonly underpriced: string;
  readonly failed: string;
  readonly errors: string;
  readonly first_us: string;
  readonly last_us: string;
}

const VERSIONS = sql`
  SELECT
    summary.workflow_version AS version,
    count() AS sessions,
    countIf(summary.cost_status IN ('partial', 'unpriced')) AS underpriced,
    countIf(summary.errors > 0) AS failed,
    sum(summary.errors) AS errors,
    toUnixTimestamp64Micro(min(summary.began_at)) AS first_us,
    toUnixTimestamp64Micro(max(summary.began_at)) AS last_us,
    sum(summary.cost_nano_usd) AS cost_nano_usd_sum,
    sum(toInt128(summary.cost_nano_usd) * summary.cost_nano_usd) AS cost_nano_usd_squares,
    quantilesExactInclusive(0.5, 0.95, 0.99)(summary.cost_nano_usd) AS cost_nano_usd_quantiles,
    sum(summary.duration_us) AS duration_us_sum,
    sum(toInt128(summary.duration_us) * summary.duration_us) AS duration_us_squares,
    quantilesExactInclusive(0.5, 0.95, 0.99)(summary.duration_us) AS duration_us_quantiles,
    sum(summary.tokens) AS tokens_sum,
    sum(toInt128(summary.tokens) * summary.tokens) AS tokens_squares,
    quantilesExactInclusive(0.5, 0.95, 0.99)(summary.tokens) AS tokens_quantiles
  FROM session_summaries AS summary FINAL
  WHERE summary.tenant = {tenant:String} AND summary.workflow = {workflow:String}
  GROUP BY summary.workflow_version
  ORDER BY max(summary.began_at) DESC, version
  LIMIT {limit:UInt32}`;

export async function readWorkflowVersions(reader: Reader, tenant: string, workflow: string): Promise<VersionList> {
  const rows = await reader.rows<VersionRow>(VERSIONS, { tenant, workflow, limit: VERSIONS_MAX + 1 });
  const versions = rows.slice(0, VERSIONS_MAX).map(averagesOf);
  return { versions: versions.toSorted((a, b) => b.firstUs - a.firstUs), isTruncated: rows.length > VERSIONS_MAX };
}

function averagesOf(row: VersionRow): VersionAverages {
  const n = Number(row.sessions);
  return {
    version: row.version === '' ? undefined : row.version,
    sessions: n,
    underpriced: Number(row.underpriced),
    failed: Number(row.failed),
    errors: Number(row.errors),
    firstUs: Number(row.first_us),
    lastUs: Number(row.last_us),
    metrics: {
      cost_nano_usd: averageOf(row, 'cost_nano_usd', n),
      duration_us: averageOf(row, 'duration_us', n),
      tokens: averageOf(row, 'tokens', n),
    },
  };
}

function averageOf(row: MetricColumns, metric: VersionMetric, n: number): Average {
  const moments: Moments = { n, sum: BigInt(row[`${metric}_sum`]), squares: BigInt(row[`${metric}_squares`]) };
  const [p50, p95, p99] = row[`${metric}_quantiles`];
  return { n, sum: moments.sum, mean: meanOf(moments), sd: sdOf(moments), p50, p95, p99 };
}
