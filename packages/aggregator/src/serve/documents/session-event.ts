// What `GET /api/v1/sessions/{id}/events` and `GET /api/v1/events` send: server-sent events, `data:` is JSON. A stream begins with a
// `session` event for each session that runs, then `ready`; from then on an event says what has changed.

import type { PolicyScope } from '@turnmeter/budget';
import { z } from 'zod';
import { type MoneyDocument, moneySchema, timeSchema } from './amounts.ts';

/** `event:` names. */
export const SessionEvent = {
  /** Figures of a session moved: {@link SessionStatusDocument}. */
  SESSION: 'session',
  /** It is finalized: {@link SessionStatusDocument}; amended figures come as another. */
  FINALIZED: 'finalized',
  /** A guard did something: {@link GuardActionDocument}. */
  GUARD: 'guard',
  /** Somebody wants a session, or all of a workflow, to stop: {@link StopEventDocument}. */
  STOP: 'stop',
  /** That was taken back: {@link ReleaseEventDocument}. */
  RELEASE: 'release',
  /** All that runs has been told: {@link ReadyEventDocument}. */
  READY: 'ready',
} as const;
export type SessionEvent = (typeof SessionEvent)[keyof typeof SessionEvent];

/** US dollars, as everywhere beside exact amounts. */
export interface CostIntervalDocument {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** A limit of a policy, and where it came from. */
export interface BindingLimitDocument {
  /** `shares.stop`, `usd.critical`, `tokens.warning`. */
  readonly limit: string;
  /** A share of the expected cost, US dollars or tokens, as the name says. */
  readonly value: number;
  /** 100 where it is reached. */
  readonly percent_used: number;
  /** Whose policy says so. */
  readonly from: PolicyScope | 'default';
}

export interface SessionStatusDocument {
  readonly session_id: string;
  /** Null where nothing names one. */
  readonly workflow: string | null;
  readonly state: 'running' | 'finalized';
  readonly cost: MoneyDocument;
  readonly tokens: number;
  readonly turns: number;
  readonly inferences: number;
  readonly errors: number;
  readonly began_at: string;
  /** End of what ended last. */
  readonly last_at: string;
  readonly status: 'within_limits' | 'approaching_limit' | 'exceeded_limit';
  readonly level: string;
  readonly expected_cost: number | null;
  readonly percent_of_expected: number | null;
  readonly projected_cost: CostIntervalDocument | null;
  /** By the sessions behind the expectation. */
  readonly confidence: string;
  readonly binding_limit: BindingLimitDocument | null;
  /** Whether it is to stop, itself or as one of its workflow. */
  readonly is_stopped: boolean;
}

export interface GuardActionDocument {
  readonly session_id: string;
  readonly workflow: string | null;
  readonly action: string;
  readonly reason: string;
  readonly at: string;
}

/** Either of the two names is null. */
export interface StopEventDocument {
  readonly session_id: string | null;
  readonly workflow: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

export type ReleaseEventDocument = Pick<StopEventDocument, 'session_id' | 'workflow'>;

export interface ReadyEventDocument {
  /** Sessions that were told. */
  readonly sessions: number;
}

const count = z.number().int();

export const costIntervalSchema: z.ZodType<CostIntervalDocument> = z
  .object({ low: z.number(), mid: z.number(), high: z.number() })
  .meta({
    id: 'CostInterval',
    description: 'US dollars: nine of ten sessions like this one end between low and high.',
  });

export const bindingLimitSchema: z.ZodType<BindingLimitDocument> = z
  .object({
    limit: z.string().meta({ description: 'shares.stop, usd.critical, tokens.warning, ...' }),
    value: z.number().meta({ description: 'A share of the expected cost, US dollars or tokens, as the name says.' }),
    percent_used: z.number().meta({ description: '100 where it is reached.' }),
    from: z
      .union([
        z.literal('default'),
        z.object({
          tenant: z.string().optional(),
          workflow: z.string().optional(),
          agent: z.string().optional(),
          model: z.string().optional(),
        }),
      ])
      .meta({ description: 'The scope of the policy that says so.' }),
  })
  .meta({ id: 'BindingLimit' });

export const sessionStatusSchema: z.ZodType<SessionStatusDocument> = z
  .object({
    session_id: z.string(),
    workflow: z.string().nullable(),
    state: z.enum(['running', 'finalized']),
    cost: moneySchema,
    tokens: count,
    turns: count,
    inferences: count,
    errors: count,
    began_at: timeSchema,
    last_at: timeSchema,
    status: z.enum(['within_limits', 'approaching_limit', 'exceeded_limit']),
    level: z.string(),
    expected_cost: z.number().nullable().meta({ description: 'US dollars; null where nothing is known.' }),
    percent_of_expected: z.number().nullable(),
    projected_cost: costIntervalSchema.nullable(),
    confidence: z.string(),
    binding_limit: bindingLimitSchema.nullable(),
    is_stopped: z.boolean().meta({ description: 'Whether it is to stop, itself or as one of its workflow.' }),
  })
  .meta({ id: 'SessionStatus' });
