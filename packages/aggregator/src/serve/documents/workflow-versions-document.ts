// Versions of a workflow beside one another (R22), as answers have them.

import { z } from 'zod';
import type { ComparedVersion, Difference, VersionDifference } from '../../assess/version-comparison.ts';
import {
  type DistributionDocument,
  distributionOf,
  distributionSchema,
  isoOf,
  type MoneyDocument,
  moneyOf,
  moneySchema,
  timeSchema,
} from './amounts.ts';

interface DifferenceDocument {
  readonly difference: number;
  readonly difference_percent: number | null;
  readonly change: string;
}

type MetricName = 'cost_usd' | 'session_duration_seconds' | 'tokens';

interface VersionDifferenceDocument extends Readonly<Record<MetricName | 'failed_share', DifferenceDocument>> {
  readonly version: string;
  readonly confidence: string;
}

export interface WorkflowVersionDocument {
  readonly version: string | null;
  readonly session_count: number;
  readonly first_session_at: string;
  readonly last_session_at: string;
  readonly total_cost: MoneyDocument;
  readonly underpriced_sessions: number;
  readonly failed_sessions: number;
  readonly failed_share: number;
  readonly errors: number;
  readonly distributions: Readonly<Record<MetricName, DistributionDocument>>;
  readonly compared_with_previous: VersionDifferenceDocument | null;
}

const count = z.number().int();

const differenceSchema: z.ZodType<DifferenceDocument> = z
  .object({
    difference: z.number().meta({ description: 'This version’s mean less that of the one before.' }),
    difference_percent: z.number().nullable().meta({ description: 'Null where the mean before is zero.' }),
    change: z.string().meta({
      description:
        'higher or lower, alike where the difference is no larger than chance makes it (two standard errors), or unknown where one of the two has fewer than two sessions.',
    }),
  })
  .meta({ id: 'VersionDifference' });

export const workflowVersionSchema: z.ZodType<WorkflowVersionDocument> = z
  .object({
    version: z.string().nullable().meta({ description: 'Null for sessions that name none.' }),
    session_count: count.meta({
      description: 'Finalized sessions. One that saw several versions belongs to the one that it ended with.',
    }),
    first_session_at: timeSchema.meta({ description: 'When the first of them began.' }),
    last_session_at: timeSchema,
    total_cost: moneySchema,
    underpriced_sessions: count,
    failed_sessions: count.meta({ description: 'Sessions in which a call or a tool failed.' }),
    failed_share: z.number().meta({ description: 'Their share, 0 to 1.' }),
    errors: count.meta({ description: 'Failures of calls and tools in all of them.' }),
    distributions: z.object({
      cost_usd: distributionSchema,
      session_duration_seconds: distributionSchema,
      tokens: distributionSchema,
    }),
    compared_with_previous: z
      .object({
        version: z.string().meta({ description: 'The version that was used first before this one was.' }),
        confidence: z.string().meta({ description: 'none, low, fair or good: by the fewer sessions of both.' }),
        cost_usd: differenceSchema,
        session_duration_seconds: differenceSchema,
        tokens: differenceSchema,
        failed_share: differenceSchema,
      })
      .nullable()
      .meta({ description: 'Null for the first of all.' }),
  })
  .meta({ id: 'WorkflowVersion' });

export function workflowVersionDocument({ averages, previous }: ComparedVersion): WorkflowVersionDocument {
  const { cost_nano_usd, duration_us, tokens } = averages.metrics;
  return {
    version: averages.version ?? null,
    session_count: averages.sessions,
    first_session_at: isoOf(averages.firstUs),
    last_session_at: isoOf(averages.lastUs),
    total_cost: moneyOf(cost_nano_usd.sum),
    underpriced_sessions: averages.underpriced,
    failed_sessions: averages.failed,
    failed_share: averages.failed / averages.sessions,
    errors: averages.errors,
    distributions: {
      cost_usd: distributionOf(cost_nano_usd, 1e9),
      session_duration_seconds: distributionOf(duration_us, 1e6),
      tokens: distributionOf(tokens, 1),
    },
    compared_with_previous: previous === undefined ? null : versionDifferenceDocument(previous),
  };
}

function versionDifferenceDocument(previous: VersionDifference): VersionDifferenceDocument {
  const { cost_nano_usd, duration_us, tokens } = previous.metrics;
  return {
    version: previous.version,
    confidence: previous.confidence,
    cost_usd: differenceDocument(cost_nano_usd, 1e9),
    session_duration_seconds: differenceDocument(duration_us, 1e6),
    tokens: differenceDocument(tokens, 1),
    failed_share: differenceDocument(previous.failedShare, 1),
  };
}

function differenceDocument({ difference, differencePercent, change }: Difference, unit: number): DifferenceDocument {
  return { difference: difference / unit, difference_percent: differencePercent ?? null, change };
}
