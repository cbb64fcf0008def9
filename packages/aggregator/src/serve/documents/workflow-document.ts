// The workflow record (R2) as answers have it.

import { z } from 'zod';
import { compareVersions } from '../../assess/version-comparison.ts';
import type { VersionList } from '../../query/workflow-versions.ts';
import type { AgentAverages, Average, WorkflowAverages } from '../../query/workflows.ts';
import {
  type DistributionDocument,
  distributionOf,
  distributionSchema,
  isoOf,
  type MoneyDocument,
  moneyOf,
  moneySchema,
  quotient,
  timeSchema,
} from './amounts.ts';
import {
  type WorkflowVersionDocument,
  workflowVersionDocument,
  workflowVersionSchema,
} from './workflow-versions-document.ts';

export interface WorkflowDocument {
  readonly workflow: string;
  readonly tenant: string;
  readonly performance_averages: {
    readonly avg_session_duration_seconds: number | null;
    readonly avg_cost_per_session: number | null;
    readonly avg_tokens_per_session: number | null;
    readonly avg_turns_per_session: number | null;
    readonly avg_agents_per_session: number | null;
  };
  readonly session_count: number;
  readonly last_updated: string | null;
  readonly total_cost: MoneyDocument;
  readonly underpriced_sessions: number;
  readonly distributions: Readonly<
    Record<'session_duration_seconds' | 'cost_usd' | 'tokens' | 'turns' | 'agents', DistributionDocument>
  >;
}

export interface WorkflowAgentDocument {
  readonly session_count: number;
  readonly message_count: number;
  readonly total_response_time_ms: number;
  readonly avg_response_time_ms: number | null;
  readonly response_time_ms: DistributionDocument;
  readonly tokens_per_message: number | null;
  readonly output_per_input: number | null;
  readonly cost: MoneyDocument;
}

export interface WorkflowDetailDocument extends WorkflowDocument {
  readonly agent_performance: Readonly<Record<string, WorkflowAgentDocument>>;
  readonly versions: readonly WorkflowVersionDocument[];
  readonly versions_are_truncated: boolean;
}

const count = z.number().int();
const average = z.number().nullable();

const workflowShape = {
  workflow: z.string(),
  tenant: z.string(),
  performance_averages: z
    .object({
      avg_session_duration_seconds: average,
      avg_cost_per_session: average.meta({ description: 'US dollars.' }),
      avg_tokens_per_session: average,
      avg_turns_per_session: average,
      avg_agents_per_session: average,
    })
    .meta({ description: 'Over finalized sessions; null while there are none.' }),
  session_count: count.meta({ description: 'Finalized sessions.' }),
  last_updated: timeSchema.nullable().meta({ description: 'When the last of them was finalized.' }),
  total_cost: moneySchema,
  underpriced_sessions: count.meta({
    description: 'Sessions whose cost is a lower bound, as something in them has no price.',
  }),
  distributions: z.object({
    session_duration_seconds: distributionSchema,
    cost_usd: distributionSchema,
    tokens: distributionSchema,
    turns: distributionSchema,
    agents: distributionSchema,
  }),
};

export const workflowSchema: z.ZodType<WorkflowDocument> = z.object(workflowShape).meta({ id: 'Workflow' });

export const workflowDetailSchema: z.ZodType<WorkflowDetailDocument> = z
  .object({
    ...workflowShape,
    agent_performance: z.record(
      z.string(),
      z.object({
        session_count: count,
        message_count: count,
        total_response_time_ms: z.number(),
        avg_response_time_ms: average,
        response_time_ms: distributionSchema,
        tokens_per_message: average,
        output_per_input: average,
        cost: moneySchema,
      }),
    ),
    versions: z
      .array(workflowVersionSchema)
      .readonly()
      .meta({ description: 'By turnmeter.workflow.version of its spans, the newest first: the twenty used last.' }),
    versions_are_truncated: z.boolean().meta({ description: 'There are versions that were used last before these.' }),
  })
  .meta({ id: 'WorkflowDetail' });

export function workflowDocument(averages: WorkflowAverages): WorkflowDocument {
  const { duration_us, cost_nano_usd, tokens, turns, agents } = averages.metrics;
  return {
    workflow: averages.workflow,
    tenant: averages.tenant,
    performance_averages: {
      avg_session_duration_seconds: meanOf(duration_us, 1e6),
      avg_cost_per_session: meanOf(cost_nano_usd, 1e9),
      avg_tokens_per_session: meanOf(tokens, 1),
      avg_turns_per_session: meanOf(turns, 1),
      avg_agents_per_session: meanOf(agents, 1),
    },
    session_count: averages.sessions,
    last_updated: averages.sessions === 0 ? null : isoOf(averages.lastFinalizedUs),
    total_cost: moneyOf(cost_nano_usd.sum),
    underpriced_sessions: averages.underpriced,
    distributions: {
      session_duration_seconds: distributionOf(duration_us, 1e6),
      cost_usd: distributionOf(cost_nano_usd, 1e9),
      tokens: distributionOf(tokens, 1),
      turns: distributionOf(turns, 1),
      agents: distributionOf(agents, 1),
    },
  };
}

function meanOf({ mean }: Average, unit: number): number | null {
  return mean === undefined ? null : mean / unit;
}

export function workflowDetailDocument(
  averages: WorkflowAverages,
  agents: readonly AgentAverages[],
  { versions, isTruncated }: VersionList,
): WorkflowDetailDocument {
  return {
    ...workflowDocument(averages),
    agent_performance: Object.fromEntries(agents.map((agent) => [agent.agent, agentDocument(agent)])),
    versions: compareVersions(versions).map(workflowVersionDocument),
    versions_are_truncated: isTruncated,
  };
}

function agentDocument({
  sessions,
  turns,
  response,
  inputTokens,
  outputTokens,
  costNanoUsd,
}: AgentAverages): WorkflowAgentDocument {
  return {
    session_count: sessions,
    message_count: turns,
    total_response_time_ms: Number(response.sum) / 1000,
    avg_response_time_ms: response.mean === undefined ? null : response.mean / 1000,
    response_time_ms: distributionOf(response, 1000),
    tokens_per_message: quotient(inputTokens + outputTokens, turns),
    output_per_input: quotient(outputTokens, inputTokens),
    cost: moneyOf(costNanoUsd),
  };
}
