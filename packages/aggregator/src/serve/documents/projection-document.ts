// How a session stands at its turn, and what it will have cost (R5, R20).

import {
  Likeness,
  type NoProjection,
  type ProgressComparison,
  type ProgressMeasure,
  ProgressVerdict,
  type Projection,
  ProjectionConfidence,
  ProjectionMethod,
  type SimilarSession,
} from '@turnmeter/budget';
import { z } from 'zod';
import type { Progress } from '../../assess/progress.ts';
import type { KnownHistory } from '../../control/projector.ts';
import type { Session } from '../../query/list-sessions.ts';
import { isoOf, timeSchema } from './amounts.ts';
import { type CostIntervalDocument, costIntervalSchema } from './session-event.ts';

export interface EndCostDocument {
  readonly status: 'projected' | 'not_enough_history';
  readonly cost_usd: CostIntervalDocument | null;
  readonly level: number | null;
  readonly confidence: string | null;
  readonly method: string | null;
  readonly sessions: number;
  readonly effective_sessions: number | null;
  readonly sessions_needed: number;
}

export interface ProgressMeasureDocument {
  readonly value: number;
  readonly median: number | null;
  readonly ratio: number | null;
  readonly percentile_rank: number | null;
  readonly verdict: string;
}

export interface EqualProgressDocument {
  readonly turn: number;
  readonly sessions_compared: number;
  readonly cost_usd: ProgressMeasureDocument;
  readonly tokens: ProgressMeasureDocument | null;
  readonly session_duration_seconds: ProgressMeasureDocument | null;
}

export interface SimilarSessionDocument {
  readonly session_id: string;
  readonly distance: number;
  readonly because: readonly string[];
  readonly ended_at: string;
  readonly turn_count: number;
  readonly cost_at_turn_usd: number | null;
  readonly end_cost_usd: number;
}

export interface ProjectionDocument {
  readonly session_id: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly state: 'running' | 'finalized';
  readonly turn_count: number;
  readonly current_cost_usd: number;
  readonly projection: EndCostDocument | null;
  readonly comparison_at_turn: EqualProgressDocument | null;
  readonly similar_sessions: readonly SimilarSessionDocument[];
  readonly explanation: string;
  readonly history: { readonly sessions: number; readonly as_of: string };
}

const count = z.number().int();
const figure = z.number().nullable();

const measureSchema: z.ZodType<ProgressMeasureDocument> = z
  .object({
    value: z.number(),
    median: figure.meta({ description: 'Of the others at the same turn.' }),
    ratio: figure.meta({ description: 'Value over median; null where the median is 0.' }),
    percentile_rank: figure.meta({ description: 'Share of the others below, equal ones counting half, 0 to 100.' }),
    verdict: z.enum(ProgressVerdict),
  })
  .meta({ id: 'MeasureAtTurn' });

const endCostSchema: z.ZodType<EndCostDocument> = z
  .object({
    status: z.enum(['projected', 'not_enough_history']),
    cost_usd: costIntervalSchema.nullable().meta({ description: 'US dollars at the end, never below what is spent.' }),
    level: figure.meta({ description: 'Share of sessions that end within the interval.' }),
    confidence: z.enum(ProjectionConfidence).nullable(),
    method: z.enum(ProjectionMethod).nullable().meta({ description: 'By what finished sessions were laid beside it.' }),
    sessions: count.meta({ description: 'Finished sessions that came as far.' }),
    effective_sessions: figure.meta({ description: 'As many equally good ones would tell as much.' }),
    sessions_needed: count.meta({ description: 'Fewer cannot bound nine of ten.' }),
  })
  .meta({ id: 'ProjectedEndCost' });

export const projectionSchema: z.ZodType<ProjectionDocument> = z
  .object({
    session_id: z.string(),
    tenant: z.string(),
    workflow: z.string(),
    state: z.enum(['running', 'finalized']),
    turn_count: count,
    current_cost_usd: z.number(),
    projection: endCostSchema.nullable().meta({ description: 'Null once the session is finalized.' }),
    comparison_at_turn: z
      .object({
        turn: count,
        sessions_compared: count.meta({ description: 'Finished sessions of the workflow that came to this turn.' }),
        cost_usd: measureSchema,
        tokens: measureSchema.nullable(),
        session_duration_seconds: measureSchema.nullable(),
      })
      .nullable()
      .meta({ description: 'Beside others when they had as many turns; null before the first.' }),
    similar_sessions: z
      .array(
        z.object({
          session_id: z.string(),
          distance: z.number().meta({ description: '0 is alike in all that is compared.' }),
          because: z.array(z.enum(Likeness)).readonly(),
          ended_at: timeSchema,
          turn_count: count,
          cost_at_turn_usd: figure.meta({ description: 'When it had as many turns.' }),
          end_cost_usd: z.number(),
        }),
      )
      .readonly(),
    explanation: z.string(),
    history: z.object({
      sessions: count.meta({ description: 'Finished sessions of the workflow that were looked at.' }),
      as_of: timeSchema.meta({
        description: 'When they were read; some seconds ago at most while the database answers.',
      }),
    }),
  })
  .meta({ id: 'SessionProjection' });

export function projectionDocument(
  { figures, finalization }: Session,
  progress: Progress,
  { history, readMs }: KnownHistory,
): ProjectionDocument {
  const { running, projection, comparison, similar, explanation } = progress;
  return {
    session_id: figures.sessionId,
    tenant: figures.tenant,
    workflow: figures.workflow,
    state: finalization === undefined ? 'running' : 'finalized',
    turn_count: running.turns,
    current_cost_usd: running.costNanoUsd / 1e9,
    projection: projection === undefined ? null : endCostDocument(projection),
    comparison_at_turn: comparison === undefined ? null : comparisonDocument(comparison),
    similar_sessions: similar.map(similarDocument),
    explanation,
    history: { sessions: history.sessions.length, as_of: isoOf(readMs * 1000) },
  };
}

function endCostDocument(projection: Projection | NoProjection): EndCostDocument {
  if (projection.status === 'not_enough_history') {
    const { status, n, needed } = projection;
    const nothing = { cost_usd: null, level: null, confidence: null, method: null, effective_sessions: null };
    return { status, ...nothing, sessions: n, sessions_needed: needed };
  }
  const { status, level, confidence, method, n, effectiveN, needed } = projection;
  return {
    status,
    cost_usd: {
      low: projection.lowNanoUsd / 1e9,
      mid: projection.midNanoUsd / 1e9,
      high: projection.highNanoUsd / 1e9,
    },
    level,
    confidence,
    method,
    sessions: n,
    effective_sessions: effectiveN,
    sessions_needed: needed,
  };
}

function comparisonDocument({ turns, n, costNanoUsd, tokens, durationMs }: ProgressComparison): EqualProgressDocument {
  return {
    turn: turns,
    sessions_compared: n,
    cost_usd: measureDocument(costNanoUsd, 1e9),
    tokens: tokens === undefined ? null : measureDocument(tokens, 1),
    session_duration_seconds: durationMs === undefined ? null : measureDocument(durationMs, 1000),
  };
}

function measureDocument(
  { value, median, ratio, percentileRank, verdict }: ProgressMeasure,
  unit: number,
): ProgressMeasureDocument {
  return {
    value: value / unit,
    median: median === undefined ? null : median / unit,
    ratio: ratio ?? null,
    percentile_rank: percentileRank ?? null,
    verdict,
  };
}

function similarDocument(session: SimilarSession): SimilarSessionDocument {
  const { id, distance, because, endedMs, turns, costThenNanoUsd, endCostNanoUsd } = session;
  return {
    session_id: id,
    distance,
    because,
    ended_at: isoOf(endedMs * 1000),
    turn_count: turns,
    cost_at_turn_usd: costThenNanoUsd === undefined ? null : costThenNanoUsd / 1e9,
    end_cost_usd: endCostNanoUsd / 1e9,
  };
}
