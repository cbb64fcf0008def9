// Finished sessions of a workflow as they went, turn by turn: what projections are made from, and can be tested on elsewhere.

import type { FinishedSession } from '@turnmeter/budget';
import { z } from 'zod';
import { isoOf, timeSchema } from './amounts.ts';

export interface FinishedSessionDocument {
  readonly session_id: string;
  readonly ended_at: string;
  readonly version: string | null;
  readonly entry_agent: string | null;
  readonly first_prompt_tokens: number | null;
  readonly nano_usd_by_turn: readonly number[];
  readonly tokens_by_turn: readonly number[];
  readonly ms_by_turn: readonly number[];
  readonly end_cost_nano_usd: number;
}

export interface WorkflowHistoryDocument {
  readonly workflow: string;
  readonly sessions: readonly FinishedSessionDocument[];
}

const figures = z.array(z.number()).readonly();

export const workflowHistorySchema: z.ZodType<WorkflowHistoryDocument> = z
  .object({
    workflow: z.string(),
    sessions: z
      .array(
        z.object({
          session_id: z.string(),
          ended_at: timeSchema,
          version: z.string().nullable(),
          entry_agent: z.string().nullable().meta({ description: 'Who spoke first.' }),
          first_prompt_tokens: z.number().nullable().meta({ description: 'Input tokens of the first turn.' }),
          nano_usd_by_turn: figures.meta({
            description:
              'Spent by the end of each turn; what no turn spent is given to them in proportion. Of the first 500 turns.',
          }),
          tokens_by_turn: figures,
          ms_by_turn: figures.meta({ description: 'From the beginning of the session to the end of each turn.' }),
          end_cost_nano_usd: z.number(),
        }),
      )
      .readonly()
      .meta({ description: 'In order of their ends.' }),
  })
  .meta({ id: 'WorkflowHistory' });

export function workflowHistoryDocument(
  workflow: string,
  sessions: readonly FinishedSession[],
): WorkflowHistoryDocument {
  return {
    workflow,
    sessions: sessions.map((session) => ({
      session_id: session.id,
      ended_at: isoOf(session.endedMs * 1000),
      version: session.version ?? null,
      entry_agent: session.entryAgent ?? null,
      first_prompt_tokens: session.firstPromptTokens ?? null,
      nano_usd_by_turn: session.costsNanoUsd,
      tokens_by_turn: session.tokens,
      ms_by_turn: session.durationsMs,
      end_cost_nano_usd: session.endCostNanoUsd,
    })),
  };
}

/** The other way round, for those who read the document. */
export function readFinishedSession(document: FinishedSessionDocument): FinishedSession {
  return {
    id: document.session_id,
    endedMs: Date.parse(document.ended_at),
    version: document.version ?? undefined,
    entryAgent: document.entry_agent ?? undefined,
    firstPromptTokens: document.first_prompt_tokens ?? undefined,
    costsNanoUsd: document.nano_usd_by_turn,
    tokens: document.tokens_by_turn,
    durationsMs: document.ms_by_turn,
    endCostNanoUsd: document.end_cost_nano_usd,
  };
}
