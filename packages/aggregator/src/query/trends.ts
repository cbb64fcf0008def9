// What was used day by day or hour by hour: in all, by agent or by model. Steps without use are there, with zeros, as far as anything is known.

import { compareText } from './lines.ts';
import type { Reader } from './reader.ts';
import {
  readBegun,
  readBounds,
  readTrendRows,
  TREND_ROWS_MAX,
  trendParameters,
  type TrendRow,
  type TrendsQuery,
} from './trend-rows.ts';
import { fillSteps, latestStep, type StepBounds, stepOf } from './trend-steps.ts';

/** Amounts of a step. */
export interface TrendSums {
  readonly inferences: number;
  readonly turns: number;
  /** Those whose begin somebody saw. */
  readonly timedTurns: number;
  readonly toolCalls: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unpricedTokens: number;
  /** Of all timed turns together, without people and nested agents. */
  readonly responseTimeUs: number;
  readonly costNanoUsd: bigint;
}

export interface TrendPoint extends TrendSums {
  /** A day as `2026-11-21`, or the first moment of an hour as ISO 8601. */
  readonly step: string;
  /** The step is not over. */
  readonly isPartial: boolean;
  /** Sessions that began in it; undefined in series by something, and where nobody asked for them. */
  readonly sessions: number | undefined;
}

export interface TrendSeries {
  /** Workflow, agent or model, empty for what has none; undefined for all together. */
  readonly name: string | undefined;
  /** From the first step with use, or the first asked for where there was use before, to the last of which anything of the tenant is known. */
  readonly points: readonly TrendPoint[];
}

export interface Trends {
  /** The dearest first. */
  readonly series: readonly TrendSeries[];
  /** There are more names than series. */
  readonly isTruncated: boolean;
}

const SERIES_MAX = 20;

export async function readTrends(reader: Reader, tenant: string, query: TrendsQuery): Promise<Trends> {
  const parameters = trendParameters(tenant, query);
  const [rows, begun, bounds] = await Promise.all([
    readTrendRows(reader, query, parameters),
    hasSessions(query) ? readBegun(reader, query, parameters) : new Map<string, number>(),
    readBounds(reader, query, parameters),
  ]);
  const names = new Map<string, Map<string, TrendSums>>();
  for (const row of rows.slice(0, TREND_ROWS_MAX)) {
    const steps = names.get(row.name) ?? new Map<string, TrendSums>();
    names.set(row.name, steps.set(row.step, sumsOf(row)));
  }
  if (query.by === undefined && names.size === 0) names.set('', new Map());
  const dearest = [...names].toSorted(([a, as], [b, bs]) => Number(costOf(bs) - costOf(as)) || compareText(a, b));
  return {
    series: dearest.slice(0, SERIES_MAX).map(([name, steps]) => ({
      name: query.by === undefined ? undefined : name,
      points: pointsOf(steps, { begun, bounds, query }),
    })),
    isTruncated: dearest.length > SERIES_MAX || rows.length > TREND_ROWS_MAX,
  };
}

function hasSessions({ by, hasSessions: isAsked = true }: TrendsQuery): boolean {
  return by === undefined && isAsked;
}

function sumsOf(row: TrendRow): TrendSums {
  return {
    inferences: Number(row.inferences),
    turns: Number(row.turns),
    timedTurns: Number(row.turns) - Number(row.untimed_turns),
    toolCalls: Number(row.tool_calls),
    errors: Number(row.errors),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    unpricedTokens: Number(row.unpriced_tokens),
    responseTimeUs: Number(row.response_time_us),
    costNanoUsd: BigInt(row.cost_nano_usd),
  };
}

const NOTHING: TrendSums = {
  inferences: 0,
  turns: 0,
  timedTurns: 0,
  toolCalls: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  unpricedTokens: 0,
  responseTimeUs: 0,
  costNanoUsd: 0n,
};

interface SeriesContext {
  readonly begun: ReadonlyMap<string, number>;
  readonly bounds: StepBounds;
  readonly query: TrendsQuery;
}

function pointsOf(
  steps: ReadonlyMap<string, TrendSums>,
  { begun, bounds, query }: SeriesContext,
): readonly TrendPoint[] {
  const running = latestStep(query.nowUs, query);
  return fillSteps([...steps.keys(), ...begun.keys()], query.step, bounds).map((step) => ({
    ...(steps.get(step) ?? NOTHING),
    step: stepOf(step, query.step),
    isPartial: step === running,
    sessions: hasSessions(query) ? (begun.get(step) ?? 0) : undefined,
  }));
}

function costOf(steps: ReadonlyMap<string, TrendSums>): bigint {
  return [...steps.values()].reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
}
