// Averages over the finalized sessions of a workflow, as the refreshable views keep them.

import { compareText } from './lines.ts';
import type { Reader } from './reader.ts';
import { sql } from './sql.ts';
import { type Distribution, meanOf, type Moments, sdOf } from './statistics.ts';

/** What sessions are measured by. Durations in µs, costs in nano-dollars. */
export const METRICS = ['duration_us', 'cost_nano_usd', 'tokens', 'turns', 'agents'] as const;
export type Metric = (typeof METRICS)[number];

/** A distribution that is kept as sums; the extremes are not kept. */
export interface Average extends Pick<Distribution, 'mean' | 'sd' | 'p50' | 'p95' | 'p99'> {
  readonly n: number;
  /** Σx, exact. */
  readonly sum: bigint;
}

export interface WorkflowAverages {
  readonly tenant: string;
  readonly workflow: string;
  /** Finalized sessions. */
  readonly sessions: number;
  /** Sessions whose cost is a lower bound, as something in them has no price. */
  readonly underpriced: number;
  /** When the last of them was finalized, µs. */
  readonly lastFinalizedUs: number;
  readonly metrics: Readonly<Record<Metric, Average>>;
}

/** An agent's turns in all finalized sessions of a workflow. */
export interface AgentAverages {
  readonly agent: string;
  /** Sessions in which the agent had a turn. */
  readonly sessions: number;
  readonly turns: number;
  /** Of those turns whose begin somebody saw. */
  readonly response: Distribution & { readonly sum: bigint };
  readonly inferences: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: bigint;
}

type MetricColumns = Readonly<
  Record<`${Metric}_sum` | `${Metric}_squares`, string> & Record<`${Metric}_quantiles`, readonly number[]>
>;

interface AveragesRow extends MetricColumns {
  readonly tenant: string;
  readonly workflow: string;
  readonly sessions: string;
  readonly underpriced: string;
  readonly last_finalized_us: string;
}

// `is_every` is set for operators alone: the tenant is bound in every other case.
const AVERAGES = sql`
  SELECT
    averages.tenant AS tenant,
    averages.workflow AS workflow,
    averages.sessions AS sessions,
    averages.underpriced AS underpriced,
    toUnixTimestamp64Micro(averages.last_finalized_at) AS last_finalized_us,
    averages.duration_us_sum AS duration_us_sum,
    averages.duration_us_squares AS duration_us_squares,
    averages.duration_us_quantiles AS duration_us_quantiles,
    averages.cost_nano_usd_sum AS cost_nano_usd_sum,
    averages.cost_nano_usd_squares AS cost_nano_usd_squares,
    averages.cost_nano_usd_quantiles AS cost_nano_usd_quantiles,
    averages.tokens_sum AS tokens_sum,
    averages.tokens_squares AS tokens_squares,
    averages.tokens_quantiles AS tokens_quantiles,
    averages.turns_sum AS turns_sum,
    averages.turns_squares AS turns_squares,
    averages.turns_quantiles AS turns_quantiles,
    averages.agents_sum AS agents_sum,
    averages.agents_squares AS agents_squares,
    averages.agents_quantiles AS agents_quantiles
  FROM workflow_averages AS averages FINAL
  WHERE (averages.tenant = {tenant:String} OR {is_every:Bool})
    AND (averages.workflow = {workflow:String} OR {is_any_workflow:Bool})
    AND averages.sessions > 0
  ORDER BY sessions DESC, tenant, workflow
  LIMIT {limit:UInt32}`;

/** Workflows in one answer. */
export const WORKFLOWS_MAX = 10_000;

/** Whose workflows: one tenant's or, for operators who compare, everybody's. */
export type Tenants = { readonly tenant: string } | 'every';

export interface WorkflowList {
  readonly workflows: readonly WorkflowAverages[];
  /** More workflows than are in one answer. */
  readonly isTruncated: boolean;
}

/** Averages of all workflows, those of the most sessions first. */
export async function listWorkflows(reader: Reader, tenants: Tenants): Promise<WorkflowList> {
  const found = await readAverages(reader, tenants, undefined);
  return { workflows: found.slice(0, WORKFLOWS_MAX), isTruncated: found.length > WORKFLOWS_MAX };
}

/** What there is to say of a workflow none of whose sessions is finalized yet. */
export function noAverages(tenant: string, workflow: string): WorkflowAverages {
  const none = { n: 0, sum: 0n, mean: undefined, sd: undefined, p50: undefined, p95: undefined, p99: undefined };
  const metrics = { duration_us: none, cost_nano_usd: none, tokens: none, turns: none, agents: none };
  return { tenant, workflow, sessions: 0, underpriced: 0, lastFinalizedUs: 0, metrics };
}

/** Averages of one workflow; undefined while none of its sessions is finalized. */
export async function readWorkflow(
  reader: Reader,
  tenant: string,
  workflow: string,
): Promise<WorkflowAverages | undefined> {
  const [found] = await readAverages(reader, { tenant }, workflow);
  return found;
}

async function readAverages(
  reader: Reader,
  tenants: Tenants,
  workflow: string | undefined,
): Promise<readonly WorkflowAverages[]> {
  const rows = await reader.rows<AveragesRow>(AVERAGES, {
    tenant: tenants === 'every' ? '' : tenants.tenant,
    is_every: tenants === 'every',
    workflow: workflow ?? '',
    is_any_workflow: workflow === undefined,
    limit: WORKFLOWS_MAX + 1,
  });
  return rows.map(averagesOf);
}

function averagesOf(row: AveragesRow): WorkflowAverages {
  const n = Number(row.sessions);
  return {
    tenant: row.tenant,
    workflow: row.workflow,
    sessions: n,
    underpriced: Number(row.underpriced),
    lastFinalizedUs: Number(row.last_finalized_us),
    metrics: {
      duration_us: averageOf(row, 'duration_us', n),
      cost_nano_usd: averageOf(row, 'cost_nano_usd', n),
      tokens: averageOf(row, 'tokens', n),
      turns: averageOf(row, 'turns', n),
      agents: averageOf(row, 'agents', n),
    },
  };
}

function averageOf(row: MetricColumns, metric: Metric, n: number): Average {
  const moments: Moments = { n, sum: BigInt(row[`${metric}_sum`]), squares: BigInt(row[`${metric}_squares`]) };
  return { n, sum: moments.sum, mean: meanOf(moments), sd: sdOf(moments), ...quantilesOf(row[`${metric}_quantiles`]) };
}

/** ClickHouse writes the quantiles of nothing as null. */
function quantilesOf([p50, p95, p99]: readonly (number | null)[]): Pick<Distribution, 'p50' | 'p95' | 'p99'> {
  return { p50: p50 ?? undefined, p95: p95 ?? undefined, p99: p99 ?? undefined };
}

interface AgentRow {
  readonly agent: string;
  readonly turns: string;
  readonly timed_turns: string;
  readonly response_us_sum: string;
  readonly response_us_squares: string;
  readonly response_us_min: string;
  readonly response_us_max: string;
  readonly response_us_quantiles: readonly (number | null)[];
  readonly sessions: string;
  readonly inferences: string;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cost_nano_usd: string;
}

// Rows of older revisions are agents that are in the workflow no more.
const AGENTS = sql`
  SELECT
    averages.agent AS agent,
    averages.turns AS turns,
    averages.timed_turns AS timed_turns,
    averages.response_us_sum AS response_us_sum,
    averages.response_us_squares AS response_us_squares,
    averages.response_us_min AS response_us_min,
    averages.response_us_max AS response_us_max,
    averages.response_us_quantiles AS response_us_quantiles,
    averages.sessions AS sessions,
    averages.inferences AS inferences,
    averages.input_tokens AS input_tokens,
    averages.output_tokens AS output_tokens,
    averages.cost_nano_usd AS cost_nano_usd
  FROM workflow_agent_averages AS averages FINAL
  WHERE averages.tenant = {tenant:String}
    AND averages.workflow = {workflow:String}
    AND averages.turns > 0
    AND averages.revision =
    (
      SELECT max(latest.revision)
      FROM workflow_agent_averages AS latest
      WHERE latest.tenant = {tenant:String} AND latest.workflow = {workflow:String}
    )
  LIMIT {limit:UInt32}`;

/** Agents in one answer. */
const AGENTS_MAX = 10_000;

/** How the agents of a workflow respond, over the turns of all its finalized sessions. */
export async function readWorkflowAgents(
  reader: Reader,
  tenant: string,
  workflow: string,
): Promise<readonly AgentAverages[]> {
  const rows = await reader.rows<AgentRow>(AGENTS, { tenant, workflow, limit: AGENTS_MAX });
  return rows.map(agentOf).toSorted((a, b) => compareText(a.agent, b.agent));
}

function agentOf(row: AgentRow): AgentAverages {
  const moments: Moments = {
    n: Number(row.timed_turns),
    sum: BigInt(row.response_us_sum),
    squares: BigInt(row.response_us_squares),
  };
  return {
    agent: row.agent,
    sessions: Number(row.sessions),
    turns: Number(row.turns),
    response: {
      n: moments.n,
      sum: moments.sum,
      mean: meanOf(moments),
      sd: sdOf(moments),
      min: moments.n === 0 ? undefined : Number(row.response_us_min),
      max: moments.n === 0 ? undefined : Number(row.response_us_max),
      ...quantilesOf(row.response_us_quantiles),
    },
    inferences: Number(row.inferences),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    costNanoUsd: BigInt(row.cost_nano_usd),
  };
}
