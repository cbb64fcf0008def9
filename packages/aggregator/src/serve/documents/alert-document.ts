// Alert rules, what they found and what became of their messages, as answers have them. No secret is in any of them.

import type { Delivery } from '@turnmeter/control-store';
import { z } from 'zod';
import { type AlertRule, type AlertState, AlertStatus } from '../../alert/alert-rule.ts';
import type { OpenAlert } from '../../alert/alerts.ts';
import { AlertMeasure, MEASURES } from '../../alert/measures.ts';
import type { PostResult } from '../../alert/post.ts';
import { durationText } from './alert-request.ts';
import { timeSchema } from './amounts.ts';

export interface AlertDocument {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly what: string;
  readonly unit: string;
  readonly where: { readonly workflow: string | null; readonly agent: string | null; readonly model: string | null };
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  readonly window: string | null;
  readonly for: string;
  readonly repeat_interval: string;
  readonly webhook: { readonly url: string };
  readonly is_enabled: boolean;
  readonly disabled_because: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly updated_by: string;
}

const name = z.string().nullable();
const subjectKind = z.enum(['session', 'workflow', 'tenant', 'account']);

export const alertSchema: z.ZodType<AlertDocument> = z
  .object({
    id: z.string(),
    name: z.string(),
    tenant: z.string(),
    what: z.enum(AlertMeasure),
    unit: z.string().meta({ description: 'Of the threshold.' }),
    where: z.object({ workflow: name, agent: name, model: name }),
    comparison: z.enum(['above', 'below']),
    threshold: z.number(),
    window: name,
    for: z.string(),
    repeat_interval: z.string(),
    webhook: z.object({
      url: z
        .string()
        .meta({ description: 'For keys that may only read, without the path: it may let in who knows it.' }),
    }),
    is_enabled: z.boolean(),
    disabled_because: name.meta({ description: 'Why it was disabled by itself.' }),
    created_at: timeSchema,
    updated_at: timeSchema,
    updated_by: z.string(),
  })
  .meta({ id: 'Alert' });

export function alertDocument(rule: AlertRule, mayChange: boolean): AlertDocument {
  const { id, tenant, what, where, windowSeconds, webhookUrl } = rule;
  return {
    id,
    name: rule.name,
    tenant,
    what,
    unit: MEASURES[what].unit,
    where: { workflow: where.workflow ?? null, agent: where.agent ?? null, model: where.model ?? null },
    comparison: rule.comparison,
    threshold: rule.threshold,
    window: windowSeconds === undefined ? null : durationText(windowSeconds),
    for: durationText(rule.forSeconds),
    repeat_interval: durationText(rule.repeatSeconds),
    webhook: { url: mayChange ? webhookUrl : `${new URL(webhookUrl).origin}/…` },
    is_enabled: rule.isEnabled,
    disabled_because: rule.disabledBecause === '' ? null : rule.disabledBecause,
    created_at: timeOf(rule.createdAtMs),
    updated_at: timeOf(rule.changedAtMs),
    updated_by: rule.changedBy,
  };
}

export interface FiringDocument {
  readonly alert_id: string;
  readonly name: string;
  readonly status: 'pending' | 'firing';
  readonly fingerprint: string;
  readonly subject: { readonly kind: string; readonly name: string; readonly workflow: string | null };
  readonly what: string;
  readonly unit: string;
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  readonly value: number;
  readonly since: string;
  readonly fired_at: string | null;
  readonly last_told_at: string | null;
}

export const firingSchema: z.ZodType<FiringDocument> = z
  .object({
    alert_id: z.string(),
    name: z.string(),
    status: z.enum(['pending', 'firing']).meta({ description: 'pending: not for long enough yet.' }),
    fingerprint: z.string().meta({ description: 'Of rule and subject, in messages too.' }),
    subject: z.object({ kind: subjectKind, name: z.string(), workflow: name }),
    what: z.enum(AlertMeasure),
    unit: z.string(),
    comparison: z.enum(['above', 'below']),
    threshold: z.number(),
    value: z.number().meta({ description: 'As it was measured last.' }),
    since: timeSchema,
    fired_at: timeSchema.nullable(),
    last_told_at: timeSchema.nullable(),
  })
  .meta({ id: 'FiringAlert' });

export function firingDocument({ rule, state }: OpenAlert): FiringDocument {
  const { subject, fingerprint, value, sinceMs, firedAtMs, toldAtMs } = state;
  return {
    alert_id: rule.id,
    name: rule.name,
    status: openStatus(state),
    fingerprint,
    subject: { kind: subject.kind, name: subject.name, workflow: subject.workflow === '' ? null : subject.workflow },
    what: rule.what,
    unit: MEASURES[rule.what].unit,
    comparison: rule.comparison,
    threshold: rule.threshold,
    value,
    since: timeOf(sinceMs),
    fired_at: firedAtMs === undefined ? null : timeOf(firedAtMs),
    last_told_at: toldAtMs === undefined ? null : timeOf(toldAtMs),
  };
}

function openStatus({ status }: AlertState): 'pending' | 'firing' {
  return status === AlertStatus.PENDING ? AlertStatus.PENDING : AlertStatus.FIRING;
}

export interface DeliveryDocument {
  readonly id: string;
  readonly type: string;
  readonly outcome: string;
  readonly attempts: number;
  readonly detail: string | null;
  readonly created_at: string;
  readonly next_attempt_at: string | null;
  readonly finished_at: string | null;
}

export const deliverySchema: z.ZodType<DeliveryDocument> = z
  .object({
    id: z.string().meta({ description: 'The header webhook-id, the same for each attempt.' }),
    type: z.string().meta({ description: 'alert.firing or alert.resolved.' }),
    outcome: z.string().meta({ description: 'waiting, delivered or failed.' }),
    attempts: z.number().int(),
    detail: name.meta({ description: 'What came of the last attempt.' }),
    created_at: timeSchema,
    next_attempt_at: timeSchema.nullable().meta({ description: 'Null once it is delivered or given up.' }),
    finished_at: timeSchema.nullable(),
  })
  .meta({ id: 'AlertDelivery' });

export function deliveryDocument(delivery: Delivery): DeliveryDocument {
  const { id, body, outcome, attempts, detail, createdAtMs, nextAttemptMs, finishedAtMs } = delivery;
  return {
    id,
    type: (JSON.parse(body) as { readonly type: string }).type,
    outcome,
    attempts,
    detail,
    created_at: timeOf(createdAtMs),
    next_attempt_at: finishedAtMs === null ? timeOf(nextAttemptMs) : null,
    finished_at: finishedAtMs === null ? null : timeOf(finishedAtMs),
  };
}

export interface AlertTestDocument {
  readonly outcome: string;
  readonly status: number | null;
  readonly answer: string;
  readonly error: string | null;
  readonly took_ms: number;
}

export const alertTestSchema: z.ZodType<AlertTestDocument> = z
  .object({
    outcome: z.enum(['delivered', 'gone', 'refused', 'unreachable', 'forbidden']),
    status: z.number().int().nullable().meta({ description: 'Of the answer; null without one.' }),
    answer: z.string().meta({ description: 'The first 1024 bytes of it.' }),
    error: name.meta({ description: 'Why there is no answer.' }),
    took_ms: z.number().int(),
  })
  .meta({ id: 'AlertTest' });

export function alertTestDocument({ outcome, status, answer, error, tookMs }: PostResult): AlertTestDocument {
  return { outcome, status: status ?? null, answer, error: error === '' ? null : error, took_ms: tookMs };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
