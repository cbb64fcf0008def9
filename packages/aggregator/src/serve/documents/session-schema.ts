// The session record (R1) as answers have it.

import { z } from 'zod';
import {
  distributionSchema,
  type DistributionDocument,
  type MoneyDocument,
  moneySchema,
  moneyShape,
  timeSchema,
  type TokensDocument,
  tokensSchema,
} from './amounts.ts';
import { type GuardEntryDocument, guardEntrySchema } from './guard-entry.ts';

export interface SessionSummaryDocument {
  readonly total_tokens: number;
  readonly total_cost: number;
  readonly session_duration_seconds: number;
  readonly agents_used: readonly string[];
}

export interface AgentDocument {
  readonly total_response_time_ms: number;
  readonly message_count: number;
  readonly avg_response_time_ms: number | null;
  readonly response_time_ms: DistributionDocument;
  readonly inferences: number;
  readonly tokens: TokensDocument;
  readonly cost: MoneyDocument;
  readonly tokens_per_message: number | null;
  readonly output_per_input: number | null;
  readonly tool_calls: number;
  readonly errors: number;
}

export interface ModelDocument {
  readonly providers: readonly string[];
  readonly inferences: number;
  readonly tokens: TokensDocument;
  readonly cost: MoneyDocument;
  readonly errors: number;
}

export interface ToolDocument {
  readonly calls: number;
  readonly errors: number;
  readonly time_ms: number;
  readonly cost: MoneyDocument;
}

export interface TurnDocument {
  readonly speaker: string | null;
  readonly started_at: string;
  readonly ended_at: string;
  readonly response_time_ms: number | null;
  readonly inferences: number;
  readonly tool_steps: number;
  readonly tokens: { readonly input: number; readonly output: number };
  readonly cost: MoneyDocument;
}

export interface HandoffDocument {
  readonly from: string | null;
  readonly to: string | null;
  readonly count: number;
  readonly avg_gap_ms: number;
  readonly input_tokens: number;
}

export interface WitnessDocument {
  readonly reason: string;
  readonly explanation: string;
  readonly signal: string;
  readonly profile: string;
  readonly records: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Against what is counted; null where the two are not of the same calls. */
  readonly comparison: 'equal' | 'more' | 'less' | null;
}

export interface NoteDocument {
  readonly code: string;
  readonly records: number;
  readonly explanation: string;
}

export interface CostDocument extends MoneyDocument {
  readonly status: string;
  readonly unpriced_tokens: number;
  readonly other_usd: number;
  readonly by_status: Readonly<Record<string, MoneyDocument & { readonly calls: number }>>;
  readonly claimed_usd: number;
  readonly claimed_by: Readonly<Record<string, MoneyDocument>>;
}

/** A session in a list. */
export interface SessionDocument {
  readonly session_id: string | null;
  readonly tenant: string;
  readonly workflow: string;
  readonly workflow_version: string | null;
  readonly user: string | null;
  readonly state: 'running' | 'finalized' | null;
  readonly started_at: string;
  readonly ended_at: string;
  readonly finalized_at: string | null;
  readonly amendments: number;
  readonly session_summary: SessionSummaryDocument;
  readonly active_seconds: number;
  readonly human_wait_seconds: number;
  readonly tokens: TokensDocument;
  readonly inferences: number;
  readonly tool_calls: number;
  readonly turn_count: number;
  readonly errors: number;
  readonly cost: CostDocument;
  readonly agent_performance: Readonly<Record<string, AgentDocument>>;
  readonly models: Readonly<Record<string, ModelDocument>>;
  readonly tools: Readonly<Record<string, ToolDocument>>;
  readonly usage_sources: Readonly<Record<string, number>>;
  readonly usage_note: string | null;
  readonly is_truncated: boolean;
  readonly timestamp: string;
}

/** One session, with what would be too long in a list. */
export interface SessionDetailDocument extends SessionDocument {
  readonly turns: readonly TurnDocument[];
  readonly handoffs: readonly HandoffDocument[];
  readonly witnesses: readonly WitnessDocument[];
  readonly notes: readonly NoteDocument[];
  readonly guard: readonly GuardEntryDocument[];
}

const count = z.number().int();
const name = z.string().nullable();

export const sessionSummarySchema: z.ZodType<SessionSummaryDocument> = z
  .object({
    total_tokens: count.meta({ description: 'Prompt and answer tokens.' }),
    total_cost: z
      .number()
      .meta({ description: 'US dollars; cost.nano_usd has it exactly, cost.status how far it can be trusted.' }),
    session_duration_seconds: z.number().meta({ description: 'From the first begin to the last end.' }),
    agents_used: z.array(z.string()).readonly(),
  })
  .meta({ id: 'SessionSummary' });

const agentSchema: z.ZodType<AgentDocument> = z
  .object({
    total_response_time_ms: z.number().meta({ description: 'Of its turns, without people and agents nested in them.' }),
    message_count: count.meta({ description: 'Turns.' }),
    avg_response_time_ms: z.number().nullable(),
    response_time_ms: distributionSchema,
    inferences: count.meta({ description: 'Model calls.' }),
    tokens: tokensSchema,
    cost: moneySchema,
    tokens_per_message: z.number().nullable(),
    output_per_input: z.number().nullable(),
    tool_calls: count,
    errors: count,
  })
  .meta({ id: 'AgentPerformance' });

const modelSchema: z.ZodType<ModelDocument> = z
  .object({
    providers: z.array(z.string()).readonly(),
    inferences: count,
    tokens: tokensSchema,
    cost: moneySchema,
    errors: count,
  })
  .meta({ id: 'ModelUse' });

const toolSchema: z.ZodType<ToolDocument> = z
  .object({ calls: count, errors: count, time_ms: z.number(), cost: moneySchema })
  .meta({ id: 'ToolUse' });

const turnSchema: z.ZodType<TurnDocument> = z
  .object({
    speaker: name.meta({ description: 'Null where nobody named the agent.' }),
    started_at: timeSchema,
    ended_at: timeSchema,
    response_time_ms: z.number().nullable().meta({ description: 'null where nobody saw the turn begin.' }),
    inferences: count,
    tool_steps: count.meta({ description: 'Tool calls between parts of the turn, or behind them.' }),
    tokens: z.object({ input: count, output: count }),
    cost: moneySchema,
  })
  .meta({ id: 'Turn' });

const handoffSchema: z.ZodType<HandoffDocument> = z
  .object({
    from: name,
    to: name,
    count,
    avg_gap_ms: z.number().meta({ description: 'From the end of one turn to the begin of the next.' }),
    input_tokens: count.meta({ description: 'Prompt tokens of the turns that followed.' }),
  })
  .meta({ id: 'Handoff' });

const witnessSchema: z.ZodType<WitnessDocument> = z
  .object({
    reason: z.string(),
    explanation: z.string(),
    signal: z.string(),
    profile: z.string(),
    records: count,
    input_tokens: count,
    output_tokens: count,
    comparison: z.enum(['equal', 'more', 'less']).nullable(),
  })
  .meta({
    id: 'Witness',
    description:
      'Tokens that were seen and not added. A witness that is equal proves the figures complete; one with more shows a loss.',
  });

const noteSchema: z.ZodType<NoteDocument> = z
  .object({ code: z.string(), records: count, explanation: z.string() })
  .meta({ id: 'Note' });

const costSchema: z.ZodType<CostDocument> = z
  .object({
    ...moneyShape,
    status: z
      .string()
      .meta({ description: 'exact, estimated, partial (a lower bound) or unpriced (the 0 is no price).' }),
    unpriced_tokens: count,
    other_usd: z.number().meta({ description: 'Part that is not tokens.' }),
    by_status: z.record(z.string(), z.object({ ...moneyShape, calls: count })),
    claimed_usd: z.number().meta({ description: 'What others put on the records, for comparison.' }),
    claimed_by: z.record(z.string(), moneySchema),
  })
  .meta({ id: 'Cost' });

const sessionShape = {
  session_id: z
    .string()
    .nullable()
    .meta({ description: 'Null for calls of no session, which are one row for each workflow.' }),
  tenant: z.string(),
  workflow: z.string(),
  workflow_version: name.meta({ description: 'Null where nobody named one; the latest of several.' }),
  user: name,
  state: z.enum(['running', 'finalized']).nullable().meta({ description: 'Null where there is no session.' }),
  started_at: timeSchema,
  ended_at: timeSchema,
  finalized_at: timeSchema.nullable(),
  amendments: count.meta({ description: 'How often later records changed a finalized session.' }),
  session_summary: sessionSummarySchema,
  active_seconds: z.number().meta({ description: 'Time in which something ran, without waiting for people.' }),
  human_wait_seconds: z.number(),
  tokens: tokensSchema,
  inferences: count,
  tool_calls: count,
  turn_count: count,
  errors: count,
  cost: costSchema,
  agent_performance: z
    .record(z.string(), agentSchema)
    .meta({ description: 'By agent; under the empty name what no agent is named for.' }),
  models: z
    .record(z.string(), modelSchema)
    .meta({ description: 'By model; under the empty name calls of a model nobody named.' }),
  tools: z.record(z.string(), toolSchema),
  usage_sources: z
    .record(z.string(), count)
    .meta({ description: 'Model calls by where their token numbers come from: provider, estimated, missing.' }),
  usage_note: name.meta({ description: 'What is not known, such as "27 of 36 calls without usage"; null if nothing.' }),
  is_truncated: z.boolean().meta({
    description: 'More records than are looked at one by one: the sums are complete, the turns are not known.',
  }),
  timestamp: timeSchema.meta({ description: 'When these figures were: of the finalization, or of the answer.' }),
};

export const sessionSchema: z.ZodType<SessionDocument> = z.object(sessionShape).meta({ id: 'Session' });

export const sessionDetailSchema: z.ZodType<SessionDetailDocument> = z
  .object({
    ...sessionShape,
    turns: z.array(turnSchema).readonly().meta({ description: 'In order.' }),
    handoffs: z
      .array(handoffSchema)
      .readonly()
      .meta({ description: 'Who handed over to whom. An agent that is asked as a tool is handed nothing over.' }),
    witnesses: z.array(witnessSchema).readonly(),
    notes: z.array(noteSchema).readonly().meta({ description: 'What was noticed and repaired while reading.' }),
    guard: z
      .array(guardEntrySchema)
      .readonly()
      .meta({ description: 'What guards did lately; this service remembers.' }),
  })
  .meta({ id: 'SessionDetail' });
