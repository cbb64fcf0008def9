// Whether a session is still within what it may cost (R15).

import {
  type BindingLimit,
  Confidence,
  ENFORCED_SESSIONS_MIN,
  type Evaluation,
  type ExpectedCost,
  Level,
} from '@turnmeter/budget';
import { z } from 'zod';
import type { CostCheck } from '../../control/cost-check.ts';
import {
  bindingLimitSchema,
  type BindingLimitDocument,
  type CostIntervalDocument,
  costIntervalSchema,
} from './session-event.ts';

/** What checks, streams and verdicts all say of how a session stands. */
export interface StandingDocument {
  readonly level: string;
  /** US dollars; null where nothing is known. */
  readonly expected_cost: number | null;
  readonly percent_of_expected: number | null;
  readonly projected_cost: CostIntervalDocument | null;
  readonly confidence: string;
  readonly binding_limit: BindingLimitDocument | null;
}

export interface ThresholdAnalysisDocument extends StandingDocument {
  readonly workflow: string;
  readonly current_cost: number;
  readonly current_tokens: number;
  readonly projected_level: string | null;
  /** Finished sessions behind the expectation. */
  readonly sessions: number;
  readonly expected_from: string;
  readonly action: string;
  readonly is_unlimited: boolean;
  readonly not_enforced: string | null;
  readonly counted_by: 'caller' | 'ledger';
  readonly policy_version: number;
  readonly recommendation_codes: readonly string[];
  readonly hint: string | null;
  readonly near_workflows: readonly string[];
}

export interface CostCheckDocument {
  readonly status: string;
  readonly recommendations: readonly string[];
  readonly threshold_analysis: ThresholdAnalysisDocument;
}

const figure = z.number().nullable();

export const standingShape: { readonly [Name in keyof StandingDocument]: z.ZodType<StandingDocument[Name]> } = {
  level: z.enum(Level),
  expected_cost: figure.meta({ description: 'US dollars of a whole session; null where nobody knows.' }),
  percent_of_expected: figure,
  projected_cost: costIntervalSchema.nullable().meta({ description: 'At the end; null without enough history.' }),
  confidence: z.enum(Confidence).meta({ description: 'By the sessions behind the expectation.' }),
  binding_limit: bindingLimitSchema
    .nullable()
    .meta({ description: 'The limit that decided, or the nearest; null where there is none.' }),
};

export const costCheckSchema: z.ZodType<CostCheckDocument> = z
  .object({
    status: z.enum(['within_limits', 'approaching_limit', 'exceeded_limit']),
    recommendations: z.array(z.string()).readonly().meta({ description: 'Most pressing first, each with its reason.' }),
    threshold_analysis: z.object({
      workflow: z.string(),
      ...standingShape,
      current_cost: z
        .number()
        .meta({ description: 'US dollars: the higher of what was said and what the ledger has.' }),
      current_tokens: z.number().int(),
      projected_level: z.enum(Level).nullable(),
      sessions: z.number().int().meta({ description: 'Finished sessions behind the expectation.' }),
      expected_from: z
        .string()
        .meta({ description: 'version, workflow, sessions_and_declared, declared or none: what it was made of.' }),
      action: z.string().meta({ description: 'What a guard would do: none, notify, degrade, pause or stop.' }),
      is_unlimited: z.boolean().meta({ description: 'Nothing would ever stop the session.' }),
      not_enforced: z
        .string()
        .nullable()
        .meta({ description: 'Why nothing is stopped or paused at shares of the expected cost; null where it is.' }),
      counted_by: z.enum(['caller', 'ledger']).meta({ description: 'Whose cost was the higher one.' }),
      policy_version: z.number().int(),
      recommendation_codes: z.array(z.string()).readonly().meta({ description: 'In the order of recommendations.' }),
      hint: z.string().nullable().meta({ description: 'Where nothing is known of the workflow.' }),
      near_workflows: z.array(z.string()).readonly().meta({ description: 'What may have been meant then.' }),
    }),
  })
  .meta({ id: 'CostCheck' });

export function costCheckDocument(workflow: string, check: CostCheck): CostCheckDocument {
  const { standing, recommendations, countedBy, nearWorkflows } = check;
  const { evaluation, policyVersion } = standing;
  const { spend, expected } = evaluation;
  return {
    status: evaluation.status,
    recommendations: recommendations.map(({ text }) => text),
    threshold_analysis: {
      workflow,
      ...standingOf(evaluation),
      current_cost: spend.nanoUsd / 1e9,
      current_tokens: spend.tokens,
      projected_level: evaluation.projectedLevel ?? null,
      sessions: expected.n,
      expected_from: expected.source,
      action: evaluation.action,
      is_unlimited: evaluation.isUnlimited,
      not_enforced: evaluation.isHeldBack ? notEnforced(expected) : null,
      counted_by: countedBy,
      policy_version: policyVersion,
      recommendation_codes: recommendations.map(({ code }) => code),
      hint: hintOf(workflow, check),
      near_workflows: nearWorkflows,
    },
  };
}

export function standingOf(evaluation: Evaluation): StandingDocument {
  const { level, expected, fraction, projected, bindingLimit } = evaluation;
  return {
    level,
    expected_cost: expected.nanoUsd === undefined ? null : expected.nanoUsd / 1e9,
    percent_of_expected: fraction === undefined ? null : fraction * 100,
    projected_cost:
      projected === undefined
        ? null
        : {
            low: projected.lowNanoUsd / 1e9,
            mid: projected.midNanoUsd / 1e9,
            high: projected.highNanoUsd / 1e9,
          },
    confidence: expected.confidence,
    binding_limit: bindingLimit === undefined ? null : bindingLimitDocument(bindingLimit),
  };
}

/** `1 finished session tells what to expect: …` */
function notEnforced({ n }: ExpectedCost): string {
  const tell = n === 1 ? '1 finished session tells' : `${n} finished sessions tell`;
  return (
    `${tell} what to expect: from ${ENFORCED_SESSIONS_MIN} on, or with expected_usd in a policy, ` +
    'sessions are stopped and paused at shares of it; until then they are warned.'
  );
}

function hintOf(workflow: string, { isWorkflowKnown, nearWorkflows }: CostCheck): string | null {
  if (isWorkflowKnown) return null;
  const meant = nearWorkflows.length === 0 ? '' : ` Did you mean ${nearWorkflows.join(' or ')}?`;
  return `No session of the workflow ${workflow} has ended yet, and no policy names it.${meant}`;
}

function bindingLimitDocument({ name, value, used, from }: BindingLimit): BindingLimitDocument {
  return { limit: name, value, percent_used: used * 100, from };
}
