// Policies as answers and requests have them: what a run of a workflow may cost, and who said so.

import type { PolicyDocument, PolicyScope, Resolved, ResolvedLimits, ResolvedPolicy } from '@turnmeter/budget';
import type { PolicySet } from '@turnmeter/control-store';
import { z } from 'zod';
import type { TenantPolicies } from '../../control/policy-book.ts';

export interface PolicySetDocument {
  /** Null: those for all tenants. */
  readonly tenant: string | null;
  readonly version: number;
  readonly updated_by: string | null;
  readonly updated_at: string | null;
  readonly policies: readonly PolicyDocument[];
}

export interface PoliciesDocument extends PolicySetDocument {
  /** Those for all tenants, which hold where the tenant's own say nothing; null in an answer that is about them. */
  readonly inherited: PolicySetDocument | null;
}

export interface ResolvedValueDocument<Value> {
  readonly value: Value;
  /** The scope of the policy that says so; null: the default. */
  readonly from: ScopeDocument | null;
  /** The limit that is reached before, and whose amount this is therefore. */
  readonly lowered_by: string | null;
}

interface ScopeDocument {
  readonly tenant: string | null;
  readonly workflow: string | null;
  readonly agent: string | null;
  readonly model: string | null;
}

type Level = 'warning' | 'critical' | 'stop';
type ResolvedLimitsDocument = Readonly<Record<Level, ResolvedValueDocument<number> | null>>;

export interface ResolvedPolicyDocument {
  readonly scope: ScopeDocument;
  readonly policy_version: number;
  readonly shares: ResolvedLimitsDocument;
  readonly usd: ResolvedLimitsDocument;
  readonly tokens: ResolvedLimitsDocument;
  readonly expected_usd: ResolvedValueDocument<number> | null;
  readonly degrade: {
    readonly at: ResolvedValueDocument<string>;
    readonly models: Readonly<Record<string, ResolvedValueDocument<string>>>;
    readonly output_tokens_max: ResolvedValueDocument<number> | null;
    readonly agents_max: ResolvedValueDocument<number> | null;
  };
  readonly pause_share: ResolvedValueDocument<number> | null;
  readonly on_unavailable: ResolvedValueDocument<string>;
  readonly on_unpriced: ResolvedValueDocument<string>;
}

const name = z.string().nullable().optional();
const amount = z.number().nullable().optional();
const limits = z.object({ warning: amount, critical: amount, stop: amount }).nullable().optional();

const policySchema = z
  .object({
    tenant: name.meta({ description: 'Null or missing: the tenant that the request is about.' }),
    workflow: name.meta({ description: 'Null or missing: all workflows.' }),
    agent: name.meta({ description: 'Bounds the part of a session that this agent spends.' }),
    model: name.meta({ description: 'Bounds the part of a session that this model costs.' }),
    shares: limits.meta({ description: 'Of the expected cost of a session: 0.75 is 75 %.' }),
    usd: limits.meta({ description: 'US dollars of one session.' }),
    tokens: limits.meta({ description: 'Tokens of prompts and answers of one session.' }),
    expected_usd: amount.meta({ description: 'What a session costs until enough have ended to know.' }),
    degrade: z
      .object({
        at: z.enum(['warning', 'critical']).nullable().optional(),
        models: z.record(z.string(), z.string()).nullable().optional(),
        output_tokens_max: amount,
        agents_max: amount,
      })
      .nullable()
      .optional(),
    pause_share: amount,
    on_unavailable: z.enum(['last-known', 'allow', 'deny']).nullable().optional(),
    on_unpriced: z.enum(['dearest', 'refuse', 'warn']).nullable().optional(),
  })
  .meta({ id: 'Policy', description: 'Null and missing are the same: a wider policy’s value holds, or the default.' });

const setShape = {
  tenant: z.string().nullable().meta({ description: 'Null: those for all tenants.' }),
  version: z.number().int().meta({ description: 'Counts up with each writing; 0 before the first.' }),
  updated_by: z.string().nullable(),
  updated_at: z.iso.datetime().nullable(),
  policies: z.array(policySchema).readonly(),
};

export const policySetSchema: z.ZodType<object> = z.object(setShape).meta({ id: 'PolicySet' });

export const policiesSchema: z.ZodType<object> = z
  .object({
    ...setShape,
    inherited: z
      .object(setShape)
      .nullable()
      .meta({ description: 'Those for all tenants, which hold where the tenant’s own say nothing.' }),
  })
  .meta({ id: 'Policies' });

const scopeSchema = z
  .object({
    tenant: z.string().nullable(),
    workflow: z.string().nullable(),
    agent: z.string().nullable(),
    model: z.string().nullable(),
  })
  .meta({ id: 'PolicyScope' });

function resolved(value: z.ZodType): z.ZodObject {
  return z.object({
    value,
    from: scopeSchema.nullable().meta({ description: 'The scope of the policy that says so; null: the default.' }),
    lowered_by: z
      .string()
      .nullable()
      .meta({ description: 'The limit that is reached before, and whose amount this is therefore.' }),
  });
}

const resolvedNumber = resolved(z.number()).meta({ id: 'ResolvedNumber' });
const resolvedText = resolved(z.string()).meta({ id: 'ResolvedText' });
const resolvedLimits = z
  .object({ warning: resolvedNumber.nullable(), critical: resolvedNumber.nullable(), stop: resolvedNumber.nullable() })
  .meta({ id: 'ResolvedLimits' });

export const resolvedPolicySchema: z.ZodType<object> = z
  .object({
    scope: scopeSchema,
    policy_version: z.number().int().meta({ description: 'Changes whenever a policy that could hold does.' }),
    shares: resolvedLimits,
    usd: resolvedLimits,
    tokens: resolvedLimits,
    expected_usd: resolvedNumber.nullable(),
    degrade: z.object({
      at: resolvedText,
      models: z.record(z.string(), resolvedText),
      output_tokens_max: resolvedNumber.nullable(),
      agents_max: resolvedNumber.nullable(),
    }),
    pause_share: resolvedNumber.nullable(),
    on_unavailable: resolvedText,
    on_unpriced: resolvedText,
  })
  .meta({ id: 'ResolvedPolicy' });

export function policySetDocument(set: PolicySet, tenant: string | null): PolicySetDocument {
  return {
    tenant,
    version: set.version,
    updated_by: set.by,
    updated_at: set.atMs === null ? null : new Date(set.atMs).toISOString(),
    policies: set.documents,
  };
}

export function policiesDocument({ tenant, own, general }: TenantPolicies): PoliciesDocument {
  return { ...policySetDocument(own, tenant), inherited: policySetDocument(general, null) };
}

export function resolvedPolicyDocument(policy: ResolvedPolicy, version: number): ResolvedPolicyDocument {
  const { degrade } = policy;
  return {
    scope: scopeDocument(policy.scope),
    policy_version: version,
    shares: limitsDocument(policy.shares),
    usd: limitsDocument(policy.usd),
    tokens: limitsDocument(policy.tokens),
    expected_usd: orNull(policy.expectedUsd),
    degrade: {
      at: valueDocument(degrade.at),
      models: Object.fromEntries([...degrade.models].map(([model, instead]) => [model, valueDocument(instead)])),
      output_tokens_max: orNull(degrade.outputTokensMax),
      agents_max: orNull(degrade.agentsMax),
    },
    pause_share: orNull(policy.pauseShare),
    on_unavailable: valueDocument(policy.onUnavailable),
    on_unpriced: valueDocument(policy.onUnpriced),
  };
}

function limitsDocument({ warning, critical, stop }: ResolvedLimits): ResolvedLimitsDocument {
  return { warning: orNull(warning), critical: orNull(critical), stop: orNull(stop) };
}

function orNull<Value>(resolvedValue: Resolved<Value> | undefined): ResolvedValueDocument<Value> | null {
  return resolvedValue === undefined ? null : valueDocument(resolvedValue);
}

function valueDocument<Value>({ value, from, loweredBy }: Resolved<Value>): ResolvedValueDocument<Value> {
  return { value, from: from === 'default' ? null : scopeDocument(from), lowered_by: loweredBy ?? null };
}

function scopeDocument({ tenant, workflow, agent, model }: PolicyScope): ScopeDocument {
  return { tenant: tenant ?? null, workflow: workflow ?? null, agent: agent ?? null, model: model ?? null };
}
