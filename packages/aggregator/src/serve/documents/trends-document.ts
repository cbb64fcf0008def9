// Use over time.

import { z } from 'zod';
import type { TrendsQuery } from '../../query/trend-rows.ts';
import type { TrendPoint, Trends } from '../../query/trends.ts';
import { type MoneyDocument, moneyOf, moneySchema, quotient } from './amounts.ts';

const count = z.number().int();
const text = z.string();

export interface TrendPointDocument {
  readonly time: string;
  readonly is_partial: boolean;
  readonly sessions: number | null;
  readonly inferences: number;
  readonly turns: number;
  readonly timed_turns: number;
  readonly tool_calls: number;
  readonly errors: number;
  readonly tokens: { readonly input: number; readonly output: number };
  readonly cost: MoneyDocument;
  readonly unpriced_tokens: number;
  readonly avg_response_time_ms: number | null;
  readonly tokens_per_message: number | null;
}

export interface TrendsDocument {
  readonly from: string;
  readonly to: string;
  readonly step: string;
  readonly timezone: string;
  readonly workflow: string | null;
  readonly by: string | null;
  readonly series: readonly { readonly name: string | null; readonly points: readonly TrendPointDocument[] }[];
  readonly is_truncated: boolean;
}

const pointSchema = z
  .object({
    time: text.meta({ description: 'The day, or the moment at which the hour began.' }),
    is_partial: z.boolean().meta({ description: 'It is not over: compare it with no other.' }),
    sessions: count.nullable().meta({ description: 'Sessions that began; null in series by something.' }),
    inferences: count,
    turns: count,
    timed_turns: count.meta({ description: 'Turns whose begin somebody saw.' }),
    tool_calls: count,
    errors: count,
    tokens: z.object({ input: count, output: count }),
    cost: moneySchema,
    unpriced_tokens: count,
    avg_response_time_ms: z.number().nullable().meta({ description: 'Of a timed turn; null without any.' }),
    tokens_per_message: z
      .number()
      .nullable()
      .meta({ description: 'Of a turn, prompt and answer; null without turns.' }),
  })
  .meta({ id: 'TrendPoint' });

export const trendsSchema: z.ZodType<TrendsDocument> = z
  .object({
    from: z.iso.date(),
    to: z.iso.date().meta({ description: 'The last day, which is included.' }),
    step: text,
    timezone: text,
    workflow: text.nullable().meta({ description: 'Null for all, and what belongs to none.' }),
    by: text.nullable(),
    series: z
      .array(z.object({ name: text.nullable(), points: z.array(pointSchema).readonly() }))
      .readonly()
      .meta({
        description:
          'The dearest first. Points without use are there, with zeros, as far as anything of the tenant is known; before and after there are none.',
      }),
    is_truncated: z.boolean().meta({ description: 'There are more than are shown.' }),
  })
  .meta({ id: 'Trends' });

export function trendsDocument(query: TrendsQuery, { series, isTruncated }: Trends): TrendsDocument {
  return {
    from: query.firstDay,
    to: query.lastDay,
    step: query.step,
    timezone: query.timezone,
    workflow: query.workflow ?? null,
    by: query.by ?? null,
    series: series.map(({ name, points }) => ({ name: name ?? null, points: points.map(pointDocument) })),
    is_truncated: isTruncated,
  };
}

function pointDocument(point: TrendPoint): TrendPointDocument {
  return {
    time: point.step,
    is_partial: point.isPartial,
    sessions: point.sessions ?? null,
    inferences: point.inferences,
    turns: point.turns,
    timed_turns: point.timedTurns,
    tool_calls: point.toolCalls,
    errors: point.errors,
    tokens: { input: point.inputTokens, output: point.outputTokens },
    cost: moneyOf(point.costNanoUsd),
    unpriced_tokens: point.unpricedTokens,
    avg_response_time_ms: quotient(point.responseTimeUs / 1000, point.timedTurns),
    tokens_per_message: quotient(point.inputTokens + point.outputTokens, point.turns),
  };
}
