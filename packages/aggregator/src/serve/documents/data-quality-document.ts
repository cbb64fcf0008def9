// What is wrong with the data that arrived lately.

import { z } from 'zod';
import type {
  CallQuality,
  DataQuality,
  DataQualityQuery,
  LineageQuality,
  ReportedTwice,
  UnpricedModel,
} from '../../query/data-quality.ts';
import { isoOf, timeSchema } from './amounts.ts';

const count = z.number().int();
const text = z.string();

interface ClockDocument {
  readonly service: string;
  readonly ahead_seconds: number;
  readonly behind_seconds: number;
}

export interface DataQualityDocument {
  readonly from: string;
  readonly to: string;
  readonly calls: readonly CallQuality[];
  readonly unpriced_models: readonly UnpricedModel[];
  readonly reported_twice: readonly ReportedTwice[];
  readonly lineage: readonly LineageQuality[];
  readonly one_trace_of: number;
  readonly clocks: readonly ClockDocument[];
}

const callSchema = z.object({
  service: text,
  profile: text,
  calls: count,
  calls_without_session: count,
  calls_without_usage: count.meta({ description: 'Nobody reports their tokens.' }),
  calls_with_estimated_usage: count,
  calls_of_metrics_only: count.meta({ description: 'Only a metric reports them: their spans never came.' }),
  tokens: count.meta({ description: 'Tokens that are counted.' }),
  metric_tokens: count.meta({
    description:
      'Tokens that a metric reports of calls that are counted elsewhere; more than those means that calls are missing.',
  }),
});

const twiceSchema = z.object({
  service: text,
  scope: text.meta({ description: 'Instrumentation scope of the copy that is left out.' }),
  counted_scope: text.meta({ description: 'Instrumentation scope of the one that counts.' }),
  calls: count,
});

const lineageSchema = z.object({
  service: text,
  traces: count,
  traces_without_parent: count.meta({ description: 'Traces with spans whose parent never came.' }),
});

const clockSchema = z.object({
  service: text,
  ahead_seconds: z.number().meta({ description: 'The most that something ended after it was received.' }),
  behind_seconds: z
    .number()
    .meta({ description: 'The least that something was received after it ended, of the worst process.' }),
});

export const dataQualitySchema: z.ZodType<DataQualityDocument> = z
  .object({
    from: timeSchema,
    to: timeSchema,
    calls: z.array(callSchema).readonly(),
    unpriced_models: z.array(z.object({ provider: text, model: text, calls: count, tokens: count })).readonly(),
    reported_twice: z.array(twiceSchema).readonly(),
    lineage: z.array(lineageSchema).readonly(),
    one_trace_of: count.meta({ description: 'reported_twice and lineage are of one trace in so many.' }),
    clocks: z.array(clockSchema).readonly(),
  })
  .meta({ id: 'DataQuality' });

export function dataQualityDocument({ fromUs, nowUs }: DataQualityQuery, quality: DataQuality): DataQualityDocument {
  return {
    from: isoOf(fromUs),
    to: isoOf(nowUs),
    calls: quality.calls,
    unpriced_models: quality.unpriced,
    reported_twice: quality.reportedTwice,
    lineage: quality.lineage,
    one_trace_of: quality.oneTraceOf,
    clocks: quality.clocks.map(({ service, ahead_us, behind_us }) => ({
      service,
      ahead_seconds: ahead_us / 1e6,
      behind_seconds: behind_us / 1e6,
    })),
  };
}
