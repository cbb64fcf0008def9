// What guards send and get, checked and described; the shapes are those of @turnmeter/budget, which guards are built against.

import type { GuardSyncAnswer, GuardSyncRequest, StopOrder } from '@turnmeter/budget';
import { z } from 'zod';
import { countBody, nameBody } from '../bodies.ts';
import { expecting } from '../parameters.ts';

/** More sessions in one process are told in several requests. */
export const GUARD_SESSIONS_MAX = 500;
const WORKFLOWS_MAX = 200;
const ACTIONS_MAX = 1000;

const workflowName = nameBody('the name of a workflow');

const sessionBody = z.strictObject({
  session_id: nameBody('the id of a session'),
  workflow: workflowName.nullable(),
  workflow_version: nameBody('a version').nullable(),
  spent_nano_usd: countBody('Settled in this process since the session began here; only grows.'),
  spent_tokens: countBody('The same in tokens.'),
  reserved_nano_usd: countBody('For calls that are under way.'),
  reserved_tokens: countBody('The same in tokens.'),
  leased_nano_usd: countBody('What the guard may spend in all by the lease it holds; 0 without one.'),
  leased_tokens: countBody('The same in tokens.'),
  is_over: z.boolean({ error: expecting('true or false') }).describe('The session has ended here.'),
});

const ACTION_EXPECTED = expecting('notify, degrade, pause, resume, stop or override');

const actionBody = z.strictObject({
  session_id: nameBody('the id of a session'),
  workflow: workflowName.nullable(),
  action: z.enum(['notify', 'degrade', 'pause', 'resume', 'stop', 'override'], { error: ACTION_EXPECTED }),
  reason: nameBody('which limit made it'),
  at: z.iso.datetime({ offset: true, error: expecting('a time like 2026-11-21T12:00:00Z') }),
});

export const guardSyncBody: z.ZodType<GuardSyncRequest> = z.strictObject(
  {
    guard_id: nameBody('an id that was made up for the process').max(128, {
      error: expecting('an id of at most 128 characters'),
    }),
    sequence: countBody('Counts up with each request of the guard; one that comes late changes nothing.'),
    sessions: z
      .array(sessionBody, { error: expecting('a list of sessions') })
      .max(GUARD_SESSIONS_MAX, { error: `expected at most ${GUARD_SESSIONS_MAX} sessions` }),
    workflows: z
      .array(workflowName, { error: expecting('a list of workflows') })
      .max(WORKFLOWS_MAX, { error: `expected at most ${WORKFLOWS_MAX} workflows` })
      .describe('Workflows whose baselines are wanted, also before a session of them runs.'),
    actions: z
      .array(actionBody, { error: expecting('a list of actions') })
      .max(ACTIONS_MAX, { error: `expected at most ${ACTIONS_MAX} actions` })
      .describe('What was done since the last request that was answered.'),
  },
  { error: expecting('a JSON object with guard_id, sequence, sessions, workflows and actions') },
);

const count = z.number().int();
const stopShape = { reason: z.string(), by: z.string(), at: z.iso.datetime() };
const stopOrderSchema: z.ZodType<StopOrder> = z.object(stopShape).meta({ id: 'StopOrder' });

const sessionAnswerSchema = z
  .object({
    session_id: z.string(),
    counted_nano_usd: count.meta({ description: 'Counted of the session from all processes and producers.' }),
    counted_tokens: count,
    elsewhere_nano_usd: count.meta({ description: 'Spent and reserved by other guards of the session.' }),
    elsewhere_tokens: count,
    elsewhere_reserved_nano_usd: count.meta({ description: 'The reserved part of it, which may be given back.' }),
    elsewhere_reserved_tokens: count,
    leased_nano_usd: count
      .nullable()
      .meta({ description: 'What this guard may spend of the session in all; null without a limit.' }),
    leased_tokens: count.nullable(),
    lease_expires_at: z.iso.datetime().nullable(),
    stop: stopOrderSchema.nullable(),
  })
  .meta({ id: 'GuardSession' });

const baselineSchema = z
  .object({
    workflow: z.string(),
    version: z.string().nullable().meta({ description: 'Null: all versions together.' }),
    n: count.meta({ description: 'Finished sessions.' }),
    mean_nano_usd: count.nullable(),
    sd_nano_usd: count.nullable(),
  })
  .meta({ id: 'Baseline' });

export const guardSyncSchema: z.ZodType<GuardSyncAnswer> = z
  .object({
    policy_version: count,
    policies: z.array(z.record(z.string(), z.unknown())).readonly(),
    baselines: z.array(baselineSchema).readonly(),
    sessions: z.array(sessionAnswerSchema).readonly(),
    stopped_workflows: z.array(z.object({ workflow: z.string(), ...stopShape })).readonly(),
    next_sync_ms: count.meta({ description: 'When to ask again at the latest.' }),
  })
  .meta({ id: 'GuardSync' });
