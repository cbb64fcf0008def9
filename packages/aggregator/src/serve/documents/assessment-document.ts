// What finalizing a session gives (R4).

import { BudgetStatus } from '@turnmeter/budget';
import { z } from 'zod';
import type { Assessment } from '../../assess/assessor.ts';
import type { ComparedMetric, Comparison } from '../../assess/comparison.ts';
import type { FinalStanding } from '../../control/final-standing.ts';
import type { CostAnalysis, CostShare } from '../../assess/cost-analysis.ts';
import { MEASURES } from '../../assess/measure.ts';
import { type Metric, METRICS } from '../../query/workflows.ts';
import { isoOf, type MoneyDocument, moneyOf, moneyShape, timeSchema, usdOf } from './amounts.ts';
import { type StandingDocument, standingOf, standingShape } from './cost-check-document.ts';
import { summaryDocument } from './session-document.ts';
import { type SessionSummaryDocument, sessionSummarySchema } from './session-schema.ts';

export interface ComparedMetricDocument {
  readonly value: number;
  readonly average: number | null;
  readonly difference: number | null;
  readonly difference_percent: number | null;
  readonly percentile_rank: number | null;
  readonly verdict: string;
  readonly explanation: string;
}

/** Metrics under the names that answers have, in their units. */
type MetricName = 'session_duration_seconds' | 'cost_usd' | 'tokens' | 'turns' | 'agents';

export interface ComparisonDocument {
  readonly workflow: string;
  readonly sessions_compared: number;
  readonly confidence: string;
  readonly verdict: string;
  readonly explanation: string;
  readonly metrics: Readonly<Record<MetricName, ComparedMetricDocument>>;
}

interface ShareDocument extends MoneyDocument {
  readonly name: string;
  readonly share: number | null;
}

export interface CostAnalysisDocument extends MoneyDocument {
  readonly status: string;
  readonly other_usd: number;
  readonly unpriced_tokens: number;
  readonly by_agent: readonly ShareDocument[];
  readonly by_model: readonly ShareDocument[];
  readonly by_tool: readonly ShareDocument[];
  readonly usd_per_turn: number | null;
  readonly usd_per_thousand_tokens: number | null;
  readonly cached_share: number | null;
  readonly explanation: string;
}

/** How the session stood beside what it was expected to cost and may cost, as checks say it of running ones. */
export interface BudgetVerdictDocument extends StandingDocument {
  readonly status: string;
  readonly sessions: number;
  readonly recommendations: readonly string[];
}

export interface AssessmentDocument {
  readonly session_finalized: boolean;
  readonly session_id: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly finalized_at: string;
  readonly amendments: number;
  readonly session_summary: SessionSummaryDocument;
  readonly performance_comparison: ComparisonDocument;
  readonly cost_analysis: CostAnalysisDocument;
  /** Null where policies could not be read. */
  readonly budget: BudgetVerdictDocument | null;
}

const count = z.number().int();
const figure = z.number().nullable();

const comparedMetricSchema: z.ZodType<ComparedMetricDocument> = z
  .object({
    value: z.number(),
    average: figure.meta({ description: 'Of the other finalized sessions of the workflow; null if there are none.' }),
    difference: figure,
    difference_percent: figure.meta({ description: 'Null where the average is zero.' }),
    percentile_rank: figure.meta({
      description: 'Share of the other sessions below the value, equal ones counting half, 0 to 100.',
    }),
    verdict: z
      .string()
      .meta({ description: 'normal, high, low, unusual, or unknown where there is nothing to compare with.' }),
    explanation: z.string(),
  })
  .meta({ id: 'ComparedMetric' });

const shareSchema = z.object({ name: z.string(), ...moneyShape, share: figure });

export const assessmentSchema: z.ZodType<AssessmentDocument> = z
  .object({
    session_finalized: z.boolean(),
    session_id: z.string(),
    tenant: z.string(),
    workflow: z.string(),
    finalized_at: timeSchema,
    amendments: count,
    session_summary: sessionSummarySchema,
    performance_comparison: z.object({
      workflow: z.string(),
      sessions_compared: count,
      confidence: z
        .string()
        .meta({ description: 'By the number of sessions: none, low (1 to 4), fair (5 to 19), good.' }),
      verdict: z.string().meta({ description: 'The most telling of the metrics.' }),
      explanation: z.string(),
      metrics: z.object({
        session_duration_seconds: comparedMetricSchema,
        cost_usd: comparedMetricSchema,
        tokens: comparedMetricSchema,
        turns: comparedMetricSchema,
        agents: comparedMetricSchema,
      }),
    }),
    cost_analysis: z.object({
      ...moneyShape,
      status: z.string(),
      other_usd: z.number().meta({ description: 'Part that is not tokens.' }),
      unpriced_tokens: count,
      by_agent: z.array(shareSchema).readonly(),
      by_model: z.array(shareSchema).readonly(),
      by_tool: z.array(shareSchema).readonly(),
      usd_per_turn: figure,
      usd_per_thousand_tokens: figure,
      cached_share: figure.meta({ description: 'Share of the prompt tokens that came from a cache, 0 to 1.' }),
      explanation: z.string(),
    }),
    budget: z
      .object({
        status: z.enum(BudgetStatus),
        ...standingShape,
        sessions: count.meta({ description: 'Other finished sessions behind the expectation.' }),
        recommendations: z.array(z.string()).readonly(),
      })
      .nullable()
      .meta({ description: 'Beside what it was expected to cost and may cost; null where policies cannot be read.' }),
  })
  .meta({ id: 'Assessment' });

export function assessmentDocument(
  { summary, comparison, cost }: Assessment,
  standing: FinalStanding | undefined,
): AssessmentDocument {
  const { figures, finalization } = summary;
  return {
    session_finalized: true,
    session_id: figures.sessionId,
    tenant: figures.tenant,
    workflow: figures.workflow,
    finalized_at: isoOf(finalization.finalizedUs),
    amendments: finalization.amendments,
    session_summary: summaryDocument(figures),
    performance_comparison: comparisonDocument(figures.workflow, comparison),
    cost_analysis: costAnalysisDocument(cost),
    budget: standing === undefined ? null : budgetDocument(standing),
  };
}

function budgetDocument({ evaluation, recommendations }: FinalStanding): BudgetVerdictDocument {
  return {
    status: evaluation.status,
    ...standingOf(evaluation),
    sessions: evaluation.expected.n,
    recommendations: recommendations.map(({ text }) => text),
  };
}

const METRIC_NAMES: Readonly<Record<Metric, MetricName>> = {
  duration_us: 'session_duration_seconds',
  cost_nano_usd: 'cost_usd',
  tokens: 'tokens',
  turns: 'turns',
  agents: 'agents',
};

function comparisonDocument(workflow: string, comparison: Comparison): ComparisonDocument {
  const metrics = METRICS.map(
    (metric) => [METRIC_NAMES[metric], metricDocument(comparison.metrics[metric], MEASURES[metric].unit)] as const,
  );
  return {
    workflow,
    sessions_compared: comparison.n,
    confidence: comparison.confidence,
    verdict: comparison.verdict,
    explanation: comparison.explanation,
    metrics: Object.fromEntries(metrics) as Record<MetricName, ComparedMetricDocument>,
  };
}

function metricDocument(metric: ComparedMetric, unit: number): ComparedMetricDocument {
  return {
    value: metric.value / unit,
    average: metric.average === undefined ? null : metric.average / unit,
    difference: metric.difference === undefined ? null : metric.difference / unit,
    difference_percent: metric.differencePercent ?? null,
    percentile_rank: metric.percentileRank ?? null,
    verdict: metric.verdict,
    explanation: metric.explanation,
  };
}

function costAnalysisDocument(cost: CostAnalysis): CostAnalysisDocument {
  return {
    ...moneyOf(cost.costNanoUsd),
    status: cost.status,
    other_usd: usdOf(cost.otherCostNanoUsd),
    unpriced_tokens: cost.unpricedTokens,
    by_agent: cost.byAgent.map(shareDocument),
    by_model: cost.byModel.map(shareDocument),
    by_tool: cost.byTool.map(shareDocument),
    usd_per_turn: cost.nanoUsdPerTurn === undefined ? null : cost.nanoUsdPerTurn / 1e9,
    usd_per_thousand_tokens: cost.nanoUsdPerThousandTokens === undefined ? null : cost.nanoUsdPerThousandTokens / 1e9,
    cached_share: cost.cachedShare ?? null,
    explanation: cost.explanation,
  };
}

function shareDocument({ name, costNanoUsd, share }: CostShare): ShareDocument {
  return { name, ...moneyOf(costNanoUsd), share: share ?? null };
}
